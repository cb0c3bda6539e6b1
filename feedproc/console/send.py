"""Hand in a feed that a page built, exactly as a seller's program would."""

from hashlib import sha256
from io import BytesIO

from feedproc.console.request import RequestContext
from feedproc.feeds.submission import Door, NewSubmission
from feedproc.feedtypes.composing import Composed, read_memo
from feedproc.services.submit import store, submit


def send(context: RequestContext, feed: Composed) -> str:
    """Submit a feed and return the submission's id; the same form sent twice is submitted once.

    Raises `FeedTypeUnknown`.
    """
    context.feed_types.look_up(feed.feed_type)

    def hand_in() -> str:
        backend = context.backend
        document = store(backend.documents, BytesIO(feed.body))
        submission = submit(
            backend.submissions,
            backend.queue,
            NewSubmission(
                seller_id=context.seller.seller_id,
                feed_type=feed.feed_type,
                document=document.key,
                size=document.size,
                submitted_at=context.now,
                door=Door.CONSOLE,
                content_type=feed.content_type,
                marketplace_ids=context.seller.marketplace_ids,
                memo=read_memo(feed.body),
            ),
        )
        return submission.submission_id

    return context.deps.form_guard.act_once(
        context.seller.seller_id, _identify_sending(context, feed.feed_type), hand_in
    )


def _identify_sending(context: RequestContext, feed_type: str) -> str:
    """Tell one sending of a form from another: whoever goes back and changes something means to send it, too.

    One form may send a feed each of several types.
    """
    form = context.request.form
    filled = repr(sorted(form.items(multi=True)))
    return f"{form['form_id']} {feed_type} {sha256(filled.encode()).hexdigest()}" if form.get("form_id") else ""
