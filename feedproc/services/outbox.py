"""Look at what the outbox sent for a seller, and at what waits in it."""

from collections.abc import Sequence

from feedproc.feeds.marketplaces import marketplace_of
from feedproc.orders.order import Order
from feedproc.ports import Outbox, Seller, Told


def recent(outbox: Outbox, seller_id: str, limit: int) -> Sequence[Told]:
    """Return a seller's last entries, newest first."""
    return outbox.recent(seller_id, limit)


def entry(outbox: Outbox, seller_id: str, entry_id: str, limit: int) -> Told | None:
    """Return one of a seller's last `limit` entries."""
    return next((one for one in outbox.recent(seller_id, limit) if one.entry.entry_id == entry_id), None)


def language_of(order: Order, seller: Seller | None) -> str:
    """Return the language of an order's buyer: that of the marketplace it was made on, else of the seller's first."""
    if order.marketplace_id or seller is None:
        return marketplace_of(order.marketplace_id).language
    return seller.marketplace.language
