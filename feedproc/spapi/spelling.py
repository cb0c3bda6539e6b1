"""What SP-API calls feeds and reports of orders: their states, types, and the ids of their documents."""

from feedproc.feeds import endings
from feedproc.feeds.report_request import ReportRequest, ReportStatus
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import Seller
from feedproc.services.reports.report_type import ReportType, ReportTypes
from feedproc.spapi.identifiers import DocumentId, DocumentKind, write_document_id

FEED_STATUSES = {
    ProcessingStatus.UNCONFIRMED: "IN_QUEUE",
    ProcessingStatus.SUBMITTED: "IN_QUEUE",
    ProcessingStatus.AWAITING_ASYNCHRONOUS_REPLY: "IN_QUEUE",
    ProcessingStatus.IN_PROGRESS: "IN_PROGRESS",
    ProcessingStatus.IN_SAFETY_NET: "IN_PROGRESS",
    ProcessingStatus.DONE: "DONE",
    ProcessingStatus.CANCELLED: "CANCELLED",
}
REPORT_STATUSES = {
    ReportStatus.SUBMITTED: "IN_QUEUE",
    ReportStatus.IN_PROGRESS: "IN_PROGRESS",
    ReportStatus.DONE: "DONE",
    ReportStatus.DONE_NO_DATA: "CANCELLED",
    ReportStatus.CANCELLED: "CANCELLED",
}
FATAL = "FATAL"
"""Of a feed or report that ended without being done, other than by its seller."""


def name_feed_status(submission: FeedSubmission) -> str:
    """Return what SP-API calls the status of a feed."""
    if submission.status is ProcessingStatus.CANCELLED and submission.reason != endings.BY_SELLER:
        return FATAL
    return FEED_STATUSES[submission.status]


def name_report_status(request: ReportRequest) -> str:
    """Return what SP-API calls the status of a report."""
    if request.status is ReportStatus.CANCELLED and request.reason != endings.BY_SELLER:
        return FATAL
    return REPORT_STATUSES[request.status]


def write_result_id(seller: Seller, submission: FeedSubmission) -> str | None:
    """Return the id of a feed's report; None when it has none."""
    if submission.report is None or submission.status is not ProcessingStatus.DONE:
        return None
    return write_document_id(
        seller, DocumentId(DocumentKind.RESULT, submission.report, subject=submission.submission_id)
    )


def write_report_id(seller: Seller, request: ReportRequest) -> str | None:
    """Return the id of a report's document; None when it has none."""
    if request.document is None:
        return None
    return write_document_id(seller, DocumentId(DocumentKind.REPORT, request.document, subject=request.request_id))


def name_type(report_types: ReportTypes, name: str, spelled: str = "") -> str:
    """Return what SP-API calls a type, by its name and by how it was asked for."""
    found = report_types.find(name)
    names = (name,) if found is None else list_type_names(found)
    return spelled if spelled in names else names[0]


def list_type_names(report_type: ReportType) -> tuple[str, ...]:
    """Return the names under which SP-API offers a type."""
    return report_type.aliases or (report_type.name,)
