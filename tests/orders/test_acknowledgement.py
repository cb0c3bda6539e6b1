"""A seller acknowledges an order and names it and its items."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from feedproc.orders.acknowledgement import acknowledge
from feedproc.orders.order import GivenBy, ItemKey, OrderStatus
from feedproc.orders.rules import Rule
from feedproc.orders.standing import find_position

from .builders import (
    BOOK,
    LAMP,
    NOW,
    a_canceled_order,
    acknowledged,
    an_item,
    an_order,
    declines,
)


def test_an_acknowledged_order_knows_when_and_under_which_ids() -> None:
    order = an_order(an_item(BOOK), an_item(LAMP))

    order = acknowledged(order, "M-1", _22222222222222="line 2")

    assert (order.merchant_order_id, order.acknowledged_at) == ("M-1", NOW)
    assert order.items[find_position(order.items, ItemKey("line 2", GivenBy.SELLER))].order_item_code == LAMP
    assert order.items[0].merchant_order_item_id is None


def test_empty_ids_change_nothing() -> None:
    order = acknowledged(an_order(), "M-1", _11111111111111="line 1")

    again = acknowledged(order, "", _11111111111111="")

    assert again.merchant_order_id == "M-1"
    assert again.items[0].merchant_order_item_id == "line 1"


def test_a_second_acknowledgement_may_correct_the_ids_and_keeps_the_first_time() -> None:
    order = acknowledged(an_order(), "M-1")

    again = acknowledge(order, "M-2", {}, NOW + timedelta(days=1)).order

    assert (again.merchant_order_id, again.acknowledged_at) == ("M-2", NOW)


def test_the_same_acknowledgement_again_gives_the_very_same_order() -> None:
    order = acknowledged(an_order(), "M-1", _11111111111111="line 1")

    assert acknowledged(order, "M-1", _11111111111111="line 1") is order


@pytest.mark.parametrize("units", [1, 2])
def test_an_order_may_be_acknowledged_after_it_shipped(units: int) -> None:
    order = an_order(an_item(ordered=2, shipped=units))

    assert acknowledged(order, "M-1").merchant_order_id == "M-1"


@pytest.mark.parametrize("marker", [OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY])
def test_a_pending_order_cannot_be_acknowledged(marker: OrderStatus) -> None:
    with declines(Rule.ORDER_PENDING):
        acknowledged(an_order(marker=marker), "M-1")


def test_a_canceled_order_cannot_be_acknowledged() -> None:
    with declines(Rule.ALREADY_CANCELED):
        acknowledged(a_canceled_order(), "M-1")


def test_one_unknown_item_declines_it_all() -> None:
    order = an_order(an_item(BOOK))

    with declines(Rule.ITEM_UNKNOWN) as declined:
        acknowledged(order, "M-1", _11111111111111="line 1", _99999999999999="line 9")

    assert "99999999999999" in declined.value.reason
    assert order == an_order(an_item(BOOK))


def test_an_id_that_another_order_has_is_declined() -> None:
    other = acknowledged(an_order(order_id="250-0000000-0000000"), "M-1")

    with declines(Rule.MERCHANT_ORDER_ID_TAKEN):
        acknowledge(an_order(), "M-1", {}, NOW, namesake=other)


def test_an_id_that_the_order_has_itself_is_fine() -> None:
    order = acknowledged(an_order(), "M-1")

    assert acknowledge(order, "M-1", {}, NOW, namesake=order).order == order


def test_an_id_that_two_items_share_names_neither() -> None:
    shared = [replace(an_item(code), merchant_order_item_id="same") for code in (BOOK, LAMP)]

    with declines(Rule.ITEM_AMBIGUOUS):
        find_position(shared, ItemKey("same", GivenBy.SELLER))
