"""What buyers and the seller were told, and what waits to be."""

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.letters import write_letter
from feedproc.services.read.orders import get_order
from feedproc.services.send.send import choose_language

MOST = 100
"""Of the last entries."""


def show_outbox(context: RequestContext) -> Response:
    """Show the last entries, newest first; those that wait alone, when asked."""
    told = context.backend.outbox.list_recent(context.seller.seller_id, MOST)
    only = context.request.args.get("which", "")
    shown = [one for one in told if one.sent_at is None] if only == "waiting" else told
    waiting = sum(one.sent_at is None for one in told)
    return context.render("outbox.html", told=shown, waiting=waiting, only=only, most=MOST, is_full=len(told) == MOST)


def show_letter(context: RequestContext) -> Response:
    """Show an e-mail as it goes out, with its address, to the seller whose order it is about."""
    entry_id = context.request.args.get("entry", "")
    recent = context.backend.outbox.list_recent(context.seller.seller_id, MOST)
    told = next((one for one in recent if one.entry.entry_id == entry_id), None)
    if told is None or told.entry.notice is None:
        raise NotFound
    order = get_order(context.backend.orders, context.seller.seller_id, told.entry.notice.amazon_order_id)
    language = choose_language(order, context.seller)
    written = write_letter(order, told.entry.notice, language)
    return context.render("letter.html", told=told, order=order, letter=written, language_of_letter=language)


ROUTES = (Route("/outbox", "outbox", show_outbox), Route("/outbox/letter", "letter", show_letter))
