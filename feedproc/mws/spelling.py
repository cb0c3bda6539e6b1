"""How the wire writes what the core holds: feed types, statuses and times."""

import re
from datetime import UTC, datetime

from feedproc.feeds.moments import spell_seconds

_UNDERSCORED = re.compile(r"_([A-Z0-9][A-Z0-9_]{0,98}[A-Z0-9])_")
_ISO_8601 = re.compile(r"[0-9-]{8,10}(T[0-9:.,]{2,40}(Z|[+-][0-9:]{2,8})?)?")


def add_underscores(name: str) -> str:
    """Return the wire's form of a feed type or status: `_DONE_` for `DONE`."""
    return f"_{name}_"


def strip_underscores(spelled: str) -> str | None:
    """Return the name inside `_POST_X_`, or None when the text has another form."""
    match = _UNDERSCORED.fullmatch(spelled)
    return match[1] if match else None


def parse_time(text: str) -> datetime | None:
    """Read a time in any ISO 8601 form that clients send; None for anything else.

    Fractions after a point or a comma, zones as `Z`, `+09`, `+0900` or `+09:00`; without a zone it is UTC, and a date
    alone is its first instant (MWS developer guide, ISO 8601 timestamps). The result is in UTC.
    """
    spelled = text.strip().upper()
    if not _ISO_8601.fullmatch(spelled):
        return None
    try:
        at = datetime.fromisoformat(spelled)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def format_second(at: datetime) -> str:
    """Write a time as answers hold it: `2018-04-27T14:46:36+00:00`."""
    return f"{spell_seconds(at)}+00:00"


def format_millisecond(at: datetime) -> str:
    """Write a time as headers hold it: `2018-04-27T14:47:22.379Z`."""
    return f"{spell_seconds(at)}.{at.microsecond // 1000:03d}Z"


def format_short_second(at: datetime) -> str:
    """Write a time without a fraction as newer sections hold some: `2018-04-27T14:59:59Z`."""
    return f"{spell_seconds(at)}Z"


def format_java_date(at: datetime) -> str:
    """Write a time as Java prints it, in English whatever the locale: `Thu Dec 18 07:39:00 UTC 2014`."""
    utc = at.astimezone(UTC)
    return f"{_DAYS[utc.weekday()]} {_MONTHS[utc.month - 1]} {utc:%d %H:%M:%S} UTC {utc.year}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
