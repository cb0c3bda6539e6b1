"""How a submission ends, and what is to be told of it, whoever ends it."""

from datetime import datetime

from msgspec.structs import replace

from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Submissions
from feedproc.services.news import make_end_entry


def finish(submissions: Submissions, claim: Claim, ended: FeedSubmission, at: datetime) -> None:
    """Keep how a claimed submission ended, with what is to be told of it.

    Raises:
        ClaimLost: another worker has it.

    """
    submissions.finish(claim, replace(ended, completed_at=at), [make_end_entry(ended)])
