"""Answer a queue that says which submission came in, and not which one is next."""

from datetime import datetime

from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import Backend, Filter, Submissions, Waiting
from feedproc.services.process.process import Clock, Ended, Policy, process

OPEN = (ProcessingStatus.SUBMITTED, ProcessingStatus.IN_PROGRESS)
_ALL = 1_000_000


def process_up_to(
    backend: Backend,
    feed_types: FeedTypes,
    waiting: Waiting,
    worker: str,
    policy: Policy,
    clock: Clock,
    until: datetime | None = None,
) -> Ended:
    """Process a submission, and before it all older ones of its seller and feed type that are still open.

    `TO_ITS_END` when it is over, whoever ended it; `NOT_HAD` when somebody else is at it, or at an older one; `IN_TIME`
    when time was up. Raises as `process` does.
    """
    while (ended := process(backend, feed_types, waiting, worker, policy, clock, until)) is Ended.NOT_HAD:
        submission = backend.submissions.get(*waiting)
        if submission is None or submission.status not in OPEN:
            return Ended.TO_ITS_END
        older = _oldest_before(backend.submissions, submission)
        if older is None:
            return Ended.NOT_HAD
        ended = process(backend, feed_types, older, worker, policy, clock, until)
        if ended is not Ended.TO_ITS_END:
            return ended
    return ended


def _oldest_before(submissions: Submissions, submission: FeedSubmission) -> Waiting | None:
    which = Filter(feed_types=(submission.feed_type,), statuses=OPEN, before_counter=submission.counter)
    found = submissions.find(submission.seller_id, which, _ALL)
    return Waiting(submission.seller_id, found[-1].submission_id) if found else None
