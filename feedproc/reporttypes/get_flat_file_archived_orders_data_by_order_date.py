"""GET_FLAT_FILE_ARCHIVED_ORDERS_DATA_BY_ORDER_DATE: the same for orders of years ago, which Amazon keeps apart."""

from feedproc.reporttypes import columns
from feedproc.reporttypes.all_orders import BASIC, BUSINESS, SOLD_BY
from feedproc.reporttypes.selections import is_any, select_by_order_date
from feedproc.services.reports.report_type import ReportType

_COLUMNS = (*BASIC, *BUSINESS, SOLD_BY)
"""The 33 columns since 2020."""

REPORT_TYPE = ReportType(
    name="GET_FLAT_FILE_ARCHIVED_ORDERS_DATA_BY_ORDER_DATE",
    select=select_by_order_date,
    suits=is_any,
    layout=columns.lay_out_flat(lambda _scope: _COLUMNS, tells_cancelled=True),
    is_schedulable=False,
)
