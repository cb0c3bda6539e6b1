"""Moments as whole numbers, as stores keep them, and as text."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from msgspec import to_builtins

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TO_SECONDS = len("2020-08-19T03:33:14")


@lru_cache  # one moment is often that of all orders of a batch
def as_micros(moment: datetime) -> int:
    """Return microseconds since the beginning of 1970, negative before it."""
    return (moment - _EPOCH) // _MICROSECOND


def as_moment(micros: int) -> datetime:
    """Return the moment in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def spell_seconds(moment: datetime) -> str:
    """Write a moment in UTC without its zone: `2020-08-19T03:33:14`.

    Answers and reports are full of times, and `strftime` takes ten times as long.
    """
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return str(to_builtins(utc))[:_TO_SECONDS]
