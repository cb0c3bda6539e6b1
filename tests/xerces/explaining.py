"""What feedproc's reading of Xerces says of a document by feedproc's own schemas."""

from feedproc.formats.limits import MAX_PIECE_FINDINGS
from feedproc.formats.xml.schemas import OURS
from feedproc.xerces.faults import WHOLE, Fault, Origin
from feedproc.xerces.walk.explanation import all_faults
from feedproc.xerces.walk.explanation import fatal_fault as scanner_fault

__all__ = ["Origin", "explain", "scanner_fault"]


def explain(document: bytes, origin: Origin = WHOLE) -> list[Fault]:
    """All that is found, in order; a fault of the scanner ends the list."""
    return all_faults(document, OURS.compiled, origin, most=MAX_PIECE_FINDINGS)
