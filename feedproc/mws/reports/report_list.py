"""GetReportList, its next pages and count, GetReport, and UpdateReportAcknowledgements."""

from datetime import timedelta

from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.submission import SubmissionKind
from feedproc.mws import spelling
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import ParameterInvalid, ReportIdMissing
from feedproc.mws.reports.asked import (
    DEFAULT_DAYS,
    RestOfReports,
    include_second,
    read_ids,
    read_next_part,
    read_part,
    read_report_types,
    seal_following,
    spell_flag,
    spell_report_type,
)
from feedproc.mws.responses import Element
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.reports.requests import (
    AvailableReport,
    ReportFilter,
    acknowledge_reports,
    count_reports,
    get_report,
    list_reports,
    open_document,
    require_type,
)

_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


class RestOfReportList(RestOfReports, frozen=True):
    """The rest of a list of reports."""


def answer_list(call: MwsCall) -> MwsAnswer:
    """GetReportList: tell the reports of the requests that are named, or the first page of those that match.

    Raises:
        ParameterInvalid: a parameter has a value that it cannot have.

    """
    return _answer_page(call, read_part(call, RestOfReportList, _read_filter))


def answer_next(call: MwsCall) -> MwsAnswer:
    """GetReportListByNextToken: tell the page that the token stands for.

    Raises:
        MemberMissing: there is no token.
        NextTokenUnreadable: this seller was not given such a token.

    """
    return _answer_page(call, read_next_part(call, RestOfReportList))


def answer_count(call: MwsCall) -> MwsAnswer:
    """GetReportCount: tell how many match. Raises `ParameterInvalid`."""
    found = count_reports(call.backend.submissions, call.seller.seller_id, _read_filter(call))
    return call.answer(("Count", str(found)))


def answer_report(call: MwsCall) -> MwsAnswer:
    """GetReport: send a report, one that was asked for or that of a feed, as it is.

    Raises:
        ReportIdMissing: it is not said which.
        ReportUnknown: this seller has no such report; the id of a request is none of a report.
        ReportGone: it is no longer kept.

    """
    wanted = call.parameters.get("ReportId")
    if wanted is None:
        raise ReportIdMissing
    report = get_report(call.backend.submissions, call.seller.seller_id, wanted.strip())
    return call.send(open_document(call.backend.documents, report), _name_content_type(call, report))


def answer_acknowledgement(call: MwsCall) -> MwsAnswer:
    """UpdateReportAcknowledgements: note which reports were taken, or with Acknowledged=false that they were not.

    Raises:
        MemberMissing: no report is named.
        ReportUnknown: this seller has no such report; then none is acknowledged.
        ParameterInvalid: there are too many ids, or Acknowledged is neither true nor false.

    """
    ids = read_ids(call.parameters, "ReportIdList")
    if not ids:
        call.parameters.require("ReportIdList")
    is_taken = _read_truth(call.parameters, "Acknowledged")
    at = None if is_taken is False else call.now
    noted = acknowledge_reports(call.backend.submissions, call.seller.seller_id, ids, at)
    return call.answer(("Count", str(len(noted))), *map(_describe_report, noted))


def _answer_page(call: MwsCall, part: RestOfReportList) -> MwsAnswer:
    page = list_reports(call.backend.submissions, call.seller.seller_id, part.which, part.size)
    infos = [_describe_report(one) for one in page.reports]
    if not page.has_next:
        return call.answer(("HasNext", "false"), *infos)
    following = seal_following(call, part, page.reports[-1].submission.counter)
    return call.answer(("HasNext", "true"), ("NextToken", following), *infos)


def _describe_report(report: AvailableReport) -> Element:
    told: list[Element] = [
        ("ReportType", spell_report_type(report.report_type)),
        ("Acknowledged", spell_flag(report.acknowledged_at is not None)),
    ]
    if report.acknowledged_at is not None:
        told.append(("AcknowledgedDate", spelling.format_second(report.acknowledged_at)))
    told += [
        ("ReportId", report.report_id),
        ("ReportRequestId", report.submission.submission_id),
        ("AvailableDate", spelling.format_second(report.available_at)),
    ]
    return ("ReportInfo", told)


def _name_content_type(call: MwsCall, report: AvailableReport) -> str:
    if report.submission.kind is SubmissionKind.FEED:
        form = call.feed_types.look_up(report.submission.feed_type).format
        return form.report_content_type(call.seller.marketplace.marketplace_id)
    places = report.submission.marketplace_ids
    place = marketplace_of(places[0]) if places else call.seller.marketplace
    return require_type(load_report_types(), report.report_type).layout.name_content_type(place)


def _read_filter(call: MwsCall) -> ReportFilter:
    given = call.parameters
    return ReportFilter(
        report_types=read_report_types(given),
        is_acknowledged=_read_truth(given, "Acknowledged"),
        since=given.read_time("AvailableFromDate") or call.now - timedelta(days=DEFAULT_DAYS),
        until=include_second(given.read_time("AvailableToDate")),
    )


def _read_truth(given: Parameters, name: str) -> bool | None:
    spelled = given.get(name)
    if spelled is None:
        return None
    if spelled.strip().lower() not in _TRUTHS:
        raise ParameterInvalid(f"{name} must be true or false")
    return _TRUTHS[spelled.strip().lower()]
