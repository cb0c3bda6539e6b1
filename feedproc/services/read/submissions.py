"""Find submissions and read their reports."""

from collections.abc import Sequence
from typing import BinaryIO

from msgspec import Struct

from feedproc.errors import ResultGone, ResultNotReady, SubmissionCancelled, SubmissionUnknown
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import Documents, Filter, Submissions


class Page(Struct, frozen=True):
    """Some of the submissions that match, newest first."""

    submissions: Sequence[FeedSubmission]
    has_next: bool


def page(submissions: Submissions, seller_id: str, which: Filter, size: int) -> Page:
    """Return the first `size` submissions that match, and whether there are more.

    Raises `SubmissionUnknown` when `which` names ids that this seller does not have.
    """
    found = submissions.find(seller_id, which, size + 1)
    missing = set(which.submission_ids) - {one.submission_id for one in found}
    if missing and which.before_counter is None and len(found) <= size:
        raise SubmissionUnknown(sorted(missing))
    return Page(found[:size], len(found) > size)


def count(submissions: Submissions, seller_id: str, which: Filter) -> int:
    """Return how many of this seller's submissions match."""
    return submissions.count(seller_id, which)


def one(submissions: Submissions, seller_id: str, submission_id: str) -> FeedSubmission:
    """Return one of this seller's submissions, or raise `SubmissionUnknown`."""
    found = submissions.get(seller_id, submission_id)
    if found is None:
        raise SubmissionUnknown([submission_id])
    return found


def report(
    submissions: Submissions, documents: Documents, seller_id: str, submission_id: str
) -> tuple[FeedSubmission, BinaryIO]:
    """Return a submission and its report, open for reading.

    Raises `SubmissionUnknown`, `ResultNotReady`, `SubmissionCancelled` or `ResultGone`.
    """
    submission = one(submissions, seller_id, submission_id)
    if submission.status is ProcessingStatus.CANCELLED:
        raise SubmissionCancelled(submission_id)
    if submission.status is not ProcessingStatus.DONE or submission.report is None:
        raise ResultNotReady(submission_id)
    try:
        return submission, documents.open(submission.report)
    except FileNotFoundError:
        raise ResultGone(submission_id) from None
