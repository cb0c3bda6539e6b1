"""Batches that are written and signed before their turn: sent in it, once, and otherwise as botocore sends."""

import time
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.aws.clients import get_clients
from feedproc.errors import Conflict
from feedproc.feeds.progress import Claim, Mark, Position
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import NewSubmission
from feedproc.ports import Batch
from tests.aws.builders import CloudShop, stored
from tests.aws.cloud import Answer, Answering, Fault, between, broken, noted, throttled, timed_out
from tests.builders import ACKNOWLEDGEMENT, LEASE, NOON, SELLER, an_order

TRANSACTION = "dynamodb TransactWriteItems"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries take no time."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)


@pytest.fixture
def batch(shop: CloudShop) -> Batch:
    """Renames one order."""
    shop.stocked(an_order(1))
    new = NewSubmission(seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document="0" * 32, size=7, submitted_at=NOON)
    claim = shop.backend.submissions.claim(SELLER, shop.backend.submissions.add(new).submission_id, "w", NOON, LEASE)
    assert isinstance(claim, Claim)
    (order,) = stored(shop)
    return Batch(claim, (replace(order, merchant_order_id="M-1"),), (), (), Mark(1, Position(), Summary(1, 1)))


def names(shop: CloudShop) -> list[str | None]:
    return [order.merchant_order_id for order in stored(shop)]


def test_nothing_of_a_batch_is_sent_before_its_turn(shop: CloudShop, batch: Batch) -> None:
    with noted() as asked:
        commit = shop.backend.batches.prepare(batch, NOON, LEASE)
        assert TRANSACTION not in asked
        commit()
    assert asked.count(TRANSACTION) == 1
    assert names(shop) == ["M-1"]


def not_from_dynamodb(_request: Any, _answer: Answering) -> Answer:
    return 200, {"Content-Type": "text/html"}, "<p>This network asks you to sign in."


def cut_off(request: Any, answer: Answering) -> Answer:
    status, headers, _ = answer(request)
    return status, headers, ""


def garbled(_request: Any, _answer: Answering) -> Answer:
    refusal = '{"__type":"x#TransactionCanceledException","CancellationReasons":[{"Code":"ConditionalCheckFailed"}]}'
    return 400, {"Content-Type": "application/x-amz-json-1.0", "x-amz-crc32": "7"}, refusal


@pytest.mark.parametrize("kind", [throttled, broken, timed_out, not_from_dynamodb, cut_off, garbled])
def test_a_batch_whose_first_try_goes_wrong_is_sent_again_and_takes_effect_once(
    shop: CloudShop, batch: Batch, kind: Any
) -> None:
    commit = shop.backend.batches.prepare(batch, NOON, LEASE)
    with between(Fault(0, kind)), noted() as asked:
        commit()
    assert asked.count(TRANSACTION) == 2
    assert [(order.merchant_order_id, order.version) for order in stored(shop)] == [("M-1", 1)]


def test_a_batch_that_is_refused_is_not_sent_again(shop: CloudShop, batch: Batch) -> None:
    commit = shop.backend.batches.prepare(batch, NOON, LEASE)
    shop.backend.orders.change(SELLER, [replace(stored(shop)[0], merchant_order_id="M-2")], NOON)
    with noted() as asked, pytest.raises(Conflict):
        commit()
    assert asked == [TRANSACTION]
    assert names(shop) == ["M-2"]


@pytest.mark.parametrize(("seconds", "is_as_signed"), [(59, True), (61, False)])
def test_a_batch_that_has_waited_for_long_is_signed_anew(
    shop: CloudShop, batch: Batch, monkeypatch: pytest.MonkeyPatch, seconds: float, is_as_signed: bool
) -> None:
    signed: list[Any] = []
    get_clients(shop.settings).dynamodb.meta.events.register(
        "request-created.dynamodb.TransactWriteItems", lambda **told: signed.append(told)
    )
    commit = shop.backend.batches.prepare(batch, NOON, LEASE)
    later = time.monotonic() + seconds
    monkeypatch.setattr(time, "monotonic", lambda: later)
    commit()
    assert len(signed) == (1 if is_as_signed else 2)
    assert names(shop) == ["M-1"]
