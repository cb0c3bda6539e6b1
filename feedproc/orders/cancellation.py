"""Cancel before shipment: a whole order, or some units of an item."""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from feedproc.orders.change import Change, Event
from feedproc.orders.inventory import StockChange, returned
from feedproc.orders.order import Cancellation, Item, ItemKey, Order
from feedproc.orders.rules import Declined, Rule
from feedproc.orders.standing import has_shipped, is_amazons, position, require_alive


def cancel_order(
    order: Order, reasons: Mapping[str, str | None], at: datetime, restocking: Mapping[str, bool]
) -> Change:
    """Cancel every unit of an order of which nothing has shipped.

    `reasons` goes from item code to reason; an item that is not in it has none. Refunds that were held are dropped.
    """
    _require_cancellable(order)
    for code in reasons:
        position(order.items, ItemKey(code))
    items = []
    stock: list[StockChange] = []
    for item in order.items:
        reason, quantity = reasons.get(item.order_item_code), item.quantity_open
        items.append(cancel_units(item, quantity, reason, at) if quantity else item)
        stock += returned(item.sku, quantity, reason, order.amazon_order_id, restocking) if quantity else ()
    return Change(replace(order, items=tuple(items), held_refunds=()), tuple(stock), (Event.CANCELLED,))


def cancel_units(item: Item, quantity: int, reason: str | None, at: datetime) -> Item:
    """Cancel some of an item's open units."""
    if quantity > item.quantity_open:
        reason = f"Item {item.order_item_code} has {item.quantity_open} open units; {quantity} cannot be cancelled"
        raise Declined(Rule.CANCELS_MORE_THAN_OPEN, reason)
    return replace(item, cancellations=(*item.cancellations, Cancellation(quantity, at, reason)))


def _require_cancellable(order: Order) -> None:
    """Refuse an order that the seller can no longer, or never could, cancel as a whole."""
    require_alive(order)
    if is_amazons(order):
        raise Declined(Rule.FULFILLED_BY_AMAZON, f"Amazon fulfils order {order.amazon_order_id}, so only it can cancel")
    if has_shipped(order):
        reason = f"Units of order {order.amazon_order_id} have shipped, so it cannot be cancelled as a whole"
        raise Declined(Rule.ALREADY_SHIPPED, reason)
