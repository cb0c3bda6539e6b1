"""createReport, getReports, getReport, cancelReport and getReportDocument."""

from datetime import timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from feedproc.errors import ReportRequestUnknown
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.report_request import ReportRequest, ReportStatus
from feedproc.feeds.submission import NewSubmission, ReportAsk
from feedproc.ports import Link
from feedproc.services.reports.requests import (
    ReportFilter,
    cancel_requests,
    get_request,
    list_requests,
    request_report,
    require_type,
)
from feedproc.spapi.call import TOLERATED, Answer, Call, parse_moment, write_moment
from feedproc.spapi.errors import INPUT_MALFORMED, PARAMETERS_INVALID
from feedproc.spapi.identifiers import DocumentKind, read_document_id
from feedproc.spapi.next_token import seal_token, unseal_token
from feedproc.spapi.refusals import AccessDenied, Denial, InputInvalid, MembersMissing
from feedproc.spapi.reports.asking import (
    MOST_TYPES,
    read_asked_marketplaces,
    read_asked_types,
    read_options,
    require_report_type,
)
from feedproc.spapi.spelling import FATAL, REPORT_STATUSES, name_report_status, name_type, write_report_id

KEPT = timedelta(days=90)
"""How far back reports are listed (getReports, createdSince)."""
DEFAULT_PAGE, MOST_PAGE = 10, 100
RESTRICTED = frozenset(
    {
        "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA",
        "GET_FLAT_FILE_ORDERS_DATA",
        "GET_ORDERS_DATA",
        "GET_CONVERGED_FLAT_FILE_ORDER_REPORT_DATA",
    }
)
"""Types that tell of buyers, so that their documents take a restricted data token (Tokens API use case guide)."""
_BAD_DOCUMENT = "Invalid reportDocumentId"


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
    rest = _continue(call, token) if token else _begin(call)
    found: list[ReportRequest] = []
    which = rest.which
    while len(found) <= rest.size:
        page = list_requests(call.services.backend.submissions, call.seller.seller_id, which, MOST_PAGE)
        found += [one for one in page.requests if rest.selects(one)]
        if not page.has_next:
            break
        which = replace(which, before_counter=page.requests[-1].counter)
    body: dict[str, Any] = {"reports": [_tell_report(call, one) for one in found[: rest.size]]}
    if len(found) > rest.size:
        following = replace(rest.which, before_counter=found[rest.size - 1].counter)
        body["nextToken"] = seal_token(call.seller, replace(rest, which=following))
    return Answer(200, body)


def get_report(call: Call) -> Answer:
    """Tell one report. Raises `ReportRequestUnknown`."""
    return Answer(200, _tell_report(call, _find(call, call.path["reportId"])))


def cancel_report(call: Call) -> Answer:
    """Cancel a report that no worker has begun.

    Raises:
        ReportRequestUnknown: the seller has no such report.
        InputInvalid: it was begun, or has ended.

    """
    before = _find(call, call.path["reportId"])
    which = ReportFilter(request_ids=(before.request_id,))
    _, (after,) = cancel_requests(call.services.backend.submissions, call.seller.seller_id, which, call.now)
    if before.status is not ReportStatus.SUBMITTED or after.status is not ReportStatus.CANCELLED:
        raise InputInvalid(
            PARAMETERS_INVALID, f"Report {after.request_id} is {name_report_status(after)}, not IN_QUEUE"
        )
    return Answer(200, {})


def get_document(call: Call) -> Answer:
    """Give the address of a report.

    Raises:
        InputInvalid: the id is of no report of this seller's, or the report is no longer kept.
        AccessDenied: it tells of buyers, and the token is not a restricted one for just this document.

    """
    name = call.path["reportDocumentId"]
    document = read_document_id(call.seller, name)
    if document is None or document.kind is not DocumentKind.REPORT:
        raise InputInvalid(_BAD_DOCUMENT)
    try:
        request = _find(call, document.subject)
        call.services.backend.documents.open(document.key).close()
    except (ReportRequestUnknown, FileNotFoundError):
        raise InputInvalid(_BAD_DOCUMENT) from None
    if request.document != document.key:
        raise InputInvalid(_BAD_DOCUMENT)
    is_opened = any(one.path == call.url_path for one in call.grant.resources)
    if request.report_type in RESTRICTED and not is_opened:
        raise AccessDenied(Denial.NOT_ALLOWED, f"{request.report_type} takes a restricted data token for its document")
    place = marketplace_of(request.marketplace_ids[0]) if request.marketplace_ids else call.seller.marketplace
    layout = require_type(call.services.report_types, request.report_type).layout
    link = Link(call.seller.seller_id, document.key, name, layout.name_content_type(place))
    return Answer(200, {"reportDocumentId": name, **call.tell_download(link)})


class ReportsLeft(Struct, frozen=True):
    """The rest of a list of reports: which, and how many a page."""

    which: ReportFilter
    size: int
    marketplace_ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    """As this API names them."""

    def selects(self, request: ReportRequest) -> bool:
        """Say whether a request that the filter found is asked for."""
        if self.statuses and name_report_status(request) not in self.statuses:
            return False
        listed = request.marketplace_ids
        return not self.marketplace_ids or not listed or not set(self.marketplace_ids).isdisjoint(listed)


def _begin(call: Call) -> ReportsLeft:
    query = call.query
    report_types, statuses = read_asked_types(call), query.list("processingStatuses")
    if not report_types:
        raise MembersMissing(["reportTypes"])
    marketplace_ids = query.list("marketplaceIds")
    if len(marketplace_ids) > MOST_TYPES or not set(statuses) <= {*REPORT_STATUSES.values(), FATAL}:
        raise InputInvalid(INPUT_MALFORMED, "marketplaceIds, processingStatuses")
    which = ReportFilter(
        report_types=report_types,
        since=query.moment("createdSince") or call.now - KEPT,
        until=query.moment("createdUntil"),
    )
    size = query.integer("pageSize", DEFAULT_PAGE, 1, MOST_PAGE)
    return ReportsLeft(which, size, marketplace_ids, statuses)


def _continue(call: Call, token: str) -> ReportsLeft:
    if not call.query.has_only("nextToken", *TOLERATED):
        raise InputInvalid(PARAMETERS_INVALID, "nextToken must be the only parameter")
    return unseal_token(call.seller, token, ReportsLeft)


def _find(call: Call, request_id: str) -> ReportRequest:
    return get_request(call.services.backend.submissions, call.seller.seller_id, request_id)


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
