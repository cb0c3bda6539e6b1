"""Bring a store of an older version up to date, within the transaction of whoever opens it."""

import sqlite3
from collections.abc import Callable, Iterator

import msgspec

from feedproc.embedded.damage import fill_checksums
from feedproc.embedded.key_file import SecretBox
from feedproc.embedded.sealed_sellers import as_secret, with_sealed_secrets
from feedproc.embedded.tables import (
    CHECKSUMS,
    FACTS,
    ORDER_INDEXES,
    ORDERS,
    OUTBOX,
    REPETITION_KEYS,
    REPORTS,
    SELLERS,
    SUBMISSION_INDEX,
    SUBSCRIPTIONS,
    TALLIES,
    UNDELIVERED,
    VERSION,
)
from feedproc.embedded.tallies import add_tallies
from feedproc.feeds.moments import as_micros
from feedproc.orders.metrics import count_change
from feedproc.orders.order import Address, Buyer, Order
from feedproc.orders.tally import Tally
from feedproc.ports import OutboxEntry, Seller

_decode = msgspec.json.Decoder(Order).decode
_decode_entry = msgspec.json.Decoder(OutboxEntry).decode
_INSERT_ENTRY = "INSERT INTO outbox (entry_id, kind, seller_id, sent_at, data) VALUES (?, ?, ?, ?, ?)"


def upgrade(connection: sqlite3.Connection, version: int, box: SecretBox) -> None:
    """Change the tables, step by step, from those of `version` to today's; secrets are encrypted by `box`."""
    for step in range(version, VERSION):
        _STEPS[step](connection, box)
    connection.execute(f"PRAGMA user_version={VERSION}")


def run(connection: sqlite3.Connection, statements: str) -> None:
    """Run statements that are divided by semicolons; unlike `executescript`, it commits nothing."""
    for statement in statements.split(";"):
        if statement.strip():
            connection.execute(statement)


def _from_1(connection: sqlite3.Connection, _: SecretBox) -> None:
    """Add the tallies of the metrics, dates to the outbox, an index, and indexes in which no two orders are equal."""
    run(connection, "DROP INDEX orders_by_status; DROP INDEX orders_by_purchase;" + ORDER_INDEXES)
    run(connection, SUBMISSION_INDEX + TALLIES)
    _count_all(connection)
    run(connection, "ALTER TABLE outbox RENAME TO outbox_1;" + OUTBOX)
    connection.executemany(_INSERT_ENTRY, _read_entries_of_1(connection))
    run(connection, "DROP TABLE outbox_1")


def _count_all(connection: sqlite3.Connection) -> None:
    """Count every order; one at a time is in memory."""
    sums: dict[str, dict[Tally, int]] = {}
    for seller_id, data in connection.execute("SELECT seller_id, data FROM orders"):
        tallies = sums.setdefault(seller_id, {})
        for tally, number in count_change(None, _decode(data)):
            tallies[tally] = tallies.get(tally, 0) + number
    for seller_id, tallies in sums.items():
        add_tallies(connection, seller_id, tallies)


def _read_entries_of_1(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str, None, bytes]]:
    for entry_id, data in connection.execute("SELECT entry_id, data FROM outbox_1 ORDER BY rowid"):
        entry = _decode_entry(data)
        yield entry_id, entry.kind, entry.seller_id, None, data


def _from_2(connection: sqlite3.Connection, box: SecretBox) -> None:
    """Encrypt the secrets of sellers."""
    run(connection, FACTS)
    keep_fingerprint(connection, box)
    for seller_id, data in connection.execute("SELECT seller_id, data FROM sellers").fetchall():
        seller = msgspec.json.decode(data, type=Seller, dec_hook=as_secret)
        sealed = msgspec.json.encode(with_sealed_secrets(seller, box), enc_hook=str)
        connection.execute("UPDATE sellers SET data = ? WHERE seller_id = ?", (sealed, seller_id))


def _from_3(connection: sqlite3.Connection, _: SecretBox) -> None:
    """Let sellers be found by the application that calls for them."""
    run(connection, "DROP INDEX sellers_by_access_key; ALTER TABLE sellers RENAME TO sellers_3;" + SELLERS)
    run(connection, "INSERT INTO sellers SELECT seller_id, access_key, '', data FROM sellers_3; DROP TABLE sellers_3")


def _from_4(connection: sqlite3.Connection, _: SecretBox) -> None:
    """Make room for the keys by which repeated requests are known."""
    run(connection, REPETITION_KEYS)


def _from_5(connection: sqlite3.Connection, _: SecretBox) -> None:
    """Let the outbox be emptied lane by lane: its entries are found by kind and seller."""
    run(connection, "DROP INDEX outbox_by_sent; DROP INDEX outbox_by_seller; DROP INDEX IF EXISTS outbox_waiting")
    run(connection, "ALTER TABLE outbox RENAME TO outbox_5;" + OUTBOX)
    connection.executemany(_INSERT_ENTRY, _read_entries_of_5(connection))
    run(connection, "DROP TABLE outbox_5")


def _read_entries_of_5(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str, int | None, bytes]]:
    rows = connection.execute("SELECT entry_id, seller_id, sent_at, data FROM outbox_5 ORDER BY rowid")
    for entry_id, seller_id, sent_at, data in rows:
        yield entry_id, _decode_entry(data).kind, seller_id, sent_at, data


def _from_6(connection: sqlite3.Connection, _: SecretBox) -> None:
    """Let orders be listed by their last update."""
    for index in ("by_amazon_id", "by_merchant_id", "by_status", "by_purchase"):
        run(connection, f"DROP INDEX orders_{index}")
    run(connection, "ALTER TABLE orders RENAME TO orders_6;" + ORDERS)
    connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _read_orders_of_6(connection))
    run(connection, "DROP TABLE orders_6;" + ORDER_INDEXES)


def _read_orders_of_6(connection: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    """Yield the rows of orders with the time of the last event that each tells; one at a time is in memory."""
    for *row, data in connection.execute("SELECT * FROM orders_6"):
        yield *row, as_micros(_decode(data).last_updated_at), data


def _from_7(connection: sqlite3.Connection, _: SecretBox) -> None:
    """Make room for why entries of the outbox were given up."""
    run(connection, UNDELIVERED)


def _from_8(connection: sqlite3.Connection, _: SecretBox) -> None:
    """Let requests for reports be found among feeds, and make room for their schedules."""
    run(connection, REPORTS)


def _from_9(connection: sqlite3.Connection, _: SecretBox) -> None:
    """Make room for destinations of notifications and subscriptions to them."""
    run(connection, SUBSCRIPTIONS)


def _from_10(connection: sqlite3.Connection, _: SecretBox) -> None:
    """Keep checksums of orders and their recipients; each order has one from here on, and be it nobody."""
    run(connection, CHECKSUMS)
    nobody = msgspec.json.encode((Buyer(), Address()))
    connection.execute(
        "INSERT OR IGNORE INTO recipients SELECT seller_id, amazon_order_id, ?, NULL FROM orders", (nobody,)
    )
    fill_checksums(connection)


def keep_fingerprint(connection: sqlite3.Connection, box: SecretBox) -> None:
    """Note with which key the secrets of this store are encrypted."""
    connection.execute("INSERT OR REPLACE INTO facts VALUES ('key', ?)", (box.fingerprint,))


_STEPS: dict[int, Callable[[sqlite3.Connection, SecretBox], None]] = {
    1: _from_1, 2: _from_2, 3: _from_3, 4: _from_4, 5: _from_5, 6: _from_6, 7: _from_7, 8: _from_8,
    9: _from_9, 10: _from_10,
}  # fmt: skip
