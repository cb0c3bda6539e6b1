"""What is known of an element, and in which words: what it is for, and what it may hold."""

from typing import NamedTuple

TEXT_50 = "a text of at most 50 characters"
UNITS = "a whole number of at least 1"
NUMBER = "a whole number from 1 up, of at most 20 digits"
AMOUNT = "an amount of money in digits, with a point and at most 2 decimals, such as `1234.50`"
MOMENT = "a date and a time with a `T` between them and the time zone behind, such as `2024-03-04T10:00:00+09:00`"
YES_OR_NO = "`true` or `false`"
VERSION = "one or two digits, a point, and one or two digits, such as `1.01`"
ORDER_NUMBER = (
    "Amazon's number of the order: 3, 7 and 7 letters or digits with hyphens between them, such as"
    " `250-1234567-1234567`"
)
ITEM_NUMBER = "Amazon's number of the order's item: 14 digits"


class About(NamedTuple):
    """What is known of an element."""

    purpose: str
    """Completes "it …"."""
    holds: str = ""
    """Completes "must be …"; empty for what holds elements, and for one of a list of names."""
    advice: str = ""
    """A sentence on what to do instead."""


UNKNOWN = About("")
