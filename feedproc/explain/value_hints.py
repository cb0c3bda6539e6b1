"""What was probably meant by a value that is not valid, by what it should have been."""

from feedproc.explain.mending import (
    Mended,
    is_day_first,
    is_impossible_moment,
    read_serial_day,
    read_unix_time,
    repair_amount,
    repair_moment,
    repair_whole_number,
)
from feedproc.feeds.saying import Saying, quote_value, say

_YES = {"yes": "true", "y": "true", "on": "true", "no": "false", "n": "false", "off": "false"}


def mend_moment(value: str) -> Saying | None:
    """Look at a date and time."""
    counted = _read_counted(value.strip())
    if counted is not None:
        return counted
    if is_impossible_moment(value):
        return say("There is no such day or hour; time zones reach to 14 hours.")
    if is_day_first(value):
        return say("Write the year first, then month and day, such as `2024-03-04T10:00:00+09:00`.")
    return _write(repair_moment(value))


def _read_counted(text: str) -> Saying | None:
    """Look at a moment that is counted from some day: Unix time, or a spreadsheet's number of a day."""
    if (moment := read_unix_time(text)) is not None:
        return say("This is Unix time; write it as `{}`.", f"{moment:%Y-%m-%dT%H:%M:%SZ}")
    if (moment := read_serial_day(text)) is not None:
        return say("A spreadsheet has made a number of the day; write `{}`.", f"{moment:%Y-%m-%dT%H:%M:%S}+09:00")
    return None


def leave_out(_value: str) -> None:
    """Say nothing: the advice beside the reason is to leave the element out, whatever its value."""


def mend_amount(value: str) -> Saying | None:
    """Look at an amount of money."""
    return _write(repair_amount(value))


def mend_units(value: str) -> Saying | None:
    """Look at a number of units."""
    if value.strip().startswith("-"):
        return say("Units are counted upwards: write {} if as many are meant.", quote_value(value.strip()[1:]))
    return _write(repair_whole_number(value))


def mend_number(value: str) -> Saying | None:
    """Look at a whole number."""
    return _write(repair_whole_number(value))


def mend_message_id(value: str) -> Saying | None:
    """Look at the number of a message."""
    if not value.strip(" 0"):
        return say("Count the messages of a feed from 1; 0 stands for the feed itself in reports.")
    otherwise = say("Count the messages of a feed 1, 2, 3, …: that is all it is for.")
    return _write(repair_whole_number(value)) or otherwise


def mend_yes_or_no(value: str) -> Saying | None:
    """Look at a choice between `true` and `false`."""
    text = value.strip().lower()
    meant = text if text in {"true", "false"} else _YES.get(text)
    return say("Write `{}`, in small letters.", meant) if meant else None


def mend_version(value: str) -> Saying:
    """Look at the version of the document."""
    if value.strip() == "1.01":
        return say("Write `1.01`: there must be no blanks around it.")
    return say("Write `1.01`.")


def _write(mended: Mended | None) -> Saying | None:
    return say("Write {}: {}.", quote_value(mended[0]), mended[1]) if mended else None
