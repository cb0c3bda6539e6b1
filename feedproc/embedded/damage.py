"""Damage in the database that SQLite does not tell: a bit that flipped in an order, or in what finds it."""

import sqlite3
from zlib import crc32

from feedproc.errors import StoreDamaged

_ADVICE = "the disk, or another program, changed the database; restore it from a backup (`feedproc restore`)"
_CHECKSUMS = {"orders": "amazon_order_id", "recipients": "amazon_order_id"}
"""Tables whose rows have the CRC-32 of their data beside it, and what to call a row by."""


def make_damage(what: str) -> StoreDamaged:
    """Return the error that tells what was found damaged."""
    return StoreDamaged(f"{what} is damaged: {_ADVICE}")


def fill_checksums(connection: sqlite3.Connection) -> None:
    """Give every row its checksum, from the data as it is now."""
    connection.create_function("crc32", 1, crc32, deterministic=True)
    for table in _CHECKSUMS:
        connection.execute(f"UPDATE {table} SET checksum = crc32(CAST(data AS BLOB))")


def find_damage(connection: sqlite3.Connection) -> str | None:
    """Read all of a database; return what is wrong with it first, None if nothing is."""
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        return str(verdict)
    connection.create_function("crc32", 1, crc32, deterministic=True)
    for table, name in _CHECKSUMS.items():
        query = f"SELECT {name} FROM {table} WHERE checksum IS NOT crc32(CAST(data AS BLOB)) LIMIT 1"
        found = connection.execute(query).fetchone()
        if found is not None:
            return f"{found[0]} in table {table}"
    return None
