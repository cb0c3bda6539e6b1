"""The SQLite database of a data directory: its tables, its version, and one connection a thread."""

import fcntl
import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedproc.embedded.key_file import KEY_FILE, make_key, read_key
from feedproc.embedded.private import FILE_MODE, locked_alone
from feedproc.embedded.tables import TABLES, VERSION
from feedproc.embedded.upgrade import keep_fingerprint, run, upgrade
from feedproc.errors import StoreUnusable

APPLICATION_ID = 0x66_65_65_64
"""Says that a SQLite file is ours ("feed" in ASCII)."""
BUSY_SECONDS = 60
"""How long a statement waits for another process's transaction before it fails."""

CACHE_MIB = 32
"""Of pages that a connection keeps in memory at most."""
_logger = logging.getLogger(__name__)
FIRST_ENCRYPTED = 3
"""The first version of the store that keeps secrets encrypted."""
OPENING = "opening.lock"
"""In the data directory: whoever opens the store holds a lock on it meanwhile."""
IN_USE = "in-use.lock"
"""In the data directory: servers and workers share a lock on it while they run."""


def as_micros(moment: datetime) -> int:
    """Return microseconds since the epoch."""
    return (moment - _EPOCH) // _MICROSECOND


def as_moment(micros: int) -> datetime:
    """Return the moment in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Database:
    """One SQLite file in WAL mode, in which a commit ends once it is on disk (`synchronous=FULL`)."""

    def __init__(self, path: Path, cache_mib: int = CACHE_MIB) -> None:
        """Open the store, or create it. Raises `StoreUnusable`."""
        self._path = path
        self._cache_mib = cache_mib
        self._local = threading.local()
        self._committing = ThreadPoolExecutor(1, "commit")
        try:
            # Turning a new one to WAL fails when two do it at once.
            with locked_alone(path.parent / OPENING):
                path.touch(FILE_MODE)
                self._prepare()
        except sqlite3.DatabaseError as error:
            raise StoreUnusable(
                f"{path}: not a usable feedproc store ({error}); restore it from a backup, "
                "or name another directory with --data-dir"
            ) from error

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread; statements outside `transaction` commit by themselves.

        It is at hand once the commit has ended that this thread did not wait for. Raises what came between.
        """
        self._await_commit()
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = _set(_opened(self._path), self._cache_mib)
        return connection

    @contextmanager
    def transaction(self, *, awaits_commit: bool = True) -> Iterator[sqlite3.Connection]:
        """Commit all that happens inside, durably, or nothing when it raises.

        A commit that is not awaited goes on while this thread does something else than use its connection.
        """
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            _roll_back(connection)
            raise
        if awaits_commit:
            _commit(connection)
            return
        begun = threading.Event()
        self._local.commit = self._committing.submit(_commit, connection, begun)
        begun.wait()  # else it would begin only when this thread next waits for something

    def _await_commit(self) -> None:
        commit: Future[None] | None = getattr(self._local, "commit", None)
        if commit is not None:
            try:
                commit.result()
            finally:
                self._local.commit = None

    def _prepare(self) -> None:
        """Create or upgrade the tables; before that, change nothing, as the file may be another program's."""
        connection = _opened(self._path)
        self._version(connection)
        self._local.connection = _set(connection, self._cache_mib)
        key_file = self._path.parent / KEY_FILE
        with self.transaction():
            version = self._version(connection)
            self.secrets = read_key(key_file) if version == VERSION else make_key(key_file)
            if not version:
                _create(connection)
                keep_fingerprint(connection, self.secrets)
            elif version < VERSION:
                with _unused(self._path.parent):
                    upgrade(connection, version, self.secrets)
        if version and version < VERSION:
            _logger.warning("%s: upgraded from store version %d to %d", self._path, version, VERSION)
            if version < FIRST_ENCRYPTED:
                self._forget_clear_text(connection)
        (fingerprint,) = connection.execute("SELECT value FROM facts WHERE name = 'key'").fetchone()
        if fingerprint != self.secrets.fingerprint:
            raise StoreUnusable(f"{key_file}: not the key file of this store; put the right one back from a backup")

    def _forget_clear_text(self, connection: sqlite3.Connection) -> None:
        """Write the file anew, since free places in it may still hold secrets as older versions kept them."""
        try:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError as error:
            _logger.warning("%s: old secrets may still stand in free places of the file (%s)", self._path, error)

    def _version(self, connection: sqlite3.Connection) -> int:
        """Return the version of the tables, 0 for an empty file."""
        version: int
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not tables and not version and not application:
            return 0
        if application != APPLICATION_ID:
            raise StoreUnusable(f"{self._path}: another program's database; name another directory with --data-dir")
        if version > VERSION:
            raise StoreUnusable(
                f"{self._path}: written by a newer feedproc (store version {version}, this one knows {VERSION}); "
                "upgrade feedproc"
            )
        return version


@contextmanager
def _unused(folder: Path) -> Iterator[None]:
    """Refuse to go on while servers or workers are at work here: those of an older feedproc know no other tables."""
    descriptor = os.open(folder / IN_USE, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise StoreUnusable(
            f"{folder}: the store is of an older feedproc and has to be upgraded; stop the server that uses it first"
        ) from error
    finally:
        os.close(descriptor)


def _commit(connection: sqlite3.Connection, begun: threading.Event | None = None) -> None:
    try:
        if begun is not None:
            begun.set()
        connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:  # SQLite has rolled back by itself when the disk is full
        connection.execute("ROLLBACK")


def _opened(path: Path) -> sqlite3.Connection:
    # Two threads use a connection, though never at once: its own, and the one in which a commit goes on.
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


def _create(connection: sqlite3.Connection) -> None:
    run(connection, TABLES)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")
