"""How much a store takes at a time, and how much time a worker has, change nothing about what a feed does."""

from collections.abc import Callable
from cProfile import Profile
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.errors import BatchTooLarge
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import FeedSubmission
from feedproc.formats.limits import MAX_PIECE_MESSAGES
from feedproc.orders.order import OrderStatus
from feedproc.ports import Backend, Batch, OrderFilter, Waiting
from feedproc.services.process.process import process
from feedproc.services.process.processing import Claimed, Policy, Processing
from tests.builders import SELLER, Shop, a_feed, acknowledges, cancels, feed_types, orders

MESSAGES = 120
PAYLOADS = [cancels(n) if n % 3 else acknowledges(n, f"M-{n}", f"I-{n}") for n in range(1, MESSAGES + 1)]
FEED = a_feed(*PAYLOADS, acknowledges(900))


class Narrow:
    """Batches of a store that takes only so many writes, or so many changed orders, at a time."""

    commits_beside = False

    def __init__(self, batches: Any, most_writes: int | None = None, most_orders: int = 1_000) -> None:
        self._batches = batches
        self.most_writes = most_writes
        self._most_orders = most_orders
        self.committed: list[Batch] = []

    def prepare(self, *batch: Any) -> Callable[[], None]:
        return partial(self.commit, *batch)

    def commit(self, batch: Batch, *arguments: Any) -> None:
        if len(batch.orders) > self._most_orders:
            raise BatchTooLarge
        self._batches.commit(batch, *arguments)
        self.committed.append(batch)


class Picky(Narrow):
    """Batches of a store that never takes one SKU."""

    def commit(self, batch: Batch, *arguments: Any) -> None:
        if any(change.sku == "BIG" for _, change in batch.stock):
            raise BatchTooLarge
        super().commit(batch, *arguments)


def opened(folder: Path) -> tuple[Shop, FeedSubmission]:
    shop = Shop(folder).stocked(*orders(MESSAGES))
    return shop, shop.submit(FEED)


def go(backend: Backend, shop: Shop, submission: FeedSubmission, seconds: float | None = None) -> Claimed:
    waiting = Waiting(SELLER, submission.submission_id)
    until = None if seconds is None else shop.now + timedelta(seconds=seconds)
    return process(Processing(backend, feed_types(), "w", Policy(), shop.clock), waiting, until)


def outcome(shop: Shop, submission: FeedSubmission) -> tuple[Any, ...]:
    sent = [(one.message_id, one.notice) for one in shop.backend.outbox.list_waiting(1_000)]
    return (
        shop.raw_report(submission),
        list(shop.backend.orders.list(SELLER, OrderFilter(), 1_000)),
        list(shop.backend.stock.list_levels(SELLER)),
        sent,
    )


@pytest.fixture
def undisturbed(tmp_path: Path) -> tuple[Any, ...]:
    shop, submission = opened(tmp_path / "undisturbed")
    go(shop.backend, shop, submission)
    return outcome(shop, submission)


@pytest.mark.parametrize("most", [1, 2, 4, 7, 50, 10_000])
def test_a_store_that_takes_few_writes_at_a_time_ends_the_same(
    tmp_path: Path, most: int, undisturbed: tuple[Any, ...]
) -> None:
    shop, submission = opened(tmp_path / "narrow")
    batches = Narrow(shop.backend.batches, most)
    assert go(shop.backend._replace(batches=batches), shop, submission) is Claimed.FINISHED
    assert outcome(shop, submission) == undisturbed
    assert len(batches.committed) >= MESSAGES / most


def test_what_is_written_is_counted_once_a_message_and_not_anew_for_the_whole_batch(tmp_path: Path) -> None:
    messages = 400
    shop = Shop(tmp_path).stocked(*orders(messages))
    submission = shop.submit(a_feed(*(acknowledges(number) for number in range(1, messages + 1))))
    batches = Narrow(shop.backend.batches, 97)
    profile = Profile()
    profile.runcall(go, shop.backend._replace(batches=batches), shop, submission)
    assert shop.again(submission).summary == Summary(messages, messages)
    counted = sum(one.callcount for one in profile.getstats() if getattr(one.code, "co_name", "") == "count_change")
    assert 0 < counted <= 4 * messages


def test_the_short_rest_of_a_portion_makes_the_next_batches_no_shorter(tmp_path: Path) -> None:
    messages, most = 2 * MAX_PIECE_MESSAGES, MAX_PIECE_MESSAGES // 2 - 3
    shop = Shop(tmp_path).stocked(*orders(messages))
    submission = shop.submit(a_feed(*(acknowledges(number) for number in range(1, messages + 1))))
    batches = Narrow(shop.backend.batches, most)
    assert go(shop.backend._replace(batches=batches), shop, submission) is Claimed.FINISHED
    assert len(batches.committed) == 5  # rather than three a portion


def test_a_feed_whose_time_is_up_at_this_very_moment_is_not_begun(tmp_path: Path) -> None:
    shop, submission = opened(tmp_path)
    assert go(shop.backend, shop, submission, seconds=0) is Claimed.OUT_OF_TIME
    assert shop.backend.marks.get_last(SELLER, submission.submission_id) is None


def test_a_batch_counts_orders_names_days_and_skus(tmp_path: Path) -> None:
    shop, submission = opened(tmp_path)
    batches = Narrow(shop.backend.batches, 10)
    go(shop.backend._replace(batches=batches), shop, submission)
    for batch in batches.committed:
        names = sum(order.merchant_order_id is not None for order in batch.orders)
        skus = {change.sku for _, change in batch.stock}
        assert len(batch.orders) + names + 2 * len(skus) + len({tally.day for tally in batch.tallies}) <= 10


def test_a_batch_that_is_too_large_is_tried_with_fewer_messages(tmp_path: Path, undisturbed: tuple[Any, ...]) -> None:
    shop, submission = opened(tmp_path / "narrow")
    batches = Narrow(shop.backend.batches, most_orders=9)
    assert go(shop.backend._replace(batches=batches), shop, submission) is Claimed.FINISHED
    assert outcome(shop, submission) == undisturbed


def test_a_message_that_is_too_much_for_the_store_fails_alone(tmp_path: Path) -> None:
    shop, other = Shop(tmp_path), orders(2, first=501)
    shop.stocked(other[0], replace(other[1], items=tuple(replace(item, sku="BIG") for item in other[1].items)))
    submission = shop.submit(a_feed(cancels(501), cancels(502), cancels(501)))
    batches = Picky(shop.backend.batches)
    assert go(shop.backend._replace(batches=batches), shop, submission) is Claimed.FINISHED
    results = shop.report(submission).results
    assert [(one.message_id, one.code) for one in results] == [("2", 5002), ("3", 18028)]
    assert (shop.order(501).status, shop.order(502).status) == (OrderStatus.CANCELED, OrderStatus.UNSHIPPED)


def test_a_worker_whose_time_is_up_leaves_the_rest_to_the_next(tmp_path: Path, undisturbed: tuple[Any, ...]) -> None:
    shop, submission = opened(tmp_path / "hasty")
    batches = Narrow(shop.backend.batches, 7)
    goes, ended = 0, Claimed.OUT_OF_TIME
    while ended is Claimed.OUT_OF_TIME:
        fuse = Hasty(shop, 5)
        hasty = Processing(shop.backend._replace(batches=batches), feed_types(), "w", Policy(), fuse.clock)
        ended = process(hasty, Waiting(SELLER, submission.submission_id), shop.now + timedelta(seconds=1))
        goes += 1
        assert goes < 100
    assert goes > 5
    assert outcome(shop, submission)[1:] == undisturbed[1:]


class Hasty:
    """A clock that is past any deadline after so many looks at it."""

    def __init__(self, shop: Shop, looks: int) -> None:
        self._shop = shop
        self._left = looks

    def clock(self) -> Any:
        self._left -= 1
        return self._shop.now + timedelta(seconds=2 if self._left < 0 else 0)


def test_a_worker_with_no_time_at_all_gives_the_submission_back(tmp_path: Path) -> None:
    shop, submission = opened(tmp_path)
    assert go(shop.backend, shop, submission, seconds=0) is Claimed.OUT_OF_TIME
    assert go(shop.backend, shop, submission) is Claimed.FINISHED


def test_what_has_ended_is_not_to_be_had(tmp_path: Path) -> None:
    shop, submission = opened(tmp_path)
    go(shop.backend, shop, submission)
    assert go(shop.backend, shop, submission) is Claimed.BUSY
