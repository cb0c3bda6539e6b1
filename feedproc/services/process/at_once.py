"""Process a submission while its sender waits, for what is small and must be known at once."""

import time
from collections.abc import Callable

from feedproc.errors import ClaimLost, StoreBusy
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Waiting
from feedproc.services.process.pick import process_up_to
from feedproc.services.process.processing import Claimed, Processing
from feedproc.services.read.submissions import get_submission

_TRIES, _PAUSE = 250, 0.02
"""How often, and after how many seconds, it is tried again while somebody else is at it or at an older one: 5 s."""


def process_at_once(
    processing: Processing, submission: FeedSubmission, pause: Callable[[float], None] = time.sleep
) -> FeedSubmission:
    """Process a submission, and older ones of its seller and type before it; return it as it ended.

    Whoever processes it meanwhile, a worker or another request, it takes effect once.

    Raises:
        StoreBusy: it has not ended in time. It will be processed all the same.

    """
    waiting = Waiting(submission.seller_id, submission.submission_id)
    for _ in range(_TRIES):
        if _is_over(processing, waiting):
            return get_submission(processing.backend.submissions, *waiting)
        pause(_PAUSE)
    raise StoreBusy(f"submission {submission.submission_id} has not ended in {_TRIES * _PAUSE:.0f} s")


def _is_over(processing: Processing, waiting: Waiting) -> bool:
    try:
        return process_up_to(processing, waiting) is Claimed.FINISHED
    except ClaimLost:
        return False
