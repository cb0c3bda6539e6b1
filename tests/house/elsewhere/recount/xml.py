"""How Recount messages are read in XML."""

from feedproc.feedtypes.element import Element

from .message import Recount


def decode(payload: Element) -> Recount:
    """Read the payload element of a message that fits its schema."""
    values = {child.tag: child.text or "" for child in payload}
    return Recount(values["SKU"].strip(), int(values["Counted"]))
