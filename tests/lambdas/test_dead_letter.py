"""The function `dead_letter`: what was delivered too often ends, and says why."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feedproc.feeds.progress import Mark, Position
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import Batch, OutboxKind
from tests.builders import LEASE, SELLER, a_feed, acknowledges
from tests.lambdas.builders import LambdaShop, a_lambda_shop

CANCELLED, WAITING = ProcessingStatus.CANCELLED, ProcessingStatus.SUBMITTED


@pytest.fixture
def shop(tmp_path: Path) -> LambdaShop:
    return a_lambda_shop(tmp_path)


def failed(shop: LambdaShop) -> FeedSubmission:
    """A feed that cannot be processed, after one try at it."""
    submission = shop.submit(a_feed(acknowledges(1)))
    shop.spoil(submission)
    shop.delivered()
    shop.now += timedelta(minutes=5)
    return submission


def test_a_dead_letter_ends_as_cancelled_with_its_reason(shop: LambdaShop) -> None:
    submission = failed(shop)
    assert shop.buried() == []
    ended = shop.again(submission)
    assert (ended.status, ended.completed_at) == (CANCELLED, shop.now)
    assert ended.reason == "its entry in the queue was delivered too often; the last: given up after IsADirectoryError"


def test_a_client_sees_a_dead_letter_as_cancelled(shop: LambdaShop) -> None:
    submission = failed(shop)
    shop.buried()
    assert "_CANCELLED_" in shop.call("GetFeedSubmissionList").text
    answer = shop.call("GetFeedSubmissionResult", FeedSubmissionId=submission.submission_id)
    assert "<Code>FeedCanceled</Code>" in answer.text


def test_its_end_is_told_like_any_other(shop: LambdaShop) -> None:
    submission = failed(shop)
    shop.buried()
    (entry,) = shop.backend.outbox.list_waiting(10)
    assert (entry.kind, entry.submission_id) == (OutboxKind.FEED_FINISHED, submission.submission_id)


def test_a_dead_letter_whose_claim_is_held_is_put_back_and_ends_later(shop: LambdaShop) -> None:
    submission = shop.submit(a_feed(acknowledges(1)))
    with shop.workers_alive("other"):
        shop.backend.submissions.claim(SELLER, submission.submission_id, "other", shop.now, LEASE)
        assert shop.buried() == ["message-1"]
    assert shop.fifo.pauses == [LEASE + timedelta(seconds=1)]
    shop.now += shop.fifo.pauses[0]
    assert shop.buried() == []
    assert shop.again(submission).status is CANCELLED


def test_a_dead_letter_waits_for_an_older_feed_of_its_line(shop: LambdaShop) -> None:
    shop.submit(a_feed(acknowledges(1)))
    later = shop.submit(a_feed(acknowledges(2)))
    del shop.fifo.entries[0]
    assert shop.buried() == ["message-2"]
    assert shop.again(later).status is WAITING


def test_a_feed_that_ended_meanwhile_stays_as_it_ended(shop: LambdaShop) -> None:
    submission = shop.submit(a_feed(acknowledges(1)))
    shop.delivered()
    shop.fifo.send(submission)
    assert shop.buried() == []
    assert shop.again(submission).status is ProcessingStatus.DONE


def test_an_entry_that_names_nothing_is_dropped_and_told(shop: LambdaShop, written: Any) -> None:
    shop.fifo.put("strange", "山田 太郎")
    assert shop.buried() == []
    lines = written()
    assert [one["message"] for one in lines if one.get("level") == "ERROR"] == [
        "an entry of the queue names no submission and is dropped"
    ]
    assert lines[-1]["DeadLetters"] == [1]


def test_the_metric_of_the_alarm_counts_each_feed_given_up(shop: LambdaShop, written: Any) -> None:
    submission = failed(shop)
    written()
    shop.buried()
    lines = written()
    (told,) = [one for one in lines if one.get("level") == "ERROR"]
    assert (told["seller_id"], told["submission_id"]) == (SELLER, submission.submission_id)
    assert (lines[-1]["DeadLetters"], lines[-1]["FeedsCancelled"], lines[-1]["service"]) == ([1], [1], "feedproc")


def test_a_dead_letter_that_the_world_holds_up_is_kept_for_when_it_is_announced_again(shop: LambdaShop) -> None:
    submission = shop.submit(a_feed(acknowledges(1)))
    folder = shop.data_dir / "documents" / submission.document[:2]
    folder.rename(shop.data_dir / "elsewhere")
    assert shop.delivered() == ["message-1"]
    shop.now += timedelta(minutes=5)
    assert shop.buried() == []
    assert (shop.again(submission).status, shop.again(submission).attempts) == (ProcessingStatus.IN_PROGRESS, 0)
    (shop.data_dir / "elsewhere").rename(folder)
    shop.now += timedelta(minutes=5)
    shop.fifo.send(submission)
    assert shop.delivered() == []
    assert shop.report(submission).counts == (1, 1, 0, 0)


def test_a_dead_letter_of_which_something_was_applied_is_not_cancelled(shop: LambdaShop) -> None:
    submission = shop.submit(a_feed(acknowledges(1)))
    claims, batches = shop.backend.submissions, shop.backend.batches
    claim = claims.claim(SELLER, submission.submission_id, "dead", shop.now, LEASE)
    assert claim is not None
    batches.commit(Batch(claim, (), (), (), Mark(1, Position(), Summary(), messages=1)), shop.now, LEASE)
    shop.now += 2 * LEASE
    assert shop.buried() == []
    assert shop.again(submission).status is ProcessingStatus.IN_PROGRESS
