"""Schedules of reports in SQLite: the port `Schedules`."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from feedproc.embedded.database import Database
from feedproc.feeds.moments import as_micros
from feedproc.feeds.report_request import ReportSchedule

_decode = msgspec.json.Decoder(ReportSchedule).decode
_encode = msgspec.json.Encoder().encode


class SqliteSchedules:
    """The port `Schedules`."""

    def __init__(self, database: Database) -> None:
        """Use the table `report_schedules`."""
        self._database = database

    def put(self, schedule: ReportSchedule) -> None:
        """Keep a schedule in place of the one that the seller has for the same type, if any."""
        self._database.connection.execute(
            "INSERT OR REPLACE INTO report_schedules VALUES (?, ?, ?, ?)",
            (schedule.seller_id, schedule.report_type, as_micros(schedule.next_at), _encode(schedule)),
        )

    def remove(self, seller_id: str, report_type: str) -> None:
        """Forget a schedule, if there is one."""
        self._database.connection.execute(
            "DELETE FROM report_schedules WHERE seller_id = ? AND report_type = ?", (seller_id, report_type)
        )

    def list_schedules(self, seller_id: str) -> Sequence[ReportSchedule]:
        """Return a seller's schedules, by the name of their type."""
        rows = self._database.connection.execute(
            "SELECT data FROM report_schedules WHERE seller_id = ? ORDER BY report_type", (seller_id,)
        )
        return [_decode(data) for (data,) in rows]

    def find_due(self, at: datetime, limit: int) -> Sequence[ReportSchedule]:
        """Return schedules of all sellers whose time has come, the longest due first, at most `limit` of them."""
        rows = self._database.connection.execute(
            "SELECT data FROM report_schedules WHERE next_at <= ? ORDER BY next_at LIMIT ?", (as_micros(at), limit)
        )
        return [_decode(data) for (data,) in rows]

    def advance(self, schedule: ReportSchedule, next_at: datetime) -> bool:
        """Let a schedule be due next at that moment; False, and nothing changes, if it is not as it was read."""
        following = replace(schedule, next_at=next_at, previous_at=schedule.next_at)
        changed = self._database.connection.execute(
            "UPDATE report_schedules SET next_at = ?, data = ? WHERE seller_id = ? AND report_type = ? AND data = ?",
            (as_micros(next_at), _encode(following), schedule.seller_id, schedule.report_type, _encode(schedule)),
        )
        return bool(changed.rowcount)
