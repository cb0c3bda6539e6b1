"""OrderFulfillment: the seller has shipped an order, or some of it."""

from datetime import datetime

from msgspec import Struct

from feedproc.feeds.report import Result
from feedproc.feedtype import Context, FeedType, Orders, Outcome
from feedproc.feedtypes.element import Element, normalized, quantity, string
from feedproc.feedtypes.instant import EARLIEST, instant
from feedproc.feedtypes.keys import ITEM_KEYS, ORDER_KEYS, item_key, order_key
from feedproc.feedtypes.verdicts import applied, refused
from feedproc.formats.xml import XmlFormat
from feedproc.orders.order import OrderKey
from feedproc.orders.shipping import Shipment, ShippedItem, require_past, ship


class OrderFulfillment(Struct, frozen=True, gc=False):
    """The body of a message."""

    order: OrderKey
    shipment: Shipment


def decode(payload: Element) -> OrderFulfillment:
    """Read the payload element of a message that fits its schema."""
    merchant_fulfillment_id = carrier = method = tracking = None
    shipped_at = EARLIEST
    items = []
    for child in payload:
        tag = child.tag
        if tag in ORDER_KEYS:
            order = order_key(child)
        elif tag == "FulfillmentDate":
            shipped_at = instant(string(child))
        elif tag == "FulfillmentData":
            carrier, method, tracking = _fulfillment_data(child)
        elif tag == "Item":
            items.append(_item(child))
        elif tag == "MerchantFulfillmentID":
            merchant_fulfillment_id = string(child).strip()
    shipment = Shipment(shipped_at, tuple(items), carrier, method, tracking, merchant_fulfillment_id)
    return OrderFulfillment(order, shipment)


def _fulfillment_data(element: Element) -> tuple[str | None, str | None, str | None]:
    """Read carrier, shipping method and tracking number. A name says more than the code beside it, often `Other`."""
    code = name = method = tracking = None
    for child in element:
        tag = child.tag
        if tag == "CarrierCode":
            code = string(child)
        elif tag == "CarrierName":
            name = normalized(child)
        elif tag == "ShippingMethod":
            method = normalized(child)
        elif tag == "ShipperTrackingNumber":
            tracking = normalized(child)
    return name or code, method or None, tracking or None


def _item(element: Element) -> ShippedItem:
    """Read an Item."""
    merchant_fulfillment_item_id = units = None
    for child in element:
        tag = child.tag
        if tag in ITEM_KEYS:
            key = item_key(child)
        elif tag == "Quantity":
            units = quantity(child)
        elif tag == "MerchantFulfillmentItemID":
            merchant_fulfillment_item_id = string(child).strip()
    return ShippedItem(key, units, merchant_fulfillment_item_id)


def keys(body: OrderFulfillment) -> tuple[OrderKey, ...]:
    """Name the order."""
    return (body.order,)


def apply(message_id: str, body: OrderFulfillment, orders: Orders, context: Context) -> Outcome:
    """Confirm the shipment."""
    return applied(
        message_id,
        body.order,
        orders,
        context,
        lambda order: ship(order, body.shipment, context.submitted_at, context.now),
    )


def check(message_id: str, body: OrderFulfillment, at: datetime) -> Result | None:
    """Say what no order could allow: a ship date in the future."""
    return refused(message_id, lambda: require_past(body.shipment.shipped_at, at))


FEED_TYPES = (
    FeedType(
        name="POST_ORDER_FULFILLMENT_DATA",
        format=XmlFormat("OrderFulfillment", decode),
        keys=keys,
        apply=apply,
        check=check,
    ),
)
