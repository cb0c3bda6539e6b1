"""What reports of all orders have in common: no buyer, no street, every order of any channel and status."""

from collections.abc import Callable
from decimal import Decimal

from feedproc.orders.money import ZERO
from feedproc.orders.order import OrderStatus
from feedproc.orders.standing import PENDING
from feedproc.reporttypes import columns
from feedproc.reporttypes.columns import ReportColumn, ReportLine
from feedproc.services.read.order_list import tell_seller_order_id
from feedproc.services.read.order_view import ItemView, OrderView

_STATUSES = {
    OrderStatus.CANCELED: "Cancelled",
    OrderStatus.PARTIALLY_SHIPPED: "Unshipped",
    OrderStatus.PENDING_AVAILABILITY: "Pending",
    OrderStatus.INVOICE_UNCONFIRMED: "Unshipped",
}


def tell_status(view: OrderView) -> str:
    """Return the status as these reports spell it: `Cancelled` with two l, partly shipped as `Unshipped`."""
    return _STATUSES.get(view.status, view.status.value)


def tell_item_status(item: ItemView) -> str:
    """Return how far one line is."""
    if not item.quantity:
        return "Cancelled"
    return "Shipped" if item.item.quantity_shipped >= item.quantity else "Unshipped"


def tell_channel(view: OrderView) -> str:
    """Return who ships the order."""
    return "Amazon" if view.order.fulfilled_by_amazon else "Merchant"


def has_prices(view: OrderView) -> bool:
    """Say whether prices are told: not while an order is pending."""
    return view.status not in PENDING


def _tell_amount(take: Callable[[ItemView], Decimal]) -> Callable[[ReportLine], str]:
    """Return what writes an amount, zeros and amounts of pending orders left empty."""

    def tell(line: ReportLine) -> str:
        amount = take(line.item) if has_prices(line.view) else ZERO
        return columns.format_amount(amount, line.view) if amount else ""

    return tell


def _charge(heading: str, component: str) -> ReportColumn:
    return ReportColumn(heading, _tell_amount(lambda item: item.charges.get(component, ZERO)))


def _discount(heading: str, component: str) -> ReportColumn:
    return ReportColumn(heading, _tell_amount(lambda item: -item.promotions.get(component, ZERO)))


def _tell_promotion_ids(line: ReportLine) -> str:
    return ",".join(one.promotion_id for one in line.item.item.promotions)


BASIC = (
    ReportColumn("amazon-order-id", columns.ORDER_ID.tell),
    ReportColumn("merchant-order-id", lambda line: tell_seller_order_id(line.view.order) or ""),
    ReportColumn("purchase-date", lambda line: columns.format_utc(line.view.order.purchased_at)),
    ReportColumn("last-updated-date", lambda line: columns.format_utc(line.view.last_updated_at)),
    ReportColumn("order-status", lambda line: tell_status(line.view)),
    ReportColumn("fulfillment-channel", lambda line: tell_channel(line.view)),
    columns.SALES_CHANNEL,
    *columns.leave_empty("order-channel", "url"),
    columns.SERVICE_LEVEL,
    columns.PRODUCT_NAME,
    columns.SKU,
    ReportColumn("asin", lambda line: line.item.asin),
    ReportColumn("item-status", lambda line: tell_item_status(line.item)),
    ReportColumn("quantity", lambda line: str(line.item.quantity)),
    ReportColumn("currency", lambda line: line.view.order.currency),
    _charge("item-price", "Principal"),
    _charge("item-tax", "Tax"),
    _charge("shipping-price", "Shipping"),
    _charge("shipping-tax", "ShippingTax"),
    _charge("gift-wrap-price", "GiftWrap"),
    _charge("gift-wrap-tax", "GiftWrapTax"),
    _discount("item-promotion-discount", "Principal"),
    _discount("ship-promotion-discount", "Shipping"),
    ReportColumn("ship-city", lambda line: line.view.order.ship_to.city),
    ReportColumn("ship-state", lambda line: line.view.order.ship_to.state_or_region),
    ReportColumn("ship-postal-code", lambda line: line.view.order.ship_to.postal_code),
    ReportColumn("ship-country", lambda line: line.view.order.ship_to.country_code),
    ReportColumn("promotion-ids", _tell_promotion_ids),
)
"""The 29 columns, discounts positive."""
BUSINESS = (columns.IS_BUSINESS, columns.PURCHASE_ORDER_NUMBER, columns.PRICE_DESIGNATION)
"""Since 2017."""
SOLD_BY = ReportColumn("is-sold-by-ab", lambda _line: "false")
"""Since 2019, of reports by order date."""
