"""Reports 2021-06-30 (models, `reports_2021-06-30.json`), over the requests and schedules that MWS knows as well."""

from feedproc.spapi.call import Operation
from feedproc.spapi.reports import reports, schedules

_BASE = "/reports/2021-06-30"
_REPORT, _SCHEDULE = f"{_BASE}/reports/<reportId>", f"{_BASE}/schedules/<reportScheduleId>"
OPERATIONS = (
    Operation(
        name="createReport",
        method="POST",
        path=f"{_BASE}/reports",
        answer=reports.create_report,
        rate=0.0167,
        burst=15,
    ),
    Operation(
        name="getReports", method="GET", path=f"{_BASE}/reports", answer=reports.list_reports, rate=0.0222, burst=10
    ),
    Operation(name="getReport", method="GET", path=_REPORT, answer=reports.get_report, rate=2, burst=15),
    Operation(name="cancelReport", method="DELETE", path=_REPORT, answer=reports.cancel_report, rate=0.0222, burst=10),
    Operation(
        name="getReportDocument",
        method="GET",
        path=f"{_BASE}/documents/<reportDocumentId>",
        answer=reports.get_document,
        rate=0.0167,
        burst=15,
    ),
    Operation(
        name="createReportSchedule",
        method="POST",
        path=f"{_BASE}/schedules",
        answer=schedules.create_schedule,
        rate=0.0222,
        burst=10,
    ),
    Operation(
        name="getReportSchedules",
        method="GET",
        path=f"{_BASE}/schedules",
        answer=schedules.list_all,
        rate=0.0222,
        burst=10,
    ),
    Operation(
        name="getReportSchedule", method="GET", path=_SCHEDULE, answer=schedules.get_schedule, rate=0.0222, burst=10
    ),
    Operation(
        name="cancelReportSchedule",
        method="DELETE",
        path=_SCHEDULE,
        answer=schedules.cancel_schedule,
        rate=0.0222,
        burst=10,
    ),
)
