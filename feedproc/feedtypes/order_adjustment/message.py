"""What an OrderAdjustment message says, and what it does to its order."""

from datetime import datetime

from msgspec import Struct

from feedproc.feeds.effects import Effects, Seen, Touches
from feedproc.feeds.feed_type import Context
from feedproc.feeds.report import Result
from feedproc.feedtypes.verdicts import apply_to_order, find_broken_rule
from feedproc.orders.adjustment import Adjustment, adjust, require_plausible
from feedproc.orders.order import OrderKey


class OrderAdjustment(Struct, frozen=True, gc=False):
    """The body of a message."""

    order: OrderKey
    adjustment: Adjustment


def touches(body: OrderAdjustment) -> Touches:
    """Name the order."""
    return Touches(orders=(body.order,))


def apply(message_id: str, body: OrderAdjustment, seen: Seen, context: Context) -> Effects:
    """Adjust the order's items: all that the message asks, or nothing."""
    return apply_to_order(
        message_id,
        body.order,
        seen,
        context,
        lambda order: adjust(order, body.adjustment, context.now, context.restocking),
    )


def check(message_id: str, body: OrderAdjustment, _at: datetime, marketplace_id: str) -> Result | None:
    """Say what no order could allow: a wrong sign, no credit in all, a reason that cancels nothing."""
    return find_broken_rule(message_id, marketplace_id, lambda: require_plausible(body.adjustment))
