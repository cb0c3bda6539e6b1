"""What moment a ship date without a time stands for.

A flat file gives the day, as the seller's calendar counts it. Its last second, or the moment at which the seller told
of it if that came first, lies behind the purchase and before the latest ship date wherever some moment of the day does.
"""

from datetime import UTC, date, datetime, time, timedelta

from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feedtypes.instant import EARLIEST, LATEST


def find_moment(day: date, marketplace_id: str, told_at: datetime) -> datetime:
    """Return the moment, in UTC; for a day that had not begun when the seller told of it, its first one."""
    begin, end = _find_bounds(day, marketplace_of(marketplace_id).hours)
    return begin if told_at < begin else min(end, told_at)


def find_first_moment(day: date, marketplace_id: str) -> datetime:
    """Return the moment at which the day began, in UTC: somewhere on earth, for a marketplace that is not known."""
    return _find_bounds(day, marketplace_of(marketplace_id).hours)[0]


def _find_bounds(day: date, hours: tuple[int, int]) -> tuple[datetime, datetime]:
    """Return the first and the last second, as far as the calendar reaches."""
    ahead, behind = hours
    try:
        begin = datetime.combine(day, time(), UTC)
        return begin - timedelta(hours=ahead), begin + timedelta(hours=24 - behind, seconds=-1)
    except OverflowError:
        return (EARLIEST, EARLIEST) if day.year == 1 else (LATEST, LATEST)
