"""The lexical spaces of XSD's primitive types as Xerces reads them: a text becomes a value, or there is none."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

_DIGITS = re.compile(r"[0-9]*").fullmatch
_YEAR = r"(-?[1-9][0-9]{4,}|-?[0-9]{4})"
_TIME = r"([0-9]{2}):([0-9]{2}):([0-9]{2}(?:\.[0-9]+)?)"
_ZONE = r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?"
_MOMENTS = {
    "dateTime": re.compile(rf"{_YEAR}-([0-9]{{2}})-([0-9]{{2}})T{_TIME}{_ZONE}").fullmatch,
    "date": re.compile(rf"{_YEAR}-([0-9]{{2}})-([0-9]{{2}})()()(){_ZONE}").fullmatch,
    "time": re.compile(rf"()()(){_TIME}{_ZONE}").fullmatch,
    "gYearMonth": re.compile(rf"{_YEAR}-([0-9]{{2}})()()()(){_ZONE}").fullmatch,
    "gYear": re.compile(rf"{_YEAR}()()()()(){_ZONE}").fullmatch,
    "gMonthDay": re.compile(rf"()--([0-9]{{2}})-([0-9]{{2}})()()(){_ZONE}").fullmatch,
    "gDay": re.compile(rf"()()---([0-9]{{2}})()()(){_ZONE}").fullmatch,
    "gMonth": re.compile(rf"()--([0-9]{{2}})(?:--)?()()()(){_ZONE}").fullmatch,
}
_FLOAT = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF|NaN").fullmatch
_DURATION = re.compile(
    r"-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?"
    r"(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
).fullmatch
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*").fullmatch
_BASE64 = re.compile(
    r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
).fullmatch
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_LONGEST_MONTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LARGEST_YEAR = 2**31 - 1
_LONGEST_YEAR = 11


class Number(NamedTuple):
    """A decimal by value: its sign (0 for zero), the digits before and after the point, without idle zeros."""

    sign: int
    whole: str
    fraction: str
    integer: bool = False

    @property
    def total_digits(self) -> int:
        """How many digits the value has in all."""
        return len(self.whole) + len(self.fraction)

    def order(self) -> Decimal:
        """Return what orders it among numbers."""
        return Decimal(f"{'-' if self.sign < 0 else ''}{self.whole or '0'}.{self.fraction or '0'}")

    def __str__(self) -> str:
        if self.sign == 0:
            return "0" if self.integer else "0.0"
        text = f"{'-' if self.sign < 0 else ''}{self.whole or '0'}"
        return text if self.integer else f"{text}.{self.fraction or '0'}"


def decimal(text: str) -> Number | None:
    """Read an xsd:decimal."""
    whole, _, fraction = _unsigned(text).partition(".")
    if not (whole or fraction) or not _DIGITS(whole) or not _DIGITS(fraction):
        return None
    return _number(text[0], whole.lstrip("0"), fraction.rstrip("0"), integer=False)


def integer(text: str) -> Number | None:
    """Read an xsd:integer."""
    digits = _unsigned(text)
    if not digits or not _DIGITS(digits):
        return None
    return _number(text[0], digits.lstrip("0"), "", integer=True)


def _unsigned(text: str) -> str:
    return text[1:] if text[:1] in {"+", "-"} else text


def _number(sign: str, whole: str, fraction: str, *, integer: bool) -> Number:
    if not whole and not fraction:
        return Number(0, "", "", integer)
    return Number(-1 if sign == "-" else 1, whole, fraction, integer)


def moment(kind: str, text: str) -> tuple[Any, ...] | None:
    """Read a date or time of `kind`; the value is enough to tell equal from unequal."""
    match = _MOMENTS[kind](text)
    if match is None or len(match[1] or "") > _LONGEST_YEAR:
        return None
    year, month, day, hour, minute, second, _, sign, zone_hour, zone_minute = match.groups()
    date = (int(year or 2000), int(month or 1), int(day or 1))
    if abs(date[0]) > _LARGEST_YEAR or not _on_calendar(*date) or not _on_clock(hour, minute, second):
        return None
    if not _in_zone(zone_hour, zone_minute):
        return None
    return (*date, hour, minute, second, sign, zone_hour, zone_minute)


def _on_calendar(year: int, month: int, day: int) -> bool:
    if year == 0 or not 1 <= month <= 12:
        return False
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= _LONGEST_MONTHS[month] + leap


def _on_clock(hour: str, minute: str, second: str) -> bool:
    if not hour:
        return True
    if int(hour) > 23:
        return int(hour) == 24 and int(minute) == 0 and float(second) == 0
    return int(minute) <= 59 and float(second) < 60


def _in_zone(hour: str | None, minute: str | None) -> bool:
    if hour is None or minute is None:
        return True
    return int(minute) <= 59 and (int(hour) < 14 or (int(hour) == 14 and int(minute) == 0))


def _matched(test: Callable[[str], object]) -> Callable[[str], str | None]:
    return lambda text: text if test(text) else None


def _base64(text: str) -> str | None:
    packed = re.sub(r"[\t\n\r ]+", "", text)
    return packed if _BASE64(packed) else None


def _moment_reader(kind: str) -> Callable[[str], tuple[Any, ...] | None]:
    return lambda text: moment(kind, text)


READERS: dict[str, Callable[[str], Any]] = {
    "boolean": _BOOLEANS.get,
    "decimal": decimal,
    "integer": integer,
    "float": _matched(_FLOAT),
    "double": _matched(_FLOAT),
    "duration": _matched(_DURATION),
    "hexBinary": _matched(_HEX),
    "base64Binary": _base64,
    **{kind: _moment_reader(kind) for kind in _MOMENTS},
}
