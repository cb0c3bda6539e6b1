"""Each order tells which feeds changed it, in the order it happened."""

from datetime import timedelta

from feedproc.orders.order import OrderChange
from tests.builders import FULFILLMENT, NOON, SELLER, Shop, a_feed, cancels, order_id, orders, ships


def test_each_change_names_its_feed_and_message(shop: Shop) -> None:
    shop.stocked(*orders(2))
    shop.run(a_feed(ships(1), ships(2), feed_type=FULFILLMENT), FULFILLMENT)
    kept = shop.backend.orders.get(SELLER, order_id(2))
    assert kept is not None
    assert kept.changes == (OrderChange(NOON, "50001019786", "2"),)


def test_a_message_that_fails_changes_nothing(shop: Shop) -> None:
    shop.stocked(*orders(1))
    shop.run(a_feed(ships(1), feed_type=FULFILLMENT), FULFILLMENT)
    shop.now += timedelta(hours=1)
    shop.run(a_feed(cancels(1)))
    kept = shop.backend.orders.get(SELLER, order_id(1))
    assert kept is not None
    assert len(kept.changes) == 1


def test_an_order_that_is_loaded_anew_begins_anew(shop: Shop) -> None:
    shop.stocked(*orders(1)).run(a_feed(cancels(1)))
    shop.stocked(*orders(1))
    kept = shop.backend.orders.get(SELLER, order_id(1))
    assert kept is not None
    assert not kept.changes
