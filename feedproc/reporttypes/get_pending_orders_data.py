"""GET_PENDING_ORDERS_DATA: orders that wait for their payment, in XML (PendingOrderReport)."""

from feedproc.reporttypes.columns import format_utc
from feedproc.reporttypes.envelopes import lay_out_envelope, write_group, write_header, write_leaf
from feedproc.reporttypes.selections import is_sellers, select_pending
from feedproc.services.read.order_view import ItemView, OrderView
from feedproc.services.reports.report_type import ReportType


def write_message(view: OrderView, number: int) -> str:
    """Return the message of one order."""
    report = write_group(
        2,
        "PendingOrderReport",
        write_leaf(3, "AmazonOrderID", view.order.amazon_order_id),
        write_leaf(3, "OrderDate", format_utc(view.order.purchased_at)),
        write_leaf(3, "PaymentType", view.payment.method),
        *[_write_item(item) for item in view.items if item.quantity],
    )
    return write_group(1, "Message", write_leaf(2, "MessageID", str(number)), report)


def _write_item(line: ItemView) -> str:
    item = line.item
    return write_group(
        3,
        "Item",
        write_leaf(4, "AmazonOrderItemCode", item.order_item_code),
        write_leaf(4, "SKU", item.sku),
        write_leaf(4, "Title", item.title or item.sku),
        write_leaf(4, "Quantity", str(line.quantity)),
    )


REPORT_TYPE = ReportType(
    name="GET_PENDING_ORDERS_DATA",
    select=select_pending,
    suits=is_sellers,
    layout=lay_out_envelope("PendingOrderReport", write_header, write_message),
)
