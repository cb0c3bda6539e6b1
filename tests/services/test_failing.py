"""The world goes wrong: work is tried again, other feeds go on, and in the end the seller is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from feedproc.errors import Conflict
from feedproc.feeds.submission import NewSubmission, ProcessingStatus
from feedproc.orders.order import OrderStatus
from feedproc.ports import OrderFilter, OutboxKind
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    NOON,
    SELLER,
    Shop,
    a_feed,
    acknowledges,
    an_order,
    cancels,
    feed_types,
    open_files,
    orders,
    refunds,
    ships,
)
from tests.services.faults import meanwhile


def test_a_feed_that_cannot_be_read_is_given_up_with_a_reason_and_the_next_runs(shop: Shop) -> None:
    shop.stocked(an_order())
    lost, next_one = shop.submit(a_feed(cancels())), shop.submit(a_feed(acknowledges()))
    shop.spoil(lost)
    errors = shop.struggle(Policy(most_attempts=3))
    assert [type(error) for error in errors] == [IsADirectoryError] * 3
    ended = shop.again(lost)
    assert ended.status is ProcessingStatus.CANCELLED
    assert ended.reason == ("processing failed 3 times without progress; the last: given up after IsADirectoryError")
    assert shop.report(next_one).counts == (1, 1, 0, 0)


def test_a_feed_whose_document_is_gone_is_given_up_at_once_with_the_reason_and_the_next_runs(shop: Shop) -> None:
    shop.stocked(an_order())
    lost, next_one = shop.submit(a_feed(cancels())), shop.submit(a_feed(acknowledges()))
    shop.backend.documents.delete(lost.document)
    assert not shop.struggle()
    ended = shop.again(lost)
    assert (ended.status, ended.reason) == (ProcessingStatus.CANCELLED, "the feed itself is missing in the store")
    assert shop.report(next_one).counts == (1, 1, 0, 0)


def test_the_seller_is_told_of_a_feed_that_was_given_up(shop: Shop) -> None:
    lost = shop.submit(a_feed(cancels()))
    shop.backend.documents.delete(lost.document)
    shop.struggle()
    assert [(one.kind, one.submission_id) for one in shop.backend.outbox.list_waiting(5)] == [
        (OutboxKind.FEED_FINISHED, lost.submission_id)
    ]


@pytest.mark.parametrize(("seller_id", "feed_type"), [("GONE", ACKNOWLEDGEMENT), (SELLER, "POST_FORGOTTEN_DATA")])
def test_a_feed_that_nobody_can_process_any_more_is_given_up(shop: Shop, seller_id: str, feed_type: str) -> None:
    submission = shop.submit(a_feed(acknowledges()), feed_type, seller_id)
    assert len(shop.struggle(Policy(most_attempts=2))) == 2
    assert shop.again(submission).status is ProcessingStatus.CANCELLED


def test_a_feed_that_kills_its_workers_is_given_up(shop: Shop) -> None:
    submission = shop.submit(a_feed(acknowledges()))
    for number in range(20):
        assert shop.backend.submissions.claim(SELLER, submission.submission_id, f"w{number}", NOON, timedelta(1))
    shop.work()
    ended = shop.again(submission)
    assert ended.reason == "processing failed 20 times without progress; the last: the worker died"


def test_progress_forgives_earlier_failures(shop: Shop) -> None:
    shop.stocked(*orders(1_200))
    submission = shop.submit(a_feed(*map(acknowledges, range(1, 1_201))))

    def die() -> None:
        raise ConnectionError

    for _ in range(2):
        with pytest.raises(ConnectionError):
            process_next(Processing(meanwhile(shop.backend, die), feed_types(), "w", Policy(), shop.clock))
    assert shop.again(submission).attempts == 2
    assert not shop.struggle(Policy(most_attempts=3))
    assert shop.again(submission).attempts <= 3
    assert shop.report(submission).counts == (1_200, 1_200, 0, 0)


def test_two_feed_types_may_change_one_order_at_once(shop: Shop) -> None:
    shop.stocked(an_order(1, quantity=2, merchant_order_id="M-1"))
    shop.run(a_feed(ships(1, 1), feed_type=FULFILLMENT), FULFILLMENT)
    adjustment = shop.submit(a_feed(refunds(1, 300), feed_type=ADJUSTMENT), ADJUSTMENT)
    later = NOON + timedelta(seconds=1)
    shipment = shop.submit(a_feed(ships(1, 1), feed_type=FULFILLMENT), FULFILLMENT, at=later)

    def ship() -> None:
        assert process_next(Processing(shop.backend, feed_types(), "other", Policy(), shop.clock))

    shop.workers.join(shop.worker)
    assert process_next(Processing(meanwhile(shop.backend, ship), feed_types(), shop.worker, Policy(), shop.clock))
    assert [shop.report(one).counts for one in (adjustment, shipment)] == [(1, 1, 0, 0)] * 2
    assert shop.order().status is OrderStatus.SHIPPED
    assert shop.order().items[0].refunded == {"Principal": 300}


def test_a_refusal_is_judged_by_the_order_as_it_is_when_the_batch_is_committed(shop: Shop) -> None:
    shop.stocked(an_order())
    cancellation = shop.submit(a_feed(cancels()))
    shop.submit(a_feed(ships(), feed_type=FULFILLMENT), FULFILLMENT, at=NOON + timedelta(seconds=1))

    def ship() -> None:
        assert process_next(Processing(shop.backend, feed_types(), "other", Policy(), shop.clock))

    shop.workers.join(shop.worker)
    process_next(Processing(meanwhile(shop.backend, ship), feed_types(), shop.worker, Policy(), shop.clock))
    assert shop.report(cancellation).codes == [("1", 18028)]
    assert shop.order().status is OrderStatus.SHIPPED
    assert shop.stock_of() == 0


def test_orders_that_change_again_and_again_put_the_feed_off(shop: Shop) -> None:
    shop.stocked(an_order())
    submission = shop.submit(a_feed(acknowledges()))

    def reload() -> None:
        shop.backend.orders.load(SELLER, [an_order()])

    with pytest.raises(Conflict):
        process_next(
            Processing(meanwhile(shop.backend, reload, times=99), feed_types(), shop.worker, Policy(), shop.clock)
        )
    assert shop.again(submission).reason == "given up after Conflict"
    assert shop.work() == 1
    assert shop.report(submission).counts == (1, 1, 0, 0)


def test_no_file_stays_open_whatever_becomes_of_a_feed(shop: Shop) -> None:
    shop.stocked(an_order())
    shop.run(a_feed(acknowledges()))
    lost = shop.submit(a_feed(acknowledges()))
    shop.spoil(lost)
    shop.struggle(Policy(most_attempts=2))
    before = open_files(shop.data_dir)
    for feed in (b"", b"<x/>", a_feed(acknowledges()), a_feed("<Junk/>"), a_feed(acknowledges(), merchant="ELSE")):
        shop.run(feed)
    lost = shop.submit(a_feed(acknowledges()))
    shop.spoil(lost)
    shop.struggle(Policy(most_attempts=5))
    assert open_files(shop.data_dir) == before


def test_workers_in_many_threads_share_one_store(shop: Shop) -> None:
    shop.stocked(*[an_order(number, quantity=40) for number in range(1, 21)])
    sent = [
        shop.submit(a_feed(*[payload(n) for n in range(1, 21)], feed_type=feed_type), feed_type)
        for _ in range(8)
        for feed_type, payload in ((FULFILLMENT, partial(ships, units=2)), (ADJUSTMENT, partial(refunds, amount=1)))
    ]

    def work(worker: str) -> None:
        shop.workers.join(worker)
        while any(shop.again(one).completed_at is None for one in sent):
            process_next(Processing(shop.backend, feed_types(), worker, Policy(), shop.clock))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, ["w1", "w2", "w3", "w4"]))
    assert {shop.report(one).counts[0] for one in sent} == {20}
    assert {shop.order(number).items[0].quantity_shipped for number in range(1, 21)} == {16}
    refunded = sum(
        order.items[0].refunded["Principal"] for order in shop.backend.orders.list(SELLER, OrderFilter(), 99)
    )
    assert refunded == sum(shop.report(one).counts[1] for one in sent if one.feed_type == ADJUSTMENT)


def test_a_submission_without_a_document_key_of_ours_is_given_up(shop: Shop) -> None:
    new = NewSubmission(
        seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document="../../etc/passwd", size=1, submitted_at=NOON
    )
    submission = shop.backend.submissions.add(new)
    shop.struggle(Policy(most_attempts=1))
    assert shop.again(submission).status is ProcessingStatus.CANCELLED
