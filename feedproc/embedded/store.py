"""Open the database of a data directory: make its tables where there are none, or bring older ones up to date."""

import fcntl
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from feedproc.embedded.advice import advise
from feedproc.embedded.database import CACHE_MIB, Database, connect
from feedproc.embedded.files import DOCUMENTS
from feedproc.embedded.key_file import KEY_FILE, make_key, read_key
from feedproc.embedded.private import FILE_MODE, lock_alone
from feedproc.embedded.tables import TABLES, VERSION
from feedproc.embedded.upgrade import keep_fingerprint, run, upgrade
from feedproc.errors import StoreUnusable

APPLICATION_ID = 0x66_65_65_64
"""Says that a SQLite file is ours ("feed" in ASCII)."""
_logger = logging.getLogger(__name__)
FIRST_ENCRYPTED = 3
"""The first version of the store that keeps secrets encrypted."""
OPENING = "opening.lock"
"""In the data directory: whoever opens the store holds a lock on it meanwhile."""
IN_USE = "in-use.lock"
"""In the data directory: servers and workers share a lock on it while they run."""


def open_database(path: Path, cache_mib: int = CACHE_MIB) -> Database:
    """Open the database at `path`, or create it.

    Raises:
        StoreUnusable: it is no store of feedproc, one of a newer feedproc, one to upgrade that is in use, or its key
            file is missing or another store's.

    """
    try:
        # Turning a new one to WAL fails when two do it at once.
        with lock_alone(path.parent / OPENING):
            if not path.exists():
                require_no_documents(path, "is missing")
            path.touch(FILE_MODE)
            with closing(connect(path)) as looking:
                # Before anything is changed, as the file may be another program's.
                if not _read_version(path, looking):
                    require_no_documents(path, "is empty")
                return _prepare(path, Database(path, cache_mib))
    except sqlite3.DatabaseError as error:
        raise StoreUnusable(f"{path}: {advise(error)}") from error


def require_no_documents(path: Path, fault: str) -> None:
    """Let nobody make a store anew beside the feeds and reports of another.

    Raises:
        StoreUnusable: the database at `path` is missing or empty, which `fault` says, and documents are there.

    """
    documents = path.parent / DOCUMENTS
    if any(documents.glob("??/*")):
        raise StoreUnusable(
            f"{path}: {fault}, though {documents} holds the feeds and reports of a store; put it back from a backup "
            f"(`feedproc restore`), or begin anew in another directory with --data-dir"
        )


def _prepare(path: Path, database: Database) -> Database:
    """Create or upgrade the tables."""
    key_file = path.parent / KEY_FILE
    with database.transaction() as connection:
        version = _read_version(path, connection)
        database.secrets = read_key(key_file) if version == VERSION else make_key(key_file)
        if not version:
            _create(connection)
            keep_fingerprint(connection, database.secrets)
        elif version < VERSION:
            with _require_unused(path.parent):
                upgrade(connection, version, database.secrets)
    connection = database.connection  # one that waits for other processes
    if version and version < VERSION:
        _logger.warning("%s: upgraded from store version %d to %d", path, version, VERSION)
        if version < FIRST_ENCRYPTED:
            _forget_clear_text(path, connection)
    if not version:
        # So that the file alone, if somebody copies it, is a store and no empty file.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (fingerprint,) = connection.execute("SELECT value FROM facts WHERE name = 'key'").fetchone()
    if fingerprint != database.secrets.fingerprint:
        raise StoreUnusable(f"{key_file}: not the key file of this store; put the right one back from a backup")
    return database


def _forget_clear_text(path: Path, connection: sqlite3.Connection) -> None:
    """Write the file anew, since free places in it may still hold secrets as older versions kept them."""
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        _logger.warning("%s: old secrets may still stand in free places of the file (%s)", path, error)


def _read_version(path: Path, connection: sqlite3.Connection) -> int:
    """Return the version of the tables, 0 for an empty file."""
    version: int
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not tables and not version and not application:
        return 0
    if application != APPLICATION_ID:
        raise StoreUnusable(f"{path}: another program's database; name another directory with --data-dir")
    if version > VERSION:
        raise StoreUnusable(
            f"{path}: written by a newer feedproc (store version {version}, this one knows {VERSION}); upgrade feedproc"
        )
    return version


@contextmanager
def _require_unused(folder: Path) -> Iterator[None]:
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


def _create(connection: sqlite3.Connection) -> None:
    run(connection, TABLES)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")
