"""GetFeedSubmissionResult: the report of a feed, as it is."""

import hashlib
from base64 import b64encode
from typing import BinaryIO

from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.feeds.filters import read_submission_id
from feedproc.services.read.submissions import open_report

_CHUNK = 256 * 1024


def answer(call: MwsCall) -> MwsAnswer:
    """Send the report with the MD5 of its bytes; it is read twice, never held in memory.

    Raises `MemberMissing`, `IdentifierInvalid`, `SubmissionUnknown`, `ResultNotReady`, `SubmissionCancelled` or
    `ResultGone`.
    """
    wanted = read_submission_id(call.parameters.require("FeedSubmissionId"))
    submission, report = open_report(call.backend.submissions, call.backend.documents, call.seller.seller_id, wanted)
    form = call.feed_types.named(submission.feed_type).format
    try:
        content_type = form.report_content_type(call.seller.marketplace.marketplace_id)
        length, md5 = _measure(report)
    except BaseException:
        report.close()
        raise
    return MwsAnswer(content=report, content_type=content_type, length=length, md5=md5)


def _measure(report: BinaryIO) -> tuple[int, str]:
    """Return length in bytes and MD5 in base64, and go back to the start."""
    digest = hashlib.md5(usedforsecurity=False)
    length = 0
    while data := report.read(_CHUNK):
        digest.update(data)
        length += len(data)
    report.seek(0)
    return length, b64encode(digest.digest()).decode()
