"""Whatever faults are injected, the store afterwards is as if what took effect had happened without them."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedproc.control.faults import Fault, FeedFault, FeedTrouble, MessageFault, RequestFault, Trouble
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.orders.order import Order
from feedproc.testing import Feedproc, use_feedproc
from tests.clients.drivers import installed
from tests.testing.builders import submit

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORDERS = 4
troubles = st.sampled_from([one for one in Trouble if one is not Trouble.DELAY])
request_faults = st.builds(
    RequestFault,
    what=troubles,
    action=st.sampled_from(["", "SubmitFeed"]),
    nth=st.integers(1, 4),
    times=st.sampled_from([1, 2, None]),
    chance=st.sampled_from([0.3, 1.0]),
    seed=st.integers(0, 9),
    code=st.just("InternalError"),
)
feed_faults = st.builds(
    FeedFault,
    what=st.sampled_from(FeedTrouble),
    nth=st.integers(1, 3),
    times=st.sampled_from([1, 2]),
    status=st.sampled_from([one for one in ProcessingStatus if one.name not in ("DONE", "CANCELLED")]),
    seconds=st.just(60.0),
)
message_faults = st.builds(MessageFault, sku=st.sampled_from([f"SKU-{number}" for number in range(ORDERS)]))
feeds = st.lists(st.lists(st.integers(0, ORDERS - 1), min_size=1, max_size=3, unique=True), min_size=1, max_size=4)


def begin(feedproc: Feedproc) -> list[Order]:
    feedproc.reset()
    feedproc.clock.freeze(NOON)
    return [feedproc.orders.add(f"SKU-{number}", shipped=True) for number in range(ORDERS)]


def tell_state(feedproc: Feedproc) -> tuple[Any, ...]:
    orders = [
        (one.amazon_order_id, one.items, [each.amounts for each in one.refunds]) for one in feedproc.orders.list()
    ]
    return orders, feedproc.stock.list(), [(mail.recipient, mail.text) for mail in feedproc.mail]


def find_failed(feedproc: Feedproc, submission: FeedSubmission) -> set[int]:
    return {int(one.message_id) for one in feedproc.submissions.list_results(submission.submission_id)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(faults=st.lists(st.one_of(request_faults, feed_faults, message_faults), max_size=4), sent=feeds)
def test_the_store_is_as_true_as_what_was_answered(faults: Sequence[Fault], sent: Sequence[Sequence[int]]) -> None:
    error = installed("mws", "mws").MWSError
    with use_feedproc() as feedproc:
        orders = begin(feedproc)
        feedproc.hold()
        for fault in faults:
            feedproc.faults.add(fault)
        taken: list[Sequence[int]] = []
        for chosen in sent:
            before = len(feedproc.submissions)
            with suppress(error, requests.exceptions.RequestException):
                submit(feedproc, *(orders[number] for number in chosen))
            if len(feedproc.submissions) > before:
                taken.append(chosen)
        feedproc.drain()
        done = [
            [number for place, number in enumerate(chosen, 1) if place not in find_failed(feedproc, submission)]
            for chosen, submission in zip(taken, feedproc.submissions.list(), strict=True)
            if submission.status is ProcessingStatus.DONE
        ]
        faulty = tell_state(feedproc)
        orders = begin(feedproc)
        for chosen in filter(None, done):
            submit(feedproc, *(orders[number] for number in chosen))
            feedproc.drain()
        assert tell_state(feedproc) == faulty
