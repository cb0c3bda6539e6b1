"""GET_CONVERGED_FLAT_FILE_PENDING_ORDERS_DATA: orders that wait for their payment, for sellers of Amazon Marketplace.

Which columns it has of its own nobody has told; it has those of its sister.
"""

from feedproc.reporttypes import columns
from feedproc.reporttypes.pending_columns import PENDING_COLUMNS
from feedproc.reporttypes.selections import is_sellers, select_pending
from feedproc.services.reports.report_type import ReportType

REPORT_TYPE = ReportType(
    name="GET_CONVERGED_FLAT_FILE_PENDING_ORDERS_DATA",
    select=select_pending,
    suits=is_sellers,
    layout=columns.lay_out_flat(lambda _scope: PENDING_COLUMNS),
)
