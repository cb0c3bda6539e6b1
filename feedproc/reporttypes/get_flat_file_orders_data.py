"""GET_FLAT_FILE_ORDERS_DATA: what a seller needs to ship his orders, one row a line."""

from collections.abc import Sequence

from feedproc.feeds.report_schedule import ReportExtra
from feedproc.reporttypes import columns
from feedproc.reporttypes.columns import ReportColumn
from feedproc.reporttypes.selections import MOST_DAYS, is_sellers, select_released
from feedproc.services.reports.report_type import ReportScope, ReportType

_BOUGHT = (
    columns.ORDER_ID,
    columns.ORDER_ITEM_ID,
    columns.PURCHASE_DATE,
    columns.PAYMENTS_DATE,
    *columns.BUYER,
    columns.BUYER_PHONE,
    columns.SKU,
)
_PRICED = (
    columns.PRODUCT_NAME,
    columns.QUANTITY_PURCHASED,
    ReportColumn("currency", lambda line: line.view.order.currency),
    columns.charge("item-price", "Principal"),
    columns.charge("item-tax", "Tax"),
    columns.charge("shipping-price", "Shipping"),
    columns.charge("shipping-tax", "ShippingTax"),
)
_SHIPPED = (columns.SERVICE_LEVEL, *columns.ship_address(has_phone=True))
_DELIVERED = tuple(
    columns.leave_empty("delivery-start-date", "delivery-end-date", "delivery-time-zone", "delivery-Instructions")
)


def choose_columns(scope: ReportScope) -> Sequence[ReportColumn]:
    """Return the 29 columns with those that the seller's settings add, each at its place, and the sales channel."""

    def add(extra: ReportExtra, *more: ReportColumn) -> Sequence[ReportColumn]:
        return more if extra in scope.extras else ()

    return (
        *_BOUGHT,
        *add(ReportExtra.REQUESTS, columns.NUMBER_OF_ITEMS),
        *_PRICED,
        *add(ReportExtra.GIFTS, *columns.GIFT_WRAP),
        *_SHIPPED,
        *add(ReportExtra.GIFTS, *columns.GIFT_WORDS),
        *add(ReportExtra.BILLS, *columns.BILL_ADDRESS),
        *add(ReportExtra.PROMOTIONS, *columns.PROMOTIONS),
        *_DELIVERED,
        *((columns.SALES_CHANNEL,) if columns.wants_sales_channel(scope) else ()),
        *add(ReportExtra.PROMISES, *columns.PROMISES),
        *add(ReportExtra.REQUESTS, *columns.REQUESTS),
    )


REPORT_TYPE = ReportType(
    name="GET_FLAT_FILE_ORDERS_DATA",
    aliases=("GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING",),
    select=select_released,
    suits=is_sellers,
    layout=columns.lay_out_flat(choose_columns),
    longest=MOST_DAYS,
    rivals="orders",
)
