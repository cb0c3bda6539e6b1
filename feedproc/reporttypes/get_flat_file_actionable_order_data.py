"""GET_FLAT_FILE_ACTIONABLE_ORDER_DATA: what is still to be shipped, and how late it is."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from feedproc.feeds.report_schedule import ReportExtra
from feedproc.orders.money import ZERO
from feedproc.reporttypes import columns
from feedproc.reporttypes.columns import ReportColumn, ReportLine
from feedproc.reporttypes.selections import is_sellers, select_actionable
from feedproc.services.reports.report_type import ReportScope, ReportType

_DAY = timedelta(days=1)
_CANCELLED_AFTER = timedelta(days=7)
"""How long after the promise an order that nobody confirmed is cancelled (Seller Central help G201722390)."""
_ON_DELIVERY = ("COD", "CODTax", "CODFee")


def choose_columns(scope: ReportScope) -> Sequence[ReportColumn]:
    """Return the 24 columns, in Japan with 8 more, then what the seller's settings add, and the sales channel."""
    chosen = (*_BASIC, *_JAPANESE) if scope.marketplace.is_japanese else (*_BASIC, *_BUSINESS)
    if ReportExtra.DEADLINES in scope.extras:
        chosen = (*chosen, *_DEADLINES) if scope.marketplace.is_japanese else (*chosen, columns.IS_IBA, *_DEADLINES)
    return (*chosen, columns.SALES_CHANNEL) if columns.wants_sales_channel(scope) else chosen


def _count_days_past(line: ReportLine) -> str:
    """Return whole days since the order should have shipped; negative before that."""
    latest = line.view.ship.latest
    return "" if latest is None else str(int((line.scope.now - latest) / _DAY))


def _tell_verge(line: ReportLine, after: timedelta) -> str:
    """Say whether less than a day is left until so long after the promise."""
    latest = line.view.ship.latest
    return columns.format_flag(latest is not None and line.scope.now > latest + after - _DAY)


def _is_on_delivery(line: ReportLine) -> bool:
    return line.view.payment.method == "COD"


def _tell_if_on_delivery(line: ReportLine, amount: Decimal) -> str:
    return columns.format_amount(amount, line.view) if _is_on_delivery(line) else ""


_BASIC = (
    columns.ORDER_ID,
    columns.ORDER_ITEM_ID,
    columns.PURCHASE_DATE,
    columns.PAYMENTS_DATE,
    ReportColumn("reporting-date", lambda line: columns.format_local(line.scope.now, line.scope)),
    ReportColumn("promise-date", lambda line: columns.format_local(line.view.ship.latest, line.scope)),
    ReportColumn("days-past-promise", _count_days_past),
    *columns.BUYER,
    columns.BUYER_PHONE,
    columns.SKU,
    columns.PRODUCT_NAME,
    columns.QUANTITY_PURCHASED,
    ReportColumn("quantity-shipped", lambda line: str(line.item.item.quantity_shipped)),
    ReportColumn("quantity-to-ship", lambda line: str(line.item.item.quantity_open)),
    columns.SERVICE_LEVEL,
    *columns.ship_address(),
)
_BUSINESS = (columns.IS_BUSINESS, columns.PURCHASE_ORDER_NUMBER, columns.PRICE_DESIGNATION)
_JAPANESE = (
    ReportColumn("payment-method", lambda line: "COD" if _is_on_delivery(line) else ""),
    ReportColumn("cod-collectible-amount", lambda line: _tell_if_on_delivery(line, line.item.total)),
    ReportColumn("already-paid", lambda line: _tell_if_on_delivery(line, ZERO)),
    ReportColumn(
        "payment-method-fee", lambda line: _tell_if_on_delivery(line, columns.sum_charges(line.item, *_ON_DELIVERY))
    ),
    *columns.leave_empty("scheduled-delivery-start-date", "scheduled-delivery-end-date"),
    ReportColumn("points-granted", lambda _line: "0"),
    columns.IS_PRIME,
)
_DEADLINES = (
    ReportColumn("verge-of-cancellation", lambda line: _tell_verge(line, _CANCELLED_AFTER)),
    ReportColumn("verge-of-lateShipment", lambda line: _tell_verge(line, timedelta())),
)

REPORT_TYPE = ReportType(
    name="GET_FLAT_FILE_ACTIONABLE_ORDER_DATA",
    aliases=("GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING",),
    select=select_actionable,
    suits=is_sellers,
    layout=columns.lay_out_flat(choose_columns),
    has_dates=False,
)
