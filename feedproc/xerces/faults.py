"""What Xerces-J says of a document and where: every fault with its line, column and sentence."""

from typing import NamedTuple


class Origin(NamedTuple):
    """Where in a feed a document stands that was cut from it."""

    offset: int
    """Bytes of the document before the feed's own text begins: a wrapper that was put in front."""
    line: int
    """Where that byte stands in the feed, from 1."""
    column: int
    """From 1."""


class StrayText(NamedTuple):
    """The first text that stands in an element where only elements may be."""

    text: str
    """How it begins, as it is written in the document."""
    line: int
    """Both of its first character, from 1, columns in UTF-16 units."""
    column: int


class Fault(NamedTuple):
    """One finding."""

    line: int
    """As Xerces tells it, from 1, in the feed; -1 where Xerces knows no place."""
    column: int
    rule: str
    """"cvc-complex-type.2.4.a", "cvc-type.3.1.3", …; for a fault of the scanner Xerces' message key."""
    path: str
    """/AmazonEnvelope/Message/OrderAdjustment/AdjustedItem[2]: no index on Message, nor on a name without siblings.
    Empty for a fault of the scanner."""
    sentence: str
    """Xerces' whole sentence, the rule in front of it."""
    ordinal: int | None = None
    """Which message of the feed's own text it is in, from 0; None when in none."""
    message_id: str | None = None
    """Its MessageID, when that is itself valid."""
    fatal: bool = False
    """Whether the document ends here for Xerces."""
    stray: StrayText | None = None
    """The text that it is about, where Xerces tells the end of the element instead of the text's own place."""


WHOLE = Origin(0, 1, 1)
"""A document that is a feed."""
