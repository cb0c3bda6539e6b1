"""A seller cancels a whole order before anything has shipped."""

import pytest
from msgspec.structs import replace

from feedproc.orders.cancellation import cancel_order
from feedproc.orders.order import Cancellation, Event, OrderStatus
from feedproc.orders.rules import Rule
from feedproc.stock.change import By, StockChange

from .builders import (
    BOOK,
    LAMP,
    NOW,
    ORDER_ID,
    a_canceled_order,
    a_pending_order,
    an_item,
    an_order,
    cancelling,
    declines,
    refund,
)


def test_every_unit_is_cancelled_each_item_for_its_reason() -> None:
    order = an_order(an_item(BOOK, ordered=2), an_item(LAMP, ordered=3))

    change = cancelling(order, _11111111111111="NoInventory")

    assert change.order.status is OrderStatus.CANCELED
    assert change.order.items[0].cancellations == (Cancellation(2, NOW, "NoInventory"),)
    assert change.order.items[1].cancellations == (Cancellation(3, NOW, None),)
    assert change.events == (Event.CANCELLED,)


def test_without_any_item_the_whole_order_is_cancelled_for_no_reason() -> None:
    change = cancelling(an_order(an_item(ordered=2)))

    assert change.order.items[0].cancellations == (Cancellation(2, NOW, None),)
    assert change.stock == ()


@pytest.mark.parametrize(
    "reason", ["BuyerCanceled", "ShippingAddressUndeliverable", "GeneralAdjustment", "PricingError"]
)
def test_units_come_back_to_the_stock_for_these_reasons(reason: str) -> None:
    change = cancelling(an_order(an_item(BOOK, ordered=3)), _11111111111111=reason)

    assert change.stock == (StockChange("SKU-BOOK", By(3), reason, ORDER_ID),)


@pytest.mark.parametrize("reason", [None, "NoInventory", "CustomerExchange", "CustomerReturn", "RejectOrder"])
def test_units_do_not_come_back_for_other_reasons(reason: str | None) -> None:
    assert cancelling(an_order(), _11111111111111=reason).stock == ()


def test_each_item_is_restocked_by_its_own_reason() -> None:
    order = an_order(an_item(BOOK, ordered=2), an_item(LAMP, ordered=3))

    change = cancelling(order, _11111111111111="NoInventory", _22222222222222="BuyerCanceled")

    assert change.stock == (StockChange("SKU-LAMP", By(3), "BuyerCanceled", ORDER_ID),)


def test_the_table_decides_and_not_the_code() -> None:
    table = {"NoInventory": True, "BuyerCanceled": False}
    order = an_order(an_item(BOOK), an_item(LAMP))

    change = cancel_order(order, {BOOK: "NoInventory", LAMP: "BuyerCanceled"}, NOW, table)

    assert [part.sku for part in change.stock] == ["SKU-BOOK"]


def test_refunds_that_were_held_are_dropped() -> None:
    order = refund(an_order(), Principal=500)
    assert order.held_refunds

    assert cancelling(order).order.held_refunds == ()


@pytest.mark.parametrize("marker", [None, OrderStatus.INVOICE_UNCONFIRMED])
@pytest.mark.parametrize("units", [1, 2])
def test_an_order_of_which_a_unit_has_shipped_stays(units: int, marker: OrderStatus | None) -> None:
    with declines(Rule.ALREADY_SHIPPED):
        cancelling(an_order(an_item(ordered=2, shipped=units), marker=marker))


def test_pending_canceled_and_amazons_orders_stay() -> None:
    with declines(Rule.ORDER_PENDING):
        cancelling(a_pending_order())
    with declines(Rule.ALREADY_CANCELED):
        cancelling(a_canceled_order())
    with declines(Rule.FULFILLED_BY_AMAZON):
        cancelling(an_order(fulfilled_by_amazon=True))
    with declines(Rule.FULFILLED_BY_AMAZON):
        cancelling(an_order(marker=OrderStatus.UNFULFILLABLE))


def test_an_unknown_item_declines_the_whole_cancellation() -> None:
    with declines(Rule.ITEM_UNKNOWN):
        cancelling(an_order(), _99999999999999="NoInventory")


def test_an_item_cancelled_before_keeps_its_first_reason() -> None:
    gone = an_item(BOOK, ordered=2, cancelled=2)

    change = cancelling(an_order(gone, an_item(LAMP)), _11111111111111="BuyerCanceled")

    assert change.order.items[0] == gone
    assert change.stock == ()
    assert replace(change.order.items[1], cancellations=()) == an_item(LAMP)
