"""Whatever faults are injected, the store afterwards is as if what took effect had happened without them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedproc.control.calls import RecordedCall
from feedproc.control.faults import TAKES_EFFECT, FeedFault, FeedTrouble, MessageFault, RequestFault, Trouble
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
SUBMITTING = ("SubmitFeed", "createFeed")
STEPS = {False: ("SubmitFeed",), True: ("createFeed", "upload", "createFeedDocument", "token")}
"""The calls with which a feed is submitted, by SP-API or not; the one that takes effect first."""


class Plan(NamedTuple):
    """A feed that is submitted: what it does to which orders, by which protocol, and what goes wrong."""

    cancels: bool
    orders: list[int]
    by_sp_api: bool
    trouble: Trouble | None
    step: int
    """Which of its calls meets the trouble."""
    is_sent_again: bool
    """When there is no good answer."""
    feed_trouble: FeedTrouble | None
    status: ProcessingStatus
    """In which it is held."""


plans = st.builds(
    Plan,
    cancels=st.booleans(),
    orders=st.lists(st.integers(0, ORDERS - 1), min_size=1, max_size=3, unique=True),
    by_sp_api=st.booleans(),
    trouble=st.none() | st.sampled_from(Trouble),
    step=st.integers(0, 3),
    is_sent_again=st.booleans(),
    feed_trouble=st.sampled_from([None, None, *FeedTrouble]),
    status=st.sampled_from([one for one in ProcessingStatus if one.name not in ("DONE", "CANCELLED")]),
)
feeds = st.lists(plans, min_size=1, max_size=4)
skus = st.lists(st.sampled_from([f"SKU-{number}" for number in range(ORDERS)]), max_size=2, unique=True)
seeds = st.none() | st.integers(0, 99)
few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


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
    """Submit a feed; return its id as it was told, or None when no answer came or it was refused."""
    feed_type = "POST_ORDER_ACKNOWLEDGEMENT_DATA" if plan.cancels else "POST_PAYMENT_ADJUSTMENT_DATA"
    feed = write(feedproc, plan, orders)
    try:
        if plan.by_sp_api:
            return submit_by_sp_api(feedproc, feed, feed_type)
        told: Any = feedproc.mws.client().submit_feed(feed, f"_{feed_type}_").parsed
        return str(told.FeedSubmissionInfo.FeedSubmissionId)
    except (installed("mws", "mws").MWSError, requests.RequestException):
        return None


def expose(feedproc: Feedproc, plan: Plan) -> None:
    """Let what is planned go wrong with the next feed."""
    if plan.trouble is not None:
        steps = STEPS[plan.by_sp_api]
        action = steps[plan.step % len(steps)]
        feedproc.faults.add(RequestFault(what=plan.trouble, action=action, code="InternalError"))
    if plan.feed_trouble is not None:
        feedproc.faults.add(FeedFault(what=plan.feed_trouble, status=plan.status, seconds=60))


def count_effects(calls: Iterable[RecordedCall]) -> int:
    """How many feeds must have been taken, by what was answered and by what was broken behind the effect."""
    made = [one for one in calls if one.action in SUBMITTING]
    return sum(one.fault in TAKES_EFFECT if one.fault else one.status < 300 for one in made)


def submit_all(feedproc: Feedproc, sent: Sequence[Plan], orders: Sequence[Order]) -> Iterator[Plan]:
    """Submit feeds, each processed before the next; yield those that were taken, and hold answers to that."""
    for plan in sent:
        expose(feedproc, plan)
        must_wait = plan.feed_trouble is not None and not len(feedproc.submissions)
        for _ in range(1 + plan.is_sent_again):
            before, called = len(feedproc.submissions), len(feedproc.calls)
            told = submit(feedproc, plan, orders)
            taken = len(feedproc.submissions) - before
            assert taken == count_effects([*feedproc.calls][called:])
            assert taken <= 1
            if told is not None:
                assert feedproc.submissions.last.submission_id == told, "what was confirmed was not taken"
            feedproc.drain()
            if taken:
                assert not must_wait or feedproc.submissions.last.status is not ProcessingStatus.DONE
                must_wait = False
                yield plan
            if told is not None:
                break


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


def check_truth(sent: Sequence[Plan], failing: Sequence[str], seed: int | None) -> Counter[str]:
    """Hold the store against one in which the same took effect and nothing went wrong; return what went wrong."""
    with use_feedproc() as feedproc:
        orders = begin(feedproc)
        feedproc.hold()
        for sku in failing:
            feedproc.faults.add(MessageFault(sku=sku, text=INJECTED))
        if seed is not None:
            feedproc.faults.shake(seed, 0.1)
        taken = [*submit_all(feedproc, sent, orders)]
        done = [
            (plan, submission)
            for plan, submission in zip(taken, feedproc.submissions.list(), strict=True)
            if submission.status is ProcessingStatus.DONE
        ]
        broken = [find_failed(feedproc, submission, plan, injected=True) for plan, submission in done]
        wrong = [find_failed(feedproc, submission, plan, injected=False) for plan, submission in done]
        for (plan, _), by_fault, by_itself in zip(done, broken, wrong, strict=True):
            assert {number for number in plan.orders if f"SKU-{number}" in failing} <= by_fault | by_itself
        faulty, met = tell_state(feedproc), Counter(call.fault for call in feedproc.calls)
        orders = begin(feedproc)
        for (plan, _), left_out, failed in zip(done, broken, wrong, strict=True):
            rest = plan._replace(orders=[number for number in plan.orders if number not in left_out])
            if not rest.orders:
                continue
            submit(feedproc, rest, orders)
            feedproc.drain()
            assert find_failed(feedproc, feedproc.submissions.last, rest, injected=False) == failed
        assert tell_state(feedproc) == faulty
    return met


@pytest.mark.parametrize("trouble", Trouble)
@few
@given(sent=feeds, failing=skus, seed=seeds)
def test_the_store_is_as_true_as_what_was_answered(
    trouble: Trouble, sent: list[Plan], failing: list[str], seed: int | None
) -> None:
    first = sent[0]._replace(trouble=trouble)
    assert check_truth([first, *sent[1:]], failing, seed)[trouble] or seed is not None


@pytest.mark.parametrize("what", FeedTrouble)
@few
@given(sent=feeds, failing=skus)
def test_a_feed_to_which_something_happens_leaves_the_store_true(
    what: FeedTrouble, sent: list[Plan], failing: list[str]
) -> None:
    first = sent[0]._replace(feed_trouble=what, trouble=None)
    check_truth([first, *sent[1:]], failing, None)
