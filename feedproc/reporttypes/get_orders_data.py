"""GET_ORDERS_DATA: new orders in XML, as often as a schedule asks (OrderReport)."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from feedproc.feeds.marketplaces import decimals_of
from feedproc.orders.money import ZERO
from feedproc.reporttypes import envelopes
from feedproc.reporttypes.columns import format_utc
from feedproc.reporttypes.envelopes import Node, drop_empty, format_money, write_component
from feedproc.reporttypes.selections import MOST_DAYS, is_sellers, select_released
from feedproc.services.read.order_view import ItemView, OrderView
from feedproc.services.reports.report_type import ReportScope, ReportType

_ALWAYS = ("Principal", "Shipping", "Tax", "ShippingTax")
"""Components that are told even when they are nothing."""
_COMMISSION = 10
"""One part in so many: what Amazon keeps is in no order, and the report must tell some."""


def describe_header(scope: ReportScope) -> list[Node]:
    """Return what the header holds."""
    return [("DocumentVersion", "1.01"), ("MerchantIdentifier", scope.merchant_token)]


def describe_message(view: OrderView, number: int) -> list[Node]:
    """Return the message of one order; nothing when no unit of it is left."""
    order = view.order
    items = [_describe_item(view, item) for item in view.items if item.quantity]
    if not items:
        return []
    told: list[Node] = [
        ("AmazonOrderID", order.amazon_order_id),
        ("AmazonSessionID", order.amazon_order_id),
        ("OrderDate", format_utc(order.purchased_at)),
        ("OrderPostedDate", format_utc(order.purchased_at)),
        ("BillingData", _describe_billing(view)),
        ("FulfillmentData", _describe_fulfillment(view)),
        *items,
    ]
    return [("MessageID", str(number)), ("OrderReport", told)]


def _describe_billing(view: OrderView) -> list[Node]:
    buyer, phone = view.order.buyer, view.order.ship_to.phone_number
    told: list[Node] = [("BuyerEmailAddress", buyer.email), ("BuyerName", buyer.name)]
    return told + drop_empty(("BuyerPhoneNumber", phone))


def _describe_fulfillment(view: OrderView) -> list[Node]:
    told: list[Node] = [("FulfillmentMethod", "Ship"), ("FulfillmentServiceLevel", view.service_level)]
    return told + drop_empty(("Address", envelopes.describe_address(view.order.ship_to)))


def _describe_item(view: OrderView, line: ItemView) -> Node:
    currency, item = view.order.currency, line.item
    components = dict.fromkeys(_ALWAYS, ZERO) | line.charges
    prices = [write_component(kind, format_money(amount), currency) for kind, amount in components.items()]
    fee = -line.charges.get("Principal", ZERO) / _COMMISSION
    told: list[Node] = [
        ("AmazonOrderItemCode", item.order_item_code),
        ("SKU", item.sku),
        ("Title", item.title or item.sku),
        ("Quantity", str(line.quantity)),
        ("ItemPrice", prices),
        ("ItemFees", [write_component("Commission", format_money(fee), currency, "Fee")]),
        *_describe_promotions(view, line),
    ]
    if item.gift is not None:
        told += drop_empty(("GiftWrapLevel", item.gift.wrap_level), ("GiftMessageText", item.gift.message))
    return ("Item", told)


def _describe_promotions(view: OrderView, line: ItemView) -> Iterator[Node]:
    """Yield each discount, less what cancelled units have taken with them; all together are what the line tells."""
    left = dict(line.promotions)
    last = {kind: number for number, one in enumerate(line.item.promotions) for kind in one.amounts}
    step = Decimal(1).scaleb(-decimals_of(view.order.currency))
    for number, one in enumerate(line.item.promotions):
        shares: list[Node] = []
        for kind, amount in one.amounts.items():
            share = (amount * line.quantity / line.item.quantity_ordered).quantize(step, ROUND_HALF_UP)
            share = left[kind] if last[kind] == number else share
            left[kind] -= share
            shares.append(write_component(kind, format_money(share), view.order.currency))
        told: list[Node] = [
            ("PromotionClaimCode", one.claim_code or "_SITE_WIDE_"),
            ("MerchantPromotionID", one.promotion_id),
            *shares,
        ]
        yield ("Promotion", told)


REPORT_TYPE = ReportType(
    name="GET_ORDERS_DATA",
    aliases=("GET_ORDER_REPORT_DATA_SHIPPING",),
    select=select_released,
    suits=is_sellers,
    layout=envelopes.lay_out_envelope("OrderReport", describe_header, describe_message),
    is_requestable=False,
    longest=MOST_DAYS,
    rivals="orders",
)
