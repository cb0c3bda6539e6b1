"""What happened to an order, in the order it happened."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from feedproc.orders.order import Item, Order, Package, Refund


class Happening(Struct, frozen=True):
    """One line of the history."""

    at: datetime
    kind: str
    """`purchased`, `acknowledged`, `shipped`, `cancelled`, `refunded` or `held`."""
    item: Item | None = None
    quantity: int | None = None
    reason: str | None = None
    package: Package | None = None
    refund: Refund | None = None


def history(order: Order) -> list[Happening]:
    """Return all that is known to have happened, oldest first."""
    return sorted(_happenings(order), key=_when)


def _when(one: Happening) -> datetime:
    return one.at


def _happenings(order: Order) -> Iterator[Happening]:
    yield Happening(order.purchased_at, "purchased")
    if order.acknowledged_at is not None:
        yield Happening(order.acknowledged_at, "acknowledged")
    for package in order.packages:
        yield Happening(package.shipped_at, "shipped", package=package)
    for item in order.items:
        for part in item.cancellations:
            yield Happening(part.at, "cancelled", item, part.quantity, part.reason)
    items = {item.order_item_code: item for item in order.items}
    for kind, refunds in (("refunded", order.refunds), ("held", order.held_refunds)):
        for refund in refunds:
            yield Happening(
                refund.at, kind, items.get(refund.order_item_code), refund.quantity, refund.reason, refund=refund
            )
