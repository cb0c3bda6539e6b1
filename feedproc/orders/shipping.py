"""Confirm a shipment: a whole order, whole items, or some units of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from feedproc.orders.change import Change, Event
from feedproc.orders.credit import settle
from feedproc.orders.order import Item, ItemKey, Order, OrderStatus, Package, PackageItem, Refund
from feedproc.orders.rules import Declined, Rule
from feedproc.orders.standing import find_position, is_fulfilled_by_amazon, require_released

SHIPPED = frozenset({OrderStatus.SHIPPED, OrderStatus.INVOICE_UNCONFIRMED})


class ShippedItem(Struct, frozen=True, gc=False):
    """Units of an item that were shipped; without a quantity, all that was still open."""

    item: ItemKey
    quantity: int | None = None
    merchant_fulfillment_item_id: str | None = None


class Shipment(Struct, frozen=True, gc=False):
    """What a seller says was shipped; without items, all that was still open."""

    shipped_at: datetime
    items: tuple[ShippedItem, ...] = ()
    carrier: str | None = None
    shipping_method: str | None = None
    tracking_number: str | None = None
    merchant_fulfillment_id: str | None = None


def ship(order: Order, shipment: Shipment, told_at: datetime, at: datetime) -> Change:
    """Confirm a shipment that the seller told of at `told_at`; held refunds of its units are paid at `at`."""
    _require_shippable(order)
    _require_plausible(order, shipment.shipped_at, told_at)
    packed = _pack(order, shipment.items)
    items = _count_shipped(order.items, packed)
    package = Package(
        shipped_at=shipment.shipped_at,
        items=tuple(packed),
        carrier=shipment.carrier,
        shipping_method=shipment.shipping_method,
        tracking_number=shipment.tracking_number,
        merchant_fulfillment_id=shipment.merchant_fulfillment_id,
    )
    shipped = replace(order, items=tuple(items), packages=(*order.packages, package))
    return _pay_held(shipped, packed, at) if order.held_refunds else Change(shipped, (), (Event.SHIPPED,))


def require_past(shipped_at: datetime, told_at: datetime) -> None:
    """Decline a ship date after the seller told of it."""
    if shipped_at > told_at:
        words = "{} is after the feed was submitted at {}"
        raise Declined(Rule.SHIP_DATE_IMPLAUSIBLE, words, shipped_at.isoformat(), told_at.isoformat())


def _require_shippable(order: Order) -> None:
    """Refuse an order of which the seller has nothing to ship."""
    status = require_released(order)
    if status is OrderStatus.CANCELED:
        raise Declined(Rule.SHIPS_CANCELED, "Order {} is canceled", order.amazon_order_id)
    if is_fulfilled_by_amazon(order):
        raise Declined(Rule.FULFILLED_BY_AMAZON, "Amazon fulfils order {}", order.amazon_order_id)
    if status in SHIPPED:
        raise Declined(Rule.MORE_THAN_OPEN, "Order {} has nothing left to ship", order.amazon_order_id)


def _require_plausible(order: Order, shipped_at: datetime, told_at: datetime) -> None:
    """Refuse a ship date before the purchase, or after the seller told of it."""
    if shipped_at < order.purchased_at:
        words = "{} is before the purchase at {}"
        raise Declined(Rule.SHIP_DATE_IMPLAUSIBLE, words, shipped_at.isoformat(), order.purchased_at.isoformat())
    require_past(shipped_at, told_at)


def _pack(order: Order, lines: Iterable[ShippedItem]) -> list[PackageItem]:
    """Return what goes into the package; lines of the same item add up."""
    if not lines:
        return [PackageItem(item.order_item_code, item.quantity_open) for item in order.items if item.quantity_open]
    left: dict[int, int] = {}
    packed = []
    for line in lines:
        number = find_position(order.items, line.item)
        item = order.items[number]
        remaining = left.get(number, item.quantity_open)
        quantity = remaining if line.quantity is None else line.quantity
        if not 0 < quantity <= remaining:
            raise _explain_excess(item, remaining, quantity)
        left[number] = remaining - quantity
        packed.append(PackageItem(item.order_item_code, quantity, line.merchant_fulfillment_item_id))
    return packed


def _explain_excess(item: Item, remaining: int, quantity: int) -> Declined:
    """Tell that more is shipped than is open, or nothing."""
    code = item.order_item_code
    if not quantity:
        return Declined(Rule.MORE_THAN_OPEN, "Item {} has {} open units; none cannot be shipped", code, remaining)
    words = "Item {} has {} open units; {} cannot be shipped"
    return Declined(Rule.MORE_THAN_OPEN, words, code, remaining, quantity)


def _count_shipped(items: Sequence[Item], packed: Iterable[PackageItem]) -> list[Item]:
    """Count the packed units as shipped."""
    units: dict[str, int] = {}
    for part in packed:
        units[part.order_item_code] = units.get(part.order_item_code, 0) + part.quantity
    return [
        replace(item, quantity_shipped=item.quantity_shipped + units[item.order_item_code])
        if item.order_item_code in units
        else item
        for item in items
    ]


def _pay_held(order: Order, packed: Iterable[PackageItem], at: datetime) -> Change:
    """Pay the held refunds that the shipment makes payable."""
    codes = {part.order_item_code for part in packed}
    items, paid = list(order.items), list[Refund]()
    held: Sequence[Refund] = order.held_refunds
    for number, item in enumerate(items):
        if item.order_item_code in codes:
            items[number], released, held = settle(item, held, at)
            paid += released
    settled = replace(order, items=tuple(items), refunds=(*order.refunds, *paid), held_refunds=tuple(held))
    return Change(settled, (), (Event.SHIPPED, Event.REFUNDED) if paid else (Event.SHIPPED,))
