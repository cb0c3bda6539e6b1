"""What feedproc's reading of Xerces says of a document by feedproc's own schemas."""

from feedproc.formats.limits import MAX_PIECE_FINDINGS
from feedproc.formats.xml.schemas import OURS
from feedproc.xerces import Fault, Origin, validate
from feedproc.xerces.faults import WHOLE
from feedproc.xerces.walk.explanation import find_fatal as scanner_fault

__all__ = ["Origin", "explain", "scanner_fault"]


def explain(document: bytes, origin: Origin = WHOLE) -> list[Fault]:
    """All that is found, in order; a fault of the scanner ends the list."""
    return validate(document, OURS.compiled, origin, most=MAX_PIECE_FINDINGS)
