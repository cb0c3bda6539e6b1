"""The SQLite database of a data directory: its tables, its version, and one connection a thread."""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedproc.errors import StoreUnusable

VERSION = 2
"""Of the tables below; written to `PRAGMA user_version` and checked when a store is opened."""
APPLICATION_ID = 0x66_65_65_64
"""Says that a SQLite file is ours ("feed" in ASCII)."""
BUSY_SECONDS = 60
"""How long a statement waits for another process's transaction before it fails."""

_TABLES = """
CREATE TABLE sellers (
    seller_id TEXT PRIMARY KEY,
    access_key TEXT NOT NULL,
    data BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX sellers_by_access_key ON sellers (access_key);

CREATE TABLE submissions (
    seller_id TEXT NOT NULL,
    counter INTEGER NOT NULL,
    submission_id TEXT NOT NULL,
    feed_type TEXT NOT NULL,
    status TEXT NOT NULL,
    submitted_at INTEGER NOT NULL,
    worker TEXT,
    lease_until INTEGER,
    data BLOB NOT NULL,
    PRIMARY KEY (seller_id, counter)
) WITHOUT ROWID;
CREATE UNIQUE INDEX submissions_by_id ON submissions (seller_id, submission_id);
CREATE INDEX open_submissions ON submissions (seller_id, feed_type, counter)
    WHERE status IN ('SUBMITTED', 'IN_PROGRESS');

CREATE TABLE marks (
    seller_id TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    data BLOB NOT NULL,
    results BLOB
);
CREATE UNIQUE INDEX marks_by_number ON marks (seller_id, submission_id, number);

CREATE TABLE orders (
    seller_id TEXT NOT NULL,
    amazon_order_id TEXT NOT NULL,
    merchant_order_id TEXT,
    status TEXT NOT NULL,
    purchased_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE UNIQUE INDEX orders_by_amazon_id ON orders (seller_id, amazon_order_id);
CREATE UNIQUE INDEX orders_by_merchant_id ON orders (seller_id, merchant_order_id)
    WHERE merchant_order_id IS NOT NULL;
CREATE INDEX orders_by_status ON orders (seller_id, status, purchased_at, amazon_order_id);
CREATE INDEX orders_by_purchase ON orders (seller_id, purchased_at, amazon_order_id);

CREATE TABLE tallies (
    seller_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    fact TEXT NOT NULL,
    reason TEXT NOT NULL,
    orders INTEGER NOT NULL,
    PRIMARY KEY (seller_id, day, fact, reason)
) WITHOUT ROWID;

CREATE TABLE recipients (
    seller_id TEXT NOT NULL,
    amazon_order_id TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (seller_id, amazon_order_id)
) WITHOUT ROWID;

CREATE TABLE stock (
    seller_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (seller_id, sku)
) WITHOUT ROWID;
CREATE TABLE stock_changes (
    seller_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    reason TEXT NOT NULL,
    amazon_order_id TEXT,
    submission_id TEXT,
    message_id TEXT,
    changed_at INTEGER NOT NULL
);
CREATE INDEX stock_changes_by_sku ON stock_changes (seller_id, sku);

CREATE TABLE outbox (
    entry_id TEXT PRIMARY KEY,
    seller_id TEXT NOT NULL,
    sent_at INTEGER,
    data BLOB NOT NULL
);
CREATE INDEX outbox_waiting ON outbox (sent_at) WHERE sent_at IS NULL;
CREATE INDEX outbox_by_seller ON outbox (seller_id);
"""


def as_micros(moment: datetime) -> int:
    """Return microseconds since the epoch."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def as_moment(micros: int) -> datetime:
    """Return the moment in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Database:
    """One SQLite file in WAL mode. Every commit is on disk when it returns (`synchronous=FULL`)."""

    def __init__(self, path: Path) -> None:
        """Open the store, or create it. Raises `StoreUnusable`."""
        self._path = path
        self._local = threading.local()
        try:
            with _alone(path.parent):
                self._prepare()
        except sqlite3.DatabaseError as error:
            raise StoreUnusable(
                f"{path}: not a usable feedproc store ({error}); restore it from a backup, "
                "or name another directory with --data-dir"
            ) from error

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread; statements outside `transaction` commit by themselves."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = _set(_opened(self._path))
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit all that happens inside, durably, or nothing when it raises."""
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # SQLite has rolled back by itself when the disk is full
                connection.execute("ROLLBACK")
            raise

    def _prepare(self) -> None:
        """Create the tables of a new store; before that, change nothing, as the file may be another program's."""
        connection = _opened(self._path)
        self._is_new(connection)
        self._local.connection = _set(connection)
        with self.transaction():
            if self._is_new(connection):
                _create(connection)

    def _is_new(self, connection: sqlite3.Connection) -> bool:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not tables and not version and not application:
            return True
        if application != APPLICATION_ID:
            raise StoreUnusable(f"{self._path}: another program's database; name another directory with --data-dir")
        if version > VERSION:
            raise StoreUnusable(
                f"{self._path}: written by a newer feedproc (store version {version}, this one knows {VERSION}); "
                "upgrade feedproc"
            )
        return False


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no other process in that opens a store here: turning a new one to WAL fails when two do it at once."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=256)


def _set(connection: sqlite3.Connection) -> sqlite3.Connection:
    for setting in _SETTINGS:
        connection.execute(setting)
    return connection


_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA wal_autocheckpoint=20000",
    "PRAGMA cache_size=-32768",
    "PRAGMA temp_store=MEMORY",
)


def _create(connection: sqlite3.Connection) -> None:
    for statement in _TABLES.split(";"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")
