"""Units by SKU in SQLite, with every change and its cause."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from feedproc.embedded.database import Database
from feedproc.embedded.rows import make_rows, name_rows
from feedproc.errors import Conflict
from feedproc.feeds.moments import as_micros, as_moment
from feedproc.stock.change import StockMoves, measure
from feedproc.stock.level import LOADED, StockEntry, StockLevel

_SKUS_A_QUERY = 500


class SqliteStock:
    """The port `Stock`."""

    def __init__(self, database: Database) -> None:
        """Use the tables `stock` and `stock_changes`."""
        self._database = database

    def load(self, seller_id: str, levels: Iterable[StockLevel], at: datetime) -> int:
        """Set the level of each SKU, and note each difference in its ledger; return how many SKUs."""
        moment = as_micros(at)
        last = {level.sku: level.quantity for level in levels}
        rows = [(seller_id, sku, quantity, LOADED, moment) for sku, quantity in last.items()]
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO stock_changes (seller_id, sku, quantity, reason, changed_at)"
                " SELECT ?1, ?2, ?3 - coalesce(sum(quantity), 0), ?4, ?5 FROM stock WHERE seller_id = ?1 AND sku = ?2"
                " HAVING ?3 <> coalesce(sum(quantity), 0)",
                rows,
            )
            connection.executemany("INSERT OR REPLACE INTO stock VALUES (?1, ?2, ?3)", [row[:3] for row in rows])
        return len(rows)

    def get_level(self, seller_id: str, sku: str) -> int:
        """Return the units of a SKU; 0 for one that was never seen."""
        row = self._database.connection.execute(
            "SELECT quantity FROM stock WHERE seller_id = ? AND sku = ?", (seller_id, sku)
        ).fetchone()
        return row[0] if row else 0

    def get_levels(self, seller_id: str, skus: Collection[str]) -> Mapping[str, int]:
        """Return the units of these SKUs; one that was never seen is absent."""
        return _read_levels(self._database.connection, seller_id, skus)

    def list_levels(self, seller_id: str, after: str = "") -> Iterator[StockLevel]:
        """Return every SKU whose name comes behind `after`, by name."""
        rows = self._database.connection.execute(
            "SELECT sku, quantity FROM stock WHERE seller_id = ? AND sku > ? ORDER BY sku", (seller_id, after)
        )
        return (StockLevel(sku, quantity) for sku, quantity in rows)

    def list_entries(self, seller_id: str, sku: str, limit: int) -> Sequence[StockEntry]:
        """Return the last changes of a SKU's level and their causes, newest first."""
        rows = self._database.connection.execute(
            "SELECT quantity, reason, changed_at, amazon_order_id, submission_id, message_id FROM stock_changes"
            " WHERE seller_id = ? AND sku = ? ORDER BY rowid DESC LIMIT ?",
            (seller_id, sku, limit),
        )
        return [StockEntry(sku, units, reason, as_moment(at), *cause) for units, reason, at, *cause in rows]


def change(connection: sqlite3.Connection, seller_id: str, moves: StockMoves, at: datetime) -> None:
    """Apply changes of stock within the caller's transaction. Raises `Conflict`."""
    if not moves.changes:
        return
    _require_unchanged(connection, seller_id, moves.levels)
    movements = measure(moves.changes, moves.levels)
    more = dict.fromkeys(moves.levels, 0)
    for _, one, units in movements:
        more[one.sku] = more.get(one.sku, 0) + units
    connection.execute(_MOVE_LEVELS, (make_rows(more.items()), seller_id))
    entries = make_rows(
        (one.sku, units, one.reason, one.amazon_order_id, message_id) for message_id, one, units in movements
    )
    connection.execute(_ADD_ENTRIES, (entries, seller_id, moves.submission_id, as_micros(at)))


_MOVE_LEVELS = f"""
INSERT INTO stock SELECT ?2, sku, units FROM {name_rows("sku", "units")} WHERE true
ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity
"""
_ADD_ENTRIES = f"""
INSERT INTO stock_changes SELECT ?2, sku, units, reason, amazon_order_id, ?3, message_id, ?4
FROM {name_rows("sku", "units", "reason", "amazon_order_id", "message_id")}
"""


def _require_unchanged(connection: sqlite3.Connection, seller_id: str, levels: Mapping[str, int | None]) -> None:
    """Raise `Conflict` unless the SKUs still stand as they were seen."""
    now = _read_levels(connection, seller_id, levels)
    changed = sum(now.get(sku) != level for sku, level in levels.items())
    if changed:
        raise Conflict(f"the level of {changed} of {len(levels)} SKUs changed meanwhile")


def _read_levels(connection: sqlite3.Connection, seller_id: str, skus: Iterable[str]) -> dict[str, int]:
    wanted, found = list(skus), dict[str, int]()
    for start in range(0, len(wanted), _SKUS_A_QUERY):
        part = wanted[start : start + _SKUS_A_QUERY]
        found |= connection.execute(
            f"SELECT sku, quantity FROM stock WHERE seller_id = ? AND sku IN ({','.join('?' * len(part))})",
            (seller_id, *part),
        )
    return found
