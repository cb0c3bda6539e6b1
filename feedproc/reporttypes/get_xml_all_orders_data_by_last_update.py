"""GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE: all orders that changed last within the dates, in XML."""

from feedproc.reporttypes.all_orders_xml import LAYOUT
from feedproc.reporttypes.selections import is_any, select_by_last_update
from feedproc.services.reports.report_type import ReportType

REPORT_TYPE = ReportType(
    name="GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE",
    aliases=("GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",),
    select=select_by_last_update,
    suits=is_any,
    layout=LAYOUT,
    is_schedulable=False,
)
