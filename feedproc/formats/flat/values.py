"""What a cell may hold, by the rules of Seller Central's help pages on the three templates (641, 661, 50791)."""

import re
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache, partial

from feedproc.feeds.result_codes import NO_ORDER_ID, UNPROCESSABLE
from feedproc.feeds.saying import Saying, join_parts, quote_value, say
from feedproc.formats.carriers import OTHER, list_carrier_codes
from feedproc.formats.flat import hints
from feedproc.formats.flat.columns import Unfit

_ORDER_ID = re.compile(r"[0-9A-Za-z]{3}-[0-9A-Za-z]{7}-[0-9A-Za-z]{7}")
_ITEM_CODE = re.compile(r"[0-9]{14,15}")
_UNITS = re.compile(r"0*[1-9][0-9]{0,17}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AMOUNT = re.compile(r"[+-]?[0-9]{1,20}\.[0-9]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_UNREADABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\uf8f0-\uf8f3\ufffe\uffff\ud800-\udfff]")
"""Controls, halves of characters, and what Python makes of the bytes that Shift_JIS leaves out."""


def read_order_id(text: str) -> str:
    """Read Amazon's number of an order."""
    if _ORDER_ID.fullmatch(text):
        return text
    raise Unfit(
        say("Amazon's order numbers have 3, 7 and 7 digits with hyphens between them; this is {}", quote_value(text)),
        hints.mend_order_id(text),
        NO_ORDER_ID,
    )


def read_item_code(text: str) -> str:
    """Read Amazon's number of an order's item: 14 digits, since 2024 sometimes 15."""
    if _ITEM_CODE.fullmatch(text):
        return text
    reason = say("Amazon's item numbers have 14 or 15 digits; this is {}", quote_value(text))
    raise Unfit(reason, hints.mend_item_code(text))


def read_units(text: str) -> int:
    """Read a number of units."""
    if _UNITS.fullmatch(text):
        return int(text.lstrip("0"))  # int() itself refuses thousands of zeros
    raise Unfit(say("It must be a whole number of at least 1; this is {}", quote_value(text)), hints.mend_units(text))


def read_day(text: str) -> date:
    """Read a date in the form 2009-06-15."""
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Unfit(say("The calendar has no day {}", quote_value(text)), None, UNPROCESSABLE) from None
    reason = say("It must be a day such as 2009-06-15; this is {}", quote_value(text))
    raise Unfit(reason, hints.mend_day(text), UNPROCESSABLE)


def read_ship_date(text: str) -> date:
    """Read a date, or a moment in ISO 8601, which programs send all the same; without a zone it is UTC."""
    if not _MOMENT.fullmatch(text):
        return read_day(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Unfit(say("The calendar has no day {}", quote_value(text)), None, UNPROCESSABLE) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_amount(text: str) -> Decimal:
    """Read an amount: up to 20 digits, a point and two decimals; the sign comes first."""
    if _AMOUNT.fullmatch(text):
        return Decimal(text)
    reason = "It must be an amount with a point and exactly two decimals, and no thousands separators, such as 1200.00"
    raise Unfit(reason, hints.mend_amount(text))


def read_currency(text: str) -> str:
    """Read a currency's code."""
    if _CURRENCY.fullmatch(text):
        return text
    reason = say("It must be the code of a currency, such as JPY; this is {}", quote_value(text))
    raise Unfit(reason, hints.mend_currency(text))


def limit_text(longest: int) -> Callable[[str], str]:
    """Return a reader of texts of at most so many characters."""

    def read(value: str) -> str:
        if len(value) > longest:
            raise Unfit(say("It may have at most {} characters; this has {}", longest, len(value)))
        return value

    return read


def choose_one_of(names: Collection[str], meant: Callable[[str], Saying | None]) -> Callable[[str], str]:
    """Return a reader of names out of a list; `meant` returns a hint on another one."""

    def read(value: str) -> str:
        if value in names:
            return value
        raise Unfit(say("{} is none of {}", quote_value(value), join_parts(", ", names)), partial(meant, value))

    return read


def read_carrier_code(value: str) -> str:
    """Read a carrier code of Amazon's list; sellers write `OTHER` as well as `Other`."""
    if value in list_carrier_codes():
        return value
    if value.upper() == OTHER.upper():
        return OTHER
    reason = say("{} is not in Amazon's list of carriers", quote_value(value))
    raise Unfit(reason, partial(_mend_carrier, value))


@lru_cache
def _mend_carrier(value: str) -> Saying:
    """Return which carrier was probably meant: the same one is often wrong in every row, and the list is long."""
    return hints.mend_carrier(value, list_carrier_codes())


def require_readable(value: str) -> None:
    """Raise `Unfit` for what no row may hold, because nobody could read it."""
    found = _UNREADABLE.search(value)
    if found:
        hint = hints.ZEROS if found[0] == "\0" else hints.ENCODING
        raise Unfit(say("It holds U+{}, which is no character that can be read", f"{ord(found[0]):04X}"), hint)
