"""The columns of the flat reports of pending orders."""

from feedproc.reporttypes import columns
from feedproc.reporttypes.columns import ReportColumn

PENDING_COLUMNS = (
    columns.ORDER_ID,
    columns.ORDER_ITEM_ID,
    columns.PURCHASE_DATE,
    columns.SKU,
    columns.PRODUCT_NAME,
    columns.QUANTITY_PURCHASED,
    ReportColumn("payment-type", lambda line: line.view.payment.method),
)
