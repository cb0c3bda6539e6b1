"""The one transaction in SQLite that commits a batch, and the marks that batches leave."""

import sqlite3
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

import msgspec
from msgspec.structs import replace

from feedproc.embedded.database import Database
from feedproc.embedded.orders import OrderChanges, prepare_changes, write_changes
from feedproc.embedded.outbox import put
from feedproc.embedded.stock import change
from feedproc.embedded.submissions import note_progress
from feedproc.embedded.tallies import add_tallies
from feedproc.errors import Conflict
from feedproc.feeds.progress import Mark
from feedproc.feeds.report import Result
from feedproc.ports import Batch

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Mark).decode
_decode_results = msgspec.json.Decoder(list[Result]).decode


class SqliteBatches:
    """The port `Batches`."""

    most_writes = None
    commits_beside = True

    def __init__(self, database: Database) -> None:
        """Use the table `marks`, and those that a batch changes too."""
        self._database = database
        self._moving = ""
        """A feed whose last batch gave most of its orders another name or status, as the next one will."""

    def prepare(self, batch: Batch, at: datetime, lease: timedelta) -> Callable[[], None]:
        """Return what commits a batch. It holds no order, so that those are let go while they are at hand."""
        changes = prepare_changes(batch.orders, at)
        return partial(self._commit, replace(batch, orders=()), changes, at, lease)

    def commit(self, batch: Batch, at: datetime, lease: timedelta) -> None:
        """Commit a batch once.

        Raises:
            ClaimLost: another worker holds the submission.
            Conflict: an order changed since it was read.

        """
        self.prepare(batch, at, lease)()

    def _commit(self, batch: Batch, changes: OrderChanges, at: datetime, lease: timedelta) -> None:
        seller_id, submission = batch.claim.seller_id, batch.claim.submission_id
        mark = batch.mark
        results = zlib.compress(_encode(mark.results), 1) if mark.results else None
        try:
            with self._database.transaction() as connection:
                note_progress(connection, batch.claim, at + lease, mark.summary)
                is_moving = self._moving == submission
                moved = write_changes(connection, seller_id, changes, expects_moves=is_moving)
                self._moving = submission if moved * 2 > changes.number else ""
                change(connection, seller_id, batch.moves, at)
                put(connection, batch.outbox)
                add_tallies(connection, seller_id, batch.tallies)
                connection.execute(
                    "INSERT INTO marks VALUES (?, ?, ?, ?, ?)",
                    (seller_id, submission, mark.number, _encode(replace(mark, results=())), results),
                )
        except sqlite3.IntegrityError as error:
            raise Conflict(
                f"a merchant order id of batch {mark.number} was given to another order meanwhile"
            ) from error


class SqliteMarks:
    """The port `Marks`."""

    def __init__(self, database: Database) -> None:
        """Use the table `marks`."""
        self._database = database

    def get_last(self, seller_id: str, submission_id: str) -> Mark | None:
        """Return the mark of the last batch that was committed, without its results."""
        row = self._database.connection.execute(
            "SELECT data FROM marks WHERE seller_id = ? AND submission_id = ? ORDER BY number DESC LIMIT 1",
            (seller_id, submission_id),
        ).fetchone()
        return _decode(row[0]) if row else None

    def get(self, seller_id: str, submission_id: str, number: int) -> Mark | None:
        """Return the mark of one batch, with its results."""
        row = self._database.connection.execute(
            "SELECT data, results FROM marks WHERE seller_id = ? AND submission_id = ? AND number = ?",
            (seller_id, submission_id, number),
        ).fetchone()
        if row is None:
            return None
        results = _decode_results(zlib.decompress(row[1])) if row[1] else ()
        return replace(_decode(row[0]), results=tuple(results))

    def list_results(self, seller_id: str, submission_id: str) -> Iterator[Result]:
        """Return the results of all committed batches, in feed order."""
        rows = self._database.connection.execute(
            "SELECT results FROM marks WHERE seller_id = ? AND submission_id = ? AND results IS NOT NULL"
            " ORDER BY number",
            (seller_id, submission_id),
        )
        for (results,) in rows:
            yield from _decode_results(zlib.decompress(results))
