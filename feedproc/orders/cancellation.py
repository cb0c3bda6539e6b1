"""Cancel before shipment: a whole order, whole items of it, or some units of an item; and a pending order."""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from feedproc.orders.change import Change
from feedproc.orders.order import Cancellation, Event, Item, ItemKey, Order
from feedproc.orders.rules import Declined, Rule
from feedproc.orders.standing import PENDING, find_position, has_shipped, is_fulfilled_by_amazon, require_alive
from feedproc.stock.change import StockChange
from feedproc.stock.restocking import restock

_CANCELLED_ALONE = (Event.CANCELLED,)


def cancel_order(
    order: Order, reasons: Mapping[str, str | None], at: datetime, restocking: Mapping[str, bool]
) -> Change:
    """Cancel every unit of an order of which nothing has shipped.

    `reasons` goes from item code to reason; an item that is not in it has none. Refunds that were held are dropped.
    """
    _require_cancellable(order)
    for code in reasons:
        find_position(order.items, ItemKey(code))
    return _cancel(
        order, {item.order_item_code: reasons.get(item.order_item_code) for item in order.items}, at, restocking
    )


def cancel_items(order: Order, reasons: Mapping[str, str], at: datetime, restocking: Mapping[str, bool]) -> Change:
    """Cancel every unit of some items of an order of which nothing has shipped; the others stay to be shipped.

    `reasons` goes from item code to reason. Refunds that were held for these items are dropped.
    """
    _require_cancellable(order)
    for code in reasons:
        if not order.items[find_position(order.items, ItemKey(code))].quantity_open:
            raise Declined(Rule.ALREADY_CANCELED, "Item {} is already canceled", code)
    return _cancel(order, reasons, at, restocking)


def cancel_pending(order: Order, reason: str, at: datetime, restocking: Mapping[str, bool]) -> Change:
    """Cancel every unit of an order that has not been released to its seller."""
    if order.status not in PENDING:
        raise Declined(Rule.NOT_PENDING, "Order {} is {}, not pending", order.amazon_order_id, order.status)
    _require_own(order)
    return _cancel(order, {item.order_item_code: reason for item in order.items}, at, restocking)


def cancel_units(item: Item, quantity: int, reason: str | None, at: datetime) -> Item:
    """Cancel some of an item's open units."""
    if quantity > item.quantity_open:
        words = "Item {} has {} open units; {} cannot be cancelled"
        raise Declined(Rule.CANCELS_MORE_THAN_OPEN, words, item.order_item_code, item.quantity_open, quantity)
    return replace(item, cancellations=(*item.cancellations, Cancellation(quantity, at, reason)))


def _cancel(order: Order, reasons: Mapping[str, str | None], at: datetime, restocking: Mapping[str, bool]) -> Change:
    """Cancel what is open of the items that have a reason, be it none, and drop the refunds held for them."""
    items = []
    stock: list[StockChange] = []
    for item in order.items:
        quantity = item.quantity_open if item.order_item_code in reasons else 0
        if not quantity:
            items.append(item)
            continue
        reason = reasons[item.order_item_code]
        items.append(cancel_units(item, quantity, reason, at))
        stock += restock(item.sku, quantity, reason, order.amazon_order_id, restocking)
    held = order.held_refunds and tuple(one for one in order.held_refunds if one.order_item_code not in reasons)
    return Change(replace(order, items=tuple(items), held_refunds=held), tuple(stock), _CANCELLED_ALONE)


def _require_cancellable(order: Order) -> None:
    """Refuse an order that the seller can no longer, or never could, cancel before shipment."""
    require_alive(order)
    _require_own(order)
    if has_shipped(order):
        words = "Units of order {} have shipped, so it cannot be cancelled; adjust the rest"
        raise Declined(Rule.ALREADY_SHIPPED, words, order.amazon_order_id)


def _require_own(order: Order) -> None:
    """Refuse an order that Amazon fulfils."""
    if is_fulfilled_by_amazon(order):
        words = "Amazon fulfils order {}, so only it can cancel"
        raise Declined(Rule.FULFILLED_BY_AMAZON, words, order.amazon_order_id)
