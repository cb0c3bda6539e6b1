"""Acknowledge an order: the seller has loaded it, and may have given it ids of its own."""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from feedproc.orders.change import Change
from feedproc.orders.order import Item, ItemKey, Order
from feedproc.orders.rules import Declined, Rule
from feedproc.orders.standing import find_position, require_alive


def acknowledge(
    order: Order,
    merchant_order_id: str | None,
    merchant_item_ids: Mapping[str, str],
    at: datetime,
    namesake: Order | None = None,
) -> Change:
    """Remember that the seller has the order, and the seller's ids for it and its items.

    `merchant_item_ids` goes from item code to the seller's id; an empty id changes nothing. `namesake` is the
    seller's order that has this `merchant_order_id` already, if there is one. The first acknowledgement's time stays.
    """
    require_alive(order)
    if namesake is not None and namesake.amazon_order_id != order.amazon_order_id:
        words = "Order {} already has the merchant order id {!r}"
        raise Declined(Rule.MERCHANT_ORDER_ID_TAKEN, words, namesake.amazon_order_id, merchant_order_id)
    acknowledged = replace(
        order,
        merchant_order_id=merchant_order_id or order.merchant_order_id,
        acknowledged_at=order.acknowledged_at or at,
        items=_name_items(order.items, merchant_item_ids),
    )
    return Change(order if acknowledged == order else acknowledged)


def _name_items(items: tuple[Item, ...], merchant_item_ids: Mapping[str, str]) -> tuple[Item, ...]:
    """Give items the seller's ids."""
    if not merchant_item_ids:
        return items
    named = list(items)
    for code, merchant_item_id in merchant_item_ids.items():
        number = find_position(items, ItemKey(code))
        if merchant_item_id:
            named[number] = replace(named[number], merchant_order_item_id=merchant_item_id)
    return tuple(named)
