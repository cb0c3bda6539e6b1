"""What a feed costs: calls of DynamoDB are counted, and none of them is a Scan."""

import json
from typing import Any

import pytest

from feedproc.orders.order import OrderKey
from feedproc.ports import Filter
from feedproc.services.process.processing import Policy
from feedproc.services.read.submissions import open_report
from tests.aws.builders import CloudShop, outcome
from tests.aws.cloud import Answering, between, noted
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    SELLER,
    a_feed,
    acknowledges,
    an_order,
    cancels,
    order_id,
    refunds,
    ships,
)

MESSAGES = 100
CONSTANT = 12
"""Calls that every feed makes, however many messages it has."""
BESIDE = "dynamodb BatchWriteItem"
"""Goes while a batch is committed, and costs half of as much in its transaction."""
PAYLOADS = {
    "cancel": (ACKNOWLEDGEMENT, cancels),
    "ship": (FULFILLMENT, ships),
    "refund": (ADJUSTMENT, refunds),
    "name": (ACKNOWLEDGEMENT, lambda number: acknowledges(number, f"N-{number}")),
    "ship what the seller names": (FULFILLMENT, lambda number: ships(number, named=f"M-{number}")),
    "refund what the seller names": (ADJUSTMENT, lambda number: refunds(number, named=f"M-{number}")),
}


@pytest.mark.parametrize("what", PAYLOADS)
def test_calls_grow_slower_than_the_feed(shop: CloudShop, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    feed_type, payload = PAYLOADS[what]
    for first in range(1, MESSAGES + 1, 25):
        shop.stocked(*(an_order(number, merchant_order_id=f"M-{number}") for number in range(first, first + 25)))
    if feed_type == ADJUSTMENT:
        shop.run(a_feed(*map(ships, range(1, MESSAGES + 1)), feed_type=FULFILLMENT), FULFILLMENT)
    submission = shop.submit(a_feed(*map(payload, range(1, MESSAGES + 1)), feed_type=feed_type), feed_type)
    with noted() as asked:
        shop.work()
    assert shop.report(submission).counts == (MESSAGES, MESSAGES, 0, 0)
    calls = sum(one.startswith("dynamodb ") and one != BESIDE for one in asked)
    with capsys.disabled():
        print(f"\n{what}: {calls} calls for {MESSAGES} messages: {counted(asked)}")
    assert calls <= CONSTANT + 2 * MESSAGES / 25
    assert asked.count(BESIDE) <= MESSAGES / 20
    assert "dynamodb Scan" not in asked


def test_orders_are_asked_for_in_the_order_of_the_feed(shop: CloudShop) -> None:
    keys = [OrderKey(order_id(number)) for number in (3, 1, 4, 1, 5, 9, 2, 6)]
    asked: list[Any] = []

    def server(request: Any, answer: Answering) -> Any:
        asked.append(json.loads(request.body))
        return answer(request)

    with between(server):
        shop.backend.orders.find(SELLER, keys)
    ((call,),) = (one["RequestItems"].values() for one in asked)
    names = [key["name"]["S"].rpartition("/")[2] for key in call["Keys"]]
    assert names == [order_id(number) for number in (3, 1, 4, 5, 9, 2, 6)]


def counted(asked: list[str]) -> str:
    return ", ".join(f"{asked.count(one)} {one.removeprefix('dynamodb ')}" for one in sorted(set(asked)))


def test_nothing_that_a_request_may_ask_for_scans(shop: CloudShop) -> None:
    with noted() as asked:
        shop.stocked(an_order(1, merchant_order_id="M-1"))
        submission = shop.submit(a_feed(cancels(1)))
        shop.work(Policy())
        outcome(shop)
        backend = shop.backend
        backend.sellers.find_by_access_key("KEY-A2SHOP")
        backend.sellers.list_sellers()
        shop.again(submission)
        open_report(backend.submissions, backend.documents, SELLER, submission.submission_id)[1].close()
        backend.submissions.find_overdue(shop.now, 10)
        backend.outbox.list_recent(SELLER, 10)
        backend.outbox.note_sent(backend.outbox.list_waiting(10), shop.now)
    assert "dynamodb Query" in asked
    assert "dynamodb Scan" not in asked


def test_submissions_of_more_types_than_one_comparison_takes_are_found(shop: CloudShop) -> None:
    first = shop.submit(a_feed(), ACKNOWLEDGEMENT)
    shop.submit(a_feed(feed_type=FULFILLMENT), FULFILLMENT)
    names = (*(f"POST_{number}_DATA" for number in range(150)), ACKNOWLEDGEMENT)
    compared: list[int] = []

    def note(request: Any, answer: Answering) -> Any:
        compared.append(str(json.loads(request.body).get("FilterExpression")).count(":feed_type"))
        return answer(request)

    with between(note):
        found = shop.backend.submissions.find(SELLER, Filter(feed_types=names), 10)
        assert shop.backend.submissions.count(SELLER, Filter(feed_types=names)) == 1
    assert [one.submission_id for one in found] == [first.submission_id]
    assert max(compared) <= 100  # an IN of DynamoDB takes no more; moto takes any number
