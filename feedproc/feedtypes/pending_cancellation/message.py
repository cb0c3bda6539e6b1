"""What a cancellation of a pending order says, and what it does."""

from msgspec import Struct

from feedproc.feedtype import Context, Orders, Outcome
from feedproc.feedtypes.verdicts import applied
from feedproc.orders.cancellation import cancel_pending
from feedproc.orders.order import OrderKey


class PendingCancellation(Struct, frozen=True, gc=False):
    """The body of a row. The seller's memo stays in the feed, which is kept."""

    amazon_order_id: str
    reason: str


def keys(body: PendingCancellation) -> tuple[OrderKey, ...]:
    """Name the order."""
    return (OrderKey(body.amazon_order_id),)


def apply(message_id: str, body: PendingCancellation, orders: Orders, context: Context) -> Outcome:
    """Cancel the order, if it is pending."""
    (key,) = keys(body)
    return applied(
        message_id,
        key,
        orders,
        context,
        lambda order: cancel_pending(order, body.reason, context.now, context.restocking),
    )
