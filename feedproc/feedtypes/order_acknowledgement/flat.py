"""The flat file Order Cancellation: its template, and what a row of it does."""

from collections.abc import Sequence
from typing import Any

from feedproc.feeds.effects import Effects, Seen
from feedproc.feeds.feed_type import Context
from feedproc.feedtypes.order_acknowledgement.message import AcknowledgedItem, OrderAcknowledgement, apply
from feedproc.feedtypes.order_columns import CANCEL_REASON, ORDER_ID
from feedproc.feedtypes.verdicts import apply_to_order
from feedproc.formats.flat.columns import Column, Template, Unfit, name_by_order
from feedproc.formats.flat.values import limit_text, read_item_code
from feedproc.orders.cancellation import cancel_items
from feedproc.orders.order import OrderKey

TEMPLATE = Template(
    "Order Cancellation",
    (
        ORDER_ID,
        Column("cancellation-reason-code", CANCEL_REASON, japanese="キャンセル理由コード"),
        Column("amazon-order-item-code", read_item_code, japanese="注文商品番号"),
        Column("merchant-order-id", limit_text(50), is_older=True),
    ),
    named_by=name_by_order("amazon-order-item-code"),
    kind="OrderCancellation",
    version="1.0/1.0.3",
    japanese_version="1.0/1.0.3",
    feed_type="POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA",
)
"""Version 1.0/1.0.3; the column merchant-order-id is of 1.0/1.0.1."""


def decode_row(values: Sequence[Any]) -> OrderAcknowledgement:
    """Read a row of the cancellation template: the order alone, or an item of it with the reason."""
    order_id, reason, item_code, _ = values
    if item_code is None and reason is None:
        return OrderAcknowledgement(order_id, "", False)
    if reason is None:
        raise Unfit("An item is cancelled for a reason", None, column="cancellation-reason-code")
    if item_code is None:
        hint = "To cancel the whole order, leave the reason empty; to cancel items, give each a row."
        raise Unfit("A reason belongs to an item", hint, column="amazon-order-item-code")
    return OrderAcknowledgement(order_id, "", False, (AcknowledgedItem(item_code, "", reason),))


def apply_row(message_id: str, body: OrderAcknowledgement, seen: Seen, context: Context) -> Effects:
    """Cancel the order, or the item that the row names."""
    if not body.items:
        return apply(message_id, body, seen, context)
    reasons = {item.order_item_code: item.cancel_reason or "" for item in body.items}
    key = OrderKey(body.amazon_order_id)
    return apply_to_order(
        message_id, key, seen, context, lambda order: cancel_items(order, reasons, context.now, context.restocking)
    )


def get_names(body: OrderAcknowledgement) -> tuple[str, str | None]:
    """Return the ids of order and item by which a report names a row."""
    return body.amazon_order_id, body.items[0].order_item_code if body.items else None
