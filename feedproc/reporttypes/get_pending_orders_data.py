"""GET_PENDING_ORDERS_DATA: orders that wait for their payment, in XML (PendingOrderReport)."""

from feedproc.reporttypes import envelopes
from feedproc.reporttypes.columns import format_utc
from feedproc.reporttypes.envelopes import Node
from feedproc.reporttypes.selections import is_sellers, select_pending
from feedproc.services.read.order_view import ItemView, OrderView
from feedproc.services.reports.report_type import ReportScope, ReportType


def describe_header(scope: ReportScope) -> list[Node]:
    """Return what the header holds."""
    return [("DocumentVersion", "1.01"), ("MerchantIdentifier", scope.merchant_token)]


def describe_message(view: OrderView, number: int) -> list[Node]:
    """Return the message of one order."""
    told: list[Node] = [
        ("AmazonOrderID", view.order.amazon_order_id),
        ("OrderDate", format_utc(view.order.purchased_at)),
        ("PaymentType", view.payment.method),
        *(_describe_item(item) for item in view.items if item.quantity),
    ]
    return [("MessageID", str(number)), ("PendingOrderReport", told)]


def _describe_item(line: ItemView) -> Node:
    item = line.item
    told: list[Node] = [
        ("AmazonOrderItemCode", item.order_item_code),
        ("SKU", item.sku),
        ("Title", item.title or item.sku),
        ("Quantity", str(line.quantity)),
    ]
    return ("Item", told)


REPORT_TYPE = ReportType(
    name="GET_PENDING_ORDERS_DATA",
    select=select_pending,
    suits=is_sellers,
    layout=envelopes.lay_out_envelope("PendingOrderReport", describe_header, describe_message),
)
