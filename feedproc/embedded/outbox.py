"""What waits to be sent, in SQLite."""

import sqlite3
from collections.abc import Collection, Iterable, Sequence

import msgspec

from feedproc.embedded.database import Database
from feedproc.ports import OutboxEntry


class SqliteOutbox:
    """The port `Outbox`."""

    def __init__(self, database: Database) -> None:
        """Use the table `outbox`."""
        self._database = database

    def pending(self, limit: int) -> Sequence[OutboxEntry]:
        """Return the oldest entries that were not sent yet."""
        rows = self._database.connection.execute("SELECT data FROM outbox ORDER BY rowid LIMIT ?", (limit,))
        return [msgspec.json.decode(data, type=OutboxEntry) for (data,) in rows]

    def sent(self, entry_ids: Collection[str]) -> None:
        """Forget entries that were sent."""
        with self._database.transaction() as connection:
            connection.executemany("DELETE FROM outbox WHERE entry_id = ?", [(one,) for one in entry_ids])


def put(connection: sqlite3.Connection, entries: Iterable[OutboxEntry]) -> None:
    """Add entries within the caller's transaction."""
    connection.executemany(
        "INSERT OR IGNORE INTO outbox (entry_id, data) VALUES (?, ?)",
        [(entry.entry_id, msgspec.json.encode(entry)) for entry in entries],
    )
