"""How a payload element is read: its type by XML Schema says what becomes of its blanks."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Protocol

MOST_UNITS = 10**18
"""A quantity beyond this is read as this: the schema sets no bound, and no order has as many units."""

_BLANKS = str.maketrans("\t\n\r", "   ")
_USUAL_LENGTH = 24
_CENT = Decimal("0.01")


class Element(Protocol):
    """An element of a message that fits its schema, parsed without comments and processing instructions."""

    @property
    def tag(self) -> str:
        """Its name."""

    @property
    def text(self) -> str | None:
        """The characters before its first child."""

    def get(self, name: str) -> str | None:
        """Return an attribute."""

    def __getitem__(self, number: int) -> "Element":
        """Return one of its children, counted from 0."""

    def __iter__(self) -> Iterator["Element"]:
        """Go through its children."""


def read_string(element: Element) -> str:
    """Read an xs:string: every blank stays."""
    return element.text or ""


def read_normalized(element: Element) -> str:
    """Read an xs:normalizedString: tabs and line ends become blanks, nothing is trimmed."""
    text = element.text
    if text is None:
        return ""
    return text if text.isprintable() else text.translate(_BLANKS)


def read_quantity(element: Element) -> int:
    """Read an xs:positiveInteger of any length, at most `MOST_UNITS`."""
    text = read_string(element).strip()
    if len(text) > _USUAL_LENGTH:
        text = text.lstrip("+").lstrip("0")
    return min(int(text), MOST_UNITS) if len(text) <= _USUAL_LENGTH else MOST_UNITS


def read_amount(element: Element) -> Decimal:
    """Read an amount: an xs:decimal with at most two decimals by value, however many zeros surround it."""
    text = element.text or ""
    if len(text) <= _USUAL_LENGTH:
        return Decimal(text)
    return Decimal(text).quantize(_CENT)
