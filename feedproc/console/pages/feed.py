"""One submission: how far it is, what became of each message beside the message, and what can be done about it."""

from typing import Any, BinaryIO

from msgspec import Struct
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response
from werkzeug.wsgi import wrap_file

from feedproc.console.draft import describe_provenance, seal_draft
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.errors import FeedTypeUnknown, Refusal
from feedproc.feeds.feed_type import Format, Provenance
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.formats.recognition import looks_like_xml
from feedproc.ports import Filter
from feedproc.services import drafts
from feedproc.services.cancel import cancel as cancelled
from feedproc.services.check import find_misread
from feedproc.services.read.messages import FeedMessages, JudgedMessage, get_progress
from feedproc.services.read.submissions import get_submission, open_report
from feedproc.services.submit import store, store_messages

_LONGEST_SHOWN = 4_000
"""Characters of a message that are shown."""
_HEADLINE = 90
"""Characters of a message that are shown before it is unfolded."""


class Row(Struct, frozen=True):
    """A message and what became of it, ready to be shown."""

    line: JudgedMessage
    text: str
    """The message, or as much of it as is shown."""
    is_cut: bool
    headline: str
    """How the message begins, in one line."""


def show_feed(context: RequestContext, submission_id: str) -> Response:
    """Show a submission with a page of its messages."""
    submission = _get_submission(context, submission_id)
    form = _find_format(context, submission)
    messages = _open_messages(context, submission, form)
    only_failed = context.request.args.get("which") == "failed"
    number = context.request.args.get("page", "1")
    asked = int(number) if number.isascii() and number.isdecimal() and len(number) < 12 else 1
    about = describe_provenance(context, submission.content_type)
    page = messages.get_errors(asked) if only_failed else messages.get_page(asked)
    return context.render(
        "feed.html",
        messages=messages,
        page=page,
        only_failed=only_failed,
        rows=[_make_row(line, form, about) for line in page.messages],
        misread=find_misread(context.backend.documents, submission, form, about.marketplace_id),
        can_mend=submission.status is ProcessingStatus.DONE and (messages.has_failed or bool(messages.whole)),
        **_measure_progress(context, submission),
    )


def show_status(context: RequestContext, submission_id: str) -> Response:
    """Answer with how far it is, alone; script asks for it until it has ended."""
    return context.render("feed_status.html", **_measure_progress(context, _get_submission(context, submission_id)))


def send_feed(context: RequestContext, submission_id: str) -> Response:
    """Give the feed back, to the byte."""
    submission = _get_submission(context, submission_id)
    try:
        file = drafts.open_feed(context.backend.documents, submission.document)
    except drafts.FeedGone:
        raise NotFound(context.translate("feed.gone")) from None
    is_xml = looks_like_xml(file)
    kind = "text/xml" if is_xml else "text/tab-separated-values"
    return _download(context, file, kind, f"feed-{submission_id}.{'xml' if is_xml else 'txt'}", submission.size)


def send_report(context: RequestContext, submission_id: str) -> Response:
    """Give the processing report."""
    submission = _get_submission(context, submission_id)
    form = context.feed_types.look_up(submission.feed_type).format
    try:
        _, file = open_report(
            context.backend.submissions, context.backend.documents, context.seller.seller_id, submission_id
        )
    except Refusal:
        raise NotFound(context.translate("feed.no_report")) from None
    kind = form.report_content_type(describe_provenance(context, None).marketplace_id)
    return _download(context, file, kind, f"report-{submission_id}.{form.suffix}")


def cancel(context: RequestContext, submission_id: str) -> Response:
    """Cancel it, if no worker has begun it meanwhile; the page says what became of it."""
    cancelled(
        context.backend.submissions, context.seller.seller_id, Filter(submission_ids=(submission_id,)), context.now
    )
    return context.redirect("feed", submission_id=submission_id)


def collect_failed(context: RequestContext, submission_id: str) -> Response:
    """Make a feed of the messages that failed, or of all of it when it was refused, and go on to look at it."""
    submission = _get_submission(context, submission_id)
    form = _find_format(context, submission)
    messages = _open_messages(context, submission, form)
    try:
        with drafts.open_feed(context.backend.documents, submission.document) as file:
            if messages.has_failed:
                frame = form.find_frame(file, describe_provenance(context, submission.content_type))
                document = store_messages(context.backend.documents, frame, messages.read_failed())
            else:
                document = store(context.backend.documents, file) if messages.whole else None
    except drafts.FeedGone:
        raise NotFound(context.translate("feed.gone")) from None
    if document is None:
        raise BadRequest(context.translate("feed.none_failed"))
    name = context.translate("feed.failed_of", submission=submission_id)
    sealed = seal_draft(context, document, name, submission.feed_type, submission.content_type)
    return context.redirect("draft", sealed=sealed)


def _get_submission(context: RequestContext, submission_id: str) -> FeedSubmission:
    return get_submission(context.backend.submissions, context.seller.seller_id, submission_id)


def _find_format(context: RequestContext, submission: FeedSubmission) -> Format:
    try:
        return context.feed_types.look_up(submission.feed_type).format
    except FeedTypeUnknown:
        raise NotFound from None


def _open_messages(context: RequestContext, submission: FeedSubmission, form: Format) -> FeedMessages:
    about = describe_provenance(context, submission.content_type)
    return FeedMessages(
        context.backend.marks, context.backend.documents, submission, lambda feed: form.open_extractor(feed, about)
    )


def _make_row(line: JudgedMessage, form: Format, about: Provenance) -> Row:
    text = form.show(line.extract.text[: _LONGEST_SHOWN * 4], about) if line.extract else ""
    shown = text[:_LONGEST_SHOWN]
    plain = " ".join(form.skip_id(shown).replace("\t", " ⇥ ").split())
    headline = plain if len(plain) <= _HEADLINE else f"{plain[:_HEADLINE]}…"
    return Row(line, shown, len(text) > _LONGEST_SHOWN, headline)


def _measure_progress(context: RequestContext, submission: FeedSubmission) -> dict[str, Any]:
    return {
        "submission": submission,
        "is_running": submission.status.is_open,
        "can_cancel": submission.status is ProcessingStatus.SUBMITTED,
        "progress": get_progress(context.backend.marks, submission),
    }


def _download(
    context: RequestContext, file: BinaryIO, content_type: str, name: str, size: int | None = None
) -> Response:
    """Send a file as one to be saved: whatever stands in it, no browser shows it as a page."""
    file.seek(0)
    response = Response(wrap_file(context.request.environ, file), content_type=content_type, direct_passthrough=True)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if size is not None:
        response.content_length = size
    return response


ROUTES = (
    Route("/feeds/<submission_id>", "feed", show_feed),
    Route("/feeds/<submission_id>/status", "feed_status", show_status),
    Route("/feeds/<submission_id>/feed", "feed_bytes", send_feed),
    Route("/feeds/<submission_id>/report", "feed_report", send_report),
    Route("/feeds/<submission_id>/cancel", "feed_cancel", cancel, methods=("POST",)),
    Route("/feeds/<submission_id>/failed", "feed_failed", collect_failed, methods=("POST",)),
)
