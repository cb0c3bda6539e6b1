"""The time of this computer, and ids that nobody had before."""

from datetime import UTC, datetime
from uuid import uuid4


def read_clock() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def make_id() -> str:
    """Return a new UUID."""
    return str(uuid4())


def make_key() -> str:
    """Return 32 hexadecimal digits that nobody can guess."""
    return uuid4().hex
