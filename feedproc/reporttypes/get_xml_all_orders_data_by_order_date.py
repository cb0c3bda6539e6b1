"""GET_XML_ALL_ORDERS_DATA_BY_ORDER_DATE: all orders that were bought within the dates, in XML."""

from feedproc.reporttypes.all_orders_xml import LAYOUT
from feedproc.reporttypes.selections import is_any, select_by_order_date
from feedproc.services.reports.report_type import ReportType

REPORT_TYPE = ReportType(
    name="GET_XML_ALL_ORDERS_DATA_BY_ORDER_DATE",
    aliases=("GET_XML_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL",),
    select=select_by_order_date,
    suits=is_any,
    layout=LAYOUT,
    is_schedulable=False,
)
