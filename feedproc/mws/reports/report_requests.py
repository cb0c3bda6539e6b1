"""RequestReport, and what became of it: GetReportRequestList, its next pages and count, and CancelReportRequests."""

from datetime import timedelta

from feedproc.feeds.report_request import ReportRequest, ReportStatus
from feedproc.feeds.submission import NewSubmission, ReportAsk
from feedproc.mws import spelling
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import ParameterInvalid
from feedproc.mws.reports.asked import (
    DEFAULT_DAYS,
    RestOfReports,
    include_second,
    read_ids,
    read_next_part,
    read_part,
    read_report_type,
    read_report_types,
    seal_following,
    spell_flag,
    spell_report_type,
)
from feedproc.mws.responses import Element
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.reports.requests import (
    ReportFilter,
    cancel_requests,
    count_requests,
    list_requests,
    request_report,
)

_STATUSES = {spelling.add_underscores(one): one for one in ReportStatus}
_ENDED_BY_ITSELF = (ReportStatus.DONE, ReportStatus.DONE_NO_DATA)
_UNSTARTED = (ReportStatus.SUBMITTED, ReportStatus.CANCELLED)
_MOST_OPTIONS = 50


class RestOfRequests(RestOfReports, frozen=True):
    """The rest of a list of requests."""


def answer_request(call: MwsCall) -> MwsAnswer:
    """RequestReport: ask for a report, of the day before unless dates say otherwise.

    Raises:
        MemberMissing: there is no ReportType.
        ReportTypeUnknown: there is none of this name, or it comes by schedules alone.
        ParameterInvalid: the dates are in the wrong order, or a marketplace is not the seller's.

    """
    given = call.parameters
    start, end = given.read_time("StartDate"), given.read_time("EndDate")
    if start is not None and start > min(end or call.now, call.now):
        raise ParameterInvalid("StartDate must not be later than EndDate, or than now")
    new = NewSubmission(
        seller_id=call.seller.seller_id,
        feed_type=read_report_type(given.require("ReportType")),
        document="",
        size=0,
        submitted_at=call.now,
        marketplace_ids=_read_marketplaces(call),
        asked=ReportAsk(start=start, end=end, options=_read_options(given)),
    )
    return call.answer(_describe_request(request_report(call.backend, load_report_types(), new), is_new=True))


def answer_list(call: MwsCall) -> MwsAnswer:
    """GetReportRequestList: tell the requests with the ids given, or the first page of those that match.

    Raises:
        ReportRequestUnknown: an id is not this seller's.
        ParameterInvalid: a parameter has a value that it cannot have.

    """
    return _answer_page(call, read_part(call, RestOfRequests, _read_filter))


def answer_next(call: MwsCall) -> MwsAnswer:
    """GetReportRequestListByNextToken: tell the page that the token stands for.

    Raises:
        MemberMissing: there is no token.
        NextTokenUnreadable: this seller was not given such a token.

    """
    return _answer_page(call, read_next_part(call, RestOfRequests))


def answer_count(call: MwsCall) -> MwsAnswer:
    """GetReportRequestCount: tell how many match. Raises `ParameterInvalid`."""
    found = count_requests(call.backend.submissions, call.seller.seller_id, _read_filter(call))
    return call.answer(("Count", str(found)))


def answer_cancel(call: MwsCall) -> MwsAnswer:
    """CancelReportRequests: cancel what nobody has begun; count all that match, and tell the newest hundred.

    Raises:
        ReportRequestUnknown: an id is not this seller's.
        ParameterInvalid: a parameter has a value that it cannot have.

    """
    ids = read_ids(call.parameters, "ReportRequestIdList")
    which = ReportFilter(request_ids=ids) if ids else _read_filter(call)
    count, told = cancel_requests(call.backend.submissions, call.seller.seller_id, which, call.now)
    return call.answer(("Count", str(count)), *(_describe_request(one, has_report=False) for one in told))


def _answer_page(call: MwsCall, part: RestOfRequests) -> MwsAnswer:
    page = list_requests(call.backend.submissions, call.seller.seller_id, part.which, part.size)
    infos = [_describe_request(one) for one in page.requests]
    if not page.has_next:
        return call.answer(("HasNext", "false"), *infos)
    following = seal_following(call, part, page.requests[-1].counter)
    return call.answer(("HasNext", "true"), *infos, ("NextToken", following))


def _describe_request(request: ReportRequest, *, is_new: bool = False, has_report: bool = True) -> Element:
    """Return ReportRequestInfo in the recorded order, with the dates that its status goes with."""
    asked, status = request.asked, request.status
    told: list[Element] = [
        ("ReportType", spell_report_type(request.report_type)),
        ("ReportProcessingStatus", spelling.add_underscores(status)),
        ("EndDate", spelling.format_second(asked.end or request.submitted_at)),
        ("Scheduled", spell_flag(asked.is_scheduled)),
        ("ReportRequestId", request.request_id),
    ]
    if request.started_at and status not in _UNSTARTED and not is_new:
        told.append(("StartedProcessingDate", spelling.format_second(request.started_at)))
    told.append(("SubmittedDate", spelling.format_second(request.submitted_at)))
    told.append(("StartDate", spelling.format_second(asked.start or request.submitted_at)))
    if request.completed_at and status in _ENDED_BY_ITSELF:
        told.append(("CompletedDate", spelling.format_second(request.completed_at)))
    if request.report_id and has_report:
        told.append(("GeneratedReportId", request.report_id))
    return ("ReportRequestInfo", told)


def _read_filter(call: MwsCall) -> ReportFilter:
    given = call.parameters
    return ReportFilter(
        report_types=read_report_types(given),
        statuses=_read_statuses(given),
        since=given.read_time("RequestedFromDate") or call.now - timedelta(days=DEFAULT_DAYS),
        until=include_second(given.read_time("RequestedToDate")),
    )


def _read_statuses(given: Parameters) -> tuple[ReportStatus, ...]:
    found = []
    for spelled in given.list_values("ReportProcessingStatusList.Status"):
        if spelled not in _STATUSES:
            raise ParameterInvalid(f"{spelled} is not a report processing status")
        found.append(_STATUSES[spelled])
    return tuple(found)


def _read_marketplaces(call: MwsCall) -> tuple[str, ...]:
    ids = call.parameters.list_values("MarketplaceIdList.Id")
    foreign = [one for one in ids if one not in call.seller.marketplace_ids]
    if foreign:
        raise ParameterInvalid(f"Invalid MarketplaceId: {foreign[0]}")
    return ids


def _read_options(given: Parameters) -> dict[str, str]:
    """Return ReportOptions, `ShowSalesChannel=true`, several of them divided by semicolons."""
    parts = [one for one in (given.get("ReportOptions") or "").split(";") if one.strip()]
    if len(parts) > _MOST_OPTIONS:
        raise ParameterInvalid(f"ReportOptions may hold at most {_MOST_OPTIONS} options")
    pairs = (one.partition("=") for one in parts)
    return {name.strip(): value.strip() for name, _, value in pairs}
