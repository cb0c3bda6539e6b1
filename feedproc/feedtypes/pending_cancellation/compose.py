"""Cancellations of pending orders as a page writes them."""

from collections.abc import Iterable

from feedproc.feedtypes.composing import Composed, compose_rows

_FEED_TYPE = "POST_FLAT_FILE_PENDING_ORDER_CANCELLATION_DATA"
_COLUMNS = ("order-id", "cancellation-reason-code", "seller-memo")


def compose_pending_cancellation(amazon_order_ids: Iterable[str], reason: str, memo: str = "") -> Composed:
    """Return a feed that cancels orders which are still pending."""
    return compose_rows(_FEED_TYPE, _COLUMNS, ((name, reason, memo) for name in amazon_order_ids))
