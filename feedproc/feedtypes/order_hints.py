"""What the messages about orders have in common, so that their faults can be explained."""

from feedproc.explain.elements import ITEM_NUMBER, ORDER_NUMBER, TEXT_50, About
from feedproc.explain.hints import Mend
from feedproc.explain.mending import repair_order_id
from feedproc.feeds.saying import Saying, quote_value, say

NAMES = {
    "AmazonOrderID": About("names the order by Amazon's number", ORDER_NUMBER),
    "MerchantOrderID": About("names the order by your own number", TEXT_50),
    "AmazonOrderItemCode": About("names the item by Amazon's number", ITEM_NUMBER),
    "MerchantOrderItemID": About("names the item by your own number", TEXT_50),
}
"""The elements that name orders and items."""
_ONE_NUMBER = "Leave one of them out: Amazon's number always does, yours only once Amazon has been told of it."
ONE_NUMBER = {"AmazonOrderID": _ONE_NUMBER, "AmazonOrderItemCode": _ONE_NUMBER}
"""For messages that name orders and items by one number, Amazon's or the seller's."""
NEVER_BY_SKU = "Items are named by their number, never by their SKU."
WITHOUT_ITEMS = "Take `Items` off: each `Item` stands in the message's element itself."
INTO_AN_ITEM = "Put it into an `Item`."
LATER_BY_ADJUSTMENT = "To cancel some units, ship the rest, then send an adjustment."
_GROUPS = (3, 7, 7)
"""Characters of the groups of Amazon's number of an order."""
_NEWEST_ITEM_CODE = 15
_ITEM_CODE = 14


def mend_order_id(otherwise: str) -> Mend:
    """Return what finds out which order is meant; `otherwise` is said of what may be the seller's own number."""

    def mend(value: str) -> Saying | None:
        mended = repair_order_id(value)
        if mended:
            return say("Write {}: {}.", quote_value(mended[0]), mended[1])
        return _count_groups(value.strip()) or say(otherwise)

    return mend


def _count_groups(value: str) -> Saying | None:
    """Look at what is nearly Amazon's number of an order: in one of its groups characters are lost, or too many."""
    groups = value.split("-")
    if len(groups) != len(_GROUPS) or not all(one.isalnum() and one.isascii() for one in groups):
        return None
    wrong = [(place, len(one)) for place, one in enumerate(groups) if len(one) != _GROUPS[place]]
    if len(wrong) != 1 or not sum(map(str.isdigit, value)) * 2 > len(value):
        return None
    place, count = wrong[0]
    groups_called = (say("first group"), say("middle group"), say("last group"))
    return say(
        "Its {} has {} of {} characters: look for what was lost or added.",
        groups_called[place],
        str(count),
        str(_GROUPS[place]),
    )


def mend_item_code(otherwise: str) -> Mend:
    """Return what finds out which item is meant; `otherwise` is said of what has no digits alone."""

    def mend(value: str) -> Saying | None:
        text = value.strip()
        if text.isdecimal():
            return _mend_digits(value, text)
        if "E+" in text.upper():
            return say(
                "A spreadsheet has rounded it: format the column as text, and take the code from the order report"
                " again."
            )
        if repair_order_id(value):
            return say("This is the number of an order; each of its items has one of its own in the order report.")
        return say(otherwise)

    return mend


def _mend_digits(value: str, text: str) -> Saying:
    if len(text) == _NEWEST_ITEM_CODE:
        return say(
            "Codes of 15 digits have been seen since 2024, but Amazon's own schema knows 14: check that no digit was"
            " added; if not, this item cannot be named so."
        )
    if text != value and len(text) == _ITEM_CODE:
        return say("Write {}: {}.", quote_value(text), say("there must be no blanks or line ends around it"))
    if len(text) < _ITEM_CODE:
        return say("If zeros in front were lost in a spreadsheet, format the column as text.")
    return say("Take the code from the order report.")


OWN_ORDER_NUMBER = "If this is your own number of the order, put it into `MerchantOrderID` instead of `AmazonOrderID`."
OWN_ITEM_NUMBER = "If this is your own number of the item, put it into `MerchantOrderItemID` instead."
MEND_NAMES = {ORDER_NUMBER: mend_order_id(OWN_ORDER_NUMBER), ITEM_NUMBER: mend_item_code(OWN_ITEM_NUMBER)}
"""For messages that may name orders and items by the seller's own numbers as well."""
