"""The SQLite database of a data directory: one connection a thread, and transactions that are on disk at their end."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feedproc.embedded.key_file import SecretBox

BUSY_SECONDS = 60
"""How long a statement waits for another process's transaction before it fails."""
_PAUSE = 0.001
"""Seconds between two tries to begin a transaction while another process writes."""

_MOST_IDLE = 8
"""Connections that no thread uses and that stay open; each holds two files."""
CACHE_MIB = 32
"""Of pages that a connection keeps in memory at most."""


class Database:
    """One SQLite file in WAL mode, in which a commit ends once it is on disk (`synchronous=FULL`)."""

    secrets: SecretBox
    """Encrypts what must not be read in a copy of the file; set when the store is opened."""

    def __init__(self, path: Path, cache_mib: int = CACHE_MIB) -> None:
        """Use a file whose tables are there (see `open_database`); `cache_mib` bounds what each thread keeps of it."""
        self._path = path
        self._cache_mib = cache_mib
        self._local = threading.local()
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._idle: list[sqlite3.Connection] = []

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread; statements outside `transaction` commit by themselves."""
        connection = self._get_own()
        self._wait_when_busy(connection, True)
        return connection

    def _get_own(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._take_idle() or _set(connect(self._path), self._cache_mib)
            self._local.waits = True
        return connection

    def _wait_when_busy(self, connection: sqlite3.Connection, waits: bool) -> None:
        """Let SQLite wait by itself while another process writes, or not; a thread that only commits says it once."""
        if self._local.waits != waits:
            connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000 if waits else 0}")
            self._local.waits = waits

    def release(self) -> None:
        """Let another thread have this thread's connection; this one gets one anew when it asks for it."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            return
        self._wait_when_busy(connection, True)
        self._local.connection = None
        with self._lock:
            if len(self._idle) < _MOST_IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def _take_idle(self) -> sqlite3.Connection | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit all that happens inside, durably, or nothing when it raises.

        Who goes on behind it asks for `connection`: what is given here does not wait for other processes.
        """
        connection = self._get_own()
        self._begin(connection)
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise

    def _begin(self, connection: sqlite3.Connection) -> None:
        """Begin to write as soon as nobody else does; one thread of this process looks for that at a time.

        SQLite looks ever more rarely by itself, at last ten times a second, and then seldom in the few milliseconds
        between two batches of a large feed.
        """
        deadline = time.monotonic() + BUSY_SECONDS
        has_turn = self._turn.acquire(timeout=BUSY_SECONDS)
        try:
            self._wait_when_busy(connection, False)
            while not _try_to_begin(connection, deadline):
                time.sleep(_PAUSE)
        finally:
            if has_turn:
                self._turn.release()


def _try_to_begin(connection: sqlite3.Connection, deadline: float) -> bool:
    """Begin to write unless another does; what SQLite says of that is raised once it is too late."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
            raise
        return False
    return True


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:  # SQLite has rolled back by itself when the disk is full
        connection.execute("ROLLBACK")


def connect(path: Path) -> sqlite3.Connection:
    """Open a file for one thread, with none of the settings of a store."""
    # Threads use a connection one after another: what one releases, another takes.
    return sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=256, check_same_thread=False
    )


def _set(connection: sqlite3.Connection, cache_mib: int) -> sqlite3.Connection:
    for setting in _SETTINGS:
        connection.execute(setting)
    connection.execute(f"PRAGMA cache_size={-cache_mib * 1024}")
    return connection


_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA wal_autocheckpoint=20000",
    "PRAGMA temp_store=MEMORY",
)
