"""A seller cancels units that it cannot ship with the rest."""

import pytest
from msgspec.structs import replace

from feedproc.orders.adjustment import Adjustment, adjust
from feedproc.orders.order import Cancellation, Event, Order, OrderStatus
from feedproc.orders.rules import Rule
from feedproc.stock.change import By, StockChange

from .builders import (
    BOOK,
    LAMP,
    NOW,
    ORDER_ID,
    a_cancel,
    a_line,
    adjusted,
    adjusting,
    an_item,
    an_order,
    declines,
    money,
    refund,
    shipped,
)


def half_shipped() -> Order:
    return an_order(an_item(BOOK, ordered=2, shipped=2), an_item(LAMP, ordered=3))


@pytest.mark.parametrize("reason", ["NoInventory", "CustomerCancel"])
@pytest.mark.parametrize("action", [None, "Refund", "Cancel"])
def test_open_units_are_cancelled_once_the_rest_has_shipped(reason: str, action: str | None) -> None:
    change = adjusting(half_shipped(), a_cancel(3, LAMP, reason), action=action)

    assert change.order.items[1].cancellations == (Cancellation(3, NOW, reason),)
    assert change.order.status is OrderStatus.SHIPPED
    assert (change.events, change.stock) == ((Event.CANCELLED,), ())


def test_the_rest_stays_open() -> None:
    order = adjusted(half_shipped(), a_cancel(1, LAMP))

    assert order.items[1].quantity_open == 2
    assert order.status is OrderStatus.PARTIALLY_SHIPPED


def test_before_anything_has_shipped_it_takes_an_acknowledgement() -> None:
    with declines(Rule.CANCEL_ACTION):
        adjusting(an_order(), a_cancel(1), action="Cancel")
    with declines(Rule.CANCELS_UNSHIPPED):
        adjusting(an_order(), a_cancel(1))
    with declines(Rule.CANCELS_UNSHIPPED):
        adjusting(an_order(), a_cancel(1), action="Refund")


def test_the_action_cancel_has_to_say_how_many() -> None:
    with declines(Rule.CANCEL_ACTION):
        adjusting(half_shipped(), a_line(BOOK, Principal=100), action="Cancel")


@pytest.mark.parametrize("reason", ["CustomerReturn", "CouldNotShip", "ProductOutofStock", "Other"])
def test_only_two_reasons_cancel(reason: str) -> None:
    with declines(Rule.CANCEL_REASON):
        adjusted(half_shipped(), a_cancel(1, LAMP, reason))


def test_shipped_units_cannot_be_cancelled() -> None:
    with declines(Rule.CANCELS_MORE_THAN_OPEN):
        adjusted(half_shipped(), a_cancel(1, BOOK))
    with declines(Rule.CANCELS_MORE_THAN_OPEN):
        adjusted(half_shipped(), a_cancel(4, LAMP))
    with declines(Rule.CANCELS_MORE_THAN_OPEN):
        adjusted(half_shipped(), a_cancel(2, LAMP), a_cancel(2, LAMP))


def test_amounts_beside_a_cancellation_were_never_charged() -> None:
    order = adjusted(half_shipped(), a_cancel(2, LAMP, Principal=2000))

    assert order.items[1].refunded == {}
    assert (order.refunds, order.held_refunds) == ((), ())


def test_amounts_beside_a_cancellation_stay_within_the_cancelled_units() -> None:
    with declines(Rule.MORE_THAN_REFUNDABLE):
        adjusted(half_shipped(), a_cancel(2, LAMP, Principal="2000.01"))


def test_amounts_beside_a_cancellation_count_in_the_net() -> None:
    with declines(Rule.NET_NOT_POSITIVE):
        adjusted(half_shipped(), a_cancel(1, LAMP, Principal=0))
    assert adjusted(half_shipped(), a_cancel(1, LAMP, Principal=1000), a_line(BOOK, ReturnShipping=-999)).refunds


def test_a_message_may_cancel_one_item_and_refund_another() -> None:
    change = adjusting(half_shipped(), a_cancel(3, LAMP), a_line(BOOK, Principal=500))

    assert change.order.items[0].refunded == money(Principal=500)
    assert change.order.items[1].quantity_open == 0
    assert change.events == (Event.CANCELLED, Event.REFUNDED)


def test_the_order_of_refund_and_cancellation_in_a_message_does_not_matter() -> None:
    change = adjusting(half_shipped(), a_line(BOOK, Principal=500), a_cancel(3, LAMP))

    assert [paid.amounts for paid in change.order.refunds] == [money(Principal=500)]
    assert change.events == (Event.CANCELLED, Event.REFUNDED)


def test_every_line_that_cancels_may_bring_units_back() -> None:
    lines = (a_cancel(2, LAMP), a_cancel(1, LAMP))

    change = adjust(half_shipped(), Adjustment(lines), NOW, {"NoInventory": True})

    assert [part.move for part in change.stock] == [By(2), By(1)]


def test_units_come_back_to_the_stock_when_the_table_says_so() -> None:
    change = adjust(half_shipped(), Adjustment((a_cancel(3, LAMP),)), NOW, {"NoInventory": True})

    assert change.stock == (StockChange("SKU-LAMP", By(3), "NoInventory", ORDER_ID),)


def test_held_refunds_of_cancelled_units_are_dropped() -> None:
    order = refund(refund(half_shipped(), LAMP, Principal=1000), LAMP, Principal=500)

    order = adjusted(order, a_cancel(2, LAMP))

    assert [held.amounts for held in order.held_refunds] == [money(Principal=1000)]
    assert shipped(order, 1, LAMP).items[1].refunded == money(Principal=1000)


def test_held_refunds_for_more_units_than_remain_are_dropped() -> None:
    order = adjusted(half_shipped(), replace(a_line(LAMP, Principal=500), quantity=3))

    assert adjusted(order, a_cancel(1, LAMP)).held_refunds == ()


def test_no_held_refund_outlives_the_last_unit() -> None:
    order = adjusted(half_shipped(), a_line(LAMP, ReturnShipping=-100), a_line(BOOK, Principal=200))
    assert order.held_refunds

    assert adjusted(order, a_cancel(3, LAMP)).held_refunds == ()


def test_held_refunds_of_other_items_stay() -> None:
    order = an_order(an_item(BOOK, ordered=2, shipped=1), an_item(LAMP, ordered=1))
    order = refund(order, BOOK, Principal=1500)

    assert len(adjusted(order, a_cancel(1, LAMP)).held_refunds) == 1
