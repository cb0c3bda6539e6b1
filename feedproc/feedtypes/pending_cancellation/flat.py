"""The rows by which a page cancels pending orders."""

from collections.abc import Sequence
from typing import Any

from feedproc.feedtypes.order_columns import CANCEL_REASON, ORDER_ID
from feedproc.feedtypes.pending_cancellation.message import PendingCancellation
from feedproc.formats.flat.columns import Column, Template, name_by_order
from feedproc.formats.flat.values import limit_text

TEMPLATE = Template(
    "Pending Order Cancellation",
    (
        ORDER_ID,
        Column("cancellation-reason-code", CANCEL_REASON, is_required=True, japanese="キャンセル理由コード"),
        Column("seller-memo", limit_text(500), japanese="出品者メモ"),
    ),
    named_by=name_by_order(),
)
"""Not Amazon's: what a person does to pending orders on a page goes through it."""


def decode_row(values: Sequence[Any]) -> PendingCancellation:
    """Read a row."""
    order_id, reason, _ = values
    return PendingCancellation(order_id, reason)


def get_names(body: PendingCancellation) -> tuple[str, str | None]:
    """Return the ids of order and item by which a report names a row."""
    return body.amazon_order_id, None
