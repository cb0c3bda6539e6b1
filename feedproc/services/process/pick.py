"""Pick the submission that is processed next, or the one whose sender waits for it."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from feedproc.errors import ClaimLost, HeldUp, StoreBusy
from feedproc.feeds.submission import OPEN, FeedSubmission
from feedproc.ports import Filter, Submissions, Waiting
from feedproc.services.process.process import name_fault, process
from feedproc.services.process.processing import Claimed, Processing
from feedproc.services.read.submissions import get_submission

_ALL = 1_000_000
_TRIES, _PAUSE = 250, 0.02
"""How often, and after how many seconds, it is tried again while somebody else is at it or at an older one: 5 s."""


def process_next(processing: Processing) -> bool:
    """Process the submission that has waited longest, if there is one; say whether there was.

    Raises:
        ClaimLost: another worker took over.
        HeldUp: the world does not let it be processed, or looked for, now. Whatever else is raised leaves the
            submission to be tried again.

    """
    with name_fault(processing.backend):
        waiting = processing.backend.queue.receive(processing.clock())
    if waiting is None:
        return False
    process(processing, waiting)
    return True


def process_up_to(processing: Processing, waiting: Waiting, until: datetime | None = None) -> Claimed:
    """Process a submission, and before it all older ones of its seller and feed type that are still open.

    It is for a queue that says which submission came in, and not which one is next. `FINISHED` when it is over, whoever
    ended it; `BUSY` when somebody else is at it, or at an older one; `OUT_OF_TIME` when time was up.

    Raises:
        ClaimLost: another worker took over. Whatever else is raised leaves the submission to be tried again.

    """
    submissions = processing.backend.submissions
    while (claimed := process(processing, waiting, until)) is Claimed.BUSY:
        submission = submissions.get(*waiting)
        if submission is None or not submission.status.is_open:
            return Claimed.FINISHED
        older = _find_oldest_before(submissions, submission)
        if older is None:
            return Claimed.BUSY
        claimed = process(processing, older, until)
        if claimed is not Claimed.FINISHED:
            return claimed
    return claimed


def process_at_once(
    begin_work: Callable[[], AbstractContextManager[Processing]],
    submission: FeedSubmission,
    pause: Callable[[float], None] = time.sleep,
) -> FeedSubmission:
    """Process a submission, and older ones of its seller and type before it; return it as it ended.

    `begin_work` gives what that is done with, under a name that counts as a living worker's until it ends.

    Whoever processes it meanwhile, a worker or another request, it takes effect once.

    Raises:
        StoreBusy: it has not ended in time. It will be processed all the same.

    """
    waiting = Waiting(submission.seller_id, submission.submission_id)
    with begin_work() as processing:
        for _ in range(_TRIES):
            if _is_over(processing, waiting):
                return get_submission(processing.backend.submissions, *waiting)
            pause(_PAUSE)
    raise StoreBusy(f"submission {submission.submission_id} has not ended in {_TRIES * _PAUSE:.0f} s")


def _is_over(processing: Processing, waiting: Waiting) -> bool:
    try:
        return process_up_to(processing, waiting) is Claimed.FINISHED
    except (ClaimLost, HeldUp):
        return False


def _find_oldest_before(submissions: Submissions, submission: FeedSubmission) -> Waiting | None:
    which = Filter(kind=None, feed_types=(submission.feed_type,), statuses=OPEN, before_counter=submission.counter)
    found = submissions.find(submission.seller_id, which, _ALL)
    return Waiting(submission.seller_id, found[-1].submission_id) if found else None
