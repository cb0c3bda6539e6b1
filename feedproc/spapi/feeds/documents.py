"""createFeedDocument and getFeedDocument: where a feed is put, and where its report is had."""

from uuid import UUID

from feedproc.errors import ResultGone, ResultNotReady
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import Link
from feedproc.spapi.call import Answer, Call
from feedproc.spapi.identifiers import DocumentId, DocumentKind, read_document_id, stamp_id, write_document_id
from feedproc.spapi.refusals import DocumentUnknown, InputInvalid, ResultWithdrawn

MOST_CONTENT_TYPE = 200
"""Characters. It travels in the document's id and address."""


def create_document(call: Call) -> Answer:
    """Give an id and an address for a feed that is to be uploaded with exactly this content type."""
    call.members.require("contentType")
    content_type = call.members.text("contentType") or ""
    if len(content_type) > MOST_CONTENT_TYPE or not content_type.isprintable() or not content_type.isascii():
        raise InputInvalid("Invalid request parameters", "contentType")
    key = UUID(call.services.new_id()).hex
    document = DocumentId(DocumentKind.UPLOAD, key, content_type, stamp_id(call.now))
    name = write_document_id(call.seller, document)
    link = Link(call.seller.seller_id, key, name, content_type)
    return Answer(201, {"feedDocumentId": name, "url": call.services.links.link_upload(link, call.now)})


def get_document(call: Call) -> Answer:
    """Give the address of a feed's processing report.

    Raises:
        DocumentUnknown: the id is of no report of this seller's; the id of an upload is none.
        ResultWithdrawn: the feed was cancelled.
        ResultGone: the report is no longer kept.

    """
    name = call.path["feedDocumentId"]
    document = read_document_id(call.seller, name)
    if document is None or document.kind is not DocumentKind.RESULT:
        raise DocumentUnknown(name)
    submission = call.services.backend.submissions.get(call.seller.seller_id, document.subject)
    if submission is None:
        raise DocumentUnknown(name)
    if submission.status is ProcessingStatus.CANCELLED:
        raise ResultWithdrawn(submission.submission_id)
    if submission.report != document.key:
        raise ResultNotReady(submission.submission_id)
    _ensure_kept(call, submission)
    link = Link(call.seller.seller_id, document.key, name, _find_content_type(call, submission))
    return Answer(200, {"feedDocumentId": name, **call.tell_download(link)})


def _ensure_kept(call: Call, submission: FeedSubmission) -> None:
    try:
        call.services.backend.documents.open(submission.report or "").close()
    except FileNotFoundError:
        raise ResultGone(submission.submission_id) from None


def _find_content_type(call: Call, submission: FeedSubmission) -> str:
    form = call.services.feed_types.look_up(submission.feed_type).format
    first = call.seller.marketplace_ids[0] if call.seller.marketplace_ids else ""
    return form.report_content_type(first)
