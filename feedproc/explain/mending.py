"""Values that people and spreadsheets write, and how they must be written."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import partial, reduce

from feedproc.feeds.saying import Saying, say
from feedproc.xerces.values.dates import read_moment

_MOMENT = re.compile(
    r"(?P<year>\d{4})(?P<first>[-/.年])(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:(?P<between>[Tt]|[\s_]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>\.\d+)?)?)?"
    r"\s*(?P<zone>Z|z|JST|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
)
_ZONES = {"z": "Z", "JST": "+09:00", "UTC": "Z", "GMT": "Z"}
_DAY_FIRST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b.*", re.DOTALL)
_FROM_BEHIND = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_MONTHS = 12
_CURRENCY = re.compile(r"[¥￥$€£円元]|(?<![a-z])(?:JPY|USD|EUR|GBP|CAD|CNY|AUD|yen)(?![a-z])", re.IGNORECASE)
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([,.' \u00a0])\d{3})+(?:(?!\1)[,.]\d{1,2})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d{1,2}", re.ASCII)
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc\uff0d\uff70]")
_ORDER_ID = re.compile(r"(\w{3})-?(\w{7})-?(\w{7})", re.ASCII)
_LONGEST = 100
_COUNTED = re.compile(r"[0-9]{5,13}(?:\.[0-9]{1,12})?")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
"""Days since 1899-12-30, as spreadsheets count them: from 1954 to 2119."""
_ORIGIN = datetime(1899, 12, 30)
_SECONDS, _MILLISECONDS = 10, 13
"""Digits of a Unix time between 2001 and 2286."""

Mended = tuple[str, Saying]
"""How it is written, and what was wrong, to complete a sentence."""


def repair_moment(value: str) -> Mended | None:
    """Mend a date and time."""
    text = _narrow(value)
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    wrong = _list_mistakes(found)
    day = f"{found['year']}-{found['month']:0>2}-{found['day']:0>2}"
    hour, minute, second = (f"{found[name] or '':0>2}" for name in ("hour", "minute", "second"))
    mended = f"{day}T{hour}:{minute}:{second}{found['fraction'] or ''}{_write_zone(found['zone'])}"
    if read_moment("dateTime", mended) is None:
        return None
    return mended, wrong or say("only the digits, signs and letters of ASCII count")


def read_unix_time(value: str) -> datetime | None:
    """Return the moment that a number counts as seconds or milliseconds since 1970; None where it can be none."""
    digits = len(value.partition(".")[0])
    if not _COUNTED.fullmatch(value) or digits not in {_SECONDS, _MILLISECONDS}:
        return None
    return datetime.fromtimestamp(float(value) / (1 if digits == _SECONDS else 1000), UTC)


def read_serial_day(value: str) -> datetime | None:
    """Return the moment, without a zone, that a spreadsheet has made a number of; None where it can be none."""
    if not _COUNTED.fullmatch(value) or not _FIRST_SERIAL < float(value) < _LAST_SERIAL:
        return None
    return _ORIGIN + timedelta(days=float(value))


def read_from_behind(value: str) -> date | None:
    """Return the day that a date with its year at the end means; None where day and month could be each other."""
    found = _FROM_BEHIND.fullmatch(_narrow(value))
    if found is None:
        return None
    first, second, year = map(int, found.groups())
    months = [(month, day) for month, day in {(first, second), (second, first)} if month <= _MONTHS]
    try:
        return date(year, *months[0]) if len(months) == 1 else None
    except ValueError:
        return None


def is_impossible_moment(value: str) -> bool:
    """Say whether a value looks like a date and time, but of a day or an hour that does not exist."""
    found = _MOMENT.fullmatch(_narrow(value))
    return found is not None and repair_moment(value) is None


def is_day_first(value: str) -> bool:
    """Say whether a value looks like a date that does not begin with the year."""
    return _DAY_FIRST.fullmatch(_narrow(value)) is not None


def repair_amount(value: str) -> Mended | None:
    """Mend an amount of money."""
    narrow = _narrow(value)
    text = _CURRENCY.sub("", narrow).strip()
    wrong = say("the currency stands in the attribute `currency`") if text != narrow else None
    if _PLAIN.fullmatch(text):
        return text, wrong or say("digits must be those of ASCII")
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        separators = say("thousands have no separators between them")
        return _put_decimal_point(text.replace(grouped[1], "")), _join_two(wrong, separators)
    if _DECIMAL_COMMA.fullmatch(text):
        return _put_decimal_point(text), _join_two(wrong, say("decimals stand behind a point, not a comma"))
    return None


def repair_whole_number(value: str) -> Mended | None:
    """Mend a number of units or an id number."""
    text = _narrow(value)
    found = re.fullmatch(r"\+?(\d+)(\.0*)?", text, re.ASCII) or re.fullmatch(r"(\d{1,3}(?:,\d{3})+)()", text, re.ASCII)
    if found is None or int(found[1].replace(",", "")) == 0:
        return None
    number = found[1].replace(",", "")
    if found[2]:
        return number, say("whole numbers have no decimals")
    return number, say("a whole number is written in the digits 0 to 9 alone")


def repair_order_id(value: str) -> Mended | None:
    """Mend Amazon's number of an order."""
    text = _DASHES.sub("-", value).strip(" \t\r\n\u3000\u00a0#")
    found = _ORDER_ID.fullmatch(text)
    if found is None or "_" in text:
        return None
    mended = "-".join(found.groups())
    if value.strip() == mended:
        return mended, say("there must be no blanks or line ends around it")
    return mended, say("it has hyphens after 3 and after 7 more characters, and nothing else")


def _list_mistakes(found: re.Match[str]) -> Saying | None:
    return _join([what for is_so, what in _checks(found) if is_so])


def _checks(found: re.Match[str]) -> tuple[tuple[bool, Saying], ...]:
    zone = found["zone"] or ""
    return (
        (found["first"] != "-", say("a date is written with hyphens")),
        (len(found["month"]) < 2 or len(found["day"]) < 2, say("months and days have two digits")),
        (found["hour"] is None, say("the time is missing, to the second")),
        (found["hour"] is not None and found["between"] != "T", say("a `T` stands between date and time")),
        (found["hour"] is not None and found["second"] is None, say("the seconds are missing")),
        (found["hour"] is not None and not zone, say("the time zone is missing, such as `+09:00`")),
        (zone in _ZONES, say("the time zone is written as `Z` or with its hours, such as `+09:00`")),
        (zone[:1] in "+-" and zone != "" and ":" not in zone, say("the time zone takes a colon")),
    )


def _write_zone(zone: str | None) -> str:
    if not zone:
        return "+09:00"
    if zone[0] in "+-":
        return f"{zone[:3]}:{zone[3:].strip(':') or '00'}"
    return _ZONES.get(zone, zone)


def _join_two(first: Saying | None, second: Saying) -> Saying:
    return say("{}, and {}", first, second) if first else second


def _join(wrong: list[Saying]) -> Saying | None:
    if not wrong:
        return None
    *others, last = wrong
    return _join_two(reduce(partial(say, "{}, {}"), others) if others else None, last)


def _put_decimal_point(text: str) -> str:
    return text.replace(",", ".")


def _narrow(value: str) -> str:
    """Return a value with full-width characters made narrow, without blanks around it."""
    return unicodedata.normalize("NFKC", value[:_LONGEST]).strip()
