"""What is left to refund, as a page tells it before a person asks for it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from feedproc.orders.adjustment import AdjustedItem, Adjustment, adjust
from feedproc.orders.credit import sum_left_to_refund
from feedproc.orders.order import Cancellation, Item, ItemKey, Order, Promotion, Refund
from feedproc.orders.rules import Declined

AT = datetime(2026, 1, 9, tzinfo=UTC)
CODE = "11111111111111"


def an_order(item: Item, *held: Refund) -> Order:
    return Order("250-1234567-7654321", datetime(2026, 1, 1, tzinfo=UTC), "EUR", (item,), held_refunds=held)


def an_item(shipped: int = 3, **others: Any) -> Item:
    charges = {"Principal": Decimal(30), "Tax": Decimal(3)}
    return Item(CODE, "SKU-1", 3, charges, quantity_shipped=shipped, **others)


ORDERS = {
    "all of it": (an_order(an_item()), 30),
    "less what was paid back": (an_order(an_item(refunded={"Principal": Decimal("9.99")})), "20.01"),
    "less what is held": (an_order(an_item(1), Refund(CODE, "CustomerReturn", AT, {"Principal": Decimal(12)})), 18),
    "cancelled units were never charged": (an_order(an_item(2, cancellations=(Cancellation(1, AT),))), 20),
    "a discount was never paid": (an_order(an_item(promotions=(Promotion("P", {"Principal": Decimal(-10)}),))), 23),
    "nothing": (an_order(an_item(refunded={"Principal": Decimal(30)})), 0),
}


@pytest.mark.parametrize(("order", "left"), ORDERS.values(), ids=ORDERS)
def test_what_is_left_is_refunded_and_a_cent_more_is_not(order: Order, left: object) -> None:
    told = sum_left_to_refund(order, order.items[0], "Principal")
    assert told == Decimal(str(left))
    if told:
        adjust(order, refunding(told), AT, {})
    with pytest.raises(Declined):
        adjust(order, refunding(told + Decimal("0.01")), AT, {})


def test_nothing_is_left_of_what_was_not_charged() -> None:
    order = an_order(an_item())
    assert sum_left_to_refund(order, order.items[0], "GiftWrap") == 0
    assert sum_left_to_refund(order, order.items[0], "Goodwill") == 33


def refunding(amount: Decimal) -> Adjustment:
    return Adjustment((AdjustedItem(ItemKey(CODE), "CustomerReturn", (("Principal", amount),)),))
