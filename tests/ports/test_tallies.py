"""The port `TallyCounts`: the metrics' counts, which follow every change of an order."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from feedproc.errors import Conflict
from feedproc.feeds.progress import Claim, Mark, Position
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import NewSubmission
from feedproc.orders.order import OrderStatus
from feedproc.orders.tally import Fact, Tally, TallyCounts
from feedproc.ports import Backend, Batch
from tests.builders import ACKNOWLEDGEMENT, LEASE, NOON, OTHER_SELLER, PURCHASED, SELLER, an_order, order_id, orders
from tests.ports.conftest import Store

DAY = PURCHASED.date()
NEXT = DAY + timedelta(days=1)
ORDERED, CANCELLED = Tally(DAY, Fact.ORDERED), Tally(DAY, Fact.CANCELLED, "NoInventory")


def tallies(backend: Backend, first: date = DAY, last: date = NEXT, seller_id: str = SELLER) -> TallyCounts:
    return dict(backend.tallies.count(seller_id, first, last))


def claimed(backend: Backend) -> Claim:
    new = NewSubmission(seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document="0" * 32, size=7, submitted_at=NOON)
    claim = backend.submissions.claim(SELLER, backend.submissions.add(new).submission_id, "w", NOON, LEASE)
    assert claim is not None
    return claim


def commit(backend: Backend, claim: Claim, counts: TallyCounts, number: int = 1, **changed: object) -> None:
    batch = Batch(claim, (), (), (), Mark(number, Position(), Summary()), counts)
    backend.batches.commit(replace(batch, **changed), NOON, LEASE)


def test_a_book_without_orders_counts_nothing(backend: Backend) -> None:
    assert tallies(backend) == {}


def test_loaded_orders_are_counted_on_their_day(store: Store) -> None:
    store.backend.orders.load(SELLER, [*orders(3), an_order(4, purchased_at=PURCHASED + timedelta(days=1))])
    assert tallies(store.reopened()) == {ORDERED: 3, Tally(NEXT, Fact.ORDERED): 1}


def test_only_the_days_that_are_asked_for_are_told(backend: Backend) -> None:
    days = [PURCHASED + timedelta(days=number) for number in range(5)]
    backend.orders.load(SELLER, [an_order(number, purchased_at=day) for number, day in enumerate(days)])
    found = tallies(backend, DAY + timedelta(days=1), DAY + timedelta(days=3))
    assert sorted(tally.day for tally in found) == [day.date() for day in days[1:4]]


def test_tallies_belong_to_one_seller(backend: Backend) -> None:
    backend.orders.load(SELLER, orders(2))
    assert tallies(backend, seller_id=OTHER_SELLER) == {}


def test_an_order_that_is_loaded_again_counts_once(backend: Backend) -> None:
    for _ in range(2):
        backend.orders.load(SELLER, orders(2))
    assert tallies(backend) == {ORDERED: 2}


def test_an_order_that_comes_twice_in_one_load_counts_once(backend: Backend) -> None:
    backend.orders.load(SELLER, [an_order(1), an_order(1, purchased_at=PURCHASED + timedelta(days=1))])
    assert tallies(backend) == {Tally(NEXT, Fact.ORDERED): 1}


def test_an_order_that_is_loaded_as_pending_counts_no_more(backend: Backend) -> None:
    backend.orders.load(SELLER, orders(2))
    backend.orders.load(SELLER, [an_order(1, marker=OrderStatus.PENDING)])
    assert tallies(backend) == {ORDERED: 1}


def test_batches_count_more_and_less(store: Store) -> None:
    store.backend.orders.load(SELLER, orders(3))
    claim = claimed(store.backend)
    commit(store.backend, claim, {CANCELLED: 2, Tally(DAY, Fact.REFUNDED): 1})
    commit(store.backend, claim, {CANCELLED: -1, Tally(NEXT, Fact.LATE): 4}, number=2)
    assert tallies(store.reopened()) == {
        ORDERED: 3,
        CANCELLED: 1,
        Tally(DAY, Fact.REFUNDED): 1,
        Tally(NEXT, Fact.LATE): 4,
    }


def test_what_comes_down_to_none_is_not_told(backend: Backend) -> None:
    claim = claimed(backend)
    commit(backend, claim, {CANCELLED: 1})
    commit(backend, claim, {CANCELLED: -1}, number=2)
    assert tallies(backend) == {}


def test_reasons_are_kept_apart_whatever_they_say(backend: Backend) -> None:
    reasons = ["", "NoInventory", "unstated", "no/such#reason", "在庫なし", "x" * 200]
    counts = {Tally(DAY, Fact.CANCELLED, reason): number for number, reason in enumerate(reasons, 1)}
    commit(backend, claimed(backend), counts)
    assert tallies(backend) == counts


def test_a_batch_that_fails_counts_nothing(backend: Backend) -> None:
    backend.orders.load(SELLER, orders(1))
    stale = backend.orders.get(SELLER, order_id(1))
    backend.orders.load(SELLER, orders(1))
    with pytest.raises(Conflict):
        commit(backend, claimed(backend), {CANCELLED: 1}, orders=[stale])
    assert tallies(backend) == {ORDERED: 1}
