"""What moment a ship date without a time stands for.

A flat file gives the day, as the seller's calendar counts it. Its last second, or the moment at which the seller told
of it if that came first, lies behind the purchase and before the latest ship date wherever some moment of the day does.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from feedproc.feedtypes.instant import EARLIEST, LATEST

_ANYWHERE = (14, -12)
_MIDDLE_EUROPE = (2, 1)
_HOURS: Mapping[str, tuple[int, int]] = {
    "A1VC38T7YXB528": (9, 9),
    "ATVPDKIKX0DER": (-4, -10),
    "A2EUQ1WTGCTBG2": (-2, -8),
    "A1AM78C64UM0Y8": (-5, -8),
    "A1PA6795UKMFR9": _MIDDLE_EUROPE,
    "A1RKKUPIHCS9HS": (2, 0),
    "A13V1IB3VIYZZH": _MIDDLE_EUROPE,
    "APJ6JRA9NG5V4": _MIDDLE_EUROPE,
    "A1805IZSGTT6HS": _MIDDLE_EUROPE,
    "A2NODRKZP88ZB9": _MIDDLE_EUROPE,
    "A1C3SOZRARQ6R3": _MIDDLE_EUROPE,
    "AMEN7PMS3EDWL": _MIDDLE_EUROPE,
    "A1F83G8C2ARO7P": (1, 0),
}
"""By marketplace: hours ahead of UTC, where the day begins first and where it ends last, in summer or winter."""


def moment_of(day: date, marketplace_id: str, told_at: datetime) -> datetime:
    """Return the moment, in UTC; for a day that had not begun when the seller told of it, its first one."""
    begin, end = _bounds(day, _HOURS.get(marketplace_id, _ANYWHERE))
    return begin if told_at < begin else min(end, told_at)


def first_moment_of(day: date, marketplace_id: str) -> datetime:
    """Return the moment at which the day began, in UTC: somewhere on earth, for a marketplace that is not known."""
    return _bounds(day, _HOURS.get(marketplace_id, _ANYWHERE))[0]


def _bounds(day: date, hours: tuple[int, int]) -> tuple[datetime, datetime]:
    """Return the first and the last second, as far as the calendar reaches."""
    ahead, behind = hours
    try:
        begin = datetime.combine(day, time(), UTC)
        return begin - timedelta(hours=ahead), begin + timedelta(hours=24 - behind, seconds=-1)
    except OverflowError:
        return (EARLIEST, EARLIEST) if day.year == 1 else (LATEST, LATEST)
