"""How OrderFulfillment messages are read in XML."""

from feedproc.feedtypes.element import Element, normalized, quantity, string
from feedproc.feedtypes.instant import EARLIEST, instant
from feedproc.feedtypes.keys import ITEM_KEYS, ORDER_KEYS, item_key, order_key
from feedproc.feedtypes.order_fulfillment.message import OrderFulfillment
from feedproc.orders.shipping import Shipment, ShippedItem


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
