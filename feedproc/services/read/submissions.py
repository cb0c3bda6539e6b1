"""Find submissions, and read what their reports tell."""

from collections.abc import Sequence
from itertools import islice
from typing import BinaryIO

from msgspec import Struct

from feedproc.errors import ResultGone, ResultNotReady, SubmissionCancelled, SubmissionUnknown
from feedproc.feeds.report import Result
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus, SubmissionKind
from feedproc.ports import Documents, Filter, Marks, Submissions

ENDED = frozenset({ProcessingStatus.DONE, ProcessingStatus.CANCELLED})


class SubmissionPage(Struct, frozen=True):
    """Some of the submissions that match, newest first."""

    submissions: Sequence[FeedSubmission]
    has_next: bool


class SubmissionResults(Struct, frozen=True):
    """How a submission ended, or how far it is, and the first of what its report tells."""

    submission: FeedSubmission
    results: Sequence[Result]
    more: bool
    """There are results beyond those."""

    @property
    def has_ended(self) -> bool:
        """Nothing more will change."""
        return self.submission.status in ENDED


def list_submissions(submissions: Submissions, seller_id: str, which: Filter, size: int) -> SubmissionPage:
    """Return the first `size` submissions that match, and whether there are more.

    Raises:
        SubmissionUnknown: `which` names ids that this seller does not have.

    """
    found = submissions.find(seller_id, which, size + 1)
    missing = set(which.submission_ids) - {one.submission_id for one in found}
    if missing and which.before_counter is None and len(found) <= size:
        raise SubmissionUnknown(sorted(missing))
    return SubmissionPage(found[:size], len(found) > size)


def get_submission(submissions: Submissions, seller_id: str, submission_id: str) -> FeedSubmission:
    """Return one of this seller's feeds.

    Raises:
        SubmissionUnknown: the seller has none with that id.

    """
    found = submissions.get(seller_id, submission_id)
    if found is None or found.kind is not SubmissionKind.FEED:
        raise SubmissionUnknown([submission_id])
    return found


def open_report(
    submissions: Submissions, documents: Documents, seller_id: str, submission_id: str
) -> tuple[FeedSubmission, BinaryIO]:
    """Return a submission and its report, open for reading.

    Raises:
        SubmissionUnknown: the seller has none with that id.
        ResultNotReady: it has not been processed to its end yet.
        SubmissionCancelled: it has no report, and never will.
        ResultGone: its report is no longer kept.

    """
    submission = get_submission(submissions, seller_id, submission_id)
    if submission.status is ProcessingStatus.CANCELLED:
        raise SubmissionCancelled(submission_id)
    if submission.status is not ProcessingStatus.DONE or submission.report is None:
        raise ResultNotReady(submission_id)
    try:
        return submission, documents.open(submission.report)
    except FileNotFoundError:
        raise ResultGone(submission_id) from None


def get_results(
    submissions: Submissions, marks: Marks, seller_id: str, submission_id: str, most: int
) -> SubmissionResults:
    """Return a submission with its first `most` results.

    Raises:
        SubmissionUnknown: the seller has none with that id.

    """
    submission = get_submission(submissions, seller_id, submission_id)
    results = list(islice(marks.list_results(seller_id, submission_id), most + 1))
    return SubmissionResults(submission, results[:most], len(results) > most)


def read_beginning(documents: Documents, submission: FeedSubmission, size: int) -> bytes:
    """Return the first `size` bytes of a submission's feed; none when it is no longer kept."""
    try:
        with documents.open(submission.document) as feed:
            return feed.read(size)
    except FileNotFoundError:
        return b""
