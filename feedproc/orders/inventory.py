"""Stock by SKU, and which cancellations bring units back."""

from collections.abc import Mapping

from msgspec import Struct

RESTOCKING: Mapping[str, bool] = {
    "BuyerCanceled": True,
    "ShippingAddressUndeliverable": True,
    "GeneralAdjustment": True,
    "PricingError": True,
}
"""Does a cancellation before shipment for this reason add the units back to the stock?

A reason that is not listed does not. The default follows Amazon Japan's help page on cancelling orders.
"""


class StockChange(Struct, frozen=True, gc=False):
    """Units that come back to (or leave) the stock of one SKU, and why."""

    sku: str
    quantity: int
    """Units; positive when they come back."""
    reason: str
    amazon_order_id: str


class StockLevel(Struct, frozen=True, gc=False):
    """How many units of a SKU the seller has."""

    sku: str
    quantity: int


def returned(
    sku: str, quantity: int, reason: str | None, amazon_order_id: str, restocking: Mapping[str, bool]
) -> tuple[StockChange, ...]:
    """Return what a cancellation of `quantity` units brings back to the stock: one change, or none."""
    if reason is None or not restocking.get(reason, False):
        return ()
    return (StockChange(sku, quantity, reason, amazon_order_id),)
