"""How OrderFulfillment messages are read in XML."""

from typing import NamedTuple

from feedproc.feedtypes.element import Element, read_normalized, read_quantity, read_string
from feedproc.feedtypes.instant import EARLIEST, read_instant
from feedproc.feedtypes.keys import ITEM_KEYS, ORDER_KEYS, read_item_key, read_order_key
from feedproc.feedtypes.order_fulfillment.message import OrderFulfillment
from feedproc.orders.shipping import Shipment, ShippedItem


def decode(payload: Element) -> OrderFulfillment:
    """Read the payload element of a message that fits its schema."""
    merchant_fulfillment_id = None
    data, collects_payment = _NOTHING_TOLD, False
    shipped_at = EARLIEST
    items = []
    for child in payload:
        tag = child.tag
        if tag in ORDER_KEYS:
            order = read_order_key(child)
        elif tag == "FulfillmentDate":
            shipped_at = read_instant(read_string(child))
        elif tag == "FulfillmentData":
            data = _read_data(child)
        elif tag == "CODCollectionMethod":
            collects_payment = True
        elif tag == "Item":
            items.append(_read_item(child))
        elif tag == "MerchantFulfillmentID":
            merchant_fulfillment_id = read_string(child).strip()
    shipment = Shipment(
        shipped_at,
        tuple(items),
        data.name or data.code,
        data.method,
        data.tracking,
        merchant_fulfillment_id,
        data.code,
        collects_payment,
    )
    return OrderFulfillment(order, shipment)


class _Data(NamedTuple):
    """What FulfillmentData says. A name says more than the code beside it, often `Other`."""

    code: str | None
    name: str | None
    method: str | None
    tracking: str | None


_NOTHING_TOLD = _Data(None, None, None, None)


def _read_data(element: Element) -> _Data:
    """Read carrier, shipping method and tracking number; what is empty is not told."""
    code = name = method = tracking = None
    for child in element:
        tag = child.tag
        if tag == "CarrierCode":
            code = read_string(child)
        elif tag == "CarrierName":
            name = read_normalized(child)
        elif tag == "ShippingMethod":
            method = read_normalized(child)
        elif tag == "ShipperTrackingNumber":
            tracking = read_normalized(child)
    return _Data(code, name or None, method or None, tracking or None)


def _read_item(element: Element) -> ShippedItem:
    """Read an Item."""
    merchant_fulfillment_item_id = units = None
    for child in element:
        tag = child.tag
        if tag in ITEM_KEYS:
            key = read_item_key(child)
        elif tag == "Quantity":
            units = read_quantity(child)
        elif tag == "MerchantFulfillmentItemID":
            merchant_fulfillment_item_id = read_string(child).strip()
    return ShippedItem(key, units, merchant_fulfillment_item_id)
