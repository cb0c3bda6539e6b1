"""What an inventory message says, and what it does."""

from msgspec import Struct

from feedproc.feeds.effects import Effects, Seen, Touches
from feedproc.feeds.feed_type import Context
from feedproc.stock.change import StockChange, To

SET = "Set"
"""The reason in the ledger when a message set the level."""
PURGED = "PurgeAndReplace"
"""The reason in the ledger when a feed that replaces all others did not name the SKU."""


class Inventory(Struct, frozen=True, gc=False):
    """The body of a message: what is told of one SKU."""

    sku: str
    units: int | None
    """The level to be; None when the message tells none."""
    is_amazons: bool = False
    """Amazon stores the goods and counts them."""


def touches(body: Inventory) -> Touches:
    """Name the SKU."""
    return Touches(skus=(body.sku,))


def apply(_message_id: str, body: Inventory, _seen: Seen, _context: Context) -> Effects:
    """Set the level, whatever it was; a SKU that was never seen is known from then on.

    Amazon, too, counts a message about an unknown SKU as successful.
    """
    return Effects() if body.units is None else Effects(stock=(StockChange(body.sku, To(body.units), SET),))


def purge(sku: str) -> Effects:
    """Make a SKU unavailable that a feed with PurgeAndReplace does not name."""
    return Effects(stock=(StockChange(sku, To(0), PURGED),))
