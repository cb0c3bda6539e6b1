"""What was probably meant by a value that is not valid."""

from collections.abc import Callable

from feedproc.explain import elements
from feedproc.explain.case import Case
from feedproc.explain.mending import (
    Mended,
    is_day_first,
    is_impossible_moment,
    mended_amount,
    mended_moment,
    mended_order_id,
    mended_whole_number,
)
from feedproc.feeds.saying import Saying, quoted, say

_YES = {"yes": "true", "y": "true", "on": "true", "no": "false", "n": "false", "off": "false"}
_COUNTRIES = {"jpn": "JP", "japan": "JP", "日本": "JP", "usa": "US", "uk": "GB", "gbr": "GB", "deu": "DE", "chn": "CN"}
_NEWEST_ITEM_CODE = 15


def hint(case: Case) -> Saying | None:
    """Return what may be meant by the value, if anything comes to mind."""
    if case.rule == "cvc-fractionDigits-valid":
        return say("Round where the amount is worked out; sums of money in a program should be decimals, not floats.")
    if case.element == "CountryCode":
        meant = _COUNTRIES.get(case.arguments[0].strip().lower())
        return say("Write `{}`.", meant) if meant else None
    by_kind = _BY_KIND.get(case.about.holds)
    return by_kind(case, case.arguments[0]) if by_kind and not case.attribute else None


def _write(mended: Mended | None) -> Saying | None:
    return say("Write {}: {}.", quoted(mended[0]), mended[1]) if mended else None


def _moment(_case: Case, value: str) -> Saying | None:
    if is_impossible_moment(value):
        return say("There is no such day or hour; time zones reach to 14 hours.")
    if is_day_first(value):
        return say("Write the year first, then month and day, such as `2024-03-04T10:00:00+09:00`.")
    return _write(mended_moment(value))


def _amount(_case: Case, value: str) -> Saying | None:
    if not value.strip():
        return say("Leave the whole `Component` out where there is nothing to give back.")
    return _write(mended_amount(value))


def _units(case: Case, value: str) -> Saying | None:
    if value.strip().startswith("-"):
        return say("Units are counted upwards: write {} if as many are meant.", quoted(value.strip()[1:]))
    return _write(mended_whole_number(value))


def _number(case: Case, value: str) -> Saying | None:
    if case.element == "MessageID":
        if not value.strip(" 0"):
            return say("Count the messages of a feed from 1; 0 stands for the feed itself in reports.")
        otherwise = say("Count the messages of a feed 1, 2, 3, …: that is all it is for.")
        return _write(mended_whole_number(value)) or otherwise
    return _write(mended_whole_number(value))


def _order_id(case: Case, value: str) -> Saying | None:
    mended = mended_order_id(value)
    if mended:
        return _write(mended)
    if case.payload == "OrderAcknowledgement":
        return say("If this is your own number of the order: an acknowledgement takes Amazon's, and yours beside it.")
    return say("If this is your own number of the order, put it into `MerchantOrderID` instead of `AmazonOrderID`.")


def _item_code(case: Case, value: str) -> Saying | None:
    text = value.strip()
    if text.isdecimal():
        return _item_code_in_digits(value, text)
    if "E+" in text.upper():
        return say(
            "A spreadsheet has rounded it: format the column as text, and take the code from the order report again."
        )
    if mended_order_id(value):
        return say("This is the number of an order; each of its items has one of its own in the order report.")
    if case.payload != "OrderAcknowledgement":
        return say("If this is your own number of the item, put it into `MerchantOrderItemID` instead.")
    return say("Take the code from the order report; a SKU cannot stand for it.")


def _item_code_in_digits(value: str, text: str) -> Saying:
    if len(text) == _NEWEST_ITEM_CODE:
        return say(
            "Codes of 15 digits have been seen since 2024, but Amazon's own schema knows 14: check that no digit was"
            " added; if not, this item cannot be named so."
        )
    if text != value and len(text) == 14:
        return say("Write {}: {}.", quoted(text), say("there must be no blanks or line ends around it"))
    if len(text) < 14:
        return say("If zeros in front were lost in a spreadsheet, format the column as text.")
    return say("Take the code from the order report.")


def _yes_or_no(_case: Case, value: str) -> Saying | None:
    text = value.strip().lower()
    meant = text if text in {"true", "false"} else _YES.get(text)
    return say("Write `{}`, in small letters.", meant) if meant else None


def _version(_case: Case, value: str) -> Saying:
    if value.strip() == "1.01":
        return say("Write `1.01`: there must be no blanks around it.")
    return say("Write `1.01`.")


_BY_KIND: dict[str, Callable[[Case, str], Saying | None]] = {
    elements.MOMENT: _moment,
    elements.AMOUNT: _amount,
    elements.UNITS: _units,
    elements.NUMBER: _number,
    elements.ORDER_ID.holds: _order_id,
    elements.ITEM_CODE.holds: _item_code,
    elements.YES_OR_NO: _yes_or_no,
    elements.ELEMENTS["DocumentVersion"].holds: _version,
}
