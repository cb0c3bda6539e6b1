"""OrderFulfillment: the seller has shipped an order, or some of it.

Each row of the flat file, Shipping Confirmation, is a package of its own: of a whole order, or of one item.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.report import Result, Severity
from feedproc.feeds.saying import say
from feedproc.feedtype import Context, FeedType, Orders, Outcome
from feedproc.feedtypes.element import Element, normalized, quantity, string
from feedproc.feedtypes.instant import EARLIEST, instant
from feedproc.feedtypes.keys import ITEM_KEYS, ORDER_KEYS, item_key, order_key
from feedproc.feedtypes.rows import named, naming
from feedproc.feedtypes.shipping_day import first_moment_of, moment_of
from feedproc.feedtypes.verdicts import NO_SHIP_METHOD, applied, refused
from feedproc.formats.carriers import OTHER
from feedproc.formats.flat import FlatFile, Unfit
from feedproc.formats.flat.templates import FULFILLMENT
from feedproc.formats.xml.format import XmlFormat
from feedproc.orders.order import ItemKey, OrderKey
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


def check(message_id: str, body: OrderFulfillment, at: datetime, marketplace_id: str) -> Result | None:
    """Say what no order could allow: a ship date in the future."""
    return refused(message_id, marketplace_id, lambda: require_past(body.shipment.shipped_at, at))


class ShippingRow(Struct, frozen=True, gc=False):
    """The body of a row. The day it names becomes a moment once the marketplace is known."""

    order: OrderKey
    day: date
    shipment: Shipment


def decode_row(values: Sequence[Any]) -> ShippingRow:
    """Read a row of the shipping template. Where it ships from is not kept, as that of an XML feed is not."""
    order_id, item_code, units, day, code, name, tracking, method, *_ = values
    if code == OTHER and not name:
        raise Unfit("A carrier that is not in the list needs its name", None, column="carrier-name")
    if units is not None and item_code is None:
        hint = "Name the item, or leave the quantity empty to ship all that is open."
        raise Unfit("A quantity is one of an item", hint, column="quantity")
    items = (ShippedItem(ItemKey(item_code), units),) if item_code else ()
    return ShippingRow(OrderKey(order_id), day, Shipment(EARLIEST, items, name or code, method, tracking))


def row_keys(body: ShippingRow) -> tuple[OrderKey, ...]:
    """Name the order."""
    return (body.order,)


def apply_row(message_id: str, body: ShippingRow, orders: Orders, context: Context) -> Outcome:
    """Confirm the shipment. In Japan one without a shipping method is confirmed with a warning."""
    shipped_at = moment_of(body.day, context.marketplace_id, context.submitted_at)
    shipment = replace(body.shipment, shipped_at=shipped_at)
    outcome = apply(message_id, OrderFulfillment(body.order, shipment), orders, context)
    if outcome.result is None:
        return replace(outcome, result=_warning(message_id, shipment, context.marketplace_id))
    return outcome


def _warning(message_id: str, shipment: Shipment, marketplace_id: str) -> Result | None:
    if shipment.shipping_method is None and marketplace_of(marketplace_id).is_japanese:
        reason = say("It has no ship-method; in Japan it is confirmed all the same, with this warning")
        return Result(message_id, *NO_SHIP_METHOD, Severity.WARNING, reason=reason)
    return None


def check_row(message_id: str, body: ShippingRow, at: datetime, marketplace_id: str) -> Result | None:
    """Say what no order could allow: a day that has not begun. In Japan, warn of a missing shipping method."""
    begin = first_moment_of(body.day, marketplace_id)
    result = refused(message_id, marketplace_id, lambda: require_past(begin, at))
    result = result or _warning(message_id, body.shipment, marketplace_id)
    return None if result is None else naming(result, *_named_in_row(body))


def _named_in_row(body: ShippingRow) -> tuple[str, str | None]:
    return body.order.value, body.shipment.items[0].item.value if body.shipment.items else None


FEED_TYPES = (
    FeedType(
        name="POST_ORDER_FULFILLMENT_DATA",
        format=XmlFormat("OrderFulfillment", decode),
        keys=keys,
        apply=apply,
        check=check,
    ),
    FeedType(
        name="POST_FLAT_FILE_FULFILLMENT_DATA",
        format=FlatFile(FULFILLMENT, decode_row),
        keys=row_keys,
        apply=named(apply_row, _named_in_row),
        check=check_row,
    ),
)
