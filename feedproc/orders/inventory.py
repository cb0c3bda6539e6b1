"""Stock by SKU, and which cancellations bring units back."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

LOADED = "Loaded"
"""The reason in the ledger when a level was set rather than changed by a feed."""
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


class StockEntry(Struct, frozen=True, gc=False):
    """One line of a SKU's ledger: how its level changed, and the cause."""

    sku: str
    quantity: int
    """Units more; negative for fewer."""
    reason: str
    """A cancellation's reason, or `Loaded` for a level that was set."""
    at: datetime
    amazon_order_id: str | None = None
    submission_id: str | None = None
    message_id: str | None = None


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
