"""Which cancellations bring units back to the stock."""

from collections.abc import Mapping

from feedproc.stock.change import By, StockChange

RESTOCKING: Mapping[str, bool] = {
    "BuyerCanceled": True,
    "ShippingAddressUndeliverable": True,
    "GeneralAdjustment": True,
    "PricingError": True,
}
"""Does a cancellation before shipment for this reason add the units back to the stock?

A reason that is not listed does not. The default follows Amazon Japan's help page on cancelling orders.
"""


def restock(
    sku: str, quantity: int, reason: str | None, amazon_order_id: str, restocking: Mapping[str, bool]
) -> tuple[StockChange, ...]:
    """Return what a cancellation of `quantity` units brings back to the stock: one change, or none."""
    if reason is None or not restocking.get(reason, False):
        return ()
    return (StockChange(sku, By(quantity), reason, amazon_order_id),)
