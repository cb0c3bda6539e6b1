"""The feeds that were handed in, newest first and live; and the way to upload another."""

from typing import Any

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.wrappers import Response

from feedproc.console.draft import seal_draft
from feedproc.console.pages.blank import list_blank_files
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.errors import FeedTooLarge
from feedproc.feeds.submission import OPEN, ProcessingStatus
from feedproc.formats.limits import MAX_PIECE_BYTES
from feedproc.ports import Filter
from feedproc.services.read.messages import get_progress
from feedproc.services.read.submissions import list_submissions
from feedproc.services.submit import MAX_FEED_BYTES, store

_PAGE = 25
_FORM = 64 * 1024
"""Bytes around the file in an upload."""
_STATUSES = (*OPEN, ProcessingStatus.DONE, ProcessingStatus.CANCELLED)


def show_feeds(context: RequestContext) -> Response:
    """Show a page of submissions, and a place to drop a file."""
    return context.render(
        "feeds.html",
        limit=MAX_FEED_BYTES,
        message_limit=MAX_PIECE_BYTES,
        blank_files=list_blank_files(context),
        **_list(context),
    )


def show_live(context: RequestContext) -> Response:
    """Answer with the list alone; script asks for it again and again."""
    return context.render("feed_list.html", **_list(context))


def upload(context: RequestContext) -> Response:
    """Store a file, which the web framework has put on the disk meanwhile, and go on to the look at it."""
    file = context.request.files.get("feed")
    if file is None or not file.filename:
        raise BadRequest(context.translate("feeds.no_file"))
    try:
        document = store(context.backend.documents, file.stream)
    except FeedTooLarge:
        raise RequestEntityTooLarge(context.translate("feeds.too_large")) from None
    return context.redirect("draft", sealed=seal_draft(context, document, file.filename))


def _list(context: RequestContext) -> dict[str, Any]:
    status, before = context.request.args.get("status", ""), context.request.args.get("before", "")
    statuses = (ProcessingStatus(status),) if status in set(_STATUSES) else ()
    counter = int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None
    which = Filter(statuses=statuses, before_counter=counter)
    page = list_submissions(context.backend.submissions, context.seller.seller_id, which, _PAGE)
    return {
        "page": page,
        "only_status": status if statuses else None,
        "before": counter,
        "statuses": _STATUSES,
        "is_running": any(one.status.is_open for one in page.submissions),
        "progress": {
            one.submission_id: get_progress(context.backend.marks, one)
            for one in page.submissions
            if one.status is ProcessingStatus.IN_PROGRESS
        },
    }


ROUTES = (
    Route("/feeds", "feeds", show_feeds),
    Route("/feeds/live", "feeds_live", show_live),
    Route("/feeds/upload", "upload", upload, methods=("POST",), most_bytes=MAX_FEED_BYTES + _FORM),
)
