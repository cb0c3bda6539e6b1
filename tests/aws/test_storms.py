"""Storms at AWS, in which a large part of all calls fails for a while: how much time they cost, and nothing else."""

import json
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from feedproc.aws.clients import get_clients
from feedproc.errors import HeldUp
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from tests.aws.builders import CloudShop, outcome, stored
from tests.aws.cloud import Answer, Answering, a_cloud, between, messages_come_again, operation, throttled
from tests.builders import ACKNOWLEDGEMENT, ADJUSTMENT, Shop, a_feed, cancels, feed_types, orders, refunds

FEEDS = (
    (ACKNOWLEDGEMENT, a_feed(*map(cancels, range(1, 31)))),
    (ADJUSTMENT, a_feed(*(refunds(one, 10 * one) for one in range(31, 131)), feed_type=ADJUSTMENT)),
)
"""Each in several batches, of orders of their own."""
Kind = Callable[[Any, Answering], Any]


def conflicting(request: Any, answer: Answering) -> Answer:
    """A transaction that met another one on the same item."""
    if operation(request) != "dynamodb TransactWriteItems":
        return answer(request)
    reasons = [{"Code": "TransactionConflict"}, {"Code": "None"}]
    kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
    body = json.dumps({"__type": kind, "Message": "conflict", "CancellationReasons": reasons})
    return 400, {"Content-Type": "application/x-amz-json-1.0"}, body


def unreachable(request: Any, answer: Answering) -> Answer:
    """No document is to be had."""
    if not operation(request).startswith("s3 "):
        return answer(request)
    return 503, {"Content-Type": "application/xml"}, "<Error><Code>ServiceUnavailable</Code></Error>"


class Weather:
    """A storm that lets part of all requests go wrong, for so many of them; with a clock that runs while all wait."""

    def __init__(self, shop: Shop, kind: Kind, part: float, lasts: int) -> None:
        self._shop = shop
        self._kind = kind
        self._part = part
        self._left = lasts
        self._chance = random.Random(7)
        self.lost = timedelta()
        self.struck = 0

    def __call__(self, request: Any, answer: Answering) -> Any:
        self._left -= 1
        if self._left < 0 or self._chance.random() >= self._part:
            return answer(request)
        self.struck += 1
        return self._kind(request, answer)

    def wait(self, seconds: float) -> None:
        self.lost += timedelta(seconds=seconds)
        self._shop.now += timedelta(seconds=seconds)


def run(shop: CloudShop, submissions: list[FeedSubmission], weather: Weather) -> None:
    """Work as a worker does, until all feeds have ended."""
    while not all(shop.again(one).completed_at for one in submissions):
        assert weather.lost < timedelta(hours=2)
        found = False
        with between(weather), suppress(HeldUp):
            found = process_next(Processing(shop.backend, feed_types(), "w", Policy(), shop.clock))
        if not found:
            weather.wait(1)
            messages_come_again()


def tell(shop: CloudShop, submissions: list[FeedSubmission]) -> dict[str, object]:
    """What the feeds left behind, without when."""
    assert {shop.again(one).status for one in submissions} == {ProcessingStatus.DONE}
    found = outcome(shop)
    items = [
        (one.sku, one.refunded, [(c.quantity, c.reason) for c in one.cancellations])
        for order in stored(shop)
        for one in order.items
    ]
    entries = shop.backend.outbox.list_waiting(999)
    return {
        "reports": [shop.raw_report(one) for one in submissions],
        "orders": [(one.status, one.version, len(one.changes)) for one in stored(shop)],
        "items": items,
        "outbox": sorted(one.entry_id for one in entries),
        "stock": found["stock"],
        "tallies": found["tallies"],
    }


def ran(kind: Kind, part: float, lasts: int) -> tuple[dict[str, object], Weather]:
    with a_cloud() as cloud, pytest.MonkeyPatch.context() as patch:
        shop = CloudShop(cloud)
        shop.stocked(*orders(130))
        submissions = [shop.submit(feed, feed_type) for feed_type, feed in FEEDS]
        weather = Weather(shop, kind, part, lasts)
        patch.setattr("time.sleep", weather.wait)
        patch.setattr(get_clients(cloud), "pause", weather.wait)
        run(shop, submissions, weather)
        return tell(shop, submissions), weather


@pytest.fixture(scope="module")
def expected() -> dict[str, object]:
    found, weather = ran(throttled, 0, 0)
    assert weather.lost == timedelta()
    return found


@pytest.mark.parametrize(
    ("kind", "part", "lasts", "bound"),
    [
        (conflicting, 0.6, 10_000, timedelta(minutes=1)),
        (conflicting, 1.0, 60, timedelta(minutes=1)),
        (throttled, 1.0, 60, timedelta(minutes=5)),
        (unreachable, 1.0, 60, timedelta(minutes=1)),
    ],
)
def test_a_storm_costs_a_bounded_time_and_nothing_else(
    expected: dict[str, object], kind: Kind, part: float, lasts: int, bound: timedelta
) -> None:
    found, weather = ran(kind, part, lasts)
    assert weather.struck > 10
    assert [name for name in expected if found[name] != expected[name]] == []
    assert weather.lost < bound
