"""Schedules of reports in memory: the port `Schedules`."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from feedproc.feeds.report_request import ReportSchedule
from feedproc.memory.tables import Tables, require_text


class MemorySchedules:
    """The port `Schedules`."""

    def __init__(self, tables: Tables) -> None:
        """Use the table of schedules."""
        self._tables = tables

    def put(self, schedule: ReportSchedule) -> None:
        """Keep a schedule in place of the one that the seller has for the same type, if any."""
        require_text(schedule.seller_id, schedule.report_type)
        with self._tables.lock:
            self._tables.schedules[schedule.seller_id, schedule.report_type] = schedule

    def remove(self, seller_id: str, report_type: str) -> None:
        """Forget a schedule, if there is one."""
        with self._tables.lock:
            self._tables.schedules.pop((seller_id, report_type), None)

    def list_schedules(self, seller_id: str) -> Sequence[ReportSchedule]:
        """Return a seller's schedules, by the name of their type."""
        with self._tables.lock:
            found = [one for one in self._tables.schedules.values() if one.seller_id == seller_id]
        return sorted(found, key=lambda one: one.report_type)

    def find_due(self, at: datetime, limit: int) -> Sequence[ReportSchedule]:
        """Return schedules of all sellers whose time has come, the longest due first, at most `limit` of them."""
        with self._tables.lock:
            due = [one for one in self._tables.schedules.values() if one.next_at <= at]
        return sorted(due, key=lambda one: one.next_at)[:limit]

    def advance(self, schedule: ReportSchedule, next_at: datetime) -> bool:
        """Let a schedule be due next at that moment; False, and nothing changes, if it is not as it was read."""
        key = schedule.seller_id, schedule.report_type
        with self._tables.lock:
            if self._tables.schedules.get(key) != schedule:
                return False
            self._tables.schedules[key] = replace(schedule, next_at=next_at, previous_at=schedule.next_at)
        return True
