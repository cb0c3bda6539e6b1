"""GetFeedSubmissionResult: the report of a feed, as it is."""

import hashlib
from base64 import b64encode
from typing import BinaryIO

from feedproc.mws.call import Answer, Call
from feedproc.mws.filters import submission_id
from feedproc.services import lookup

JAPAN = "A1VC38T7YXB528"
_CHUNK = 256 * 1024


def answer(call: Call) -> Answer:
    """Send the report with the MD5 of its bytes; it is read twice, never held in memory.

    Raises `MemberMissing`, `IdentifierInvalid`, `SubmissionUnknown`, `ResultNotReady`, `SubmissionCancelled` or
    `ResultGone`.
    """
    wanted = submission_id(call.parameters.required("FeedSubmissionId"))
    _, report = lookup.report(call.backend.submissions, call.backend.documents, call.seller.seller_id, wanted)
    try:
        content_type = _content_type(report, call.seller.marketplace_ids)
        length, md5 = _measured(report)
    except BaseException:
        report.close()
        raise
    return Answer(content=report, content_type=content_type, length=length, md5=md5)


def _content_type(report: BinaryIO, marketplace_ids: tuple[str, ...]) -> str:
    """Return the type as Amazon labels reports: by their form, and flat ones by the seller's country."""
    start = report.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    report.seek(0)
    if start.startswith(b"<"):
        return "text/xml;charset=UTF-8"
    return f"text/plain;charset={'windows-31j' if JAPAN in marketplace_ids[:1] else 'windows-1252'}"


def _measured(report: BinaryIO) -> tuple[int, str]:
    """Return length in bytes and MD5 in base64, and go back to the start."""
    digest = hashlib.md5(usedforsecurity=False)
    length = 0
    while data := report.read(_CHUNK):
        digest.update(data)
        length += len(data)
    report.seek(0)
    return length, b64encode(digest.digest()).decode()
