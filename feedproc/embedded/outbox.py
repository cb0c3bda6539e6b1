"""What is to be sent, and what was, in SQLite."""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec

from feedproc.embedded.database import Database
from feedproc.embedded.rows import make_rows_with_data, name_rows
from feedproc.feeds.moments import as_micros, as_moment
from feedproc.ports import Lane, OutboxEntry, OutboxKind, SentEntry, Undelivered

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(OutboxEntry).decode
_DELETED_AT_ONCE = 5_000


class SqliteOutbox:
    """The port `Outbox`."""

    def __init__(self, database: Database) -> None:
        """Use the table `outbox`."""
        self._database = database

    def add(self, entry: OutboxEntry, at: datetime) -> None:
        """Add an entry with a new id that belongs to no other change."""
        with self._database.transaction() as connection:
            put(connection, [entry])

    def list_waiting(self, limit: int, lane: Lane | None = None) -> Sequence[OutboxEntry]:
        """Return the oldest entries that were not sent yet, of one lane or of all."""
        which = "" if lane is None else "AND kind = ? AND seller_id = ?"
        rows = self._database.connection.execute(
            f"SELECT data FROM outbox WHERE sent_at IS NULL {which} ORDER BY rowid LIMIT ?",
            (*(lane or ()), limit),
        )
        return [_decode(data) for (data,) in rows]

    def list_lanes(self, limit: int, after: Lane | None = None) -> Sequence[Lane]:
        """Return at most `limit` lanes in which something waits, those behind `after`: a look into the index each."""
        found: list[Lane] = []
        last: tuple[str, str] = after or ("", "")
        while len(found) < limit:
            row = self._database.connection.execute(
                "SELECT kind, seller_id FROM outbox WHERE sent_at IS NULL AND (kind, seller_id) > (?, ?)"
                " ORDER BY kind, seller_id LIMIT 1",
                last,
            ).fetchone()
            if row is None:
                break
            last = row
            found.append(Lane(OutboxKind(row[0]), row[1]))
        return found

    def note_sent(self, entries: Collection[OutboxEntry], at: datetime, undelivered: Undelivered | None = None) -> None:
        """Note that entries went out, or why they never will."""
        with self._database.transaction() as connection:
            if undelivered is not None:
                # Those that were noted before stay as they are.
                connection.executemany(
                    "INSERT OR IGNORE INTO undelivered SELECT entry_id, ?, ? FROM outbox"
                    " WHERE entry_id = ? AND sent_at IS NULL",
                    [(undelivered.why, undelivered.has_nobody, one.entry_id) for one in entries],
                )
            connection.executemany(
                "UPDATE outbox SET sent_at = ? WHERE entry_id = ? AND sent_at IS NULL",
                [(as_micros(at), one.entry_id) for one in entries],
            )

    def list_recent(self, seller_id: str, limit: int) -> Sequence[SentEntry]:
        """Return a seller's last entries, newest first."""
        rows = self._database.connection.execute(
            "SELECT o.data, o.sent_at, u.why, u.has_nobody FROM outbox AS o LEFT JOIN undelivered AS u USING (entry_id)"
            " WHERE o.seller_id = ? ORDER BY o.rowid DESC LIMIT ?",
            (seller_id, limit),
        )
        return [_read_sent(*row) for row in rows]

    def forget(self, before: datetime) -> int:
        """Delete the entries that were sent before a moment, some thousands at a time; return how many."""
        deleted = 0
        while True:
            with self._database.transaction() as connection:
                gone = connection.execute(
                    "DELETE FROM outbox WHERE rowid IN (SELECT rowid FROM outbox WHERE sent_at < ? LIMIT ?)"
                    " RETURNING entry_id",
                    (as_micros(before), _DELETED_AT_ONCE),
                ).fetchall()
                connection.executemany("DELETE FROM undelivered WHERE entry_id = ?", gone)
            some = len(gone)
            deleted += some
            if some < _DELETED_AT_ONCE:
                return deleted


def put(connection: sqlite3.Connection, entries: Iterable[OutboxEntry]) -> None:
    """Add entries within the caller's transaction."""
    added = list(entries)
    if added:
        named = ((entry.entry_id, entry.kind.value, entry.seller_id) for entry in added)
        connection.execute(_PUT, make_rows_with_data(named, [_encode(entry) for entry in added]))


_PUT = f"""
INSERT OR IGNORE INTO outbox (entry_id, kind, seller_id, data)
SELECT entry_id, kind, seller_id, data FROM {name_rows("data", "entry_id", "kind", "seller_id")}
"""


def _read_sent(data: bytes, sent_at: int | None, why: str | None, has_nobody: int | None) -> SentEntry:
    undelivered = None if why is None else Undelivered(why, bool(has_nobody))
    return SentEntry(_decode(data), None if sent_at is None else as_moment(sent_at), undelivered)
