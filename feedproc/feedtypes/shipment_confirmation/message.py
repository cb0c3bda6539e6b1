"""What a confirmed package says, and what it does to its order."""

from collections import Counter

from msgspec import Struct

from feedproc.feeds.effects import Effects, Seen, Touches
from feedproc.feeds.feed_type import Context
from feedproc.feedtypes.verdicts import apply_to_order
from feedproc.orders.change import Change
from feedproc.orders.order import Order, OrderKey, Package
from feedproc.orders.shipping import Shipment, ship


class ShipmentConfirmation(Struct, frozen=True, gc=False):
    """The body of a row: one package."""

    amazon_order_id: str
    shipment: Shipment


def touches(body: ShipmentConfirmation) -> Touches:
    """Name the order."""
    return Touches(orders=(OrderKey(body.amazon_order_id),))


def apply(message_id: str, body: ShipmentConfirmation, seen: Seen, context: Context) -> Effects:
    """Confirm the package; one that the order has already, told again in the same words, changes nothing."""

    def confirm(order: Order) -> Change:
        if any(_is_same(package, body.shipment) for package in order.packages):
            return Change(order)
        return ship(order, body.shipment, context.submitted_at, context.now)

    (key,) = touches(body).orders
    return apply_to_order(message_id, key, seen, context, confirm)


def _is_same(package: Package, shipment: Shipment) -> bool:
    """Say whether a package is what the seller tells; what of an item stands in several lines adds up."""
    same = ("merchant_fulfillment_id", "shipped_at", "carrier", "shipping_method", "tracking_number")
    if any(getattr(package, name) != getattr(shipment, name) for name in same):
        return False
    packed, told = Counter[str](), Counter[str]()
    for part in package.items:
        packed[part.order_item_code] += part.quantity
    for line in shipment.items:
        told[line.item.value] += line.quantity or 0
    return packed == told
