"""GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE: all orders that changed last within the dates, one row a line."""

from feedproc.reporttypes import columns
from feedproc.reporttypes.all_orders import BASIC, BUSINESS
from feedproc.reporttypes.selections import is_any, select_by_last_update
from feedproc.services.reports.report_type import ReportType

_COLUMNS = (*BASIC, *BUSINESS)
"""The 32 columns."""

REPORT_TYPE = ReportType(
    name="GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE",
    aliases=("GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",),
    select=select_by_last_update,
    suits=is_any,
    layout=columns.lay_out_flat(lambda _scope: _COLUMNS, tells_cancelled=True),
    is_schedulable=False,
)
