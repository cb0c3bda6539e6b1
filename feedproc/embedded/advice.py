"""What is wrong with a database, and what mends it, in the words of whoever has to."""

import sqlite3

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
_PRIMARY = 0xFF
"""The bits of a result code that say what it is (SQLite, result and error codes)."""


def advise(error: sqlite3.Error) -> str:
    """Return what SQLite says, and how to mend it."""
    code = getattr(error, "sqlite_errorcode", None)
    return f"{error}: {_ADVICE.get((code or 0) & _PRIMARY, _DAMAGED)}"
