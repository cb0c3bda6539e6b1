"""What commits a batch in memory, and the marks that batches leave."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from feedproc.errors import Conflict
from feedproc.feeds.progress import Mark
from feedproc.feeds.report import Result
from feedproc.memory.orders import add_tallies, check_owners, check_versions, put_orders
from feedproc.memory.outbox import put_entries
from feedproc.memory.stock import check_levels, move_levels
from feedproc.memory.submissions import require_held
from feedproc.memory.tables import OrderBook, Tables
from feedproc.ports import Batch


class MemoryBatches:
    """The port `Batches`."""

    most_writes = None
    commits_beside = False

    def __init__(self, tables: Tables) -> None:
        """Use all tables that a batch changes."""
        self._tables = tables

    def prepare(self, batch: Batch, at: datetime, lease: timedelta) -> Callable[[], None]:
        """Return what commits a batch; there is nothing to do before."""
        return partial(self.commit, batch, at, lease)

    def commit(self, batch: Batch, at: datetime, lease: timedelta) -> None:
        """Commit a batch once, and renew the claim. Whatever may refuse it is asked before anything is changed.

        Raises:
            ClaimLost: another worker holds the submission.
            Conflict: an order, or a level that was looked at, changed since it was read.

        """
        tables, seller_id = self._tables, batch.claim.seller_id
        with tables.lock:
            row = require_held(tables, batch.claim)
            book = tables.books.setdefault(seller_id, OrderBook())
            marks = tables.marks.setdefault((seller_id, batch.claim.submission_id), {})
            if batch.mark.number in marks:
                raise Conflict(f"batch {batch.mark.number} of {batch.claim.submission_id} was committed already")
            orders = check_versions(book, batch.orders, at)
            owners = check_owners(book, orders)
            movements = check_levels(tables, seller_id, batch.moves)
            put_orders(book, orders, owners)
            move_levels(tables, seller_id, batch.moves, movements, at)
            put_entries(tables, batch.outbox)
            add_tallies(book, batch.tallies)
            marks[batch.mark.number] = batch.mark
            row.lease_until = at + lease
            row.submission = replace(row.submission, summary=batch.mark.summary, attempts=1, setbacks=0)


class MemoryMarks:
    """The port `Marks`."""

    def __init__(self, tables: Tables) -> None:
        """Use the table `marks`."""
        self._tables = tables

    def get_last(self, seller_id: str, submission_id: str) -> Mark | None:
        """Return the mark of the last batch that was committed, without its results."""
        with self._tables.lock:
            marks = self._tables.marks.get((seller_id, submission_id))
            return replace(marks[max(marks)], results=()) if marks else None

    def get(self, seller_id: str, submission_id: str, number: int) -> Mark | None:
        """Return the mark of one batch, with its results."""
        with self._tables.lock:
            return self._tables.marks.get((seller_id, submission_id), {}).get(number)

    def list_results(self, seller_id: str, submission_id: str) -> Iterator[Result]:
        """Return the results of all batches that were committed so far, in feed order."""
        with self._tables.lock:
            marks = sorted(self._tables.marks.get((seller_id, submission_id), {}).items())
        return (result for _, mark in marks for result in mark.results)
