"""What a confirmed package says, and what it does to its order."""

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from feedproc.feeds.effects import Effects, Seen, Touches
from feedproc.feeds.feed_type import Context
from feedproc.feedtypes.verdicts import apply_to_order
from feedproc.orders.change import Change
from feedproc.orders.correcting import count_units
from feedproc.orders.order import Order, OrderKey
from feedproc.orders.rules import Declined, Rule
from feedproc.orders.shipping import Shipment, ship


class ShipmentConfirmation(Struct, frozen=True, gc=False):
    """The body of a row: one package."""

    amazon_order_id: str
    shipment: Shipment


def touches(body: ShipmentConfirmation) -> Touches:
    """Name the order."""
    return Touches(orders=(OrderKey(body.amazon_order_id),))


def apply(message_id: str, body: ShipmentConfirmation, seen: Seen, context: Context) -> Effects:
    """Confirm the package, or correct the one that the seller gave the same number before."""
    (key,) = touches(body).orders
    return apply_to_order(message_id, key, seen, context, lambda order: _confirm(order, body.shipment, context))


def _confirm(order: Order, shipment: Shipment, context: Context) -> Change:
    """Ship what is told under a new number; under a known one, take what is said of that package, and of no other."""
    known = [one for one in order.packages if one.merchant_fulfillment_id == shipment.merchant_fulfillment_id]
    units = Counter[str]()
    for line in shipment.items:
        units[line.item.value] += line.quantity or 0
    if known and not any(count_units(one) == units for one in known):
        words = "Package {} has other units, which a correction cannot change"
        raise Declined(Rule.MORE_THAN_OPEN, words, shipment.merchant_fulfillment_id)
    if order.packages and not known:
        _require_open(order, units)
    return ship(order, shipment, context.submitted_at, context.now)


def _require_open(order: Order, units: Mapping[str, int]) -> None:
    """Decline units that are not open: the order feeds would take them for a correction of another package."""
    for item in order.items:
        if units.get(item.order_item_code, 0) > item.quantity_open:
            words = "Item {} has {} open units; {} cannot be shipped"
            code = item.order_item_code
            raise Declined(Rule.MORE_THAN_OPEN, words, code, item.quantity_open, units[code])
