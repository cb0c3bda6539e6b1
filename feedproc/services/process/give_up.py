"""End a submission that the queue gave up: never silently."""

from datetime import datetime

from msgspec.structs import replace

from feedproc.feeds import endings
from feedproc.feeds.submission import ProcessingStatus
from feedproc.ports import Backend, Waiting
from feedproc.services.process.ending import told_of_end
from feedproc.services.process.pick import OPEN
from feedproc.services.process.process import Policy


def end_dead(backend: Backend, waiting: Waiting, worker: str, policy: Policy, at: datetime) -> bool:
    """End a submission as CANCELLED: its entry in the queue was delivered in vain as often as the queue allows.

    Say whether it is over now. It is not while another worker holds it, or while an older one of its seller and feed
    type is open: then it is to be tried again later.
    """
    claim = backend.submissions.claim(*waiting, worker, at, policy.lease)
    submission = backend.submissions.get(*waiting)
    if claim is None or submission is None:
        return submission is None or submission.status not in OPEN
    reason = endings.UNDELIVERABLE.format(submission.reason or endings.WORKER_DIED)
    ended = replace(submission, status=ProcessingStatus.CANCELLED, reason=reason, completed_at=at)
    backend.submissions.finish(claim, ended, [told_of_end(ended)])
    return True
