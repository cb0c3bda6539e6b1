"""Whatever goes wrong at whichever call to AWS, and however deliveries come: the effects are those of a quiet run."""

import contextlib
import os
from collections.abc import Callable
from typing import Any

import pytest

from feedproc.aws.account import AwsSettings
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import Waiting
from feedproc.services.process.process import process
from feedproc.services.process.processing import Claimed, Policy, Processing
from feedproc.stock.level import StockLevel
from tests.aws.builders import CloudShop, count_journals, outcome
from tests.aws.cloud import FAULTS, Answering, Fault, Killed, a_cloud, between, noted, time_passes
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    NOON,
    SELLER,
    a_feed,
    acknowledges,
    an_order,
    cancels,
    feed_types,
    orders,
    refunds,
    ships,
)

EVERY = int(os.environ.get("FEEDPROC_EVERY_FAULT", "11"))
"""Of so many pairs of a call and a fault one is tried; 1 for all of them, which takes some minutes."""
Feeds = tuple[tuple[str, bytes], ...]
FEEDS: Feeds = (
    (ACKNOWLEDGEMENT, a_feed(acknowledges(1, "M-1"), cancels(2), cancels(9))),
    (FULFILLMENT, a_feed(ships(3, 1, named="M-3"), ships(3), ships(4, 9), feed_type=FULFILLMENT)),
    (ADJUSTMENT, a_feed(refunds(5, 300), refunds(5, 99_999), refunds(6), feed_type=ADJUSTMENT)),
)
"""Each type has orders of its own: among feeds of different types there is no order."""


LONG_FEEDS: Feeds = (
    (ACKNOWLEDGEMENT, a_feed(*map(cancels, range(11, 61)))),
    (ADJUSTMENT, a_feed(*(refunds(one, 10 * one) for one in range(61, 181)), feed_type=ADJUSTMENT)),
)
"""Each in several batches."""


def opened(cloud: AwsSettings, feeds: Feeds = FEEDS) -> tuple[CloudShop, list[FeedSubmission]]:
    shop = CloudShop(cloud)
    if feeds is LONG_FEEDS:
        shop.stocked(*orders(170, first=11))
    shop.stocked(*orders(2), an_order(3, merchant_order_id="M-3"), *orders(3, first=4))
    shop.backend.stock.load(SELLER, [StockLevel("SKU-2", 5)], NOON)
    return shop, [shop.submit(feed, feed_type) for feed_type, feed in feeds]


def ended(shop: CloudShop, submissions: list[FeedSubmission]) -> dict[str, object]:
    after = [shop.again(one) for one in submissions]
    assert {one.status for one in after} == {ProcessingStatus.DONE}
    assert count_journals(shop) == 0
    counts = [(one.summary, one.started_at, one.completed_at) for one in after]
    found = outcome(shop)
    entries = sorted(shop.backend.outbox.list_waiting(99), key=lambda one: one.entry_id)
    return {"reports": [shop.raw_report(one) for one in submissions], "counts": counts, **found, "outbox": entries}


def quiet_run(feeds: Feeds = FEEDS) -> tuple[list[str], dict[str, object]]:
    with a_cloud() as cloud:
        shop, submissions = opened(cloud, feeds)
        with noted() as asked:
            shop.work()
        return asked, ended(shop, submissions)


def disturbed_run(
    at: int, kind: Callable[[Any, Answering], Any], feeds: Feeds = FEEDS
) -> tuple[str, dict[str, object]]:
    with a_cloud() as cloud:
        shop, submissions = opened(cloud, feeds)
        fault = Fault(at, kind)
        with between(fault), contextlib.suppress(Killed, Exception):
            shop.work()
        again = shop.reopened()
        for _ in range(3):
            time_passes()
            again.work()
        return f"{kind.__name__} at call {at}, {fault.where}", ended(again, submissions)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries take no time."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)


@pytest.mark.parametrize(("feeds", "every"), [(FEEDS, EVERY), (LONG_FEEDS, 4 * EVERY)], ids=["short", "long"])
def test_every_call_may_go_wrong(capsys: pytest.CaptureFixture[str], feeds: Feeds, every: int) -> None:
    asked, expected = quiet_run(feeds)
    assert len(asked) > 30
    pairs = [(at, kind) for at in range(len(asked)) for kind in FAULTS]
    tried, different = 0, []
    for at, kind in pairs[:: every if EVERY > 1 else 1]:
        where, found = disturbed_run(at, kind, feeds)
        tried += 1
        different += [f"{where}: {part}" for part, wanted in expected.items() if found[part] != wanted]
    with capsys.disabled():
        print(f"\n{len(asked)} calls x {len(FAULTS)} faults: {tried} tried, {len(different)} differences")
    assert not different


def test_deliveries_may_come_twice_and_in_any_order(shop: CloudShop) -> None:
    shop.stocked(*orders(3))
    first, second, third = (shop.submit(feed) for feed in (a_feed(cancels(1)), a_feed(acknowledges(1)), a_feed()))
    delivered = [third, first, first, third, second, second, first, third, third, second]
    ends = [
        process(Processing(shop.backend, feed_types(), "w", Policy(), shop.clock), Waiting(SELLER, one.submission_id))
        for one in delivered
    ]
    had = [one.submission_id for one, end in zip(delivered, ends, strict=True) if end is Claimed.FINISHED]
    assert had == [first.submission_id, second.submission_id, third.submission_id]
    assert shop.report(second).codes == [("1", 18028)]
    assert shop.stock_of(1) == 2
    assert len(shop.backend.outbox.list_waiting(99)) == 4


def test_messages_that_come_again_after_the_end_change_nothing(shop: CloudShop) -> None:
    shop.stocked(*orders(3))
    submissions = [shop.submit(feed, feed_type) for feed_type, feed in FEEDS]
    shop.work()
    expected = ended(shop, submissions)
    for one in submissions * 2:
        shop.backend.queue.send(one)
    time_passes()
    again = shop.reopened()
    assert again.work() == 0
    assert ended(again, submissions) == expected


def test_a_feed_that_was_kept_but_never_announced_runs_before_the_next(shop: CloudShop) -> None:
    shop.stocked(*orders(1))
    silent = shop.backend._replace(queue=_Silent())
    lost = CloudShop(shop.settings, first_key=500)
    lost.backend = silent
    first = lost.submit(a_feed(cancels(1)))
    assert shop.work() == 0
    second = shop.submit(a_feed(acknowledges(1)))
    assert shop.work() == 2
    assert (shop.report(first).codes, shop.report(second).codes) == ([], [("1", 18028)])


def test_what_was_never_announced_is_found_by_its_age(shop: CloudShop) -> None:
    shop.stocked(*orders(1))
    lost = CloudShop(shop.settings, first_key=500)
    lost.backend = shop.backend._replace(queue=_Silent())
    first = lost.submit(a_feed(cancels(1)))
    overdue = shop.backend.submissions.find_overdue
    assert overdue(NOON, 10) == []
    assert overdue(NOON.replace(hour=13), 10) == [first]
    shop.backend.queue.send(first)
    assert shop.work() == 1
    assert overdue(NOON.replace(hour=13), 10) == []


class _Silent:
    """A queue that is never reached."""

    def send(self, submission: FeedSubmission) -> None:
        pass

    def receive(self, at: object) -> None:
        return None
