"""Units by SKU in memory, with every change and its cause."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from feedproc.errors import Conflict
from feedproc.memory.tables import Tables
from feedproc.stock.change import Movement, StockMoves, measure
from feedproc.stock.level import LOADED, StockEntry, StockLevel


class MemoryStock:
    """The port `Stock`."""

    def __init__(self, tables: Tables) -> None:
        """Use the tables `levels` and `ledgers`."""
        self._tables = tables

    def load(self, seller_id: str, levels: Iterable[StockLevel], at: datetime) -> int:
        """Set the level of each SKU, and note each difference in its ledger; return how many SKUs."""
        last = {level.sku: level.quantity for level in levels}
        with self._tables.lock:
            known = self._tables.levels.setdefault(seller_id, {})
            for sku, quantity in last.items():
                more = quantity - known.get(sku, 0)
                known[sku] = quantity
                if more:
                    _note(self._tables, seller_id, StockEntry(sku, more, LOADED, at))
        return len(last)

    def get_level(self, seller_id: str, sku: str) -> int:
        """Return the units of a SKU; 0 for one that was never seen."""
        return self.get_levels(seller_id, (sku,)).get(sku, 0)

    def get_levels(self, seller_id: str, skus: Collection[str]) -> Mapping[str, int]:
        """Return the units of these SKUs; one that was never seen is absent."""
        with self._tables.lock:
            known = self._tables.levels.get(seller_id, {})
            return {sku: known[sku] for sku in skus if sku in known}

    def list_levels(self, seller_id: str, after: str = "") -> Iterator[StockLevel]:
        """Return every SKU whose name comes behind `after`, as it is now, by name."""
        with self._tables.lock:
            known = sorted(self._tables.levels.get(seller_id, {}).items())
        return (StockLevel(sku, quantity) for sku, quantity in known if sku > after)

    def list_entries(self, seller_id: str, sku: str, limit: int) -> Sequence[StockEntry]:
        """Return the last changes of a SKU's level and their causes, newest first."""
        with self._tables.lock:
            return [*islice(reversed(self._tables.ledgers.get((seller_id, sku), ())), limit)]


def check_levels(tables: Tables, seller_id: str, moves: StockMoves) -> Sequence[Movement]:
    """Return by how many units each of some changes moves a level.

    Raises:
        Conflict: a level that was looked at is another now.

    """
    if not moves.changes:
        return ()
    known = tables.levels.get(seller_id, {})
    changed = sum(known.get(sku) != level for sku, level in moves.levels.items())
    if changed:
        raise Conflict(f"the level of {changed} of {len(moves.levels)} SKUs changed meanwhile")
    return measure(moves.changes, moves.levels)


def move_levels(tables: Tables, seller_id: str, moves: StockMoves, movements: Iterable[Movement], at: datetime) -> None:
    """Move the levels that are changed, and note why."""
    if not moves.changes:
        return
    known = tables.levels.setdefault(seller_id, {})
    for sku in moves.levels:
        known.setdefault(sku, 0)
    for message_id, change, units in movements:
        known[change.sku] = known.get(change.sku, 0) + units
        entry = StockEntry(
            change.sku, units, change.reason, at, change.amazon_order_id, moves.submission_id, message_id
        )
        _note(tables, seller_id, entry)


def _note(tables: Tables, seller_id: str, entry: StockEntry) -> None:
    tables.ledgers.setdefault((seller_id, entry.sku), []).append(entry)
