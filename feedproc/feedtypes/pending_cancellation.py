"""Cancel orders that were not yet released to their seller: what a person does to pending orders on a page.

Amazon has no such feed, so sellers' programs are not offered it; their feeds may not touch pending orders.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from feedproc.feedtype import Context, FeedType, Orders, Outcome
from feedproc.feedtypes.rows import named
from feedproc.feedtypes.verdicts import applied
from feedproc.formats.flat import FlatFile
from feedproc.formats.flat.templates import PENDING_CANCELLATION
from feedproc.orders.cancellation import cancel_pending
from feedproc.orders.order import OrderKey


class PendingCancellation(Struct, frozen=True, gc=False):
    """The body of a row. The seller's memo stays in the feed, which is kept."""

    amazon_order_id: str
    reason: str


def decode_row(values: Sequence[Any]) -> PendingCancellation:
    """Read a row."""
    order_id, reason, _ = values
    return PendingCancellation(order_id, reason)


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


def _named_in_row(body: PendingCancellation) -> tuple[str, str | None]:
    return body.amazon_order_id, None


FEED_TYPES = (
    FeedType(
        name="POST_FLAT_FILE_PENDING_ORDER_CANCELLATION_DATA",
        format=FlatFile(PENDING_CANCELLATION, decode_row),
        keys=keys,
        apply=named(apply, _named_in_row),
        is_offered=False,
    ),
)
