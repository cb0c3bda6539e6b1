"""A seller confirms shipments."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from feedproc.orders.order import Event, GivenBy, ItemKey, Order, OrderStatus, PackageItem
from feedproc.orders.rules import Rule
from feedproc.orders.shipping import Shipment, ShippedItem, ship

from .builders import (
    BOOK,
    LAMP,
    LATER,
    NOW,
    PURCHASED,
    a_canceled_order,
    a_line,
    a_pending_order,
    acknowledged,
    adjusted,
    an_item,
    an_order,
    declines,
    money,
    refund,
    shipped,
    shipping,
)


def two_lines() -> Order:
    return an_order(an_item(BOOK, ordered=2), an_item(LAMP, ordered=3))


def test_a_shipment_without_items_ships_all_that_is_open() -> None:
    order = shipped(two_lines(), 1, LAMP)

    change = shipping(order)

    assert change.order.status is OrderStatus.SHIPPED
    assert change.order.packages[-1].items == (PackageItem(BOOK, 2), PackageItem(LAMP, 2))
    assert change.events == (Event.SHIPPED,)


def test_an_item_without_a_quantity_ships_the_rest_of_it() -> None:
    order = shipped(shipped(two_lines(), 1, LAMP), None, LAMP)

    assert [item.quantity_shipped for item in order.items] == [0, 3]
    assert order.status is OrderStatus.PARTIALLY_SHIPPED


def test_a_quantity_ships_as_many() -> None:
    order = shipped(two_lines(), 2, LAMP)

    assert [item.quantity_open for item in order.items] == [2, 1]


def test_an_item_may_be_named_by_the_sellers_id() -> None:
    order = acknowledged(two_lines(), _22222222222222="line 2")

    order = ship(order, Shipment(LATER, (ShippedItem(ItemKey("line 2", GivenBy.SELLER), 1),)), NOW, NOW).order

    assert order.items[1].quantity_shipped == 1


def test_lines_of_the_same_item_add_up() -> None:
    lines = (ShippedItem(ItemKey(LAMP), 1, "7"), ShippedItem(ItemKey(LAMP), None, "8"))

    order = ship(two_lines(), Shipment(LATER, lines), NOW, NOW).order

    assert order.items[1].quantity_shipped == 3
    assert order.packages[0].items == (PackageItem(LAMP, 1, "7"), PackageItem(LAMP, 2, "8"))


def test_lines_of_the_same_item_may_not_exceed_it_together() -> None:
    lines = (ShippedItem(ItemKey(LAMP), 2), ShippedItem(ItemKey(LAMP), 2))

    with declines(Rule.MORE_THAN_OPEN):
        ship(two_lines(), Shipment(LATER, lines), NOW, NOW)


def test_cancelled_units_are_not_open() -> None:
    order = an_order(an_item(ordered=3, cancelled=1))

    with declines(Rule.MORE_THAN_OPEN):
        shipped(order, 3)
    assert shipped(order).items[0].quantity_shipped == 2


@pytest.mark.parametrize("units", [None, 1])
def test_an_item_with_nothing_open_cannot_ship(units: int | None) -> None:
    order = shipped(two_lines(), 3, LAMP)

    with declines(Rule.MORE_THAN_OPEN):
        shipped(order, units, LAMP)


def test_a_shipped_order_has_nothing_left() -> None:
    order = shipping(two_lines()).order

    with declines(Rule.MORE_THAN_OPEN):
        shipping(order)


def test_an_order_that_waits_for_its_invoice_counts_as_shipped() -> None:
    with declines(Rule.MORE_THAN_OPEN):
        shipping(an_order(an_item(ordered=2, shipped=2), marker=OrderStatus.INVOICE_UNCONFIRMED))


def test_orders_that_the_seller_does_not_ship() -> None:
    with declines(Rule.ORDER_PENDING):
        shipping(a_pending_order())
    with declines(Rule.SHIPS_CANCELED):
        shipping(a_canceled_order())
    with declines(Rule.FULFILLED_BY_AMAZON):
        shipping(an_order(marker=OrderStatus.UNFULFILLABLE))
    with declines(Rule.FULFILLED_BY_AMAZON):
        shipping(an_order(fulfilled_by_amazon=True))


def test_an_unknown_item_declines_the_shipment() -> None:
    with declines(Rule.ITEM_UNKNOWN):
        shipping(two_lines(), _11111111111111=1, _99999999999999=1)


@pytest.mark.parametrize("date", [PURCHASED - timedelta(seconds=1), NOW + timedelta(seconds=1)])
def test_a_ship_date_before_the_purchase_or_after_the_feed_is_implausible(date: datetime) -> None:
    with declines(Rule.SHIP_DATE_IMPLAUSIBLE):
        ship(two_lines(), Shipment(date), NOW, NOW)


@pytest.mark.parametrize("date", [PURCHASED, NOW])
def test_a_ship_date_at_either_end_is_plausible(date: datetime) -> None:
    assert ship(two_lines(), Shipment(date), NOW, NOW).order.packages[0].shipped_at == date


def test_each_package_is_kept() -> None:
    first = Shipment(LATER, (ShippedItem(ItemKey(BOOK), 1),), "YAMATO", "TA-Q-BIN", "1234", "77")
    order = ship(two_lines(), first, NOW, NOW).order

    order = shipping(order).order

    package = order.packages[0]
    assert (package.carrier, package.shipping_method, package.tracking_number) == ("YAMATO", "TA-Q-BIN", "1234")
    assert (package.merchant_fulfillment_id, package.items) == ("77", (PackageItem(BOOK, 1),))
    assert len(order.packages) == 2


def test_a_held_refund_is_paid_once_its_units_have_shipped() -> None:
    order = refund(an_order(an_item(ordered=2)), Principal=1500)

    order = shipped(order, 1)
    assert (order.refunds, len(order.held_refunds)) == ((), 1)

    change = shipping(order)
    assert change.order.items[0].refunded == money(Principal=1500)
    assert (len(change.order.refunds), change.order.held_refunds) == (1, ())
    assert change.events == (Event.SHIPPED, Event.REFUNDED)


def test_of_several_held_refunds_those_are_paid_that_fit() -> None:
    order = refund(refund(an_order(an_item(ordered=2)), Principal=700), Principal=600)

    order = shipped(order, 1)

    assert [paid.amounts for paid in order.refunds] == [money(Principal=700)]
    assert [held.amounts for held in order.held_refunds] == [money(Principal=600)]


def test_a_refund_of_two_units_waits_for_the_second() -> None:
    line = replace(a_line(Principal=800), quantity=2)
    order = adjusted(an_order(an_item(ordered=2)), line)

    assert shipped(order, 1).held_refunds
    assert shipped(shipped(order, 1), 1).refunds


def test_a_shipment_pays_nothing_of_an_item_that_it_does_not_hold() -> None:
    order = refund(two_lines(), LAMP, Principal=500)

    assert shipped(order, None, BOOK).refunds == ()
