"""ManageReportSchedule, and GetReportScheduleList with its count."""

from datetime import timedelta

from feedproc.feeds.report_schedule import ReportSchedule
from feedproc.mws import spelling
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.refusals import FrequencyInvalid, ParameterInvalid
from feedproc.mws.reports.asked import read_report_type, read_report_types, spell_report_type
from feedproc.mws.responses import Element
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.reports.requests import require_type
from feedproc.services.reports.schedules import LONGEST_AHEAD, list_schedules, make_schedule_id, set_schedule

NEVER = "_NEVER_"
"""In the place of an interval: the schedule ends."""
INTERVALS = {
    **{f"_{minutes}_MINUTES_": timedelta(minutes=minutes) for minutes in (15, 30)},
    "_1_HOUR_": timedelta(hours=1),
    **{f"_{hours}_HOURS_": timedelta(hours=hours) for hours in (2, 4, 8, 12)},
    "_1_DAY_": timedelta(days=1),
    "_2_DAYS_": timedelta(days=2),
    "_72_HOURS_": timedelta(hours=72),
    "_1_WEEK_": timedelta(weeks=1),
    **{f"_{days}_DAYS_": timedelta(days=days) for days in (14, 15, 30)},
}
_NAMES = {interval: name for name, interval in INTERVALS.items()}


def answer_schedule(call: MwsCall) -> MwsAnswer:
    """ManageReportSchedule: set, change or end the schedule of one type.

    Without a ScheduleDate the first report is asked for at once. Amazon's answer to the end of a schedule is not known;
    ours tells that schedule, with the time at which it would have been due.

    Raises:
        MemberMissing: there is no ReportType, or no Schedule.
        ReportTypeUnknown: there is no such type, or it comes by requests alone.
        FrequencyInvalid: no schedule is due so often.
        ParameterInvalid: the first time is too far ahead.

    """
    given = call.parameters
    name = read_report_type(given.require("ReportType"))
    spelled = given.require("Schedule")
    first = given.read_time("ScheduleDate") or call.now
    if first > call.now + LONGEST_AHEAD:
        raise ParameterInvalid(f"ScheduleDate must be within {LONGEST_AHEAD.days} days from now")
    if spelled == NEVER:
        return _answer_end(call, require_type(load_report_types(), name).name)
    if spelled not in INTERVALS:
        raise FrequencyInvalid(spelled, (*INTERVALS, NEVER))
    schedule = ReportSchedule(
        seller_id=call.seller.seller_id,
        report_type=name,
        interval=INTERVALS[spelled],
        next_at=max(first, call.now),
        schedule_id=make_schedule_id(call.now),
        spelled_interval=spelled,
    )
    kept = set_schedule(call.backend.schedules, load_report_types(), schedule)
    return call.answer(_describe_schedule(kept), ("Count", "1"))


def answer_list(call: MwsCall) -> MwsAnswer:
    """GetReportScheduleList: tell the schedules, all, or those of the types given. Raises `ParameterInvalid`."""
    found = list_schedules(call.backend.schedules, call.seller.seller_id, read_report_types(call.parameters))
    return call.answer(("HasNext", "false"), *map(_describe_schedule, found))


def answer_count(call: MwsCall) -> MwsAnswer:
    """GetReportScheduleCount: tell how many there are. Raises `ParameterInvalid`."""
    found = list_schedules(call.backend.schedules, call.seller.seller_id, read_report_types(call.parameters))
    return call.answer(("Count", str(len(found))))


def _answer_end(call: MwsCall, name: str) -> MwsAnswer:
    ended = list_schedules(call.backend.schedules, call.seller.seller_id, (name,))
    call.backend.schedules.remove(call.seller.seller_id, name)
    return call.answer(*map(_describe_schedule, ended), ("Count", str(len(ended))))


def _describe_schedule(schedule: ReportSchedule) -> Element:
    return (
        "ReportSchedule",
        (
            ("ReportType", spell_report_type(schedule.report_type)),
            ("Schedule", _NAMES.get(schedule.interval, schedule.spelled_interval)),
            ("ScheduledDate", spelling.format_second(schedule.next_at)),
        ),
    )
