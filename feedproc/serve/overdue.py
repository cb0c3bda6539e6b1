"""Orders that nobody confirmed in time are cancelled as Amazon cancels them: by a feed of their seller's."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from feedproc.feeds.submission import NewSubmission
from feedproc.orders.order import Order
from feedproc.ports import Backend, Seller
from feedproc.services.submit import store, submit

_REASON = "GeneralAdjustment"
"""Units that never left are for sale again."""
_MEMO = "Cancelled automatically: not confirmed in time"


def cancel_overdue(backend: Backend, at: datetime, seller: Seller, orders: Sequence[Order]) -> None:
    """Hand in a feed that cancels orders, submitted `at` a moment."""
    # What knows feeds takes long to load, and a server that tests use has mostly nothing to cancel.
    from feedproc.feedtypes.order_acknowledgement.compose import CancelledOrder, compose_cancellation  # noqa: PLC0415

    named = (CancelledOrder(one.amazon_order_id, [item.order_item_code for item in one.items]) for one in orders)
    feed = compose_cancellation(seller.merchant_token, named, _REASON, _MEMO)
    document = store(backend.documents, BytesIO(feed.body))
    new = NewSubmission(
        seller_id=seller.seller_id,
        feed_type=feed.feed_type,
        document=document.key,
        size=document.size,
        submitted_at=at,
        content_type=feed.content_type,
        marketplace_ids=seller.marketplace_ids,
        memo=_MEMO,
    )
    submit(backend.submissions, backend.queue, new)
