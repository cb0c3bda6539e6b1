"""Give up a submission that was tried in vain: it ends, never silently."""

from datetime import datetime
from enum import Enum, auto

from msgspec.structs import replace

from feedproc.feeds import endings
from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import Backend, Submissions, Waiting
from feedproc.services.process.ending import finish
from feedproc.services.process.processing import Policy


class Burial(Enum):
    """What becomes of a submission whose entry in the queue was delivered in vain as often as the queue allows."""

    GIVEN_UP = auto()
    """It has ended now."""
    OVER = auto()
    """It had ended before, or is unknown."""
    GOES_ON = auto()
    """It is no hopeless one, and waits to be announced again."""
    HELD = auto()
    """Another worker has it, or an older one of its seller and feed type is open: it is to be looked at again."""


def give_up(submissions: Submissions, claim: Claim, submission: FeedSubmission, reason: str, at: datetime) -> None:
    """End a claimed submission of which nothing was applied as CANCELLED, for a reason that is kept.

    Raises:
        ClaimLost: another worker has it.

    """
    finish(submissions, claim, replace(submission, status=ProcessingStatus.CANCELLED, reason=reason), at)


def explain_failures(submission: FeedSubmission) -> str:
    """Return why a submission is given up that was claimed too often without any progress."""
    return endings.NO_PROGRESS.format(submission.attempts - 1, submission.reason or endings.WORKER_DIED)


def give_up_dead_letter(backend: Backend, waiting: Waiting, worker: str, policy: Policy, at: datetime) -> Burial:
    """End a submission as CANCELLED: its entry in the queue was delivered in vain as often as the queue allows.

    One that the world holds up is not ended for that, nor one of which something was applied: whoever processes it
    next goes on, or ends it with its report.
    """
    submissions = backend.submissions
    submission = submissions.get(*waiting)
    if submission is None or not submission.status.is_open:
        return Burial.OVER
    if _is_no_hopeless_one(submission):
        return Burial.GOES_ON
    claim = submissions.claim(*waiting, worker, at, policy.lease)
    submission = submissions.get(*waiting)
    if claim is None or submission is None:
        return Burial.OVER if submission is None or not submission.status.is_open else Burial.HELD
    if _is_no_hopeless_one(submission):  # by now
        submissions.put_off(claim, submission.reason or endings.WORKER_DIED, at + policy.first_pause)
        return Burial.GOES_ON
    reason = endings.UNDELIVERABLE.format(submission.reason or endings.WORKER_DIED)
    give_up(submissions, claim, submission, reason, at)
    return Burial.GIVEN_UP


def _is_no_hopeless_one(submission: FeedSubmission) -> bool:
    return endings.is_held_up(submission.reason) or submission.summary is not None
