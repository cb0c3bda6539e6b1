"""createReportSchedule, getReportSchedules, getReportSchedule and cancelReportSchedule."""

from datetime import timedelta
from typing import Any

from feedproc.feeds.report_schedule import ReportSchedule
from feedproc.services.reports.schedules import LONGEST_AHEAD, list_schedules, make_schedule_id, set_schedule
from feedproc.spapi.call import Answer, Call, parse_moment, write_moment
from feedproc.spapi.errors import PARAMETERS_INVALID
from feedproc.spapi.refusals import InputInvalid, MembersMissing, ScheduleMissing
from feedproc.spapi.reports.asking import (
    read_asked_marketplaces,
    read_asked_types,
    read_options,
    require_report_type,
)
from feedproc.spapi.spelling import name_type

PERIODS = {
    **{f"PT{minutes}M": timedelta(minutes=minutes) for minutes in (5, 15, 30)},
    **{f"PT{hours}H": timedelta(hours=hours) for hours in (1, 2, 4, 8, 12)},
    **{f"P{days}D": timedelta(days=days) for days in (1, 2, 3)},
    "PT84H": timedelta(hours=84),
    **{f"P{days}D": timedelta(days=days) for days in (7, 14, 15, 18, 30)},
    "P1M": timedelta(days=30),
}
"""How often a report can come. A month has thirty days."""


def create_schedule(call: Call) -> Answer:
    """Ask for a report again and again; a schedule of the seller for the same type ends.

    Raises:
        MembersMissing: with the names of all that are not there.
        ReportTypeUnknown: there is no such type, or it comes by requests alone.
        InputInvalid: a marketplace is not the seller's, or something else is not as it must be.

    """
    call.members.require("reportType", "marketplaceIds", "period")
    period = call.members.text("period") or ""
    begin = call.members.text("nextReportCreationTime")
    next_at = parse_moment(begin) if begin else call.now
    if period not in PERIODS or next_at > call.now + LONGEST_AHEAD:
        raise InputInvalid(PARAMETERS_INVALID, "period, nextReportCreationTime")
    schedule = ReportSchedule(
        seller_id=call.seller.seller_id,
        report_type=require_report_type(call),
        interval=PERIODS[period],
        next_at=max(next_at, call.now),
        schedule_id=make_schedule_id(call.now),
        marketplace_ids=read_asked_marketplaces(call),
        options=read_options(call),
        spelled_interval=period,
    )
    made = set_schedule(call.services.backend.schedules, call.services.report_types, schedule)
    return Answer(201, {"reportScheduleId": made.schedule_id})


def list_all(call: Call) -> Answer:
    """Tell the seller's schedules for some types.

    Raises:
        MembersMissing: no types are named.
        InputInvalid: too many are.

    """
    report_types = read_asked_types(call)
    if not report_types:
        raise MembersMissing(["reportTypes"])
    found = list_schedules(call.services.backend.schedules, call.seller.seller_id, report_types)
    return Answer(200, {"reportSchedules": [_tell_schedule(call, one) for one in found]})


def get_schedule(call: Call) -> Answer:
    """Tell one schedule. Raises `ScheduleMissing`."""
    return Answer(200, _tell_schedule(call, _find(call)))


def cancel_schedule(call: Call) -> Answer:
    """End a schedule. Raises `ScheduleMissing`."""
    call.services.backend.schedules.remove(call.seller.seller_id, _find(call).report_type)
    return Answer(200, {})


def _find(call: Call) -> ReportSchedule:
    name = call.path["reportScheduleId"]
    found = list_schedules(call.services.backend.schedules, call.seller.seller_id)
    schedule = next((one for one in found if one.schedule_id == name), None)
    if schedule is None:
        raise ScheduleMissing(name)
    return schedule


def _tell_schedule(call: Call, schedule: ReportSchedule) -> dict[str, Any]:
    names = (name for name, interval in PERIODS.items() if interval == schedule.interval)
    told = {
        "reportScheduleId": schedule.schedule_id,
        "reportType": name_type(call.services.report_types, schedule.report_type),
        "marketplaceIds": list(schedule.marketplace_ids or call.seller.marketplace_ids),
        "period": schedule.spelled_interval if schedule.spelled_interval in PERIODS else next(names, "P1D"),
        "nextReportCreationTime": write_moment(schedule.next_at),
    }
    return told | ({"reportOptions": schedule.options} if schedule.options else {})
