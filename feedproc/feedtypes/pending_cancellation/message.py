"""What a cancellation of a pending order says, and what it does."""

from msgspec import Struct

from feedproc.feeds.effects import Effects, Need, Seen, Touches
from feedproc.feeds.feed_type import Context
from feedproc.feedtypes.verdicts import apply_to_order
from feedproc.orders.cancellation import cancel_pending
from feedproc.orders.order import OrderKey, OrderStatus


class PendingCancellation(Struct, frozen=True, gc=False):
    """The body of a row. The seller's memo stays in the feed, which is kept."""

    amazon_order_id: str
    reason: str


def touches(body: PendingCancellation) -> Touches:
    """Name the order."""
    return Touches(orders=(OrderKey(body.amazon_order_id),))


def apply(message_id: str, body: PendingCancellation, seen: Seen, context: Context) -> Effects:
    """Cancel the order, if it is pending."""
    (key,) = touches(body).orders
    return apply_to_order(
        message_id,
        key,
        seen,
        context,
        lambda order: cancel_pending(order, body.reason, context.now, context.restocking),
    )


def find_need(body: PendingCancellation) -> Need:
    """Say that the order must be pending."""
    return Need(OrderKey(body.amazon_order_id), status=OrderStatus.PENDING)
