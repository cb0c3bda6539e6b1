"""The ports `Orders` and `Batches`: where orders live, and the batches that change them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from msgspec.structs import replace

from feedproc.errors import ClaimLost, Conflict
from feedproc.feeds.effects import BuyerNotice
from feedproc.feeds.progress import Claim, Mark, Position, ReportPart
from feedproc.feeds.report import Result, Summary
from feedproc.feeds.submission import NewSubmission
from feedproc.orders.order import Event, GivenBy, Order, OrderKey, OrderStatus
from feedproc.ports import Backend, Batch, OrderFilter, OutboxEntry, OutboxKind
from feedproc.stock.change import By, StockChange
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    LEASE,
    NOON,
    OTHER_SELLER,
    SELLER,
    an_order,
    item_code,
    order_id,
    orders,
)
from tests.ports.conftest import Store

ERROR = Result("7", 18028, "no <such> order", amazon_order_id=order_id(1), reason="because")


def claimed(backend: Backend, feed_type: str = ACKNOWLEDGEMENT, worker: str = "w") -> Claim:
    new = NewSubmission(seller_id=SELLER, feed_type=feed_type, document="0" * 32, size=7, submitted_at=NOON)
    claim = backend.submissions.claim(SELLER, backend.submissions.add(new).submission_id, worker, NOON, LEASE)
    assert claim is not None
    return claim


def a_batch(claim: Claim, *changed: Order, number: int = 1, results: Sequence[Result] = ()) -> Batch:
    mark = Mark(number, Position(100 * number, number, 1), Summary(number, number - len(results)), tuple(results))
    return Batch(claim, changed, (), (), mark)


def commit(backend: Backend, batch: Batch) -> None:
    backend.batches.commit(batch, NOON, LEASE)


def named(order: Order, merchant_order_id: str) -> Order:
    return replace(order, merchant_order_id=merchant_order_id)


def fetched(backend: Backend, number: int = 1) -> Order:
    order = backend.orders.get(SELLER, order_id(number))
    assert order is not None
    return order


def test_a_loaded_order_is_found_as_it_was(store: Store) -> None:
    rich = an_order(1, merchant_order_id="M-1", marker=OrderStatus.PENDING, acknowledged_at=NOON)
    assert store.backend.orders.load(SELLER, [rich]) == 1
    assert store.reopened().orders.get(SELLER, order_id(1)) == rich


def test_orders_belong_to_one_seller(backend: Backend) -> None:
    backend.orders.load(SELLER, orders(1))
    assert backend.orders.get(OTHER_SELLER, order_id(1)) is None
    assert not backend.orders.find(OTHER_SELLER, [OrderKey(order_id(1))])


def test_an_order_is_found_by_both_of_its_names(backend: Backend) -> None:
    backend.orders.load(SELLER, [an_order(1, merchant_order_id="M-1"), an_order(2)])
    keys = [
        OrderKey(order_id(1)),
        OrderKey("M-1", GivenBy.SELLER),
        OrderKey(order_id(2)),
        OrderKey("M-2", GivenBy.SELLER),
    ]
    found = backend.orders.find(SELLER, keys)
    assert {key: order.amazon_order_id for key, order in found.items()} == {
        keys[0]: order_id(1),
        keys[1]: order_id(1),
        keys[2]: order_id(2),
    }


def test_one_name_is_not_taken_for_the_other(backend: Backend) -> None:
    backend.orders.load(SELLER, [an_order(1, merchant_order_id=order_id(2))])
    assert not backend.orders.find(SELLER, [OrderKey(order_id(2)), OrderKey(order_id(1), GivenBy.SELLER)])


def test_thousands_of_orders_are_found_at_once(store: Store) -> None:
    there, asked = 2_500 // store.scale, 3_000 // store.scale
    store.backend.orders.load(SELLER, orders(there))
    assert (
        len(store.backend.orders.find(SELLER, [OrderKey(order_id(number)) for number in range(1, asked + 1)])) == there
    )


def test_loading_an_order_again_replaces_it(backend: Backend) -> None:
    backend.orders.load(SELLER, [an_order(1, quantity=2)])
    backend.orders.load(SELLER, [an_order(1, quantity=5)])
    assert fetched(backend).items[0].quantity_ordered == 5
    assert len(list(backend.orders.list(SELLER, OrderFilter(), 10))) == 1


def test_orders_are_listed_newest_first_and_by_status(backend: Backend) -> None:
    backend.orders.load(SELLER, [an_order(1), an_order(2, marker=OrderStatus.PENDING), an_order(3)])
    assert [one.amazon_order_id for one in backend.orders.list(SELLER, OrderFilter(), 2)] == [order_id(3), order_id(2)]
    assert [
        one.amazon_order_id for one in backend.orders.list(SELLER, OrderFilter(statuses=(OrderStatus.PENDING,)), 5)
    ] == [order_id(2)]
    assert not list(backend.orders.list(OTHER_SELLER, OrderFilter(), 5))


def test_a_batch_changes_all_it_speaks_of(store: Store) -> None:
    store.backend.orders.load(SELLER, orders(2))
    claim = claimed(store.backend)
    notice = OutboxEntry(
        "n", OutboxKind.BUYER_NOTICE, SELLER, claim.submission_id, "7", BuyerNotice(Event.SHIPPED, order_id(1))
    )
    change = StockChange("SKU-1", By(3), "BuyerCanceled", order_id(1))
    batch = a_batch(claim, named(fetched(store.backend), "M-1"), results=[ERROR])
    commit(store.backend, Batch(claim, batch.orders, [("7", change)], [notice], batch.mark))
    after = store.reopened()
    assert fetched(after).merchant_order_id == "M-1"
    assert after.stock.get_level(SELLER, "SKU-1") == 3
    assert after.outbox.list_waiting(5) == [notice]
    assert list(after.marks.list_results(SELLER, claim.submission_id)) == [ERROR]


def test_names_may_change_in_each_batch_of_a_feed_or_in_none(backend: Backend) -> None:
    backend.orders.load(SELLER, orders(3))
    claim = claimed(backend)
    for number, names in enumerate(["ABC", "ABC", "BAC", "ABD", "ABD"], 1):
        changed = [named(fetched(backend, place), name) for place, name in enumerate(names, 1)]
        commit(backend, a_batch(claim, *changed, number=number))
        kept = [fetched(backend, place) for place in (1, 2, 3)]
        assert [(one.merchant_order_id, one.version) for one in kept] == [(name, number) for name in names]


def test_a_submission_shows_the_counts_of_its_last_batch(backend: Backend) -> None:
    claim = claimed(backend)
    commit(backend, a_batch(claim))
    commit(backend, a_batch(claim, number=2))
    submission = backend.submissions.get(SELLER, claim.submission_id)
    assert submission is not None
    assert submission.summary == Summary(2, 2)


def test_a_mark_tells_which_part_of_a_report_was_written(store: Store) -> None:
    claim = claimed(store.backend)
    part = ReportPart("ab" * 16, 7, (NOON + timedelta(microseconds=1), "250-0000000-0000007"))
    commit(store.backend, Batch(claim, (), (), (), Mark(1, Position(), Summary(), part=part)))
    mark = store.reopened().marks.get(SELLER, claim.submission_id, 1)
    assert mark is not None
    assert mark.part == part
    assert store.backend.marks.get_last(SELLER, claim.submission_id) == mark


def test_the_last_mark_tells_where_to_go_on(store: Store) -> None:
    claim = claimed(store.backend)
    assert store.backend.marks.get_last(SELLER, claim.submission_id) is None
    for number in range(1, 12):
        commit(store.backend, a_batch(claim, number=number, results=[ERROR]))
    mark = store.reopened().marks.get_last(SELLER, claim.submission_id)
    assert mark == Mark(11, Position(1100, 11, 1), Summary(11, 10))


def test_results_come_in_feed_order(backend: Backend) -> None:
    claim, expected = claimed(backend), []
    for number in range(1, 13):
        results = [Result(f"{number}{place}", 25, "wrong") for place in range(3)] if number % 2 else []
        expected += results
        commit(backend, a_batch(claim, number=number, results=results))
    assert list(backend.marks.list_results(SELLER, claim.submission_id)) == expected


def test_an_order_that_changed_meanwhile_stops_the_batch(backend: Backend) -> None:
    backend.orders.load(SELLER, orders(2))
    stale, other = fetched(backend), fetched(backend, 2)
    commit(backend, a_batch(claimed(backend, ADJUSTMENT), named(stale, "first")))
    claim = claimed(backend)
    with pytest.raises(Conflict):
        commit(backend, a_batch(claim, named(other, "second"), named(stale, "late"), results=[ERROR]))
    assert (fetched(backend).merchant_order_id, fetched(backend, 2).merchant_order_id) == ("first", None)
    assert backend.marks.get_last(SELLER, claim.submission_id) is None
    assert not list(backend.marks.list_results(SELLER, claim.submission_id))


def test_an_order_that_was_loaded_anew_meanwhile_stops_the_batch(backend: Backend) -> None:
    backend.orders.load(SELLER, orders(1))
    stale = fetched(backend)
    backend.orders.load(SELLER, [an_order(1, quantity=9)])
    with pytest.raises(Conflict):
        commit(backend, a_batch(claimed(backend), named(stale, "late")))
    assert fetched(backend).items[0].quantity_ordered == 9


def test_an_order_can_be_changed_batch_after_batch(backend: Backend) -> None:
    backend.orders.load(SELLER, orders(1))
    claim = claimed(backend)
    for number in range(1, 4):
        commit(backend, a_batch(claim, named(fetched(backend), f"M-{number}"), number=number))
    assert (fetched(backend).merchant_order_id, fetched(backend).version) == ("M-3", 3)


def test_a_lost_claim_commits_nothing(store: Store) -> None:
    store.join("old")
    store.backend.orders.load(SELLER, orders(1))
    lost = claimed(store.backend, worker="old")
    late = NOON + LEASE + timedelta(seconds=1)
    assert store.backend.submissions.claim(SELLER, lost.submission_id, "new", late, LEASE)
    with pytest.raises(ClaimLost):
        commit(store.backend, a_batch(lost, named(fetched(store.backend), "M-1")))
    assert fetched(store.backend).merchant_order_id is None
    assert store.backend.marks.get_last(SELLER, lost.submission_id) is None


def test_a_batch_renews_its_claim(store: Store) -> None:
    store.join("w")
    claim = claimed(store.backend)
    store.backend.batches.commit(a_batch(claim), NOON + LEASE / 2, LEASE)
    assert store.backend.submissions.claim(SELLER, claim.submission_id, "new", NOON + 1.4 * LEASE, LEASE) is None


def test_a_merchant_order_id_that_another_order_has_stops_the_batch(backend: Backend) -> None:
    backend.orders.load(SELLER, [an_order(1, merchant_order_id="M-1"), an_order(2)])
    with pytest.raises(Conflict):
        commit(backend, a_batch(claimed(backend), named(fetched(backend, 2), "M-1")))
    assert fetched(backend, 2).merchant_order_id is None


def test_two_orders_can_exchange_their_merchant_order_ids(backend: Backend) -> None:
    backend.orders.load(SELLER, [an_order(1, merchant_order_id="A"), an_order(2, merchant_order_id="B")])
    commit(backend, a_batch(claimed(backend), named(fetched(backend), "B"), named(fetched(backend, 2), "A")))
    assert (fetched(backend).merchant_order_id, fetched(backend, 2).merchant_order_id) == ("B", "A")


def test_two_sellers_may_use_the_same_merchant_order_id(backend: Backend) -> None:
    backend.orders.load(SELLER, [an_order(1, merchant_order_id="M-1")])
    backend.orders.load(OTHER_SELLER, [an_order(1, merchant_order_id="M-1")])
    assert len(list(backend.orders.list(OTHER_SELLER, OrderFilter(), 5))) == 1


def test_of_batches_that_race_for_an_order_each_loser_is_told(backend: Backend) -> None:
    backend.orders.load(SELLER, orders(1))
    read = fetched(backend)
    claims = [claimed(backend, feed_type) for feed_type in ("T1", "T2", "T3", "T4")]

    def race(claim: Claim) -> bool:
        try:
            commit(backend, a_batch(claim, named(read, claim.submission_id)))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(race, claims)) == 1
    assert fetched(backend).items[0].order_item_code == item_code(1)
