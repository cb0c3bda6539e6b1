"""Reports of all orders in XML: one message for each order, without buyer and street (AllOrdersReport)."""

from decimal import Decimal

from feedproc.orders.order import Program
from feedproc.reporttypes.all_orders import has_prices, tell_channel, tell_item_status, tell_status
from feedproc.reporttypes.columns import format_flag, format_utc
from feedproc.reporttypes.envelopes import (
    lay_out_envelope,
    write_component,
    write_group,
    write_known,
    write_leaf,
)
from feedproc.services.read.order_list import tell_seller_order_id
from feedproc.services.read.order_view import ItemView, OrderView

_TOLD = ("Principal", "Tax", "Shipping", "ShippingTax", "GiftWrap", "GiftWrapTax")


def write_message(view: OrderView, _number: int) -> str:
    """Return the message of one order, whatever became of it."""
    order = view.order
    told = write_group(
        2,
        "Order",
        write_leaf(3, "AmazonOrderID", order.amazon_order_id),
        write_known(3, "MerchantOrderID", tell_seller_order_id(order) or ""),
        write_leaf(3, "PurchaseDate", format_utc(order.purchased_at)),
        write_leaf(3, "LastUpdatedDate", format_utc(view.last_updated_at)),
        write_leaf(3, "OrderStatus", tell_status(view)),
        write_leaf(3, "SalesChannel", view.sales_channel),
        _write_fulfillment(view),
        write_leaf(3, "IsBusinessOrder", format_flag(Program.BUSINESS in order.programs)),
        *[_write_item(view, item) for item in view.items],
    )
    return write_group(1, "Message", told)


def _write_fulfillment(view: OrderView) -> str:
    address = view.order.ship_to
    place = "".join(
        (
            write_known(5, "City", address.city),
            write_known(5, "State", address.state_or_region),
            write_known(5, "PostalCode", address.postal_code),
            write_known(5, "Country", address.country_code),
        )
    )
    return write_group(
        3,
        "FulfillmentData",
        write_leaf(4, "FulfillmentChannel", tell_channel(view)),
        write_leaf(4, "ShipServiceLevel", view.service_level),
        write_group(4, "Address", place) if place else "",
    )


def _write_item(view: OrderView, line: ItemView) -> str:
    item, currency = line.item, view.order.currency
    prices = [
        write_component(5, kind, _format_plain(line.charges[kind]), currency)
        for kind in _TOLD
        if line.charges.get(kind) and has_prices(view)
    ]
    return write_group(
        3,
        "OrderItem",
        write_leaf(4, "ASIN", line.asin),
        write_leaf(4, "SKU", item.sku),
        write_leaf(4, "ItemStatus", tell_item_status(line)),
        write_leaf(4, "ProductName", item.title or item.sku),
        write_leaf(4, "Quantity", str(line.quantity)),
        write_group(4, "ItemPrice", *prices) if prices else "",
    )


def _format_plain(amount: Decimal) -> str:
    """Write an amount as these reports do, without padding: `15.5`, `19.95`, `1760.0`."""
    return repr(float(amount))


LAYOUT = lay_out_envelope(
    "AllOrdersReport", lambda _scope: write_leaf(2, "DocumentVersion", "1.00"), write_message, "ISO-8859-1"
)
