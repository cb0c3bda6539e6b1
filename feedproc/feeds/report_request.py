"""A request for a report.

A request is kept as a submission whose kind is `REPORT_REQUEST`: so it has its id from the seller's counter, is
claimed, given up and taken up again like a feed, and one of each type is worked on at a time. `read_request` tells it
in the words of reports. Reports of feeds, and those that were asked for, have ids alike.
"""

import re
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from feedproc.feeds.submission import FeedSubmission, ReportAsk

_REPORT_ID = re.compile(r"2([0-9]{10,18})([0-9]{6})")


class ReportStatus(StrEnum):
    """How far a request has come (Reports reference, ReportProcessingStatus)."""

    SUBMITTED = "SUBMITTED"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    DONE_NO_DATA = "DONE_NO_DATA"
    """Nothing matched, and there is no report."""
    CANCELLED = "CANCELLED"


class ReportRequest(Struct, frozen=True, kw_only=True):
    """A report that was asked for once. Times are aware and in UTC."""

    request_id: str
    """Digits, from the same counter as the ids of feeds."""
    counter: int
    seller_id: str
    report_type: str
    """Without the underscores around it: `GET_FLAT_FILE_ORDERS_DATA`."""
    marketplace_ids: tuple[str, ...]
    asked: ReportAsk
    """Dates, options, and whether a schedule asked."""
    status: ReportStatus
    submitted_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    document: str | None
    """Key of the stored report; None until it is DONE."""
    report_id: str | None
    """None until it is DONE."""
    acknowledged_at: datetime | None
    reason: str | None
    """Why it was cancelled, for people."""


def read_request(submission: FeedSubmission) -> ReportRequest:
    """Return a submission of the kind `REPORT_REQUEST` in the words of reports."""
    status = ReportStatus(submission.status)
    if status is ReportStatus.DONE and submission.report is None:
        status = ReportStatus.DONE_NO_DATA
    is_done = status is ReportStatus.DONE
    return ReportRequest(
        request_id=submission.submission_id,
        counter=submission.counter,
        seller_id=submission.seller_id,
        report_type=submission.feed_type,
        marketplace_ids=submission.marketplace_ids,
        asked=submission.asked or ReportAsk(),
        status=status,
        submitted_at=submission.submitted_at,
        started_at=submission.started_at,
        completed_at=submission.completed_at,
        document=submission.report if is_done else None,
        report_id=make_report_id(submission) if is_done else None,
        acknowledged_at=submission.acknowledged_at,
        reason=submission.reason,
    )


def make_report_id(submission: FeedSubmission) -> str:
    """Return the id of a submission's report: longer than the submission's, and of the same day."""
    return f"2{submission.counter:010d}{submission.submission_id[-6:]}"


def find_submission_id(report_id: str) -> str | None:
    """Return the id of the submission whose report has this id; None for what is no report's id."""
    match = _REPORT_ID.fullmatch(report_id)
    return f"{int(match[1])}{match[2]}" if match and int(match[1]) and _is_canonical(match[1]) else None


def _is_canonical(counter: str) -> bool:
    return len(counter) == 10 or not counter.startswith("0")
