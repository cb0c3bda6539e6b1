"""Confirm a shipment: a whole order, whole items, or some units of them.

A shipment that is told again is a correction of the package (`orders/correcting.py`); nothing ships twice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from feedproc.orders.change import Change
from feedproc.orders.correcting import Statement, correct, find_package
from feedproc.orders.credit import settle
from feedproc.orders.order import Event, Item, ItemKey, Order, OrderStatus, Package, PackageItem, Refund
from feedproc.orders.rules import Declined, Rule
from feedproc.orders.standing import find_position, is_fulfilled_by_amazon, is_paid_on_delivery, require_released

SHIPPED = frozenset({OrderStatus.SHIPPED, OrderStatus.INVOICE_UNCONFIRMED})
SHIP_DATE = "ship-date"
"""How flat files call the moment of a shipment."""
_CANCELED, _SHIPPED_ALONE = OrderStatus.CANCELED, (Event.SHIPPED,)
_OTHER = "Other"
_NOTHING_LEFT = "Order {} has nothing left to ship"


class ShippedItem(Struct, frozen=True, gc=False):
    """Units of an item that were shipped; without a quantity, all that was still open."""

    item: ItemKey
    quantity: int | None = None
    merchant_fulfillment_item_id: str | None = None
    transparency_codes: tuple[str, ...] = ()


class Shipment(Struct, frozen=True, gc=False):
    """What a seller says was shipped; without items, all that was still open.

    Carrier, method and tracking number are None when they were not told, and `CLEARED` when there is none any more.
    """

    shipped_at: datetime
    items: tuple[ShippedItem, ...] = ()
    carrier: str | None = None
    shipping_method: str | None = None
    tracking_number: str | None = None
    merchant_fulfillment_id: str | None = None
    carrier_code: str | None = None
    """The carrier by Amazon's list; `Other` for one that is not in it. `carrier` is its name then, or the same."""
    collects_payment: bool = False
    """The carrier collects the money at the door (CODCollectionMethod, DirectPayment)."""
    supply_source_id: str | None = None
    untold: tuple[str, ...] = ()
    """What only a correction may leave out, such as `ship-date`: the package keeps it."""


def ship(order: Order, shipment: Shipment, told_at: datetime, at: datetime, *, needs_carrier: bool = False) -> Change:
    """Confirm a shipment that the seller told of at `told_at`, or correct the package that it tells of again.

    What was told already, word for word and without the seller's own number of the shipment, is units once more, and
    more than are open. Held refunds of the units that are shipped are paid at `at`. With `needs_carrier` a shipment
    without one is refused, as Amazon does since 2021; a correction need not repeat it.

    Raises:
        Declined: the order has nothing of the kind to ship, or the seller left out what is needed.

    """
    status = _require_shippable(order)
    _require_plausible(order, shipment.shipped_at, told_at)
    if needs_carrier:
        require_code(shipment)
    corrected = find_package(order, _name_lines(order, shipment.items), shipment.merchant_fulfillment_id)
    if corrected is not None:
        change = correct(order, corrected, _read_statement(shipment), at)
        number = order.packages[corrected].merchant_fulfillment_id
        if change.order is not order or (number is not None and number == shipment.merchant_fulfillment_id):
            return change
    if shipment.untold:
        words = "A shipment needs a value in {}; only what corrects one may leave it out"
        raise Declined(Rule.SHIPMENT_INCOMPLETE, words, shipment.untold[0])
    if status in SHIPPED:
        words = "Order {} has nothing left to ship, and no package of exactly these units to correct"
        raise Declined(Rule.MORE_THAN_OPEN, words if order.packages else _NOTHING_LEFT, order.amazon_order_id)
    packed = _pack(order, shipment.items)
    _require_told(order, shipment, needs_carrier)
    items = _count_shipped(order.items, packed)
    package = Package(
        shipped_at=shipment.shipped_at,
        items=tuple(packed),
        carrier=shipment.carrier or None,
        shipping_method=shipment.shipping_method or None,
        tracking_number=shipment.tracking_number or None,
        merchant_fulfillment_id=shipment.merchant_fulfillment_id,
        supply_source_id=shipment.supply_source_id or None,
    )
    shipped = replace(order, items=tuple(items), packages=(*order.packages, package))
    return _pay_held(shipped, packed, at) if order.held_refunds else Change(shipped, (), _SHIPPED_ALONE)


def require_past(shipped_at: datetime, told_at: datetime) -> None:
    """Decline a ship date after the seller told of it."""
    if shipped_at > told_at:
        words = "{} is after the feed was submitted at {}"
        raise Declined(Rule.SHIP_DATE_IMPLAUSIBLE, words, shipped_at.isoformat(), told_at.isoformat())


def require_code(shipment: Shipment) -> None:
    """Decline a carrier that has a name and no code, or the code `Other` and no name."""
    if shipment.carrier and not shipment.carrier_code:
        words = "CarrierName needs a CarrierCode beside it since 2021: one of Amazon's list, or `Other`"
        raise Declined(Rule.CARRIER_MISSING, words)
    if shipment.carrier == _OTHER:
        raise Declined(Rule.CARRIER_MISSING, "The carrier `Other` needs a CarrierName, which says who it is")


def _require_shippable(order: Order) -> OrderStatus:
    """Return the order's status, unless the seller has nothing to ship of it."""
    status = require_released(order)
    if status is _CANCELED:
        raise Declined(Rule.SHIPS_CANCELED, "Order {} is canceled", order.amazon_order_id)
    if is_fulfilled_by_amazon(order):
        raise Declined(Rule.FULFILLED_BY_AMAZON, "Amazon fulfils order {}", order.amazon_order_id)
    return status


def _require_plausible(order: Order, shipped_at: datetime, told_at: datetime) -> None:
    """Refuse a ship date before the purchase, or after the seller told of it."""
    if shipped_at < order.purchased_at:
        words = "{} is before the purchase at {}"
        raise Declined(Rule.SHIP_DATE_IMPLAUSIBLE, words, shipped_at.isoformat(), order.purchased_at.isoformat())
    require_past(shipped_at, told_at)


def _require_told(order: Order, shipment: Shipment, needs_carrier: bool) -> None:
    """Refuse a shipment that leaves out the carrier, or that the money is collected at the door."""
    if needs_carrier and not shipment.carrier:
        words = "A shipment needs the code of its carrier, since 2021; `Other` and a name for one that has none"
        raise Declined(Rule.CARRIER_MISSING, words)
    if not shipment.collects_payment and is_paid_on_delivery(order):
        words = "Order {} is paid on delivery: the shipment must say that the carrier collects it, as `DirectPayment`"
        raise Declined(Rule.COLLECTION_MISSING, words, order.amazon_order_id)


def _name_lines(order: Order, lines: Iterable[ShippedItem]) -> list[tuple[str, int | None]]:
    """Return which item each line names, by Amazon's code, and how many units of it; None for all."""
    return [(order.items[find_position(order.items, line.item)].order_item_code, line.quantity) for line in lines]


def _read_statement(shipment: Shipment) -> Statement:
    """Return what a shipment says of its package."""
    shipped_at = None if SHIP_DATE in shipment.untold else shipment.shipped_at
    return Statement(shipped_at, shipment.carrier, shipment.shipping_method, shipment.tracking_number)


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
        names = line.merchant_fulfillment_item_id, line.transparency_codes
        packed.append(PackageItem(item.order_item_code, quantity, *names))
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
    return Change(settled, (), (Event.SHIPPED, Event.REFUNDED) if paid else _SHIPPED_ALONE)
