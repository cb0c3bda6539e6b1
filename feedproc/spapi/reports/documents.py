"""getReportDocument: where a report is had."""

from feedproc.errors import ReportRequestUnknown
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.ports import Link
from feedproc.services.reports.requests import get_request, require_type
from feedproc.spapi.call import Answer, Call
from feedproc.spapi.identifiers import DocumentKind, read_document_id
from feedproc.spapi.refusals import AccessDenied, Denial, InputInvalid

RESTRICTED = frozenset(
    {
        "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA",
        "GET_FLAT_FILE_ORDERS_DATA",
        "GET_ORDERS_DATA",
        "GET_CONVERGED_FLAT_FILE_ORDER_REPORT_DATA",
    }
)
"""Types that tell of buyers, so that their documents take a restricted data token (Tokens API use case guide)."""
_BAD_DOCUMENT = "Invalid reportDocumentId"


def get_document(call: Call) -> Answer:
    """Give the address of a report.

    Raises:
        InputInvalid: the id is of no report of this seller's, or the report is no longer kept.
        AccessDenied: it tells of buyers, and the token is not a restricted one for just this document.

    """
    name = call.path["reportDocumentId"]
    document = read_document_id(call.seller, name)
    if document is None or document.kind is not DocumentKind.REPORT:
        raise InputInvalid(_BAD_DOCUMENT)
    try:
        request = get_request(call.services.backend.submissions, call.seller.seller_id, document.subject)
        call.services.backend.documents.open(document.key).close()
    except (ReportRequestUnknown, FileNotFoundError):
        raise InputInvalid(_BAD_DOCUMENT) from None
    if request.document != document.key:
        raise InputInvalid(_BAD_DOCUMENT)
    is_opened = any(one.path == call.url_path for one in call.grant.resources)
    if request.report_type in RESTRICTED and not is_opened:
        raise AccessDenied(Denial.NOT_ALLOWED, f"{request.report_type} takes a restricted data token for its document")
    place = marketplace_of(request.marketplace_ids[0]) if request.marketplace_ids else call.seller.marketplace
    layout = require_type(call.services.report_types, request.report_type).layout
    link = Link(call.seller.seller_id, document.key, name, layout.name_content_type(place))
    return Answer(200, {"reportDocumentId": name, **call.tell_download(link)})
