"""A look at a feed before it is sent: what is wrong, where, and the way to mend it."""

from io import BytesIO
from typing import Any

from msgspec import Struct
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from feedproc.console.draft import Draft, draft_of, drafted, opened, provenance, sent, sent_as
from feedproc.console.route import Route
from feedproc.console.visit import Visit
from feedproc.errors import FeedTypeUnknown
from feedproc.explain.excerpt import Excerpts, Picture, pictured, telling
from feedproc.feeds.finding import Finding
from feedproc.feeds.report import Severity
from feedproc.formats.recognition import find_merchant
from feedproc.formats.text import text_of
from feedproc.services import drafts
from feedproc.services.submit import store

MOST_MENDED = 256 * 1024
"""Bytes of a feed that can be mended on the page; a larger one is better mended with an editor."""
_FORM = MOST_MENDED * 4
_WIDTH = 100
"""Characters of a line that are shown around what is wrong in it."""


class Place(Struct, frozen=True):
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
        return tuple(telling(self.findings))

    @property
    def is_warning(self) -> bool:
        """It keeps nothing from taking effect."""
        return all(one.severity is Severity.WARNING for one in self.findings)


def draft(visit: Visit, sealed: str) -> Response:
    """Look at the feed and show what is wrong."""
    return _shown(visit, sealed, draft_of(visit, sealed), visit.request.args.get("type", ""))


def mend(visit: Visit, sealed: str) -> Response:
    """Keep the text as it was edited, in the encoding that it came in, and look at it again."""
    old = draft_of(visit, sealed)
    with opened(visit, old) as feed:
        text = text_of(feed, provenance(visit, old.content_type), MOST_MENDED)
    if text is None:
        raise BadRequest(visit.t("draft.too_large_to_mend"))
    try:
        data = text.encoded(visit.request.form.get("text", ""))
    except UnicodeEncodeError as error:
        raise BadRequest(visit.t("draft.not_in_encoding", character=error.object[error.start])) from None
    document = store(visit.backend.documents, BytesIO(data))
    feed_type = visit.request.form.get("type", "") or None
    fresh = drafted(visit, document, old.name, feed_type, old.content_type)
    return visit.redirect("draft", sealed=fresh)


def send(visit: Visit, sealed: str) -> Response:
    """Submit the feed as it is."""
    found = draft_of(visit, sealed)
    feed_type = visit.request.form.get("type", "")
    if feed_type not in visit.feed_types.offered:
        raise BadRequest(visit.t("draft.choose_type"))
    opened(visit, found).close()
    return visit.redirect("feed", submission_id=sent(visit, found, feed_type))


def discard(visit: Visit, sealed: str) -> Response:
    """Forget the feed, unless it was sent: then its submission needs it."""
    found = draft_of(visit, sealed)
    if sent_as(visit, found) is None:
        drafts.discard(visit.backend.documents, found.key)
    return visit.redirect("feeds")


def _shown(visit: Visit, sealed: str, found: Draft, asked: str) -> Response:
    wanted = asked if asked in visit.feed_types.offered else found.feed_type
    with opened(visit, found) as feed:
        text = text_of(feed, provenance(visit, found.content_type), MOST_MENDED)
    return visit.render(
        "draft.html",
        sealed=sealed,
        draft=found,
        feed_type=wanted if wanted in visit.feed_types.offered else None,
        text=text,
        most_mended=MOST_MENDED,
        other_seller=_other_seller(visit, found),
        **_looked(visit, found, wanted),
    )


def _other_seller(visit: Visit, found: Draft) -> str | None:
    """Return whose feed it says it is, when that is not the one who signed in."""
    with opened(visit, found) as feed:
        given = find_merchant(feed)
    seller = visit.seller
    return None if given in {None, seller.seller_id, seller.merchant_token} else given


def _looked(visit: Visit, found: Draft, name: str | None) -> dict[str, Any]:
    """Look at a draft as a feed of a type, if it is known."""
    try:
        feed_type = visit.feed_types.named(name or "")
    except FeedTypeUnknown:
        return {"look": None, "places": ()}
    about = provenance(visit, found.content_type)
    look = drafts.look_at(visit.backend.documents, found.key, feed_type, about, visit.desk.clock)
    with opened(visit, found) as feed:
        excerpts = Excerpts(feed, feed_type.format.open_text(feed, about))
        places = [Place(tuple(place), pictured(place, excerpts, _WIDTH)) for place in look.places]
    return {"look": look, "places": places}


ROUTES = (
    Route("/drafts/<sealed>", "draft", draft),
    Route("/drafts/<sealed>/send", "draft_send", send, methods=("POST",)),
    Route("/drafts/<sealed>/mend", "draft_mend", mend, methods=("POST",), most_bytes=_FORM),
    Route("/drafts/<sealed>/discard", "draft_discard", discard, methods=("POST",)),
)
