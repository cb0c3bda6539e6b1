"""What an OrderAcknowledgement message says, and what it does to its order."""

from msgspec import Struct

from feedproc.feeds.effects import Effects, Need, NeededItem, Seen, Touches
from feedproc.feeds.feed_type import Context
from feedproc.feedtypes.verdicts import apply_to_order
from feedproc.orders.acknowledgement import acknowledge
from feedproc.orders.cancellation import cancel_order
from feedproc.orders.change import Change
from feedproc.orders.order import GivenBy, ItemKey, Order, OrderKey


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


def touches(body: OrderAcknowledgement) -> Touches:
    """Name the order, and the one that may already have the seller's id for it."""
    order = OrderKey(body.amazon_order_id)
    return Touches((order, OrderKey(body.merchant_order_id, GivenBy.SELLER)) if body.merchant_order_id else (order,))


def apply(message_id: str, body: OrderAcknowledgement, seen: Seen, context: Context) -> Effects:
    """Acknowledge the order, or cancel all of it. Of an item listed twice the first counts."""
    key, *merchants = touches(body).orders

    def effect(order: Order) -> Change:
        listed = body.items[::-1]
        if body.is_success:
            merchant_item_ids = {item.order_item_code: item.merchant_order_item_id for item in listed}
            namesake = seen.orders.get(merchants[0]) if merchants else None
            return acknowledge(order, body.merchant_order_id, merchant_item_ids, context.now, namesake)
        reasons = {item.order_item_code: item.cancel_reason for item in listed}
        return cancel_order(order, reasons, context.now, context.restocking)

    return apply_to_order(message_id, key, seen, context, effect)


def find_need(body: OrderAcknowledgement) -> Need:
    """Say that the order must not have shipped, and have the items that are listed."""
    return Need(
        OrderKey(body.amazon_order_id),
        tuple(
            NeededItem(ItemKey(item.order_item_code), merchant_order_item_id=item.merchant_order_item_id)
            for item in body.items
        ),
        merchant_order_id=body.merchant_order_id,
    )
