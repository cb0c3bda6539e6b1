"""Times, amounts, quantities and SKUs as they come from outside, and what is made up where nothing is said."""

import re
from datetime import UTC, datetime
from decimal import Decimal

from msgspec import Struct

from feedproc.feeds.marketplaces import MARKETPLACES

_AMOUNT = re.compile(r"[+-]?(?:\d{1,20}|\d{1,3}(?:,\d{3}){1,6})?(?:\.\d{1,20})?", re.ASCII)
"""With commas between thousands or without, as spreadsheets write them."""
_COUNT = re.compile(r"\d{1,18}", re.ASCII)
_SHORTENED = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_SPREADSHEET_DAY = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?(.*)", re.ASCII)
_ZONES = {"JST": "+09:00", "UTC": "+00:00", "GMT": "+00:00"}
_ZONE = re.compile(r"\s*\b(JST|UTC|GMT)\Z", re.IGNORECASE)
_CURRENCIES = frozenset(place.currency for place in MARKETPLACES.values())
_LONGEST_SHOWN = 40
"""Characters of a wrong value that are told."""


def explain_json_fault(error: Exception) -> str:
    """Say why something is no JSON, or not the JSON that is asked for.

    How deep is too deep, and what Python says of it, differ from version to version.
    """
    return "its lists and objects are nested too deeply" if isinstance(error, RecursionError) else str(error)


class Unclear(Exception):
    """What a file says can be read, and it makes no order. Its text says why."""


class Remark(Struct, frozen=True):
    """What somebody should know of a file whose orders were taken."""

    text: str


def show_value(text: str) -> str:
    """Return a wrong value as it is told, in quotes and not longer than a person reads."""
    return repr(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…")


def parse_moment(text: str) -> datetime:
    """Return a time in UTC; one without a zone is taken as UTC.

    Raises:
        Unclear: it is no time, or beyond the calendar.

    """
    given = _ZONE.sub(lambda found: _ZONES[found[1].upper()], text.strip())
    slashes = _SPREADSHEET_DAY.fullmatch(given)
    if slashes:
        year, month, day, hour, rest = slashes.groups()
        given = f"{year}-{int(month):02}-{int(day):02}T{(hour or '00:00').zfill(5)}{rest}"
    try:
        moment = datetime.fromisoformat(given)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Unclear(f"{show_value(text)} is no time such as 2024-03-01T09:00:00+09:00") from None


def parse_currency(text: str) -> str:
    """Return the code of a currency; nothing stays nothing.

    Raises:
        Unclear: no marketplace has it.

    """
    if text and text not in _CURRENCIES:
        raise Unclear(f"{show_value(text)} is no marketplace's; there are {', '.join(sorted(_CURRENCIES))}")
    return text


def parse_amount(text: str) -> Decimal:
    """Return an amount; nothing is 0. A sign of a currency before it is left out.

    Raises:
        Unclear: it is no amount.

    """
    given = text.strip().lstrip("¥￥$£€\\").strip()
    if given and not (_AMOUNT.fullmatch(given) and any(map(str.isdigit, given))):
        raise Unclear(f"{show_value(text)} is no amount such as 1234.50, with a point before decimals")
    return Decimal(given.replace(",", "") or 0)


def parse_count(text: str) -> int:
    """Return a number of units; nothing is 0.

    Raises:
        Unclear: it is no whole number.

    """
    given = text.strip()
    if given and not _COUNT.fullmatch(given):
        raise Unclear(f"{show_value(text)} is no whole number")
    return int(given or 0)


def parse_flag(text: str) -> bool:
    """Say whether something is true, as reports spell it."""
    return text.strip().lower() in {"true", "yes", "1"}


def require_no_shortened_number(text: str) -> str:
    """Return an id as it is.

    Raises:
        Unclear: a spreadsheet made a rounded number of it, `2.5E+13`.

    """
    if _SHORTENED.fullmatch(text):
        raise Unclear(f"{show_value(text)} is an id that a spreadsheet has rounded; take the file as it was downloaded")
    return text


def find_sku_problem(sku: str) -> str | None:
    """Return why a SKU can be no order's and no level's, or None: no feed can name what no text of XML can hold."""
    return "sku holds the character 0" if "\0" in sku else None


def find_marketplace(sales_channel: str) -> str | None:
    """Return the id of the marketplace that reports call by this name, such as `Amazon.co.jp`; None if none is."""
    named = sales_channel.strip().lower()
    return next((one.marketplace_id for one in MARKETPLACES.values() if one.sales_channel.lower() == named), None)
