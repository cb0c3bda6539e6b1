"""A worker may die between any two steps, or be overtaken: the effects are those of one undisturbed run."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import pytest
from msgspec.structs import replace

from feedproc.errors import ClaimLost
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import Backend, OrderFilter
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from tests.builders import (
    LEASE,
    SELLER,
    TAIL,
    Shop,
    a_feed,
    acknowledges,
    cancels,
    feed_types,
    order_id,
    orders,
)
from tests.services.faults import BrokeDown, Fuse, breaking, meanwhile

MESSAGES = 1_100
PAYLOADS = [cancels(number) if number % 3 else acknowledges(number, f"M-{number}") for number in range(1, MESSAGES)]


def opened(folder: Path) -> Shop:
    return Shop(folder).stocked(*orders(900))


def outcome(shop: Shop, raw: bytes) -> tuple[object, ...]:
    backend = shop.backend
    changes = backend.submissions._database.connection.execute(  # type: ignore[attr-defined]
        "SELECT * FROM stock_changes ORDER BY rowid"
    ).fetchall()
    return (
        raw,
        # When a change was stored is the store's own time, and another one after a delay.
        [replace(one, updated_at=None) for one in backend.orders.list(SELLER, OrderFilter(), 10_000)],
        list(backend.stock.list_levels(SELLER)),
        changes,
        backend.outbox.list_waiting(10_000),
    )


def run(backend: Backend, shop: Shop, worker: str) -> bool:
    return process_next(Processing(backend, feed_types(), worker, Policy(), shop.clock))


def calls_of_an_undisturbed_run(folder: Path, feed: bytes) -> tuple[int, tuple[object, ...]]:
    shop, fuse = opened(folder), Fuse(1_000, takes_effect=False)
    submission = shop.submit(feed)
    assert run(breaking(shop.backend, fuse), shop, "w")
    return 1_000 - fuse.left, outcome(shop, shop.raw_report(submission))


@pytest.mark.parametrize("takes_effect", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("faulty", [False, True], ids=["valid", "withheld"])
def test_a_worker_may_die_at_any_step(tmp_path: Path, takes_effect: bool, faulty: bool) -> None:
    feed = a_feed(*PAYLOADS)
    if faulty:
        feed = feed.replace(TAIL.encode(), b"<Trailer/>" + TAIL.encode())
    calls, expected = calls_of_an_undisturbed_run(tmp_path / "undisturbed", feed)
    assert calls >= 12
    for step in range(calls):
        shop = opened(tmp_path / str(step))
        submission = shop.submit(feed)
        with pytest.raises(BrokeDown):
            run(breaking(shop.backend, Fuse(step, takes_effect)), shop, "w")
        shop.work()
        assert outcome(shop, shop.raw_report(submission)) == expected


def test_a_worker_that_was_overtaken_stops_and_changes_nothing(tmp_path: Path) -> None:
    feed = a_feed(*PAYLOADS)
    _, expected = calls_of_an_undisturbed_run(tmp_path / "undisturbed", feed)
    shop = opened(tmp_path / "data")
    submission = shop.submit(feed)
    shop.workers.join("slow")

    def overtake() -> None:
        shop.now += LEASE + timedelta(seconds=1)
        assert run(shop.backend, shop, "fast")
        shop.now -= LEASE + timedelta(seconds=1)

    with pytest.raises(ClaimLost):
        run(meanwhile(shop.backend, overtake), shop, "slow")
    after = outcome(shop, shop.raw_report(submission))
    assert (after[0], after[1], after[2], after[4]) == (expected[0], expected[1], expected[2], expected[4])
    assert shop.again(submission).status is ProcessingStatus.DONE


def await_batches(shop: Shop, submission: FeedSubmission, number: int) -> None:
    """Wait until so many batches are committed, which another thread may still be at."""
    deadline = monotonic() + 10
    key = (SELLER, submission.submission_id)
    while number and not shop.backend.marks.get(*key, number):
        assert monotonic() < deadline
        sleep(0.001)


def test_a_worker_that_keeps_its_lease_is_not_overtaken(tmp_path: Path) -> None:
    shop = opened(tmp_path)
    submission = shop.submit(a_feed(*PAYLOADS))
    shop.workers.join("slow")
    batches = count()

    def dawdle() -> None:
        await_batches(shop, submission, next(batches))
        shop.now += LEASE * 0.9
        assert not run(shop.backend, shop, "fast")

    assert run(meanwhile(shop.backend, dawdle, times=3), shop, "slow")


def test_a_renewed_claim_survives_a_long_survey_while_others_look_for_work(tmp_path: Path) -> None:
    shop = opened(tmp_path)
    submission = shop.submit(a_feed(*[f"<!--{' ' * 30_000}-->{payload}" for payload in PAYLOADS[:100]]))
    shop.workers.join("slow")
    looks = 0

    def clock() -> datetime:
        nonlocal looks
        shop.now += LEASE * 0.3
        if shop.again(submission).status is ProcessingStatus.IN_PROGRESS:
            looks += 1
            assert not run(shop.backend, shop, "thief")
        return shop.now

    assert process_next(Processing(shop.backend, feed_types(), "slow", Policy(), clock))
    assert looks * LEASE * 0.3 > 2 * LEASE
    assert shop.report(submission).counts[0] == 100


def test_a_feed_that_was_applied_but_not_reported_is_reported(tmp_path: Path) -> None:
    shop = opened(tmp_path)
    submission = shop.submit(a_feed(acknowledges(1), acknowledges(999)))
    calls = 0
    while shop.again(submission).status is not ProcessingStatus.DONE:
        with pytest.raises(BrokeDown):
            run(breaking(shop.backend, Fuse(calls, takes_effect=True)), shop, f"w{calls}")
        calls += 1
    assert shop.report(submission).codes == [("2", 18028)]
    assert shop.order(1).version == 1
    assert shop.backend.orders.get(SELLER, order_id(999)) is None
