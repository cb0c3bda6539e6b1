"""Reports 2021-06-30 (models, `reports_2021-06-30.json`), over the requests and schedules that MWS knows as well."""

from functools import partial

from feedproc.spapi.call import Operation
from feedproc.spapi.reports import documents, reports, schedules

_BASE = "/reports/2021-06-30"
_REPORT, _SCHEDULE = f"{_BASE}/reports/<reportId>", f"{_BASE}/schedules/<reportScheduleId>"
_make_rare = partial(Operation, rate=0.0222, burst=10)
_make_scarce = partial(Operation, rate=0.0167, burst=15)
OPERATIONS = (
    _make_scarce(name="createReport", method="POST", path=f"{_BASE}/reports", answer=reports.create_report),
    _make_rare(name="getReports", method="GET", path=f"{_BASE}/reports", answer=reports.list_reports),
    Operation(name="getReport", method="GET", path=_REPORT, answer=reports.get_report, rate=2, burst=15),
    _make_rare(name="cancelReport", method="DELETE", path=_REPORT, answer=reports.cancel_report),
    _make_scarce(
        name="getReportDocument",
        method="GET",
        path=f"{_BASE}/documents/<reportDocumentId>",
        answer=documents.get_document,
    ),
    _make_rare(name="createReportSchedule", method="POST", path=f"{_BASE}/schedules", answer=schedules.create_schedule),
    _make_rare(name="getReportSchedules", method="GET", path=f"{_BASE}/schedules", answer=schedules.list_all),
    _make_rare(name="getReportSchedule", method="GET", path=_SCHEDULE, answer=schedules.get_schedule),
    _make_rare(name="cancelReportSchedule", method="DELETE", path=_SCHEDULE, answer=schedules.cancel_schedule),
)
