"""What an OrderFulfillment message says, and what it does to its order."""

from datetime import datetime

from msgspec import Struct

from feedproc.feeds.effects import Effects, Need, NeededItem, Seen, Touches
from feedproc.feeds.feed_type import Context
from feedproc.feeds.report import Result
from feedproc.feedtypes.verdicts import apply_to_order, find_broken_rule
from feedproc.orders.order import OrderKey
from feedproc.orders.shipping import Shipment, require_past, ship


class OrderFulfillment(Struct, frozen=True, gc=False):
    """The body of a message."""

    order: OrderKey
    shipment: Shipment


def touches(body: OrderFulfillment) -> Touches:
    """Name the order."""
    return Touches(orders=(body.order,))


def apply(message_id: str, body: OrderFulfillment, seen: Seen, context: Context) -> Effects:
    """Confirm the shipment."""
    return apply_to_order(
        message_id,
        body.order,
        seen,
        context,
        lambda order: ship(order, body.shipment, context.submitted_at, context.now),
    )


def check(message_id: str, body: OrderFulfillment, at: datetime, marketplace_id: str) -> Result | None:
    """Say what no order could allow: a ship date in the future."""
    return find_broken_rule(message_id, marketplace_id, lambda: require_past(body.shipment.shipped_at, at))


def find_need(body: OrderFulfillment) -> Need:
    """Say that the units must be open, and the order bought before they were shipped."""
    return Need(
        body.order,
        tuple(NeededItem(line.item, line.quantity) for line in body.shipment.items),
        purchased_by=body.shipment.shipped_at,
        ships_rest=not body.shipment.items,
    )
