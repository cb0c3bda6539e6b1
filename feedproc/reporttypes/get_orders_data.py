"""GET_ORDERS_DATA: new orders in XML, as often as a schedule asks (OrderReport)."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from feedproc.feeds.marketplaces import decimals_of
from feedproc.orders.money import ZERO
from feedproc.orders.order import Gift
from feedproc.reporttypes.columns import format_utc
from feedproc.reporttypes.envelopes import (
    format_money,
    lay_out_envelope,
    write_address,
    write_component,
    write_group,
    write_header,
    write_known,
    write_leaf,
)
from feedproc.reporttypes.selections import MOST_DAYS, is_sellers, select_released
from feedproc.services.read.order_view import ItemView, OrderView
from feedproc.services.reports.report_type import ReportType

_NOTHING = dict.fromkeys(("Principal", "Shipping", "Tax", "ShippingTax"), ZERO)
"""Components that are told even when they are nothing."""
_COMMISSION = 10
"""One part in so many: what Amazon keeps is in no order, and the report must tell some."""


def write_message(view: OrderView, number: int) -> str:
    """Return the message of one order; nothing when no unit of it is left."""
    items = [_write_item(view, item) for item in view.items if item.quantity]
    if not items:
        return ""
    order_id, purchased = view.order.amazon_order_id, format_utc(view.order.purchased_at)
    report = write_group(
        2,
        "OrderReport",
        write_leaf(3, "AmazonOrderID", order_id),
        write_leaf(3, "AmazonSessionID", order_id),
        write_leaf(3, "OrderDate", purchased),
        write_leaf(3, "OrderPostedDate", purchased),
        _write_billing(view),
        _write_fulfillment(view),
        *items,
    )
    return write_group(1, "Message", write_leaf(2, "MessageID", str(number)), report)


def _write_billing(view: OrderView) -> str:
    buyer = view.order.buyer
    return write_group(
        3,
        "BillingData",
        write_leaf(4, "BuyerEmailAddress", buyer.email),
        write_leaf(4, "BuyerName", buyer.name),
        write_known(4, "BuyerPhoneNumber", view.order.ship_to.phone_number),
    )


def _write_fulfillment(view: OrderView) -> str:
    address = write_address(5, view.order.ship_to)
    return write_group(
        3,
        "FulfillmentData",
        write_leaf(4, "FulfillmentMethod", "Ship"),
        write_leaf(4, "FulfillmentServiceLevel", view.service_level),
        write_group(4, "Address", address) if address else "",
    )


def _write_item(view: OrderView, line: ItemView) -> str:
    currency, item = view.order.currency, line.item
    components = _NOTHING | line.charges
    prices = [write_component(5, kind, format_money(amount), currency) for kind, amount in components.items()]
    fee = -line.charges.get("Principal", ZERO) / _COMMISSION
    gift = item.gift or Gift()
    return write_group(
        3,
        "Item",
        write_leaf(4, "AmazonOrderItemCode", item.order_item_code),
        write_leaf(4, "SKU", item.sku),
        write_leaf(4, "Title", item.title or item.sku),
        write_leaf(4, "Quantity", str(line.quantity)),
        write_group(4, "ItemPrice", *prices),
        write_group(4, "ItemFees", write_component(5, "Commission", format_money(fee), currency, "Fee")),
        *_write_promotions(view, line),
        write_known(4, "GiftWrapLevel", gift.wrap_level),
        write_known(4, "GiftMessageText", gift.message),
    )


def _write_promotions(view: OrderView, line: ItemView) -> Iterator[str]:
    """Yield each discount, less what cancelled units have taken with them; all together are what the line tells."""
    left = dict(line.promotions)
    last = {kind: number for number, one in enumerate(line.item.promotions) for kind in one.amounts}
    step = Decimal(1).scaleb(-decimals_of(view.order.currency))
    for number, one in enumerate(line.item.promotions):
        shares = []
        for kind, amount in one.amounts.items():
            share = (amount * line.quantity / line.item.quantity_ordered).quantize(step, ROUND_HALF_UP)
            share = left[kind] if last[kind] == number else share
            left[kind] -= share
            shares.append(write_component(5, kind, format_money(share), view.order.currency))
        code, name = one.claim_code or "_SITE_WIDE_", one.promotion_id
        yield write_group(
            4,
            "Promotion",
            write_leaf(5, "PromotionClaimCode", code),
            write_leaf(5, "MerchantPromotionID", name),
            *shares,
        )


REPORT_TYPE = ReportType(
    name="GET_ORDERS_DATA",
    aliases=("GET_ORDER_REPORT_DATA_SHIPPING",),
    select=select_released,
    suits=is_sellers,
    layout=lay_out_envelope("OrderReport", write_header, write_message),
    is_requestable=False,
    longest=MOST_DAYS,
    rivals="orders",
)
