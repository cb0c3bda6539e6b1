"""A store that is far away commits a batch while the next one is made, and nothing else about a feed is different."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event
from time import sleep
from typing import Any

import pytest

from feedproc.errors import BatchTooLarge, ClaimLost, Conflict
from feedproc.feeds.submission import FeedSubmission
from feedproc.memory import MemoryStore
from feedproc.ports import Backend, Batch, OrderFilter, Waiting
from feedproc.services.process.process import process
from feedproc.services.process.processing import Claimed, Clock, Policy, Processing
from tests.builders import NOON, SELLER, Shop, a_feed, acknowledges, cancels, feed_types, new_keys, orders
from tests.services.faults import Wrapped
from tests.services.test_batches import Hasty

MESSAGES = 30
FEED = a_feed(*(cancels(n) if n % 3 else acknowledges(n, f"M-{n}") for n in range(1, MESSAGES + 1)), cancels(1))
SOON = 10.0
"""Seconds after which a test fails that waits in vain."""


class MemoryShop(Shop):
    """A shop in memory."""

    def __init__(self) -> None:
        self.backend = MemoryStore(new_keys()).backend
        self.worker = "w"
        self.now = NOON


class Far:
    """Batches of a store that is far away; something may happen to a batch on its way."""

    commits_beside = True
    most_writes = 9

    def __init__(self, batches: Any, happens: Callable[[Batch], object] = lambda _: None) -> None:
        self._batches = batches
        self._happens = happens
        self.begun = 0
        self.committed: list[Batch] = []

    def prepare(self, *batch: Any) -> Callable[[], None]:
        return partial(self.commit, *batch)

    def commit(self, batch: Batch, *arguments: Any) -> None:
        self.begun += 1
        self._happens(batch)
        self._batches.commit(batch, *arguments)
        self.committed.append(batch)


def opened() -> tuple[MemoryShop, FeedSubmission]:
    shop = MemoryShop()
    shop.stocked(*orders(MESSAGES))
    return shop, shop.submit(FEED)


def go(backend: Backend, shop: Shop, submission: FeedSubmission, clock: Clock | None = None) -> Claimed:
    processing = Processing(backend, feed_types(), "w", Policy(), clock or shop.clock)
    return process(processing, Waiting(SELLER, submission.submission_id), shop.now + timedelta(seconds=1))


def outcome(shop: Shop, submission: FeedSubmission) -> tuple[Any, ...]:
    told = [(one.message_id, one.notice) for one in shop.backend.outbox.list_waiting(1_000)]
    stored = list(shop.backend.orders.list(SELLER, OrderFilter(), 1_000))
    return shop.raw_report(submission), stored, list(shop.backend.stock.list_levels(SELLER)), told


@pytest.fixture
def undisturbed() -> tuple[Any, ...]:
    shop, submission = opened()
    go(shop.backend, shop, submission)
    return outcome(shop, submission)


def once(error: Exception, number: int) -> Callable[[Batch], None]:
    """Let something go wrong with the first try at a batch."""
    left = [error]

    def happens(batch: Batch) -> None:
        if batch.mark.number == number and left:
            raise left.pop()

    return happens


def test_the_next_orders_are_read_while_a_batch_is_on_its_way(undisturbed: tuple[Any, ...]) -> None:
    shop, submission = opened()
    read = Event()
    far = Far(shop.backend.batches, lambda batch: batch.mark.number > 1 or read.wait(SOON))
    finds: list[object] = []

    def note(call: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: object) -> object:
            finds.append(arguments)
            if len(finds) == 2 and not far.committed:
                read.set()
            return call(*arguments)

        return noted

    backend = shop.backend._replace(batches=far, orders=Wrapped(shop.backend.orders, note, "find"))
    assert go(backend, shop, submission) is Claimed.FINISHED
    assert read.is_set()
    assert outcome(shop, submission) == undisturbed


def test_a_batch_is_made_and_another_ready_while_one_is_on_its_way(undisturbed: tuple[Any, ...]) -> None:
    shop, submission = opened()
    read = Event()
    far = Far(shop.backend.batches, lambda batch: batch.mark.number > 1 or read.wait(SOON))
    finds: list[bool] = []

    def note(call: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: object) -> object:
            finds.append(not far.committed)
            if len(finds) == 3:
                read.set()
            return call(*arguments)

        return noted

    backend = shop.backend._replace(batches=far, orders=Wrapped(shop.backend.orders, note, "find"))
    assert go(backend, shop, submission) is Claimed.FINISHED
    assert finds[:3] == [True, True, True]
    assert outcome(shop, submission) == undisturbed


def test_what_a_batch_changes_is_read_once_it_has_arrived() -> None:
    shop = MemoryShop()
    shop.stocked(*orders(2))
    submission = shop.submit(a_feed(acknowledges(1, "M-1"), cancels(1), cancels(1), acknowledges(2, "M-1")))
    far = Far(shop.backend.batches)
    far.most_writes = 1
    assert go(shop.backend._replace(batches=far), shop, submission) is Claimed.FINISHED
    assert [one.message_id for one in shop.report(submission).results] == ["3", "4"]
    assert len(far.committed) == 4


@pytest.mark.parametrize("error", [Conflict("changed"), BatchTooLarge("too large")])
@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_batch_that_fails_on_its_way_is_made_anew_before_the_next(
    error: Exception, number: int, undisturbed: tuple[Any, ...]
) -> None:
    shop, submission = opened()
    far = Far(shop.backend.batches, once(error, number))
    assert go(shop.backend._replace(batches=far), shop, submission) is Claimed.FINISHED
    assert outcome(shop, submission) == undisturbed
    assert [one.mark.number for one in far.committed] == list(range(1, len(far.committed) + 1))


def test_whoever_lost_its_claim_on_the_way_sends_nothing_more() -> None:
    shop, submission = opened()
    far = Far(shop.backend.batches, once(ClaimLost("another has it"), 3))
    with pytest.raises(ClaimLost):
        go(shop.backend._replace(batches=far), shop, submission)
    assert [one.mark.number for one in far.committed] == [1, 2]


def test_a_worker_whose_time_is_up_leaves_nothing_on_its_way(undisturbed: tuple[Any, ...]) -> None:
    shop, submission = opened()
    far = Far(shop.backend.batches)
    backend = shop.backend._replace(batches=far)
    goes, ended = 0, Claimed.OUT_OF_TIME
    while ended is Claimed.OUT_OF_TIME:
        ended = go(backend, shop, submission, Hasty(shop, 6).clock)
        assert far.begun == len(far.committed)
        goes += 1
    assert goes > 2
    assert outcome(shop, submission)[1:] == undisturbed[1:]


def test_a_batch_that_still_waits_when_time_is_up_is_not_sent(undisturbed: tuple[Any, ...]) -> None:
    shop, submission = opened()
    is_up = Event()

    def happens(batch: Batch) -> None:
        if batch.mark.number == 1 and is_up.wait(SOON):
            sleep(0.5)  # until the worker is about to end

    def note(call: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: object) -> object:
            finds.append(arguments)
            if len(finds) == 3:
                is_up.set()
            return call(*arguments)

        return noted

    finds: list[object] = []
    far = Far(shop.backend.batches, happens)
    backend = shop.backend._replace(batches=far, orders=Wrapped(shop.backend.orders, note, "find"))
    late = timedelta(hours=1)
    ended = go(backend, shop, submission, lambda: shop.now + late * is_up.is_set())
    assert (ended, [one.mark.number for one in far.committed]) == (Claimed.OUT_OF_TIME, [1])
    assert go(shop.backend, shop, submission) is Claimed.FINISHED
    assert outcome(shop, submission)[1:] == undisturbed[1:]


def test_too_many_errors_end_a_feed_once(undisturbed: tuple[Any, ...]) -> None:
    shop = MemoryShop()
    shop.stocked(*orders(1))
    submission = shop.submit(a_feed(*(cancels(900 + n) for n in range(40))))
    far = Far(shop.backend.batches)
    processing = Processing(shop.backend._replace(batches=far), feed_types(), "w", Policy(most_errors=20), shop.clock)
    process(processing, Waiting(SELLER, submission.submission_id))
    codes = [code for _, code in shop.report(submission).codes]
    assert (len(codes), codes.count(codes[-1])) == (21, 1)


def test_a_feed_goes_on_if_what_were_too_many_errors_are_none_once_a_batch_is_made_anew() -> None:
    shop = MemoryShop()
    *early, late = orders(700)
    shop.stocked(*early)
    submission = shop.submit(a_feed(cancels(700), *map(cancels, range(1, 700))))
    missing = [late]

    def happens(_: Batch) -> None:
        if missing:
            shop.stocked(missing.pop())
            raise Conflict("changed")

    backend = shop.backend._replace(batches=Far(shop.backend.batches, happens))
    processing = Processing(backend, feed_types(), "w", Policy(most_errors=1), shop.clock)
    process(processing, Waiting(SELLER, submission.submission_id))
    assert shop.report(submission).counts == (700, 700, 0, 0)
