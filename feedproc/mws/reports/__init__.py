"""The section Reports: reports of orders asked for, listed, fetched, acknowledged and scheduled; and those of feeds."""

from datetime import timedelta

from feedproc import errors
from feedproc.mws import refusals, service_status
from feedproc.mws.errors import GATEWAY_ERRORS, make_service_error
from feedproc.mws.reports import report_list, report_requests, schedules
from feedproc.mws.responses import NAMESPACE
from feedproc.mws.section import Action, Section
from feedproc.mws.throttle import Quota


def _explain_unknown(_: errors.ReportRequestUnknown) -> str:
    return "One or more of the provided ReportRequestIds could not be found."


def _explain_no_report(_: errors.ReportUnknown) -> str:
    return "InputDataError"


_ASK = Quota(15, timedelta(minutes=1), 60)
_LIST = Quota(10, timedelta(minutes=1), 60)
_OTHER = Quota(10, timedelta(seconds=45), 80)
_NEXT = Quota(30, timedelta(seconds=2), 1800)

REPORTS = Section(
    name="Reports",
    version="2009-01-01",
    namespace=NAMESPACE,
    request_id_name="RequestId",
    errors={
        **GATEWAY_ERRORS,
        refusals.ReportIdMissing: make_service_error("MissingParameter"),
        refusals.FrequencyInvalid: make_service_error("InvalidScheduleFrequency"),
        errors.ReportTypeUnknown: make_service_error("InvalidReportType"),
        errors.ReportRequestUnknown: make_service_error("InvalidReportRequestId")._replace(message=_explain_unknown),
        errors.ReportUnknown: make_service_error("InputDataError")._replace(message=_explain_no_report),
        errors.ReportNotReady: make_service_error("ReportNotReady"),
        errors.ReportGone: make_service_error("ReportNoLongerAvailable"),
    },
    actions={
        "RequestReport": Action(report_requests.answer_request, _ASK),
        "GetReportRequestList": Action(report_requests.answer_list, _OTHER),
        "GetReportRequestListByNextToken": Action(report_requests.answer_next, _NEXT),
        "GetReportRequestCount": Action(report_requests.answer_count, _OTHER),
        "CancelReportRequests": Action(report_requests.answer_cancel, _OTHER),
        "GetReportList": Action(report_list.answer_list, _LIST),
        "GetReportListByNextToken": Action(report_list.answer_next, _NEXT),
        "GetReportCount": Action(report_list.answer_count, _OTHER),
        "GetReport": Action(report_list.answer_report, _ASK, is_relayed=True),
        "UpdateReportAcknowledgements": Action(report_list.answer_acknowledgement, _OTHER),
        "ManageReportSchedule": Action(schedules.answer_schedule, _OTHER),
        "GetReportScheduleList": Action(schedules.answer_list, _OTHER),
        "GetReportScheduleCount": Action(schedules.answer_count, _OTHER),
        "GetServiceStatus": Action(service_status.answer, Quota(2, timedelta(minutes=5), 12)),
    },
)
"""Quotas, codes and texts as the Reports reference states them, and as they were recorded."""
