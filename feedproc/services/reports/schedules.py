"""Schedules: reports that are asked for again and again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from feedproc.errors import ReportTypeUnknown
from feedproc.feeds.moments import as_micros
from feedproc.feeds.report_schedule import ReportSchedule
from feedproc.feeds.submission import NewSubmission, ReportAsk
from feedproc.ports import Backend, Schedules
from feedproc.services.reports.report_type import ReportTypes
from feedproc.services.reports.requests import request_report, require_type

_STEP = timedelta(microseconds=1)
"""Behind the end of one report, which counts, the next begins: so an order is in one of them."""
_MOST = 100
"""Schedules of one look."""


def set_schedule(schedules: Schedules, report_types: ReportTypes, schedule: ReportSchedule) -> ReportSchedule:
    """Ask for a report again and again, from `next_at` on; a schedule of the seller for the same type ends.

    So does one for a rival type, such as that of orders in XML and as a flat file (ManageReportSchedule).

    Raises:
        ReportTypeUnknown: there is no such type, or it comes by requests alone.

    """
    report_type = require_type(report_types, schedule.report_type)
    if not report_type.is_schedulable:
        raise ReportTypeUnknown(schedule.report_type, "it comes by requests alone")
    kept = replace(schedule, report_type=report_type.name)
    for rival in report_types.list_rivals(report_type):
        schedules.remove(schedule.seller_id, rival)
    schedules.put(kept)
    return kept


def make_schedule_id(at: datetime) -> str:
    """Return the id of a schedule that is set at a moment: digits, of which a seller's have no two alike."""
    return str(as_micros(at) // 1000)


def list_schedules(schedules: Schedules, seller_id: str, report_types: Sequence[str] = ()) -> Sequence[ReportSchedule]:
    """Return a seller's schedules for these types, or all of them."""
    found = schedules.list_schedules(seller_id)
    return [one for one in found if not report_types or one.report_type in report_types]


def request_due(backend: Backend, report_types: ReportTypes, now: datetime) -> int:
    """Ask for the reports whose time has come; return how many. However often it is asked, each is asked for once.

    A schedule whose times went by while nobody was at work asks once for all that has happened since.
    """
    due = backend.schedules.find_due(now, _MOST)
    for schedule in due:
        _request(backend, report_types, schedule, now)
    return len(due)


def _request(backend: Backend, report_types: ReportTypes, schedule: ReportSchedule, now: datetime) -> None:
    """Ask first and note then: who dies in between asks again, which the repetition key makes harmless."""
    passed = (now - schedule.next_at) // schedule.interval
    last = schedule.next_at + passed * schedule.interval
    before = schedule.previous_at
    asked = ReportAsk(
        start=before + _STEP if before else schedule.next_at - schedule.interval,
        end=last,
        options=schedule.options,
        is_scheduled=True,
        schedule_id=schedule.schedule_id,
    )
    new = NewSubmission(
        seller_id=schedule.seller_id,
        feed_type=schedule.report_type,
        document="",
        size=0,
        submitted_at=now,
        marketplace_ids=schedule.marketplace_ids,
        asked=asked,
    )
    key = f"schedule/{schedule.schedule_id}/{schedule.report_type}/{as_micros(schedule.next_at)}"
    if report_types.find(schedule.report_type) is not None:
        request_report(backend, report_types, new, key)
    backend.schedules.advance(replace(schedule), last + schedule.interval)


LONGEST_AHEAD = timedelta(days=366)
"""How far ahead a schedule may begin (Reports reference, ManageReportSchedule)."""
