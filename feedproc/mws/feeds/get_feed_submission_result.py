"""GetFeedSubmissionResult: the report of a feed, as it is."""

from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.feeds.filters import read_submission_id
from feedproc.services.read.submissions import open_report


def answer(call: MwsCall) -> MwsAnswer:
    """Send the report with the MD5 of its bytes.

    Raises `MemberMissing`, `IdentifierInvalid`, `SubmissionUnknown`, `ResultNotReady`, `SubmissionCancelled` or
    `ResultGone`.
    """
    wanted = read_submission_id(call.parameters.require("FeedSubmissionId"))
    submission, report = open_report(call.backend.submissions, call.backend.documents, call.seller.seller_id, wanted)
    form = call.feed_types.look_up(submission.feed_type).format
    return call.send(report, form.report_content_type(call.seller.marketplace.marketplace_id))
