"""createReport, getReports, getReport and cancelReport."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from feedproc.feeds.report_request import ReportRequest, ReportStatus
from feedproc.feeds.submission import NewSubmission, ReportAsk
from feedproc.services.reports.requests import (
    ReportFilter,
    cancel_requests,
    get_request,
    list_requests,
    request_report,
)
from feedproc.spapi.call import Answer, Call, parse_moment, write_moment
from feedproc.spapi.errors import PARAMETERS_INVALID
from feedproc.spapi.listing import MOST_PAGE, ListLeft, continue_list, read_list_query, take_page
from feedproc.spapi.next_token import seal_token
from feedproc.spapi.refusals import InputInvalid
from feedproc.spapi.reports.asking import (
    read_asked_marketplaces,
    read_asked_types,
    read_options,
    require_report_type,
)
from feedproc.spapi.spelling import REPORT_STATUSES, name_report_status, name_type, write_report_id


def create_report(call: Call) -> Answer:
    """Ask for a report.

    Raises:
        MembersMissing: with the names of all that are not there.
        ReportTypeUnknown: there is no such type, or it comes by schedules alone.
        InputInvalid: a marketplace is not the seller's, or a time or an option is not as it must be.

    """
    call.members.require("reportType", "marketplaceIds")
    start, end = (call.members.text(name) for name in ("dataStartTime", "dataEndTime"))
    asked = ReportAsk(
        start=parse_moment(start) if start else None,
        end=parse_moment(end) if end else None,
        options=read_options(call),
    )
    if (asked.end or call.now) > call.now or (asked.start or asked.end or call.now) > (asked.end or call.now):
        raise InputInvalid(PARAMETERS_INVALID, "dataStartTime, dataEndTime")
    new = NewSubmission(
        seller_id=call.seller.seller_id,
        feed_type=require_report_type(call),
        document="",
        size=0,
        submitted_at=call.now,
        marketplace_ids=read_asked_marketplaces(call),
        asked=asked,
    )
    made = request_report(call.services.backend, call.services.report_types, new)
    return Answer(202, {"reportId": made.request_id})


def list_reports(call: Call) -> Answer:
    """Tell the newest reports that match, or the next page of a list.

    Raises:
        MembersMissing: neither types nor a token are named.
        InputInvalid: a parameter is not as it must be; or others stand beside a token.

    """
    token = call.query.get("nextToken")
    rest = continue_list(call, token, ReportsLeft) if token else _begin(call)

    def look(which: ReportFilter) -> tuple[Sequence[ReportRequest], bool]:
        page = list_requests(call.services.backend.submissions, call.seller.seller_id, which, MOST_PAGE)
        return page.requests, page.has_next

    reports, following = take_page(rest, rest.which, look, name_report_status)
    body: dict[str, Any] = {"reports": [_tell_report(call, one) for one in reports]}
    if following is not None:
        body["nextToken"] = seal_token(call.seller, replace(rest, which=following))
    return Answer(200, body)


def get_report(call: Call) -> Answer:
    """Tell one report. Raises `ReportRequestUnknown`."""
    return Answer(200, _tell_report(call, _find(call)))


def cancel_report(call: Call) -> Answer:
    """Cancel a report that no worker has begun.

    Raises:
        ReportRequestUnknown: the seller has no such report.
        InputInvalid: it was begun, or has ended.

    """
    before = _find(call)
    which = ReportFilter(request_ids=(before.request_id,))
    _, (after,) = cancel_requests(call.services.backend.submissions, call.seller.seller_id, which, call.now)
    if before.status is not ReportStatus.SUBMITTED or after.status is not ReportStatus.CANCELLED:
        raise InputInvalid(
            PARAMETERS_INVALID, f"Report {after.request_id} is {name_report_status(after)}, not IN_QUEUE"
        )
    return Answer(200, {})


class ReportsLeft(ListLeft, frozen=True, kw_only=True):
    """The rest of a list of reports."""

    which: ReportFilter


def _begin(call: Call) -> ReportsLeft:
    report_types = read_asked_types(call)
    asked = read_list_query(call, report_types, "reportTypes", REPORT_STATUSES.values())
    which = ReportFilter(report_types=report_types, since=asked.since, until=asked.until)
    return ReportsLeft(which=which, size=asked.size, marketplace_ids=asked.marketplace_ids, statuses=asked.statuses)


def _find(call: Call) -> ReportRequest:
    return get_request(call.services.backend.submissions, call.seller.seller_id, call.path["reportId"])


def _tell_report(call: Call, request: ReportRequest) -> dict[str, Any]:
    asked = request.asked
    times = {
        "dataStartTime": asked.start,
        "dataEndTime": asked.end,
        "processingStartTime": request.started_at,
        "processingEndTime": request.completed_at if request.started_at else None,
    }
    told: dict[str, Any] = {
        "reportId": request.request_id,
        "reportType": name_type(call.services.report_types, request.report_type, asked.spelled_type),
        "marketplaceIds": list(request.marketplace_ids or call.seller.marketplace_ids),
        "createdTime": write_moment(request.submitted_at),
        "processingStatus": name_report_status(request),
        **{name: write_moment(at) for name, at in times.items() if at is not None},
    }
    if asked.schedule_id:
        told["reportScheduleId"] = asked.schedule_id
    document = write_report_id(call.seller, request)
    return told | ({"reportDocumentId": document} if document else {})
