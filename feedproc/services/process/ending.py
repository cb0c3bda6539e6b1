"""How a submission ends, and what is to be told of it, whoever ends it."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import FeedSubmission, SubmissionKind
from feedproc.ports import OutboxEntry, OutboxKind, Submissions


def finish(submissions: Submissions, claim: Claim, ended: FeedSubmission, at: datetime) -> None:
    """Keep how a claimed submission ended, with what is to be told of it.

    Raises:
        ClaimLost: another worker has it.

    """
    submissions.finish(claim, replace(ended, completed_at=at), make_end_entries(ended))


def make_end_entries(submission: FeedSubmission) -> Sequence[OutboxEntry]:
    """Return what is to be told of an end: of a feed's, to the seller's queues; of a request for a report, nothing."""
    return [make_end_entry(submission)] if submission.kind is SubmissionKind.FEED else []


def make_end_entry(submission: FeedSubmission) -> OutboxEntry:
    """Return the entry of the outbox that tells a seller's queues; the same however often the end is repeated."""
    seller_id, submission_id = submission.seller_id, submission.submission_id
    began = submission.started_at or submission.submitted_at
    return OutboxEntry(f"{seller_id}/{submission_id}/end", OutboxKind.FEED_FINISHED, seller_id, submission_id, at=began)
