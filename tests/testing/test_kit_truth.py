"""Whatever faults are injected, the store afterwards is as if what took effect had happened without them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedproc.control.faults import Fault, FeedFault, FeedTrouble, MessageFault, RequestFault, Trouble
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.feedtypes.order_acknowledgement.compose import CancelledOrder, compose_cancellation
from feedproc.orders.order import Order
from feedproc.testing import Feedproc, use_feedproc
from tests.clients.drivers import installed
from tests.testing.builders import submit_by_sp_api

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORDERS = 4
"""Half of them shipped, so that half of the cancellations and refunds fail by themselves."""
INJECTED = "injected"


class Plan(NamedTuple):
    """A feed that is submitted: what it does to which orders, and by which protocol."""

    cancels: bool
    orders: list[int]
    by_sp_api: bool


troubles = st.sampled_from([one for one in Trouble if one is not Trouble.DELAY])
request_faults = st.builds(
    RequestFault,
    what=troubles,
    action=st.sampled_from(["", "SubmitFeed", "createFeed", "createFeedDocument", "upload"]),
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
skus = st.sampled_from([f"SKU-{number}" for number in range(ORDERS)])
message_faults = st.builds(MessageFault, sku=skus, text=st.just(INJECTED))
plans = st.builds(
    Plan,
    cancels=st.booleans(),
    orders=st.lists(st.integers(0, ORDERS - 1), min_size=1, max_size=3, unique=True),
    by_sp_api=st.booleans(),
)


def begin(feedproc: Feedproc) -> list[Order]:
    feedproc.reset()
    feedproc.clock.freeze(NOON)
    for number in range(ORDERS):
        feedproc.stock[f"SKU-{number}"] = 5
    return [feedproc.orders.add(f"SKU-{number}", shipped=number % 2 == 0) for number in range(ORDERS)]


def write(feedproc: Feedproc, plan: Plan, orders: Sequence[Order]) -> bytes:
    chosen = [orders[number] for number in plan.orders]
    if not plan.cancels:
        return feedproc.write_refund(*chosen)
    cancelled = [CancelledOrder(one.amazon_order_id, [item.order_item_code for item in one.items]) for one in chosen]
    return compose_cancellation(feedproc.mws.merchant_token, cancelled, "BuyerCanceled").body


def submit(feedproc: Feedproc, plan: Plan, orders: Sequence[Order]) -> str | None:
    """Submit a feed; return its id as it was told, or None when no answer came. Raises what a refusal raises."""
    feed_type = "POST_ORDER_ACKNOWLEDGEMENT_DATA" if plan.cancels else "POST_PAYMENT_ADJUSTMENT_DATA"
    feed = write(feedproc, plan, orders)
    try:
        if plan.by_sp_api:
            return submit_by_sp_api(feedproc, feed, feed_type)
        told: Any = feedproc.mws.client().submit_feed(feed, f"_{feed_type}_").parsed
        return str(told.FeedSubmissionInfo.FeedSubmissionId)
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        return None


def submit_all(feedproc: Feedproc, sent: Sequence[Plan], orders: Sequence[Order]) -> Iterator[Plan]:
    """Submit feeds, each processed before the next; yield those that were taken, and hold answers to that."""
    refusals = (installed("mws", "mws").MWSError, requests.HTTPError)
    for plan in sent:
        before = len(feedproc.submissions)
        try:
            told = submit(feedproc, plan, orders)
        except refusals:
            assert len(feedproc.submissions) == before, "what was refused was taken"
            continue
        if told is not None:
            assert feedproc.submissions.last.submission_id == told, "what was confirmed was not taken"
        feedproc.drain()
        if len(feedproc.submissions) > before:
            yield plan


def find_failed(feedproc: Feedproc, submission: FeedSubmission, plan: Plan, *, injected: bool) -> set[int]:
    """The orders whose messages failed, by a fault or by themselves."""
    results = feedproc.submissions.list_results(submission.submission_id)
    return {plan.orders[int(one.message_id) - 1] for one in results if (one.description == INJECTED) is injected}


def tell_state(feedproc: Feedproc) -> tuple[Any, ...]:
    """Orders, stock and its ledger, metrics, and what buyers were told; all but what counts feeds."""
    orders = [
        (one.amazon_order_id, one.items, one.packages, [each.amounts for each in one.refunds])
        for one in feedproc.orders.list()
    ]
    ledger = [
        sorted(
            (one.quantity, one.reason, one.amazon_order_id or "")
            for one in feedproc.stock.list_changes(f"SKU-{number}")
        )
        for number in range(ORDERS)
    ]
    mails = Counter((mail.recipient, mail.text) for mail in feedproc.mail)
    return orders, feedproc.stock.list(), ledger, mails


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    faults=st.lists(st.one_of(request_faults, feed_faults, message_faults), max_size=4),
    sent=st.lists(plans, min_size=1, max_size=4),
)
def test_the_store_is_as_true_as_what_was_answered(faults: Sequence[Fault], sent: Sequence[Plan]) -> None:
    with use_feedproc() as feedproc:
        orders = begin(feedproc)
        feedproc.hold()
        for fault in faults:
            feedproc.faults.add(fault)
        taken = [*submit_all(feedproc, sent, orders)]
        done = [
            (plan, submission)
            for plan, submission in zip(taken, feedproc.submissions.list(), strict=True)
            if submission.status is ProcessingStatus.DONE
        ]
        broken = [find_failed(feedproc, submission, plan, injected=True) for plan, submission in done]
        wrong = [find_failed(feedproc, submission, plan, injected=False) for plan, submission in done]
        faulty = tell_state(feedproc)
        orders = begin(feedproc)
        for (plan, _), left_out, failed in zip(done, broken, wrong, strict=True):
            rest = plan._replace(orders=[number for number in plan.orders if number not in left_out])
            if not rest.orders:
                continue
            submit(feedproc, rest, orders)
            feedproc.drain()
            assert find_failed(feedproc, feedproc.submissions.last, rest, injected=False) == failed
        assert tell_state(feedproc) == faulty
