"""Submissions that ended long ago go, with their marks, feeds and reports: a little at a time, between other writes.

The rows go first, marks before the submission itself, and then the documents. Whoever is stopped in between goes on
at the next time: with the marks that are left, or, for documents without a submission, by `FileDocuments.forget`.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from feedproc.embedded.database import Database
from feedproc.embedded.files import FileDocuments
from feedproc.feeds.moments import as_micros
from feedproc.feeds.submission import FeedSubmission

_LOOKED_AT, _FORGOTTEN_AT_ONCE = 200, 20
"""Submissions of one step: that are looked at, and that are deleted."""
_MARKS_AT_ONCE = 50
"""Of one transaction, so that none takes long; a mark holds the results of a whole batch."""
_decode = msgspec.json.Decoder(FeedSubmission).decode


def forget_step_by_step(database: Database, documents: FileDocuments, before: datetime) -> Iterator[int]:
    """Delete what ended before a moment; yield after each small step how many went with it.

    A seller's last submission stays, whatever its age: counters go on from it.
    """
    sellers = database.connection.execute("SELECT DISTINCT seller_id FROM submissions").fetchall()
    for (seller_id,) in sellers:
        forgotten = 0
        for one in _find_old(database, seller_id, before):
            if one is not None:
                _forget(database, one)
                for key in filter(None, (one.document, one.report)):
                    documents.delete(key)
                forgotten += 1
            if one is None or forgotten == _FORGOTTEN_AT_ONCE:
                yield forgotten
                forgotten = 0
        yield forgotten


def _find_old(database: Database, seller_id: str, before: datetime) -> Iterator[FeedSubmission | None]:
    """Yield a seller's submissions that ended before a moment, oldest first, and None after some that were looked at.

    Whatever ended before it was handed in before it, so that the search ends with the first that is younger.
    """
    seen = 0
    while True:
        rows = database.connection.execute(
            "SELECT counter, submitted_at, data FROM submissions WHERE seller_id = ? AND counter > ?"
            " AND counter < (SELECT max(counter) FROM submissions WHERE seller_id = ?) ORDER BY counter LIMIT ?",
            (seller_id, seen, seller_id, _LOOKED_AT),
        ).fetchall()
        for counter, submitted_at, data in rows:
            if submitted_at >= as_micros(before):
                return
            seen, one = counter, _decode(data)
            if one.completed_at is not None and one.completed_at < before:
                yield one
        if len(rows) < _LOOKED_AT:
            return
        yield None


def _forget(database: Database, one: FeedSubmission) -> None:
    key = (one.seller_id, one.submission_id)
    while True:
        with database.transaction() as connection:
            marks = connection.execute(
                "DELETE FROM marks WHERE rowid IN"
                " (SELECT rowid FROM marks WHERE seller_id = ? AND submission_id = ? LIMIT ?)",
                (*key, _MARKS_AT_ONCE),
            ).rowcount
            if marks < _MARKS_AT_ONCE:
                connection.execute("DELETE FROM submissions WHERE seller_id = ? AND submission_id = ?", key)
                return
