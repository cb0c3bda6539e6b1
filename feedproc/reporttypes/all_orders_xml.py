"""Reports of all orders in XML: one message for each order, without buyer and street (AllOrdersReport)."""

from decimal import Decimal

from feedproc.orders.order import Program
from feedproc.reporttypes import envelopes
from feedproc.reporttypes.all_orders import has_prices, tell_channel, tell_item_status, tell_status
from feedproc.reporttypes.columns import format_flag, format_utc
from feedproc.reporttypes.envelopes import Node, drop_empty, write_component
from feedproc.services.read.order_list import tell_seller_order_id
from feedproc.services.read.order_view import ItemView, OrderView

_TOLD = ("Principal", "Tax", "Shipping", "ShippingTax", "GiftWrap", "GiftWrapTax")


def describe_message(view: OrderView, _number: int) -> list[Node]:
    """Return the message of one order, whatever became of it."""
    order, address = view.order, view.order.ship_to
    place = drop_empty(
        ("City", address.city),
        ("State", address.state_or_region),
        ("PostalCode", address.postal_code),
        ("Country", address.country_code),
    )
    fulfillment: list[Node] = [("FulfillmentChannel", tell_channel(view)), ("ShipServiceLevel", view.service_level)]
    seller_order_id = tell_seller_order_id(order)
    told: list[Node] = [
        ("AmazonOrderID", order.amazon_order_id),
        *drop_empty(("MerchantOrderID", seller_order_id or "")),
        ("PurchaseDate", format_utc(order.purchased_at)),
        ("LastUpdatedDate", format_utc(view.last_updated_at)),
        ("OrderStatus", tell_status(view)),
        ("SalesChannel", view.sales_channel),
        ("FulfillmentData", [*fulfillment, *drop_empty(("Address", place))]),
        ("IsBusinessOrder", format_flag(Program.BUSINESS in order.programs)),
        *(_describe_item(view, item) for item in view.items),
    ]
    return [("Order", told)]


def _describe_item(view: OrderView, line: ItemView) -> Node:
    item, currency = line.item, view.order.currency
    prices = [
        write_component(kind, _format_plain(line.charges[kind]), currency)
        for kind in _TOLD
        if line.charges.get(kind) and has_prices(view)
    ]
    told: list[Node] = [
        ("ASIN", line.asin),
        ("SKU", item.sku),
        ("ItemStatus", tell_item_status(line)),
        ("ProductName", item.title or item.sku),
        ("Quantity", str(line.quantity)),
        *drop_empty(("ItemPrice", prices)),
    ]
    return ("OrderItem", told)


def _format_plain(amount: Decimal) -> str:
    """Write an amount as these reports do, without padding: `15.5`, `19.95`, `1760.0`."""
    return repr(float(amount))


LAYOUT = envelopes.lay_out_envelope(
    "AllOrdersReport", lambda _scope: [("DocumentVersion", "1.00")], describe_message, "ISO-8859-1"
)
