"""Cancel submissions that no worker has begun."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from feedproc.errors import SubmissionUnknown
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import Filter, Submissions
from feedproc.services.news import make_end_entry

MOST_TOLD = 100
"""How many submissions one call tells of at the most: Amazon's answer and its count are capped here, as recorded."""


def cancel(submissions: Submissions, seller_id: str, which: Filter, at: datetime) -> Sequence[FeedSubmission]:
    """Cancel all matching submissions that have not begun; return the newest `MOST_TOLD` that match, in any status.

    The status of each tells whether it is cancelled.

    Raises:
        SubmissionUnknown: `which` names ids that this seller does not have; nothing is cancelled then.

    """
    found = submissions.find(seller_id, which, MOST_TOLD)
    missing = set(which.submission_ids) - {one.submission_id for one in found}
    if missing:
        raise SubmissionUnknown(sorted(missing))
    if which.submission_ids:
        waiting = [one for one in found if one.status is ProcessingStatus.SUBMITTED]
    else:
        waiting = list(submissions.find(seller_id, replace(which, statuses=(ProcessingStatus.SUBMITTED,)), _ALL))
    for one in waiting:
        submissions.cancel(seller_id, one.submission_id, at, [make_end_entry(one)])
    return submissions.find(seller_id, which, MOST_TOLD)


_ALL = 1_000_000
