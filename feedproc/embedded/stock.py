"""Units by SKU in SQLite, with every change and its cause."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime

from feedproc.embedded.database import Database, as_micros
from feedproc.orders.inventory import StockLevel
from feedproc.ports import Batch


class SqliteStock:
    """The port `Stock`."""

    def __init__(self, database: Database) -> None:
        """Use the table `stock`."""
        self._database = database

    def load(self, seller_id: str, levels: Iterable[StockLevel]) -> int:
        """Set the level of each SKU; return how many."""
        rows = [(seller_id, level.sku, level.quantity) for level in levels]
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO stock VALUES (?, ?, ?)", rows)
        return len(rows)

    def level(self, seller_id: str, sku: str) -> int:
        """Return the units of a SKU; 0 for one that was never seen."""
        row = self._database.connection.execute(
            "SELECT quantity FROM stock WHERE seller_id = ? AND sku = ?", (seller_id, sku)
        ).fetchone()
        return row[0] if row else 0

    def all(self, seller_id: str) -> Iterator[StockLevel]:
        """Return every SKU, by name."""
        rows = self._database.connection.execute(
            "SELECT sku, quantity FROM stock WHERE seller_id = ? ORDER BY sku", (seller_id,)
        )
        return (StockLevel(sku, quantity) for sku, quantity in rows)


def change(connection: sqlite3.Connection, seller_id: str, batch: Batch, at: datetime) -> None:
    """Apply a batch's changes of stock within the caller's transaction."""
    if not batch.stock:
        return
    connection.executemany(
        "INSERT INTO stock VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity",
        [(seller_id, one.sku, one.quantity) for _, one in batch.stock],
    )
    submission, moment = batch.claim.submission_id, as_micros(at)
    connection.executemany(
        "INSERT INTO stock_changes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (seller_id, one.sku, one.quantity, one.reason, one.amazon_order_id, submission, message_id, moment)
            for message_id, one in batch.stock
        ],
    )
