"""What was probably meant by a cell or a heading that is not as it must be."""

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import lru_cache

from feedproc.feeds.saying import Saying, say

AS_TEXT = say("A spreadsheet has rounded it: format the column as text, and paste the number anew.")
ZEROS = say("The file seems to be in UTF-16 here: save it as tab-delimited text in the encoding that you declare.")
ENCODING = say("Save the file in the encoding that its content type names, or in UTF-8.")
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{4})[/.年-]([0-9]{1,2})[/.月-]([0-9]{1,2})日?(?:[ T].*)?")
_DATE_FROM_BEHIND = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}")
_HEADINGS = frozenset({"order-id", "amazon-order-id", "amazonorderid", "注文番号", "amazon注文番号", "sku"})
_WIDE = re.compile("[０-９ａ-ｚＡ-Ｚ－．，]")
_CURRENCIES = {"¥": "JPY", "￥": "JPY", "円": "JPY", "YEN": "JPY", "€": "EUR", "EURO": "EUR", "$": "USD", "£": "GBP"}
_WIDE_LETTERS = say("Write it in half-width letters and digits.")


def mend_order_id(value: str) -> Saying | None:
    """Look at an order number."""
    if value.lower() in _HEADINGS:
        return say("This is a row of headings again: take it out.")
    if _WIDE.search(value):
        return _WIDE_LETTERS
    digits = re.sub("[^0-9A-Za-z]", "", value)
    if len(digits) == 17 and digits.isascii():
        return say("Write it with hyphens: {}.", f"{digits[:3]}-{digits[3:10]}-{digits[10:]}")
    return None


def mend_item_code(value: str) -> Saying | None:
    """Look at an item number."""
    if _SCIENTIFIC.fullmatch(value):
        return AS_TEXT
    if value.isdecimal() and value.isascii() and len(value) < 14:
        return say("Zeros in front may have been lost: {}. Format the column as text.", value.zfill(14))
    return _WIDE_LETTERS if _WIDE.search(value) else None


def mend_units(value: str) -> Saying | None:
    """Look at a number of units."""
    if re.fullmatch(r"[0-9]+[.,]0+", value):
        return say("Leave the decimals out.")
    if value.strip("0") == "":
        return say("Leave it empty to mean all of them.")
    return _WIDE_LETTERS if _WIDE.search(value) else None


def mend_day(value: str) -> Saying | None:
    """Look at a date."""
    from feedproc.explain.mending import (  # noqa: PLC0415 - not before there is a fault
        read_from_behind,
        read_serial_day,
        read_unix_time,
    )

    if (moment := read_unix_time(value)) is not None:
        return say("This is Unix time; write it as `{}`.", f"{moment:%Y-%m-%d}")
    if (moment := read_serial_day(value)) is not None:
        return say("A spreadsheet has made a number of the day; write `{}`.", f"{moment:%Y-%m-%d}")
    found = _DATE.fullmatch(value)
    if found:
        return say("Write {}.", f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}")
    if (day := read_from_behind(value)) is not None:
        return say("Write {}.", day.isoformat())
    if _DATE_FROM_BEHIND.fullmatch(value):
        return say("Write the year first, then month and day, with hyphens between them and two digits each.")
    return _WIDE_LETTERS if _WIDE.search(value) else None


def mend_amount(value: str) -> Saying | None:
    """Look at an amount, without repeating it."""
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]{1,2}", value):
        return say("Write a point for the comma, and two decimals behind it.")
    if re.fullmatch(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", value):
        return say("Leave the thousands separators out.")
    if re.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]?)?", value):
        return say("Write two decimals behind a point: in yen, too, .00 is needed.")
    if re.search("[¥￥€$£円]", value):
        return say("Leave the currency sign out; the column currency says it.")
    return _WIDE_LETTERS if _WIDE.search(value) else None


def mend_currency(value: str) -> Saying | None:
    """Look at a currency."""
    code = _CURRENCIES.get(value.upper()) or (value.upper() if value.isascii() and len(value) == 3 else None)
    return say("Write {}.", code) if code else None


def mend_carrier(value: str, codes: Collection[str]) -> Saying:
    """Look at a carrier code."""
    close = _find_closest(value, codes)
    return say("Write {}.", close) if close else say("Write Other here, and the carrier's name into carrier-name.")


def mend_reason(value: str, names: Iterable[str], elsewhere: dict[str, str]) -> Saying | None:
    """Look at a reason; `elsewhere` has what the reasons of other feeds are called here."""
    if value in elsewhere:
        return say("{} is a reason of another feed; here it is {}.", value, elsewhere[value])
    close = _find_closest(value, list(names))
    return say("Write {}.", close) if close else None


def mend_heading(value: str, names: Iterable[str]) -> Saying | None:
    """Look at a heading."""
    close = _find_closest(value, list(names))
    return say("Write {}.", close) if close else None


def _find_closest(value: str, names: Collection[str]) -> str | None:
    """Return the name that is the same but for its spelling."""
    plain, mine = _list_plainly(tuple(names)), _strip_to_letters(value)
    if mine in plain:
        return plain[mine]
    # Texts of other lengths cannot be so close, and measuring them takes the time.
    likely = [name for name in plain if 2 * max(len(name), len(mine)) <= 3 * min(len(name), len(mine))]
    close = get_close_matches(mine[:100], likely, 1, 0.8)
    return plain[close[0]] if close else None


@lru_cache
def _list_plainly(names: tuple[str, ...]) -> dict[str, str]:
    """Return names by their letters alone: the same list is looked through for row after row."""
    return {_strip_to_letters(name): name for name in sorted(names)}


def _strip_to_letters(name: str) -> str:
    return re.sub(r"[\s_./-]", "", name).lower()
