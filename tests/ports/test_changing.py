"""The port `Orders`: changes that no feed makes, say the release of an order that was pending."""

from datetime import date

import pytest
from msgspec.structs import replace

from feedproc.errors import Conflict
from feedproc.feeds.subscription import NotificationType
from feedproc.orders.order import Buyer, Order, OrderStatus
from feedproc.orders.tally import Fact
from feedproc.ports import Backend
from feedproc.services.news import choose_teller
from tests.builders import NOON, OTHER_SELLER, SELLER, an_order, order_id
from tests.ports.test_subscriptions import WANTED

EVER = date(2000, 1, 1), date(2100, 1, 1)


def get(backend: Backend, number: int) -> Order:
    found = backend.orders.get(SELLER, order_id(number))
    assert found is not None
    return found


@pytest.fixture
def waiting(backend: Backend) -> Backend:
    orders = [an_order(number, marker=OrderStatus.PENDING, buyer=Buyer("佐藤", "a@b.example")) for number in (1, 2)]
    backend.orders.load(SELLER, orders)
    return backend


def test_an_order_is_released_and_keeps_its_buyer(waiting: Backend) -> None:
    waiting.orders.change(SELLER, [replace(get(waiting, 1), marker=None)], NOON)
    after = get(waiting, 1)
    assert (after.status, after.updated_at, after.version) == (OrderStatus.UNSHIPPED, NOON, 1)
    assert after.buyer == Buyer("佐藤", "a@b.example")
    assert get(waiting, 2).status is OrderStatus.PENDING


def test_a_release_is_counted_in_the_metrics(waiting: Backend) -> None:
    counted = {tally.fact: number for tally, number in waiting.tallies.count(SELLER, *EVER).items()}
    waiting.orders.change(SELLER, [replace(get(waiting, 1), marker=None)], NOON)
    after = {tally.fact: number for tally, number in waiting.tallies.count(SELLER, *EVER).items()}
    assert after.get(Fact.ORDERED, 0) == counted.get(Fact.ORDERED, 0) + 1


def test_an_order_that_changed_meanwhile_stops_them_all(waiting: Backend) -> None:
    first, second = get(waiting, 1), get(waiting, 2)
    waiting.orders.change(SELLER, [replace(second, marker=None)], NOON)
    with pytest.raises(Conflict):
        waiting.orders.change(SELLER, [replace(first, marker=None), replace(second, buyer_asked_to_cancel=True)], NOON)
    assert get(waiting, 1).status is OrderStatus.PENDING
    assert not get(waiting, 2).buyer_asked_to_cancel


def test_an_order_that_is_not_there_is_not_changed(waiting: Backend) -> None:
    with pytest.raises(Conflict):
        waiting.orders.change(SELLER, [an_order(9)], NOON)


def told(backend: Backend) -> dict[str, tuple[str, OrderStatus]]:
    waiting = [one for one in backend.outbox.list_waiting(99) if one.news is not None]
    return {one.entry_id: (one.news.amazon_order_id, one.news.status) for one in waiting if one.news}


def test_who_asked_for_it_is_told_of_what_is_loaded_or_changed(waiting: Backend) -> None:
    waiting.subscriptions.add(WANTED)
    tell = choose_teller(waiting.subscriptions, SELLER, NOON)
    waiting.orders.load(SELLER, [an_order(3), replace(get(waiting, 2), marker=None)], tell)
    waiting.orders.change(SELLER, [replace(get(waiting, 1), marker=None)], NOON, tell)
    waiting.orders.load(SELLER, [get(waiting, 3)], tell)  # as it was
    released = {order_id(number): OrderStatus.UNSHIPPED for number in (1, 2, 3)}
    assert dict(told(waiting).values()) == released
    assert len(told(waiting)) == len(released)


def test_what_is_not_changed_is_not_told(waiting: Backend) -> None:
    waiting.subscriptions.add(WANTED)
    tell = choose_teller(waiting.subscriptions, SELLER, NOON)
    with pytest.raises(Conflict):
        waiting.orders.change(SELLER, [replace(get(waiting, 1), marker=None, version=9)], NOON, tell)
    assert told(waiting) == {}


def test_without_a_subscription_there_is_nobody_to_tell(waiting: Backend) -> None:
    waiting.subscriptions.add(replace(WANTED, notification_type=NotificationType.FEED_PROCESSING_FINISHED))
    waiting.subscriptions.add(replace(WANTED, seller_id=OTHER_SELLER))
    assert choose_teller(waiting.subscriptions, SELLER, NOON) is None
