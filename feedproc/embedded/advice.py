"""What is wrong with a store and the machine around it, and what mends it, in the words of whoever has to."""

import errno
import os
import sqlite3
from pathlib import Path

from feedproc.errors import StoreDamaged

_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk, or this user's share of it, is full; make room, and it goes on where it stopped",
    sqlite3.SQLITE_READONLY: "it cannot be written to; look whether the file, its directory or the disk is read-only",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; look whether this user may write the file and its directory",
    sqlite3.SQLITE_IOERR: "the disk fails to read or write; look into the system's log, and make room if it is full",
    sqlite3.SQLITE_BUSY: "another program holds it; stop that, or wait until it is done",
    sqlite3.SQLITE_LOCKED: "another program holds it; stop that, or wait until it is done",
    sqlite3.SQLITE_PERM: "this user may not use it; run feedproc as the owner of the data directory",
    sqlite3.SQLITE_AUTH: "this user may not use it; run feedproc as the owner of the data directory",
    sqlite3.SQLITE_NOMEM: "there is not enough memory; end other programs",
}
_DAMAGED = "it is damaged, or no store of feedproc; restore it from a backup, or name another directory with --data-dir"
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
"""The bits of a result code that say what it is (SQLite, result and error codes)."""


def advise(error: sqlite3.Error) -> str:
    """Return what SQLite says, and how to mend it."""
    code = getattr(error, "sqlite_errorcode", None)
    return f"{error}: {_ADVICE.get((code or 0) & _PRIMARY, _DAMAGED)}"


def describe_fault(database: Path, documents: Path, error: BaseException) -> str | None:
    """Return the system's words and the place; None for an error that has other causes than the machine.

    A feed that is not there is the machine's fault as long as the folder is missing, too, in which it was stored:
    folders stay when documents are deleted, so it was moved away, or its disk is not mounted.
    """
    if isinstance(error, StoreDamaged):
        return f"{database}: {error}"
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
