"""How an Inventory element is read."""

from feedproc.feedtypes.element import Element, read_normalized, read_string
from feedproc.feedtypes.inventory.message import Inventory
from feedproc.stock.level import MOST_UNITS

_OF_AMAZON = "AMAZON_"
"""How the names of Amazon's own fulfilment centres begin; what lies there is not the seller's to count."""
_NO = frozenset({"false", "0"})


def decode(payload: Element) -> Inventory:
    """Read the payload element of a message that fits its schema.

    `Available` without a number tells a level only when it is false: then there are none. Latency and restock date are
    not kept, since nothing here asks for them.
    """
    sku, is_amazons, units = "", False, None
    for child in payload:
        tag = child.tag
        if tag == "SKU":
            sku = read_normalized(child)
        elif tag == "FulfillmentCenterID":
            is_amazons = read_normalized(child).strip().startswith(_OF_AMAZON)
        elif tag == "Quantity":
            units = read_level(child)
        elif tag == "Available" and read_string(child).strip() in _NO:
            units = 0
    return Inventory(sku, None if is_amazons else units, is_amazons)


def decode_deletion(payload: Element) -> Inventory:
    """Read the payload of a message that deletes: the seller has none left, whatever number it tells."""
    told = decode(payload)
    return told if told.is_amazons else Inventory(told.sku, 0)


def read_level(element: Element) -> int:
    """Read an xs:nonNegativeInteger of any length, at most `MOST_UNITS`."""
    digits = read_string(element).strip().lstrip("+-").lstrip("0")
    return min(int(digits or "0"), MOST_UNITS) if len(digits) <= len(str(MOST_UNITS)) else MOST_UNITS
