"""The rows by which a page cancels pending orders."""

from collections.abc import Sequence
from typing import Any

from feedproc.feedtypes.pending_cancellation.message import PendingCancellation


def decode_row(values: Sequence[Any]) -> PendingCancellation:
    """Read a row."""
    order_id, reason, _ = values
    return PendingCancellation(order_id, reason)


def named_in_row(body: PendingCancellation) -> tuple[str, str | None]:
    """Return the ids of order and item by which a report names a row."""
    return body.amazon_order_id, None
