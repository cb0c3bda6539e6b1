"""A seller's metrics, from the feeds that made them."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from feedproc.orders.order import OrderStatus
from feedproc.services.read.metrics import MOST_DAYS, MetricsWindow, count_window, get_trailing_days
from tests.builders import (
    ADJUSTMENT,
    FULFILLMENT,
    OTHER_SELLER,
    PURCHASED,
    SELLER,
    Shop,
    a_feed,
    acknowledges,
    an_order,
    cancels,
    refunds,
    ships,
)

FIRST = PURCHASED.date()
LAST = FIRST + timedelta(days=6)


def of(shop: Shop, seller_id: str = SELLER) -> MetricsWindow:
    return count_window(shop.backend.tallies, seller_id, FIRST, LAST)


def test_feeds_count_as_they_change_orders(shop: Shop) -> None:
    shop.stocked(*[an_order(number, latest_ship_date=PURCHASED + timedelta(days=1)) for number in range(1, 6)])
    shop.run(a_feed(cancels(1, "NoInventory"), cancels(2), acknowledges(3)))
    shop.run(a_feed(ships(3), ships(4, on="2024-03-01T10:00:00Z"), feed_type=FULFILLMENT), FULFILLMENT)
    shop.run(a_feed(refunds(3), refunds(3), feed_type=ADJUSTMENT), ADJUSTMENT)
    total = of(shop).total
    assert (total.orders, total.cancelled, total.refunded, total.late) == (5, 2, 1, 1)
    assert total.by_reason == {"BuyerCanceled": 1, "NoInventory": 1}
    assert total.cancel_rate == 0.4


def test_refused_messages_count_for_nothing(shop: Shop) -> None:
    shop.stocked(an_order(1))
    before = of(shop)
    shop.run(a_feed(cancels(2)))
    shop.run(a_feed(refunds(1, -5), feed_type=ADJUSTMENT), ADJUSTMENT)
    assert of(shop) == before


def test_a_feed_that_is_taken_up_again_counts_once(shop: Shop) -> None:
    shop.stocked(*[an_order(number) for number in range(1, 4)])
    for _ in range(3):
        shop.run(a_feed(*map(cancels, range(1, 4))))
    assert of(shop).total.cancelled == 3


def test_every_day_is_there_in_order(shop: Shop) -> None:
    shop.stocked(an_order(1), an_order(2, purchased_at=PURCHASED + timedelta(days=4)))
    days = of(shop).days
    assert [day.day for day in days] == [FIRST + timedelta(days=number) for number in range(7)]
    assert [day.orders for day in days] == [1, 0, 0, 0, 1, 0, 0]


def test_the_rate_has_a_target(shop: Shop) -> None:
    shop.stocked(*[an_order(number) for number in range(1, 42)])
    assert of(shop).total.on_target
    shop.run(a_feed(cancels(1)))
    assert of(shop).total.on_target  # 1 of 41
    shop.stocked(an_order(41, marker=OrderStatus.PENDING))
    assert not of(shop).total.on_target  # 1 of 40 is 2.5 %, and not below it
    assert count_window(shop.backend.tallies, OTHER_SELLER, FIRST, LAST).total.on_target


def test_reasons_come_by_how_frequent_they_are(shop: Shop) -> None:
    shop.stocked(*[an_order(number) for number in range(1, 5)])
    shop.run(a_feed(cancels(1), *[cancels(number, "NoInventory") for number in (2, 3)], cancels(4, "CustomerReturn")))
    assert list(of(shop).total.by_reason) == ["NoInventory", "BuyerCanceled", "CustomerReturn"]


def test_an_order_that_is_released_counts_from_then_on(shop: Shop) -> None:
    pending = an_order(1, marker=OrderStatus.PENDING)
    shop.stocked(pending)
    assert of(shop).total.orders == 0
    shop.stocked(replace(pending, marker=None))
    assert of(shop).total.orders == 1


def test_a_trailing_window_ends_today() -> None:
    assert get_trailing_days(LAST) == (FIRST, LAST)
    assert get_trailing_days(LAST, 1) == (LAST, LAST)


@pytest.mark.parametrize("length", [0, -1, MOST_DAYS + 1])
def test_a_window_has_a_length_that_makes_sense(shop: Shop, length: int) -> None:
    with pytest.raises(ValueError, match="a window has 1 to"):
        count_window(shop.backend.tallies, SELLER, FIRST, FIRST + timedelta(days=length - 1))
