"""Where an order stands, and which of its items a key names."""

from collections.abc import Sequence
from enum import StrEnum

from feedproc.orders.order import GivenBy, Item, ItemKey, Order, OrderStatus
from feedproc.orders.rules import Declined, Rule

PENDING = frozenset({OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY})
"""An order in one of these has not been released to its seller."""

_CANCELED, _UNFULFILLABLE, _BY_SELLER = OrderStatus.CANCELED, OrderStatus.UNFULFILLABLE, GivenBy.SELLER
_INVOICE_UNCONFIRMED = OrderStatus.INVOICE_UNCONFIRMED
_ON_DELIVERY = "COD"
"""As a charge's component and a method of payment are called."""


class Obstacle(StrEnum):
    """Why an order cannot be cancelled as a whole."""

    BY_AMAZON = "by_amazon"
    """Amazon fulfils it, so only Amazon can cancel it."""
    CANCELED = "canceled"
    SHIPPED = "shipped"
    """At least one unit has; what is open can still be cancelled by an adjustment."""


def find_obstacle(order: Order) -> Obstacle | None:
    """Return what keeps an order from being cancelled as a whole; None for one that can be, be it pending or not."""
    if is_fulfilled_by_amazon(order):
        return Obstacle.BY_AMAZON
    if order.status is OrderStatus.CANCELED:
        return Obstacle.CANCELED
    return Obstacle.SHIPPED if has_shipped(order) else None


def has_shipped(order: Order) -> bool:
    """Return whether any unit has shipped; an order that waits for its invoice has."""
    if order.marker is _INVOICE_UNCONFIRMED:
        return True
    return sum([item.quantity_shipped for item in order.items]) > 0


def is_fulfilled_by_amazon(order: Order) -> bool:
    """Return whether Amazon fulfils the order; only such orders can be unfulfillable."""
    return order.fulfilled_by_amazon or order.marker is _UNFULFILLABLE


def is_paid_on_delivery(order: Order) -> bool:
    """Return whether the buyer pays at the door: something was charged for that, or the order says so."""
    return order.payment.method == _ON_DELIVERY or any(item.charges.get(_ON_DELIVERY) for item in order.items)


def require_released(order: Order) -> OrderStatus:
    """Return the order's status, unless it is pending."""
    status = order.status
    if status in PENDING:
        raise Declined(Rule.ORDER_PENDING, "Order {} is {}: it is not yet the seller's", order.amazon_order_id, status)
    return status


def require_alive(order: Order) -> OrderStatus:
    """Return the order's status, unless it is pending or canceled."""
    status = require_released(order)
    if status is _CANCELED:
        raise Declined(Rule.ALREADY_CANCELED, "Order {} is already canceled", order.amazon_order_id)
    return status


def find_position(items: Sequence[Item], key: ItemKey) -> int:
    """Return the position of the one item that the key names."""
    value, by_seller = key.value, key.given_by is _BY_SELLER
    found = []
    for number, item in enumerate(items):
        if value == (item.merchant_order_item_id if by_seller else item.order_item_code):
            found.append(number)
    if len(found) == 1:
        return found[0]
    if found:
        raise Declined(Rule.ITEM_AMBIGUOUS, "{} items of the order have the id {!r}", len(found), value)
    raise Declined(Rule.ITEM_UNKNOWN, "The order has no item {!r}", value)
