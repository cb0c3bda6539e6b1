"""What is told of an order that changed, and how it stood then: orders go on changing until it is told."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from feedproc.orders.order import Order, OrderStatus


class NewsKind(StrEnum):
    """What changed (Notifications, OrderChangeType)."""

    STATUS = "OrderStatusChange"
    """The status, or which of its units are shipped, cancelled or open; also an order that is new."""
    BUYERS_WISH = "BuyerRequestedChange"
    """The buyer asked to cancel it."""


class ItemNews(Struct, frozen=True, array_like=True, gc=False):
    """An item as it stood."""

    order_item_code: str
    quantity: int
    """Units that were not cancelled."""
    quantity_shipped: int


class OrderNews(Struct, frozen=True, gc=False):
    """That an order changed."""

    amazon_order_id: str
    kind: NewsKind
    at: datetime
    status: OrderStatus
    items: tuple[ItemNews, ...]


def find_news(before: Order | None, after: Order, at: datetime) -> OrderNews | None:
    """Return what there is to tell of a change `at` a moment; None of one that moves no unit, such as a refund."""
    items = _list_items(after)
    if before is not None and after.buyer_asked_to_cancel and not before.buyer_asked_to_cancel:
        kind = NewsKind.BUYERS_WISH
    elif before is None or before.status is not after.status or _list_items(before) != items:
        kind = NewsKind.STATUS
    else:
        return None
    return OrderNews(after.amazon_order_id, kind, at, after.status, items)


def _list_items(order: Order) -> tuple[ItemNews, ...]:
    return tuple(
        ItemNews(one.order_item_code, one.quantity_ordered - one.quantity_cancelled, one.quantity_shipped)
        for one in order.items
    )
