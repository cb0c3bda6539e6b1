"""Dates, times and durations as Xerces reads, orders and shows them."""

import re
from math import floor
from typing import NamedTuple

_YEAR = r"(-?[1-9][0-9]{4,}|-?[0-9]{4})"
_TIME = r"([0-9]{2}):([0-9]{2}):([0-9]{2}(?:\.[0-9]+)?)"
_ZONE = r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?"
_FORMS = {
    "dateTime": re.compile(rf"{_YEAR}-([0-9]{{2}})-([0-9]{{2}})T{_TIME}{_ZONE}").fullmatch,
    "date": re.compile(rf"{_YEAR}-([0-9]{{2}})-([0-9]{{2}})()()(){_ZONE}").fullmatch,
    "time": re.compile(rf"()()(){_TIME}{_ZONE}").fullmatch,
    "gYearMonth": re.compile(rf"{_YEAR}-([0-9]{{2}})()()()(){_ZONE}").fullmatch,
    "gYear": re.compile(rf"{_YEAR}()()()()(){_ZONE}").fullmatch,
    "gMonthDay": re.compile(rf"()--([0-9]{{2}})-([0-9]{{2}})()()(){_ZONE}").fullmatch,
    "gDay": re.compile(rf"()()---([0-9]{{2}})()()(){_ZONE}").fullmatch,
    "gMonth": re.compile(rf"()--([0-9]{{2}})(?:--)?()()()(){_ZONE}").fullmatch,
}
_DURATION = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?)?"
).fullmatch
_LARGEST = 2**31 - 1
_LONGEST_YEAR = 11
_FIRST_FIELD = {"gMonthDay": 1, "gMonth": 1, "time": 2, "gDay": 2}
"""Which is the first field that is compared, where it is not the year."""
_PLACED_DAY = {"time": 15}
"""The day on which something without one is; else the first."""
INCOMPARABLE = 2
MOMENTS = frozenset(_FORMS)
"""The types of which this module knows the values, but for durations."""


class Moment(NamedTuple):
    """A date or time, moved to UTC where it tells its zone."""

    kind: str
    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: float
    utc: str
    """Z, or empty where no zone was told."""

    def __str__(self) -> str:
        date = f"{_show_digits(self.year, 4)}-{self.month:02}-{self.day:02}"
        time = f"{self.hour:02}:{self.minute:02}:{'0' if self.second < 10 else ''}{show_seconds(self.second)}"
        texts = {
            "dateTime": f"{date}T{time}",
            "date": date,
            "time": time,
            "gYearMonth": date[:-3],
            "gYear": date[:-6],
            "gMonthDay": f"--{self.month:02}-{self.day:02}",
            "gDay": f"---{self.day:02}",
            "gMonth": f"--{self.month:02}",
        }
        return texts[self.kind] + self.utc

    @property
    def fields(self) -> tuple[float, ...]:
        """What orders it among others in the same zone."""
        fields = self.year, self.month, self.day, self.hour, self.minute, self.second
        return fields[_FIRST_FIELD.get(self.kind, 0) :]


def read_moment(kind: str, text: str) -> Moment | None:
    """Read a date or time of `kind`."""
    match = _FORMS[kind](text)
    if match is None or len(match[1] or "") > _LONGEST_YEAR:
        return None
    year, month, day, hour, minute, second, zulu, sign, zone_hour, zone_minute = match.groups()
    date = int(year or 2000), int(month or 1), int(day or _PLACED_DAY.get(kind, 1))
    time = int(hour or 0), int(minute or 0), float(second or 0)
    if abs(date[0]) > _LARGEST or date[0] == 0 or not 1 <= date[1] <= 12 or not 1 <= date[2] <= _count_days(*date[:2]):
        return None
    if time[0] == 24 and time[1:] == (0, 0.0):
        date, time = _find_next_day(*date), (0, 0, 0.0)
    if time[0] > 23 or time[1] > 59 or time[2] >= 60:
        return None
    found = Moment(kind, *date, *time, zulu or "")
    return found if sign is None else _read_zone(found, sign, int(zone_hour), int(zone_minute))


def _read_zone(found: Moment, sign: str, hours: int, minutes: int) -> Moment | None:
    if minutes > 59 or hours > 14 or (hours == 14 and minutes > 0):
        return None
    return _move(found, -hours, -minutes) if sign == "-" else _move(found, hours, minutes)


def _find_next_day(year: int, month: int, day: int) -> tuple[int, int, int]:
    if day < _count_days(year, month):
        return year, month, day + 1
    if month < 12:
        return year, month + 1, 1
    return year + 1 or 1, 1, 1


def _count_days(year: int, month: int) -> int:
    """Return how many days a month has; one that there is not has 31."""
    if month in {4, 6, 9, 11}:
        return 30
    if month != 2:
        return 31
    return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28


def _move(found: Moment, hours: int, minutes: int) -> Moment:
    """Return a moment of the zone so many hours and minutes ahead of UTC as it is there."""
    carry, minute = divmod(found.minute - minutes, 60)
    carry, hour = divmod(found.hour - hours + carry, 24)
    year, month, day = found.year, found.month, found.day + carry
    while True:
        longest = _count_days(year, month)
        if day < 1:
            day, step = day + _count_days(year, month - 1), -1
        elif day > longest:
            day, step = day - longest, 1
        else:
            break
        years, index = divmod(month + step - 1, 12)
        year, month = year + years, index + 1
        if year == 0:
            year = 1 if hours < 0 or minutes < 0 else -1
    return Moment(found.kind, year, month, day, hour, minute, found.second, "Z")


def compare_moments(one: Moment, other: Moment) -> int:
    """Return -1, 0 or 1 as the first is earlier, the same or later; `INCOMPARABLE` where a zone would tell."""
    if one.utc == other.utc:
        return _compare(one.fields, other.fields)
    if one.utc:
        if one.fields < _move(other, 14, 0).fields:
            return -1
        return 1 if one.fields > _move(other, -14, 0).fields else INCOMPARABLE
    if _move(one, -14, 0).fields < other.fields:
        return -1
    return 1 if _move(one, 14, 0).fields > other.fields else INCOMPARABLE


def _compare(one: tuple[float, ...], other: tuple[float, ...]) -> int:
    return (one > other) - (one < other)


class Duration(NamedTuple):
    """A duration; all its parts have one sign."""

    years: int
    months: int
    days: int
    hours: int
    minutes: int
    seconds: float
    is_negative: bool

    def __str__(self) -> str:
        sign = "-" if any(part < 0 for part in self[:6]) else ""
        years, months, days, hours, minutes = (abs(part) for part in self[:5])
        return f"{sign}P{years}Y{months}M{days}DT{hours}H{minutes}M{show_seconds(abs(self.seconds))}S"

    @property
    def ends(self) -> tuple[tuple[float, ...], ...]:
        """When it ends that begins at the four moments which order durations (XML Schema, part 2, 3.2.6.2)."""
        return tuple(self._add_to(*start) for start in ((1696, 9), (1697, 2), (1903, 3), (1903, 7)))

    def _add_to(self, year: int, month: int) -> tuple[float, ...]:
        years, index = divmod(month + self.months - 1, 12)
        year, month = year + self.years + years, index + 1
        carry = floor(self.seconds / 60)
        second = self.seconds - carry * 60
        carry, minute = divmod(self.minutes + carry, 60)
        carry, hour = divmod(self.hours + carry, 24)
        day = 1 + self.days + carry
        while not 1 <= day <= _count_days(year, month):
            if day < 1:
                day, step = day + _count_days(year, month - 1), -1
            else:
                day, step = day - _count_days(year, month), 1
            years, index = divmod(month + step - 1, 12)
            year, month = year + years, index + 1
        return year, month, day, hour, minute, second


def read_duration(text: str) -> Duration | None:
    """Read an xsd:duration."""
    match = _DURATION(text)
    if match is None:
        return None
    sign = -1 if match[1] else 1
    numbers = [int(match[at] or 0) for at in range(2, 7)]
    seconds = float(match[7] or 0)
    if max(numbers) > _LARGEST or seconds == float("inf"):
        return None
    years, months, days, hours, minutes = (sign * number for number in numbers)
    return Duration(years, months, days, hours, minutes, sign * seconds if seconds else 0.0, sign < 0)


def compare_durations(one: Duration, other: Duration) -> int:
    """Return -1, 0 or 1 as the first is shorter, as long or longer; `INCOMPARABLE` where the month would tell."""
    if one == other:
        return 0
    orders = {_compare(mine, theirs) for mine, theirs in zip(one.ends, other.ends, strict=True)}
    return orders.pop() if len(orders) == 1 else INCOMPARABLE


def show_seconds(seconds: float) -> str:
    """Return seconds as Xerces shows them: without a point where they are whole."""
    return str(int(seconds)) if seconds == int(seconds) else f"{seconds:f}" if seconds < 1e-3 else repr(seconds)


def _show_digits(number: int, width: int) -> str:
    return f"{'-' if number < 0 else ''}{abs(number):0{width}}"
