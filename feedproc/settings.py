"""What the surroundings say: the only module that reads the environment."""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from feedproc.errors import Unusable

BACK_END = "FEEDPROC_BACKEND"
DATA_DIR = "FEEDPROC_DATA_DIR"
SECRET_KEY = "FEEDPROC_SECRET_KEY"  # noqa: S105 - the variable's name, not a secret


class BackEnd(StrEnum):
    """Who keeps orders and submissions."""

    EMBEDDED = "embedded"
    AWS = "aws"


class Place(Struct, frozen=True, kw_only=True):
    """Where orders and submissions are kept."""

    back_end: BackEnd = BackEnd.EMBEDDED
    data_dir: Path
    """Of the embedded store."""
    endpoint_url: str | None = None
    """Of a server that speaks AWS; None for AWS itself."""


class Settings(Struct, frozen=True):
    """What a user can set once for all commands."""

    data_dir: Path
    """Where the store is, unless a command is told otherwise."""
    back_end: BackEnd = BackEnd.EMBEDDED
    secret_key: str | None = None
    """Signs what `feedproc submit` sends; None for the local seller's."""

    def __repr__(self) -> str:
        """Leave the secret out."""
        return f"Settings(data_dir={str(self.data_dir)!r})"


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings; a variable that is empty counts as not set."""
    named = environ.get(DATA_DIR)
    data_dir = Path(named) if named else Path.home() / ".local" / "share" / "feedproc"
    named = environ.get(BACK_END) or BackEnd.EMBEDDED.value
    if named not in set(BackEnd):
        raise Unusable(f"{BACK_END} is {named!r}; it must be one of {', '.join(BackEnd)}")
    return Settings(data_dir=data_dir.expanduser(), back_end=BackEnd(named), secret_key=environ.get(SECRET_KEY) or None)


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
