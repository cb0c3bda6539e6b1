"""FeedSubmissionInfo: how answers of the section Feeds tell of a submission."""

from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.mws import spelling
from feedproc.mws.responses import Element

_UNSTARTED = (ProcessingStatus.UNCONFIRMED, ProcessingStatus.SUBMITTED, ProcessingStatus.CANCELLED)


def describe_submission(submission: FeedSubmission) -> Element:
    """Return FeedSubmissionInfo in the documented order, with the dates that its status goes with.

    Amazon tells when processing began from `_IN_PROGRESS_` on, when it ended for `_DONE_`, and neither for
    `_CANCELLED_`.
    """
    told = [
        ("FeedSubmissionId", submission.submission_id),
        ("FeedType", spelling.add_underscores(submission.feed_type)),
        ("SubmittedDate", spelling.format_second(submission.submitted_at)),
        ("FeedProcessingStatus", spelling.add_underscores(submission.status)),
    ]
    if submission.started_at and submission.status not in _UNSTARTED:
        told.append(("StartedProcessingDate", spelling.format_second(submission.started_at)))
    if submission.completed_at and submission.status is ProcessingStatus.DONE:
        told.append(("CompletedProcessingDate", spelling.format_second(submission.completed_at)))
    return ("FeedSubmissionInfo", told)
