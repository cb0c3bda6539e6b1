"""What Amazon's parser, Xerces-J, says of a feed and where: every fault with its line, column and sentence.

libxml2 decides whether a piece of a feed is valid; what it rejects is explained here. What does the work is loaded
with the first fault: a process that meets none does not wait for it.
"""

from msgspec import Struct


class Origin(Struct, frozen=True):
    """Where in a feed a document stands that was cut from it."""

    offset: int
    """Bytes of the document before the feed's own text begins: a wrapper that was put in front."""
    line: int
    """Where that byte stands in the feed, from 1."""
    column: int
    """From 1."""


class Fault(Struct, frozen=True):
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


WHOLE = Origin(0, 1, 1)
"""A document that is a feed."""


def explain(document: bytes, origin: Origin = WHOLE) -> list[Fault]:
    """Return all that Xerces finds in the UTF-8 `document`, in its order; a fault of the scanner ends the list."""
    from feedproc.formats.xerces.explanation import all_faults  # noqa: PLC0415

    return all_faults(document, origin)


def scanner_fault(document: bytes, origin: Origin = WHOLE) -> Fault | None:
    """Return why and where Xerces cannot read on in a `document` that is not well-formed; None when it is."""
    from feedproc.formats.xerces.explanation import fatal_fault  # noqa: PLC0415

    return fatal_fault(document, origin)
