"""What is wrong with the machine around a data directory, in the system's words: a full disk, a folder that is gone."""

import errno
import os
import sqlite3
from pathlib import Path

_OF_THE_MACHINE = frozenset({
    errno.EACCES, errno.EBUSY, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENODEV, errno.ENOLCK,
    errno.ENOMEM, errno.ENOSPC, errno.ENOTCONN, errno.ENXIO, errno.EPERM, errno.EROFS, errno.ESTALE, errno.ETIMEDOUT,
})  # fmt: skip
_OF_THE_DATABASE = frozenset({
    sqlite3.SQLITE_AUTH, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY,
})  # fmt: skip
"""Primary result codes (SQLite, result and error codes). A damaged file is not among them: no waiting mends it."""
_PRIMARY = 0xFF


def describe_fault(database: Path, documents: Path, error: BaseException) -> str | None:
    """Return the system's words and the place; None for an error that has other causes than the machine.

    A feed that is not there is the machine's fault as long as the folder is missing, too, in which it was stored:
    folders stay when documents are deleted, so it was moved away, or its disk is not mounted.
    """
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        return f"{database}: {error}" if code is not None and code & _PRIMARY in _OF_THE_DATABASE else None
    if not isinstance(error, OSError):
        return None
    place = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    if error.errno in _OF_THE_MACHINE:
        return f"{place or documents.parent}: {error.strerror}"
    if isinstance(error, FileNotFoundError) and place is not None and documents in place.parents:
        folder = place.parent
        return None if folder.is_dir() else f"{folder}: {os.strerror(errno.ENOENT)}"
    return None
