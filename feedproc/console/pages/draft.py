"""A look at a feed before it is sent: what is wrong, where, and the way to mend it."""

from io import BytesIO
from typing import Any

from msgspec import Struct
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from feedproc.console.draft import (
    Draft,
    describe_provenance,
    find_submission_of,
    open_draft,
    read_draft,
    seal_draft,
    submit_draft,
)
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.errors import FeedTypeUnknown
from feedproc.explain.excerpt import Excerpts, Picture, draw_group, select_telling
from feedproc.feeds.finding import Finding
from feedproc.feeds.report import Severity
from feedproc.formats.recognition import find_merchant, guess_feed_type
from feedproc.formats.text import read_text
from feedproc.imports.order_files import recognise_orders
from feedproc.services import drafts
from feedproc.services.submit import store

MOST_MENDED = 256 * 1024
"""Bytes of a feed that can be mended on the page; a larger one is better mended with an editor."""
_FORM = MOST_MENDED * 4
_WIDTH = 100
"""Characters of a line that are shown around what is wrong in it."""


class FaultyPlace(Struct, frozen=True):
    """What is wrong at one place of a feed, ready to be shown."""

    findings: tuple[Finding, ...]
    picture: Picture | None

    @property
    def first(self) -> Finding:
        """Where, and in which message."""
        return self.findings[0]

    @property
    def told(self) -> tuple[Finding, ...]:
        """Those that do not merely follow from another one."""
        return tuple(select_telling(self.findings))

    @property
    def is_warning(self) -> bool:
        """It keeps nothing from taking effect."""
        return all(one.severity is Severity.WARNING for one in self.findings)


def show_draft(context: RequestContext, sealed: str) -> Response:
    """Look at the feed and show what is wrong."""
    return _show(context, sealed, read_draft(context, sealed), context.request.args.get("type", ""))


def mend(context: RequestContext, sealed: str) -> Response:
    """Keep the text as it was edited, in the encoding that it came in, and look at it again."""
    old = read_draft(context, sealed)
    with open_draft(context, old) as feed:
        text = read_text(feed, describe_provenance(context, old.content_type), MOST_MENDED)
    if text is None:
        raise BadRequest(context.translate("draft.too_large_to_mend"))
    try:
        data = text.encode_as_it_came(context.request.form.get("text", ""))
    except UnicodeEncodeError as error:
        raise BadRequest(context.translate("draft.not_in_encoding", character=error.object[error.start])) from None
    document = store(context.backend.documents, BytesIO(data))
    feed_type = context.request.form.get("type", "") or None
    fresh = seal_draft(context, document, old.name, feed_type, old.content_type)
    return context.redirect("draft", sealed=fresh)


def send(context: RequestContext, sealed: str) -> Response:
    """Submit the feed as it is."""
    found = read_draft(context, sealed)
    feed_type = context.request.form.get("type", "")
    if feed_type not in context.feed_types.offered:
        raise BadRequest(context.translate("draft.choose_type"))
    open_draft(context, found).close()
    return context.redirect("feed", submission_id=submit_draft(context, found, feed_type))


def discard(context: RequestContext, sealed: str) -> Response:
    """Forget the feed, unless it was sent: then its submission needs it."""
    found = read_draft(context, sealed)
    if find_submission_of(context, found) is None:
        drafts.discard(context.backend.documents, found.key)
    return context.redirect("feeds")


def _show(context: RequestContext, sealed: str, found: Draft, asked: str) -> Response:
    wanted = asked if asked in context.feed_types.offered else found.feed_type
    with open_draft(context, found) as feed:
        text = read_text(feed, describe_provenance(context, found.content_type), MOST_MENDED)
    return context.render(
        "draft.html",
        sealed=sealed,
        draft=found,
        feed_type=wanted if wanted in context.feed_types.offered else None,
        text=text,
        most_mended=MOST_MENDED,
        other_seller=_find_other_seller(context, found),
        **_look(context, found, wanted),
    )


def _find_other_seller(context: RequestContext, found: Draft) -> str | None:
    """Return whose feed it says it is, when that is not the one who signed in."""
    with open_draft(context, found) as feed:
        given = find_merchant(feed)
    seller = context.seller
    return None if given is None or given in seller.names else given


def _look(context: RequestContext, found: Draft, name: str | None) -> dict[str, Any]:
    """Look at a draft as a feed of a type, if it is known."""
    about = describe_provenance(context, found.content_type)
    clock = context.deps.clock
    try:
        feed_type = context.feed_types.look_up(name or "")
        look = drafts.look_at(context.backend.documents, found.key, feed_type, about, clock)
    except FeedTypeUnknown:
        with open_draft(context, found) as feed:
            if recognise_orders(feed, about.marketplace_id):
                return {"look": None, "places": (), "holds_orders": True}
            feed_type = guess_feed_type(feed, context.feed_types)
        look = drafts.look_at_any(context.backend.documents, found.key, feed_type.format, about, clock)
    with open_draft(context, found) as feed:
        excerpts = Excerpts(feed, feed_type.format.open_text(feed, about))
        places = [FaultyPlace(tuple(place), draw_group(place, excerpts, _WIDTH)) for place in look.places]
    return {"look": look, "places": places, "holds_orders": False}


ROUTES = (
    Route("/drafts/<sealed>", "draft", show_draft),
    Route("/drafts/<sealed>/send", "draft_send", send, methods=("POST",)),
    Route("/drafts/<sealed>/mend", "draft_mend", mend, methods=("POST",), most_bytes=_FORM),
    Route("/drafts/<sealed>/discard", "draft_discard", discard, methods=("POST",)),
)
