"""Give up a submission that was tried in vain: it ends, never silently."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from feedproc.feeds import endings
from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import Submissions, Waiting
from feedproc.services.process.ending import finish


def give_up(submissions: Submissions, claim: Claim, submission: FeedSubmission, at: datetime) -> None:
    """End a claimed submission as CANCELLED: it was claimed too often without any progress.

    Raises:
        ClaimLost: another worker has it.

    """
    last = submission.reason or endings.WORKER_DIED
    _cancel(submissions, claim, submission, endings.NO_PROGRESS.format(submission.attempts - 1, last), at)


def give_up_dead_letter(
    submissions: Submissions, waiting: Waiting, worker: str, lease: timedelta, at: datetime
) -> bool:
    """End a submission as CANCELLED: its entry in the queue was delivered in vain as often as the queue allows.

    Say whether it is over now. It is not while another worker holds it, or while an older one of its seller and feed
    type is open: then it is to be tried again later.
    """
    claim = submissions.claim(*waiting, worker, at, lease)
    submission = submissions.get(*waiting)
    if claim is None or submission is None:
        return submission is None or not submission.status.is_open
    reason = endings.UNDELIVERABLE.format(submission.reason or endings.WORKER_DIED)
    _cancel(submissions, claim, submission, reason, at)
    return True


def _cancel(submissions: Submissions, claim: Claim, submission: FeedSubmission, reason: str, at: datetime) -> None:
    finish(submissions, claim, replace(submission, status=ProcessingStatus.CANCELLED, reason=reason), at)
