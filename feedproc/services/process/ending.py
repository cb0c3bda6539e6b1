"""What is to be told when a submission has ended, whoever ended it."""

from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import OutboxEntry, OutboxKind


def told_of_end(submission: FeedSubmission) -> OutboxEntry:
    """Return the entry of the outbox that tells a seller's queues; the same however often the end is repeated."""
    seller_id, submission_id = submission.seller_id, submission.submission_id
    began = submission.started_at or submission.submitted_at
    return OutboxEntry(f"{seller_id}/{submission_id}/end", OutboxKind.FEED_FINISHED, seller_id, submission_id, at=began)
