"""A feed that somebody uploaded and has not sent yet: stored, and named by a signed address."""

from datetime import datetime
from typing import BinaryIO

import msgspec
from msgspec import Struct
from werkzeug.exceptions import NotFound

from feedproc.console.request import RequestContext
from feedproc.feeds.feed_type import Provenance
from feedproc.feeds.submission import Door, NewSubmission
from feedproc.formats.recognition import looks_like_xml, recognise
from feedproc.imports.order_files import recognise_orders
from feedproc.services import drafts
from feedproc.services.submit import StoredDocument, submit

_PURPOSE = "draft"
LONGEST_NAME = 120
"""Characters of a file's name that are shown."""


class Draft(Struct, frozen=True):
    """What is known of it. Nothing of it is held on the server but its bytes."""

    seller_id: str
    key: str
    size: int
    """Bytes."""
    md5: str
    name: str
    """Of the file, as the browser told."""
    feed_type: str | None
    """What it seems to be, or is meant to be."""
    made_at: datetime
    content_type: str | None = None


def seal_draft(
    context: RequestContext,
    document: StoredDocument,
    name: str,
    feed_type: str | None = None,
    content_type: str | None = None,
) -> str:
    """Return what stands for a stored feed in addresses; without a feed type, the one that it seems to be is noted."""
    with drafts.open_feed(context.backend.documents, document.key) as feed:
        if feed_type is None and not recognise_orders(feed, context.seller.marketplace.marketplace_id):
            feed_type = recognise(feed, context.feed_types)
        content_type = content_type or ("text/xml" if looks_like_xml(feed) else None)
    draft = Draft(
        seller_id=context.seller.seller_id,
        key=document.key,
        size=document.size,
        md5=document.md5,
        name=name[:LONGEST_NAME],
        feed_type=feed_type,
        made_at=context.now,
        content_type=content_type,
    )
    return context.deps.seal.seal(_PURPOSE, msgspec.to_builtins(draft))


def read_draft(context: RequestContext, sealed: str) -> Draft:
    """Return the draft that an address stands for; one of another seller is not found."""
    try:
        draft = msgspec.convert(context.deps.seal.unseal(_PURPOSE, sealed), Draft)
    except ValueError:
        raise NotFound from None
    if draft.seller_id != context.seller.seller_id:
        raise NotFound
    return draft


def open_draft(context: RequestContext, draft: Draft) -> BinaryIO:
    """Open the feed; one that was sent and swept away, or thrown away, is not found."""
    try:
        return drafts.open_feed(context.backend.documents, draft.key)
    except drafts.FeedGone:
        raise NotFound(context.translate("draft.gone")) from None


def describe_provenance(context: RequestContext, content_type: str | None) -> Provenance:
    """Return what is known of one of the seller's feeds besides its bytes."""
    return Provenance(content_type, context.seller.marketplace.marketplace_id)


def find_submission_of(context: RequestContext, draft: Draft) -> str | None:
    """Return the id of the submission that a draft was sent as; None when it was not."""
    return drafts.find_sent(context.backend.submissions, draft.seller_id, draft.key, draft.made_at)


def submit_draft(context: RequestContext, draft: Draft, feed_type: str) -> str:
    """Submit a draft, once however often it is asked for, and return the submission's id."""

    def hand_in() -> str:
        before = find_submission_of(context, draft)
        if before is not None:
            return before
        submission = submit(
            context.backend.submissions,
            context.backend.queue,
            NewSubmission(
                seller_id=context.seller.seller_id,
                feed_type=feed_type,
                document=draft.key,
                size=draft.size,
                submitted_at=context.now,
                door=Door.CONSOLE,
                content_type=draft.content_type,
                marketplace_ids=context.seller.marketplace_ids,
            ),
        )
        return submission.submission_id

    return context.deps.form_guard.act_once(context.seller.seller_id, draft.key, hand_in)
