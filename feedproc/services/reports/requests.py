"""Ask for reports, find what was asked for, and acknowledge reports."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from feedproc.errors import (
    ReportGone,
    ReportNotReady,
    ReportRequestUnknown,
    ReportTypeUnknown,
    ReportUnknown,
)
from feedproc.feeds.report_request import (
    ReportRequest,
    ReportStatus,
    find_submission_id,
    make_report_id,
    read_request,
)
from feedproc.feeds.submission import FeedSubmission, NewSubmission, ProcessingStatus, ReportAsk, SubmissionKind
from feedproc.ports import Backend, Documents, Filter, Submissions
from feedproc.services.news import make_end_entry
from feedproc.services.reports.report_type import ReportType, ReportTypes
from feedproc.services.submit import submit

FEED_SUMMARY = "FeedSummaryReport"
"""The type of feeds' processing reports in lists of reports (recorded, GetReportList)."""
MOST_TOLD = 100
"""Requests that one cancellation tells of."""
_PAGE = 200
_DEFAULT_SPAN = timedelta(days=1)


class ReportFilter(Struct, frozen=True, kw_only=True):
    """Which requests. An empty tuple and None mean no condition; `request_ids` overrides all others."""

    request_ids: tuple[str, ...] = ()
    report_types: tuple[str, ...] = ()
    """MWS' names, without underscores around them; in lists of reports also `FEED_SUMMARY`."""
    statuses: tuple[ReportStatus, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    """Both inclusive: when they were submitted, or when reports became available."""
    is_acknowledged: bool | None = None
    """Of lists of reports only."""
    before_counter: int | None = None
    """Only those older than the one with this counter: where the page before ended."""


class ReportRequestPage(Struct, frozen=True):
    """Some of the requests that match, newest first."""

    requests: Sequence[ReportRequest]
    has_next: bool


class AvailableReport(Struct, frozen=True, kw_only=True):
    """A report that can be fetched: one that was asked for, or that of a feed."""

    report_id: str
    report_type: str
    """`FEED_SUMMARY` for that of a feed; else the name of the type, without underscores around it."""
    submission: FeedSubmission
    """The feed, or the request."""
    available_at: datetime
    acknowledged_at: datetime | None


class ReportPage(Struct, frozen=True):
    """Some of the reports that match, newest first."""

    reports: Sequence[AvailableReport]
    has_next: bool


def request_report(
    backend: Backend, report_types: ReportTypes, new: NewSubmission, repetition_key: str | None = None
) -> ReportRequest:
    """Ask for a report. When this returns, the request is durable, and workers will come upon it.

    `new` has the type in place of a feed type, by any of its names, and no document; `complete_ask` fills its dates.

    Raises:
        ReportTypeUnknown: there is no such type, or it comes by schedules alone.

    """
    report_type = require_type(report_types, new.feed_type)
    asked = new.asked or ReportAsk()
    if not (report_type.is_requestable or asked.is_scheduled):
        raise ReportTypeUnknown(new.feed_type, "it comes by schedules alone")
    spelled = new.feed_type if new.feed_type != report_type.name else ""
    complete = replace(complete_ask(asked, new.submitted_at), spelled_type=spelled)
    made = replace(new, feed_type=report_type.name, document="", size=0, asked=complete)
    return read_request(submit(backend.submissions, backend.queue, made, repetition_key))


def require_type(report_types: ReportTypes, name: str) -> ReportType:
    """Return the type with this name, MWS' or SP-API's.

    Raises:
        ReportTypeUnknown: no type has it.

    """
    found = report_types.find(name)
    if found is None:
        raise ReportTypeUnknown(name)
    return found


def complete_ask(asked: ReportAsk, now: datetime) -> ReportAsk:
    """Return what is asked for with both dates: to now, and from a day before, unless it says otherwise (recorded)."""
    end = min(asked.end or now, now)
    return replace(asked, start=asked.start or end - _DEFAULT_SPAN, end=end)


def get_request(submissions: Submissions, seller_id: str, request_id: str) -> ReportRequest:
    """Return one of this seller's requests.

    Raises:
        ReportRequestUnknown: the seller has none with that id.

    """
    found = submissions.get(seller_id, request_id)
    if found is None or found.kind is not SubmissionKind.REPORT_REQUEST:
        raise ReportRequestUnknown([request_id])
    return read_request(found)


def list_requests(submissions: Submissions, seller_id: str, which: ReportFilter, size: int) -> ReportRequestPage:
    """Return the first `size` requests that match, and whether there are more.

    Raises:
        ReportRequestUnknown: ids are asked for that this seller does not have.

    """
    found = list(islice(_find_requests(submissions, seller_id, which), size + 1))
    missing = set(which.request_ids) - {one.request_id for one in found}
    if missing and which.before_counter is None and len(found) <= size:
        raise ReportRequestUnknown(sorted(missing))
    return ReportRequestPage(found[:size], len(found) > size)


def count_requests(submissions: Submissions, seller_id: str, which: ReportFilter) -> int:
    """Return how many of a seller's requests match."""
    return sum(1 for _ in _find_requests(submissions, seller_id, which))


def cancel_requests(
    submissions: Submissions, seller_id: str, which: ReportFilter, at: datetime
) -> tuple[int, Sequence[ReportRequest]]:
    """Cancel all matching requests that nobody has begun; return how many match, and the newest `MOST_TOLD` of them.

    The status of each tells whether it is cancelled.

    Raises:
        ReportRequestUnknown: ids are asked for that this seller does not have; then nothing is cancelled.

    """
    matching = list(_find_requests(submissions, seller_id, which))
    missing = set(which.request_ids) - {one.request_id for one in matching}
    if missing:
        raise ReportRequestUnknown(sorted(missing))
    for one in matching:
        if one.status is ReportStatus.SUBMITTED:
            submissions.cancel(seller_id, one.request_id, at, [make_end_entry(one)])
    told = [get_request(submissions, seller_id, one.request_id) for one in matching[:MOST_TOLD]]
    return len(matching), told


def list_reports(submissions: Submissions, seller_id: str, which: ReportFilter, size: int) -> ReportPage:
    """Return the first `size` reports that match, of feeds and of requests, and whether there are more."""
    found = list(islice(_find_reports(submissions, seller_id, which), size + 1))
    return ReportPage(found[:size], len(found) > size)


def count_reports(submissions: Submissions, seller_id: str, which: ReportFilter) -> int:
    """Return how many of a seller's reports match."""
    return sum(1 for _ in _find_reports(submissions, seller_id, which))


def get_report(submissions: Submissions, seller_id: str, report_id: str) -> AvailableReport:
    """Return one of this seller's reports.

    Raises:
        ReportUnknown: the seller has none with that id.

    """
    name = find_submission_id(report_id)
    found = submissions.get(seller_id, name) if name else None
    report = _read_report(found) if found else None
    if report is None:
        raise ReportUnknown(report_id)
    return report


def open_document(documents: Documents, report: AvailableReport) -> BinaryIO:
    """Open a report for reading.

    Raises:
        ReportGone: it is no longer kept.

    """
    try:
        return documents.open(report.submission.report or "")
    except FileNotFoundError:
        raise ReportGone(report.report_id) from None


def open_requested(
    submissions: Submissions, documents: Documents, seller_id: str, request_id: str
) -> tuple[AvailableReport, BinaryIO]:
    """Return the report of a request, and the document open for reading.

    Raises:
        ReportRequestUnknown: this seller has no such request.
        ReportNotReady: there is no report yet, or there never will be one.
        ReportGone: it is no longer kept.

    """
    request = get_request(submissions, seller_id, request_id)
    if request.report_id is None:
        raise ReportNotReady(request_id, request.status)
    report = get_report(submissions, seller_id, request.report_id)
    return report, open_document(documents, report)


def acknowledge_reports(
    submissions: Submissions, seller_id: str, report_ids: Sequence[str], at: datetime | None
) -> Sequence[AvailableReport]:
    """Note that reports were taken at a moment, or with None that they were not; return them as they are then.

    Raises:
        ReportUnknown: an id is of no report of this seller's; then nothing is noted.

    """
    reports = [get_report(submissions, seller_id, one) for one in report_ids]
    noted = [submissions.acknowledge(seller_id, one.submission.submission_id, at) for one in reports]
    return [told for one in noted if one is not None and (told := _read_report(one)) is not None]


def _find_requests(submissions: Submissions, seller_id: str, which: ReportFilter) -> Iterator[ReportRequest]:
    asked = Filter(
        kind=SubmissionKind.REPORT_REQUEST,
        submission_ids=which.request_ids,
        feed_types=which.report_types,
        statuses=tuple({_STORED[one] for one in which.statuses}),
        submitted_from=which.since,
        submitted_to=which.until,
        before_counter=which.before_counter,
    )
    for one in map(read_request, _walk(submissions, seller_id, asked)):
        if which.request_ids or not which.statuses or one.status in which.statuses:
            yield one


def _find_reports(submissions: Submissions, seller_id: str, which: ReportFilter) -> Iterator[AvailableReport]:
    """Yield reports that match; asked for by requests, everything else is ignored (GetReportList)."""
    kind = _choose_kind(which.report_types)
    asked = Filter(
        kind=kind,
        submission_ids=which.request_ids,
        feed_types=which.report_types if kind is SubmissionKind.REPORT_REQUEST else (),
        statuses=(ProcessingStatus.DONE,),
        submitted_to=which.until,
        before_counter=which.before_counter,
    )
    for one in _walk(submissions, seller_id, asked):
        report = _read_report(one)
        if report is not None and (which.request_ids or _suits(report, which)):
            yield report


def _walk(submissions: Submissions, seller_id: str, which: Filter) -> Iterator[FeedSubmission]:
    """Yield all submissions that match, newest first, some at a time."""
    while True:
        page = submissions.find(seller_id, which, _PAGE)
        yield from page
        if len(page) < _PAGE:
            return
        which = replace(which, before_counter=page[-1].counter)


def _choose_kind(report_types: tuple[str, ...]) -> SubmissionKind | None:
    if report_types and FEED_SUMMARY not in report_types:
        return SubmissionKind.REPORT_REQUEST
    return SubmissionKind.FEED if set(report_types) == {FEED_SUMMARY} else None


def _suits(report: AvailableReport, which: ReportFilter) -> bool:
    return (
        (not which.report_types or report.report_type in which.report_types)
        and (which.since is None or report.available_at >= which.since)
        and (which.until is None or report.available_at <= which.until)
        and which.is_acknowledged in (None, report.acknowledged_at is not None)
    )


def _read_report(submission: FeedSubmission) -> AvailableReport | None:
    if submission.status is not ProcessingStatus.DONE or submission.report is None:
        return None
    is_feed = submission.kind is SubmissionKind.FEED
    return AvailableReport(
        report_id=make_report_id(submission),
        report_type=FEED_SUMMARY if is_feed else submission.feed_type,
        submission=submission,
        available_at=submission.completed_at or submission.submitted_at,
        acknowledged_at=submission.acknowledged_at,
    )


_STORED = {
    ReportStatus.SUBMITTED: ProcessingStatus.SUBMITTED,
    ReportStatus.IN_PROGRESS: ProcessingStatus.IN_PROGRESS,
    ReportStatus.DONE: ProcessingStatus.DONE,
    ReportStatus.DONE_NO_DATA: ProcessingStatus.DONE,
    ReportStatus.CANCELLED: ProcessingStatus.CANCELLED,
}
