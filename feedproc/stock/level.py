"""How many units of a SKU a seller has, and the ledger that tells how it came to that."""

from datetime import datetime

from msgspec import Struct

MOST_UNITS = 999_999_999
"""No level is set above it: nobody has as many, and every store can add to it."""
ORDERED = "Ordered"
"""The reason in the ledger when an order took units."""
LOADED = "Loaded"
"""The reason in the ledger when a level was set by hand rather than changed by a feed."""


class StockLevel(Struct, frozen=True, gc=False):
    """How many units of a SKU the seller has."""

    sku: str
    quantity: int


class StockEntry(Struct, frozen=True, gc=False):
    """One line of a SKU's ledger: how its level changed, and the cause."""

    sku: str
    quantity: int
    """Units more; negative for fewer."""
    reason: str
    """A cancellation's reason, `Loaded` for a level that was set by hand, or `Ordered`."""
    at: datetime
    amazon_order_id: str | None = None
    submission_id: str | None = None
    message_id: str | None = None
