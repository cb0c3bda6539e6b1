"""Read an xs:dateTime as an aware moment in UTC."""

import re
from datetime import UTC, datetime, timedelta

EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)

_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)T24:00:00(?:\.0+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_YEAR = re.compile(r"(\d{4,})-", re.ASCII)


def read_instant(text: str) -> datetime:
    """Return the moment; without a zone it is taken to be in UTC.

    What the calendar here cannot hold becomes `EARLIEST` or `LATEST`, and so does what is no moment at all: both are
    implausible, and no feed can crash its worker with them. Fractions beyond microseconds are cut off.
    """
    text = text.strip()
    if text[4:5] != "-":
        return _read_unusual(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _read_unusual(text)
    if moment.tzinfo is UTC:
        return moment
    return move_to_utc(moment)


def move_to_utc(moment: datetime) -> datetime:
    """Return a moment in UTC, as far as the calendar reaches; one without a zone is taken to be in UTC."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return EARLIEST if moment.year == 1 else LATEST


def _read_unusual(text: str) -> datetime:
    """Read what the quick way cannot: the hour 24, and years that are not between 1 and 9999."""
    midnight = _MIDNIGHT.fullmatch(text)
    if midnight is not None:
        return _end_day(midnight[1], midnight[2] or "")
    year = _YEAR.match(text)
    return LATEST if year is not None and len(year[1]) > 4 else EARLIEST


def _end_day(day: str, zone: str) -> datetime:
    """Return the end of a day, which is the beginning of the next."""
    try:
        return read_instant(f"{day}T00:00:00{zone}") + timedelta(days=1)
    except OverflowError:
        return LATEST
