"""The function `worker`: deliveries of the queue become processed feeds, in order, within the time there is."""

import errno
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.orders.order import OrderStatus
from feedproc.services.process.processing import Policy
from tests.builders import (
    FULFILLMENT,
    LEASE,
    SELLER,
    a_feed,
    a_seller,
    acknowledges,
    cancels,
    orders,
    ships,
)
from tests.lambdas.builders import LambdaShop, a_lambda_shop
from tests.services.faults import Wrapped
from tests.services.test_batches import Narrow

MESSAGES = 60
PAYLOADS = [cancels(n) if n % 3 else acknowledges(n, f"M-{n}") for n in range(1, MESSAGES + 1)]
DONE, WAITING = ProcessingStatus.DONE, ProcessingStatus.SUBMITTED


@pytest.fixture
def shop(tmp_path: Path) -> LambdaShop:
    return a_lambda_shop(tmp_path)


def narrow(folder: Path, policy: Policy | None = None) -> LambdaShop:
    """A shop with many orders, a store that takes few writes at a time, and a clock that goes on by itself."""
    shop = a_lambda_shop(folder, MESSAGES, policy)
    shop.machine = shop.machine._replace(backend=shop.backend._replace(batches=Narrow(shop.backend.batches, 7)))
    shop.pace = timedelta(seconds=1)
    return shop


def status(shop: LambdaShop, of: FeedSubmission) -> ProcessingStatus:
    return shop.again(of).status


def test_a_delivery_is_processed_and_does_not_come_again(shop: LambdaShop) -> None:
    submission = shop.submit(a_feed(acknowledges(1)))
    assert shop.delivered() == []
    assert (status(shop, submission), shop.fifo.entries) == (DONE, [])


def test_a_delivery_that_comes_twice_changes_nothing(shop: LambdaShop) -> None:
    submission = shop.submit(a_feed(acknowledges(1)))
    shop.delivered()
    report = shop.raw_report(submission)
    shop.fifo.send(submission)
    assert shop.delivered() == []
    assert shop.raw_report(submission) == report


def test_a_deadline_in_the_middle_continues_in_the_next_delivery(tmp_path: Path) -> None:
    undisturbed = a_lambda_shop(tmp_path / "undisturbed", MESSAGES)
    expected = undisturbed.submit(a_feed(*PAYLOADS))
    undisturbed.delivered()
    shop = narrow(tmp_path / "hasty")
    submission = shop.submit(a_feed(*PAYLOADS))
    deliveries = 1
    while shop.delivered(milliseconds=75_000):
        deliveries += 1
        assert shop.fifo.pauses.pop() == timedelta(0)
    assert deliveries > 3
    assert shop.raw_report(submission) == undisturbed.raw_report(expected)
    assert list(shop.statuses()) == list(undisturbed.statuses())


def test_a_feed_that_needs_more_deliveries_than_attempts_finishes_all_the_same(tmp_path: Path) -> None:
    shop = narrow(tmp_path, Policy(most_attempts=2))
    submission = shop.submit(a_feed(*PAYLOADS))
    deliveries = 1
    while shop.delivered(milliseconds=75_000):
        deliveries += 1
    assert deliveries > 3
    assert status(shop, submission) is DONE


def test_a_worker_without_time_begins_nothing(shop: LambdaShop) -> None:
    submission = shop.submit(a_feed(acknowledges(1)))
    assert shop.delivered(milliseconds=59_000) == ["message-1"]
    assert status(shop, submission) is WAITING
    assert shop.delivered() == []


def test_feeds_of_one_seller_and_type_are_processed_in_order_even_if_the_first_announcement_was_lost(
    shop: LambdaShop,
) -> None:
    first, second = shop.submit(a_feed(acknowledges(1, "M-1"))), shop.submit(a_feed(acknowledges(1, "M-2")))
    del shop.fifo.entries[0]
    assert shop.delivered() == []
    assert [status(shop, one) for one in (first, second)] == [DONE, DONE]
    assert shop.order(1).merchant_order_id == "M-2"


def test_a_redelivery_while_another_container_has_the_claim_is_put_back(shop: LambdaShop) -> None:
    submission = shop.submit(a_feed(acknowledges(1)))
    with shop.workers_alive("other"):
        shop.backend.submissions.claim(SELLER, submission.submission_id, "other", shop.now, LEASE)
        assert shop.delivered() == ["message-1"]
    assert shop.fifo.pauses == [LEASE]
    shop.now += LEASE + timedelta(seconds=1)
    assert shop.delivered() == []
    assert status(shop, submission) is DONE


def test_one_failing_record_keeps_the_later_ones_of_its_group(shop: LambdaShop) -> None:
    first, later = shop.submit(a_feed(acknowledges(1))), shop.submit(a_feed(acknowledges(2)))
    other = shop.submit(a_feed(ships(3), feed_type=FULFILLMENT), FULFILLMENT)
    shop.spoil(first)
    assert shop.delivered() == ["message-1", "message-2"]
    assert [status(shop, one) for one in (later, other)] == [WAITING, DONE]


def test_one_sellers_failing_feed_keeps_nobody_else_waiting(shop: LambdaShop) -> None:
    shop.stocked(*orders(1), seller=a_seller("A3RIVAL"))
    broken, fine = shop.submit(a_feed(acknowledges(1))), shop.submit(a_feed(acknowledges(1)), seller_id="A3RIVAL")
    shop.spoil(broken)
    assert shop.delivered() == ["message-1"]
    assert status(shop, fine) is DONE


def test_a_poisonous_feed_is_tried_ever_more_slowly_and_ends_by_itself(shop: LambdaShop) -> None:
    submission, later = shop.submit(a_feed(acknowledges(1))), shop.submit(a_feed(acknowledges(2)))
    shop.spoil(submission)
    began = shop.now
    while shop.fifo.entries:
        shop.delivered()
        shop.now += timedelta(seconds=1)
    assert [status(shop, one) for one in (submission, later)] == [ProcessingStatus.CANCELLED, DONE]
    assert "20 times without progress; the last: given up after IsADirectoryError" in str(shop.again(submission).reason)
    assert [one.seconds for one in shop.fifo.pauses if one][:8] == [2, 4, 8, 16, 32, 64, 120, 120]
    assert shop.now - began < timedelta(minutes=31)


def out_of_reach(shop: LambdaShop, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let documents be out of reach, and after the claim, for so long, the table of submissions, too."""
    ends = shop.now + timedelta(seconds=seconds)
    fault = OSError(errno.EIO, "Input/output error")

    def fail(call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*arguments: object) -> object:
            if shop.now < ends:
                raise fault
            return call(*arguments)

        return guarded

    def wait(seconds: float) -> None:
        shop.now += timedelta(seconds=seconds)

    monkeypatch.setattr("time.sleep", wait)
    backend = shop.backend
    broken: dict[str, Any] = {
        "documents": Wrapped(backend.documents, fail, "open"),
        "submissions": Wrapped(backend.submissions, fail, "put_off"),
    }
    shop.machine = shop.machine._replace(backend=backend._replace(**broken))


def test_a_feed_that_cannot_even_be_given_back_is_held_until_it_can_and_that_is_no_attempt(
    shop: LambdaShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = shop.submit(a_feed(acknowledges(1)))
    for round_ in range(30):
        out_of_reach(shop, monkeypatch, seconds=300)
        assert shop.delivered() == ["message-1"]
        held = shop.again(submission)
        assert (held.attempts, held.setbacks) == (0, round_ + 1)
        shop.now += timedelta(minutes=5)
    assert shop.delivered() == []
    assert status(shop, submission) is DONE


def test_a_function_ends_before_its_deadline_though_the_world_is_out_of_reach(
    shop: LambdaShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.submit(a_feed(acknowledges(1)))
    out_of_reach(shop, monkeypatch, seconds=3_600)
    began = shop.now
    assert shop.delivered() == []
    assert timedelta(minutes=13) < shop.now - began < timedelta(minutes=14)
    assert len(shop.fifo.entries) == 1


def test_an_outage_that_outlasts_a_function_is_no_attempt_either(
    shop: LambdaShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = shop.submit(a_feed(acknowledges(1)))
    for _ in range(25):
        out_of_reach(shop, monkeypatch, seconds=1_800)
        shop.delivered()
        shop.now += timedelta(minutes=20)
    assert shop.again(submission).attempts <= 1
    shop.delivered()
    assert status(shop, submission) is DONE


def test_a_container_that_dies_without_a_word_is_an_attempt_whoever_held_the_feed_before(
    shop: LambdaShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = shop.submit(a_feed(acknowledges(1)))
    out_of_reach(shop, monkeypatch, seconds=1_800)
    shop.delivered()
    for number in range(3):
        shop.now += timedelta(minutes=20)
        shop.backend.submissions.claim(SELLER, submission.submission_id, f"dead {number}", shop.now, LEASE)
    assert shop.again(submission).attempts == 4


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", '{"seller_id": 1}', "\x00", "{" * 10_000])
def test_an_entry_that_names_nothing_comes_again_and_disturbs_nobody(shop: LambdaShop, body: str) -> None:
    shop.fifo.put("strange", body)
    submission = shop.submit(a_feed(acknowledges(1)))
    assert shop.delivered() == ["message-1"]
    assert status(shop, submission) is DONE


def test_an_entry_of_a_submission_that_is_not_in_the_store_is_done_with(shop: LambdaShop) -> None:
    shop.fifo.put("strange", '{"seller_id": "A2SHOP", "submission_id": "99999019000"}')
    assert shop.delivered() == []


def test_a_cancelled_feed_is_left_alone(shop: LambdaShop) -> None:
    submission = shop.submit(a_feed(cancels(1)))
    shop.backend.submissions.cancel(SELLER, submission.submission_id, shop.now)
    assert shop.delivered() == []
    assert shop.order(1).status is not OrderStatus.CANCELED


def test_a_dying_container_leaves_its_feed_to_the_next(shop: LambdaShop) -> None:
    submission = shop.submit(a_feed(acknowledges(1)))
    shop.backend.submissions.claim(SELLER, submission.submission_id, "dead", shop.now, LEASE)
    shop.fifo.deliver()
    shop.now += timedelta(minutes=16)
    assert shop.delivered() == []
    assert status(shop, submission) is DONE
