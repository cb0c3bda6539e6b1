"""OrderAcknowledgement: the seller has loaded an order (Success), or cancels all of it (Failure).

The flat file, Order Cancellation, only cancels: whole orders, or whole items of them.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from feedproc.feedtype import Context, FeedType, Orders, Outcome
from feedproc.feedtypes.element import Element, normalized, string
from feedproc.feedtypes.rows import named
from feedproc.feedtypes.verdicts import applied
from feedproc.formats.flat import FlatFile, Unfit
from feedproc.formats.flat.templates import CANCELLATION
from feedproc.formats.xml.format import XmlFormat
from feedproc.orders.acknowledgement import acknowledge
from feedproc.orders.cancellation import cancel_items, cancel_order
from feedproc.orders.change import Change
from feedproc.orders.order import Order, OrderKey


class AcknowledgedItem(Struct, frozen=True, gc=False):
    """One item that a message lists. Its quantity is not used: a cancellation is of the whole order."""

    order_item_code: str
    merchant_order_item_id: str = ""
    cancel_reason: str | None = None


class OrderAcknowledgement(Struct, frozen=True, gc=False):
    """The body of a message."""

    amazon_order_id: str
    merchant_order_id: str
    """Empty when the seller gave none."""
    is_success: bool
    items: tuple[AcknowledgedItem, ...] = ()


def decode(payload: Element) -> OrderAcknowledgement:
    """Read the payload element of a message that fits its schema."""
    amazon_order_id = merchant_order_id = status = ""
    items = []
    for child in payload:
        tag = child.tag
        if tag == "Item":
            items.append(_item(child))
        elif tag == "AmazonOrderID":
            amazon_order_id = string(child)
        elif tag == "MerchantOrderID":
            merchant_order_id = normalized(child)
        elif tag == "StatusCode":
            status = string(child)
    return OrderAcknowledgement(amazon_order_id, merchant_order_id, status == "Success", tuple(items))


def _item(element: Element) -> AcknowledgedItem:
    """Read an Item."""
    code = merchant_id = ""
    reason = None
    for child in element:
        tag = child.tag
        if tag == "AmazonOrderItemCode":
            code = string(child)
        elif tag == "MerchantOrderItemID":
            merchant_id = normalized(child)
        elif tag == "CancelReason":
            reason = string(child)
    return AcknowledgedItem(code, merchant_id, reason)


def keys(body: OrderAcknowledgement) -> tuple[OrderKey, ...]:
    """Name the order, and the one that may already have the seller's id for it."""
    order = OrderKey(body.amazon_order_id)
    return (order, OrderKey(body.merchant_order_id, True)) if body.merchant_order_id else (order,)


def apply(message_id: str, body: OrderAcknowledgement, orders: Orders, context: Context) -> Outcome:
    """Acknowledge the order, or cancel all of it. Of an item listed twice the first counts."""
    key, *merchants = keys(body)

    def effect(order: Order) -> Change:
        listed = body.items[::-1]
        if body.is_success:
            merchant_item_ids = {item.order_item_code: item.merchant_order_item_id for item in listed}
            namesake = orders.get(merchants[0]) if merchants else None
            return acknowledge(order, body.merchant_order_id, merchant_item_ids, context.now, namesake)
        reasons = {item.order_item_code: item.cancel_reason for item in listed}
        return cancel_order(order, reasons, context.now, context.restocking)

    return applied(message_id, key, orders, context, effect)


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


def apply_row(message_id: str, body: OrderAcknowledgement, orders: Orders, context: Context) -> Outcome:
    """Cancel the order, or the item that the row names."""
    if not body.items:
        return apply(message_id, body, orders, context)
    reasons = {item.order_item_code: item.cancel_reason or "" for item in body.items}
    key = OrderKey(body.amazon_order_id)
    return applied(
        message_id, key, orders, context, lambda order: cancel_items(order, reasons, context.now, context.restocking)
    )


def _named_in_row(body: OrderAcknowledgement) -> tuple[str, str | None]:
    return body.amazon_order_id, body.items[0].order_item_code if body.items else None


FEED_TYPES = (
    FeedType(
        name="POST_ORDER_ACKNOWLEDGEMENT_DATA",
        format=XmlFormat("OrderAcknowledgement", decode),
        keys=keys,
        apply=apply,
    ),
    FeedType(
        name="POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA",
        format=FlatFile(CANCELLATION, decode_row),
        keys=keys,
        apply=named(apply_row, _named_in_row),
    ),
)
