"""What buyers and the seller were told, and what waits to be."""

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from feedproc.console.route import Route
from feedproc.console.visit import Visit
from feedproc.letters import write_letter
from feedproc.services.read.orders import get_order
from feedproc.services.send.send import choose_language

MOST = 100
"""Of the last entries."""


def outbox(visit: Visit) -> Response:
    """Show the last entries, newest first; those that wait alone, when asked."""
    told = visit.backend.outbox.recent(visit.seller.seller_id, MOST)
    only = visit.request.args.get("which", "")
    shown = [one for one in told if one.sent_at is None] if only == "waiting" else told
    waiting = sum(one.sent_at is None for one in told)
    return visit.render("outbox.html", told=shown, waiting=waiting, only=only, most=MOST, is_full=len(told) == MOST)


def letter(visit: Visit) -> Response:
    """Show an e-mail as it goes out, with its address, to the seller whose order it is about."""
    entry_id = visit.request.args.get("entry", "")
    recent = visit.backend.outbox.recent(visit.seller.seller_id, MOST)
    told = next((one for one in recent if one.entry.entry_id == entry_id), None)
    if told is None or told.entry.notice is None:
        raise NotFound
    order = get_order(visit.backend.orders, visit.seller.seller_id, told.entry.notice.amazon_order_id)
    language = choose_language(order, visit.seller)
    written = write_letter(order, told.entry.notice, language)
    return visit.render("letter.html", told=told, order=order, letter=written, language_of_letter=language)


ROUTES = (Route("/outbox", "outbox", outbox), Route("/outbox/letter", "letter", letter))
