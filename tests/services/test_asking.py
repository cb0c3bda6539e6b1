"""Submissions are looked up, counted and cancelled, and their reports read."""

import io

import pytest

from feedproc.errors import ResultGone, ResultNotReady, SubmissionCancelled, SubmissionUnknown
from feedproc.feeds.submission import NewSubmission, ProcessingStatus
from feedproc.ports import Filter
from feedproc.services.cancel import MOST_TOLD, cancel
from feedproc.services.check import check, check_as
from feedproc.services.read.submissions import get_submission, list_submissions, open_report
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    NOON,
    OTHER_SELLER,
    SELLER,
    Shop,
    a_feed,
    a_seller,
    acknowledges,
    feed_types,
    ships,
)

FEED = a_feed(acknowledges())


def submitted(shop: Shop, times: int, feed_type: str = ACKNOWLEDGEMENT) -> list[str]:
    return [shop.submit(FEED, feed_type).submission_id for _ in range(times)]


def test_a_page_says_whether_there_are_more(shop: Shop) -> None:
    ids = submitted(shop, 3)
    first = list_submissions(shop.backend.submissions, SELLER, Filter(), 2)
    assert [found.submission_id for found in first.submissions] == ids[:0:-1]
    assert first.has_next
    rest = list_submissions(shop.backend.submissions, SELLER, Filter(before_counter=first.submissions[-1].counter), 2)
    assert ([found.submission_id for found in rest.submissions], rest.has_next) == (ids[:1], False)


def test_asking_for_an_unknown_id_is_refused(shop: Shop) -> None:
    (known,) = submitted(shop, 1)
    with pytest.raises(SubmissionUnknown, match="123") as refusal:
        list_submissions(shop.backend.submissions, SELLER, Filter(submission_ids=(known, "123")), 10)
    assert refusal.value.submission_ids == ("123",)


def test_another_sellers_submission_is_unknown(shop: Shop) -> None:
    (known,) = submitted(shop, 1)
    shop.stocked(seller=a_seller(OTHER_SELLER))
    with pytest.raises(SubmissionUnknown):
        get_submission(shop.backend.submissions, OTHER_SELLER, known)
    with pytest.raises(SubmissionUnknown):
        open_report(shop.backend.submissions, shop.backend.documents, OTHER_SELLER, known)
    with pytest.raises(SubmissionUnknown):
        cancel(shop.backend.submissions, OTHER_SELLER, Filter(submission_ids=(known,)), NOON)
    assert shop.backend.submissions.count(OTHER_SELLER, Filter()) == 0


def test_a_report_is_refused_until_the_feed_is_dget_submission(shop: Shop) -> None:
    submission = shop.submit(FEED)
    with pytest.raises(ResultNotReady, match=submission.submission_id):
        shop.raw_report(submission)
    shop.work()
    assert shop.report(submission).counts == (1, 0, 1, 0)


def test_a_cancelled_feed_has_no_open_report(shop: Shop) -> None:
    submission = shop.submit(FEED)
    cancel(shop.backend.submissions, SELLER, Filter(), NOON)
    with pytest.raises(SubmissionCancelled):
        shop.raw_report(submission)


def test_a_report_that_is_no_longer_kept_is_gget_submission(shop: Shop) -> None:
    submission = shop.submit(FEED)
    shop.work()
    shop.backend.documents.delete(shop.again(submission).report or "")
    with pytest.raises(ResultGone):
        shop.raw_report(submission)


def test_what_waits_is_cancelled_and_what_has_begun_is_not(shop: Shop) -> None:
    done = shop.submit(FEED)
    shop.work()
    shop.submit(FEED)
    told = cancel(shop.backend.submissions, SELLER, Filter(), NOON)
    assert [found.status for found in told] == [ProcessingStatus.CANCELLED, ProcessingStatus.DONE]
    assert shop.again(done).completed_at == NOON
    assert shop.work() == 0


def test_only_matching_submissions_are_cancelled(shop: Shop) -> None:
    first, second = submitted(shop, 2)
    (other,) = submitted(shop, 1, ADJUSTMENT)
    cancel(shop.backend.submissions, SELLER, Filter(submission_ids=(first,)), NOON)
    cancel(shop.backend.submissions, SELLER, Filter(feed_types=(ADJUSTMENT,)), NOON)
    waiting = Filter(statuses=(ProcessingStatus.SUBMITTED,))
    assert [found.submission_id for found in shop.backend.submissions.find(SELLER, waiting, 9)] == [second]
    assert get_submission(shop.backend.submissions, SELLER, other).status is ProcessingStatus.CANCELLED


def test_an_unknown_id_cancels_nothing(shop: Shop) -> None:
    (known,) = submitted(shop, 1)
    with pytest.raises(SubmissionUnknown):
        cancel(shop.backend.submissions, SELLER, Filter(submission_ids=(known, "123")), NOON)
    assert get_submission(shop.backend.submissions, SELLER, known).status is ProcessingStatus.SUBMITTED


def test_hundreds_are_cancelled_and_a_hundred_told(shop: Shop) -> None:
    new = NewSubmission(seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document="0" * 32, size=1, submitted_at=NOON)
    for _ in range(MOST_TOLD + 20):
        shop.backend.submissions.add(new)
    assert len(cancel(shop.backend.submissions, SELLER, Filter(), NOON)) == MOST_TOLD
    assert shop.backend.submissions.count(SELLER, Filter(statuses=(ProcessingStatus.SUBMITTED,))) == 0


def test_checking_a_feed_applies_nothing_and_submits_nothing(shop: Shop) -> None:
    wrong = acknowledges().replace("Success", "Perhaps")
    feed = io.BytesIO(a_feed(acknowledges(), wrong, ships()))
    found = [one for part in check_as(feed_types().look_up(ACKNOWLEDGEMENT), feed, NOON) for one in part.findings]
    assert list(dict.fromkeys((one.code, one.message_id) for one in found)) == [(5002, "2"), (25, "3")]
    assert found[0].rule == "cvc-enumeration-valid"
    assert shop.backend.submissions.count(SELLER, Filter()) == 0


def test_checking_may_leave_the_feed_type_open() -> None:
    feed_type, feed = feed_types().look_up(ACKNOWLEDGEMENT), a_feed(ships(), ships(2), feed_type=FULFILLMENT)
    assert [one.code for part in check_as(feed_type, io.BytesIO(feed), NOON) for one in part.findings] == [25, 25]
    assert not [one for part in check(feed_type.format, io.BytesIO(feed)) for one in part.findings]
