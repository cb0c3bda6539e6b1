"""GET_CONVERGED_FLAT_FILE_ORDER_REPORT_DATA: orders for sellers of Amazon Marketplace, in its older columns."""

from collections.abc import Sequence
from datetime import datetime

from feedproc.feeds.moments import spell_seconds
from feedproc.orders.money import ZERO
from feedproc.reporttypes import columns
from feedproc.reporttypes.columns import ReportColumn, ReportLine
from feedproc.reporttypes.selections import MOST_DAYS, is_sellers, select_released
from feedproc.services.reports.report_type import ReportScope, ReportType


def choose_columns(scope: ReportScope) -> Sequence[ReportColumn]:
    """Return the 26 columns; a scheduled report has no ship-method. The sales channel comes when it is asked for."""
    chosen = _BASIC if scope.asked.is_scheduled else (*_BASIC, *columns.leave_empty("ship-method"))
    return (*chosen, columns.SALES_CHANNEL) if columns.wants_sales_channel(scope) else chosen


def _format_plain(at: datetime) -> str:
    return spell_seconds(at).replace("T", " ")


def _tell_unit_price(line: ReportLine) -> str:
    price = line.item.charges.get("Principal", ZERO) / line.item.quantity
    return columns.format_amount(price, line.view)


_PURCHASED = ReportColumn("purchase-date", lambda line: _format_plain(line.view.order.purchased_at))
_BASIC = (
    ReportColumn("payments-status", lambda _line: "paid_ship_now"),
    columns.ORDER_ID,
    columns.ORDER_ITEM_ID,
    ReportColumn("payments-date", lambda line: _format_plain(line.view.order.purchased_at)),
    *columns.leave_empty("payments-transaction-id"),
    ReportColumn("item-name", columns.PRODUCT_NAME.tell),
    *columns.leave_empty("listing-id"),
    columns.SKU,
    ReportColumn("price", _tell_unit_price),
    columns.charge("shipping-fee", "Shipping"),
    columns.QUANTITY_PURCHASED,
    ReportColumn("total-price", lambda line: columns.format_amount(line.item.total, line.view)),
    _PURCHASED,
    ReportColumn("batch-id", lambda _line: "1"),
    *columns.BUYER,
    *columns.ship_address(zip_heading="ship-zip", lines=2),
    *columns.leave_empty("special-comments", "upc"),
)

REPORT_TYPE = ReportType(
    name="GET_CONVERGED_FLAT_FILE_ORDER_REPORT_DATA",
    select=select_released,
    suits=is_sellers,
    layout=columns.lay_out_flat(choose_columns),
    longest=MOST_DAYS,
    rivals="orders",
)
