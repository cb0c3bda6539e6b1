"""Levels as a page writes them."""

from feedproc.feedtypes.composing import Composed, compose_xml, make_element


def compose_level(merchant: str, sku: str, units: int) -> Composed:
    """Return a feed that sets the level of a SKU."""
    body = make_element("SKU", sku) + make_element("Quantity", units)
    return compose_xml("POST_INVENTORY_AVAILABILITY_DATA", merchant, "Inventory", [body])
