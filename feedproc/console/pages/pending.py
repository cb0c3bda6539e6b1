"""Pending orders: found by status and date, and cancelled through a feed that only this page can submit."""

from collections.abc import Sequence

from werkzeug.wrappers import Response

from feedproc.console.entry import Entry
from feedproc.console.order_filter import asked, spelled
from feedproc.console.outcome import outcome_shown
from feedproc.console.pages.cancel import MOST, selected
from feedproc.console.route import Route
from feedproc.console.send import send
from feedproc.console.visit import Visit
from feedproc.feedtypes.composing import LONGEST_MEMO
from feedproc.feedtypes.order_acknowledgement.compose import CANCEL_REASONS
from feedproc.feedtypes.pending_cancellation.compose import compose_pending_cancellation
from feedproc.orders.order import Order, OrderStatus
from feedproc.ports import OrderFilter
from feedproc.services.read.orders import list_orders, walk_orders

PAGE = 50
STATUSES = (OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY)


def pending(visit: Visit) -> Response:
    """List the pending orders that match."""
    filter_ = asked(visit, STATUSES)
    page = list_orders(visit.backend.orders, visit.seller.seller_id, _only_pending(filter_.which), PAGE)
    return visit.render(
        "pending.html",
        400 if filter_.problems else 200,
        asked=filter_,
        problems=filter_.problems,
        statuses=STATUSES,
        page=page,
        following=spelled(page.following),
        outcome=outcome_shown(visit),
    )


def cancel_pending(visit: Visit) -> Response:
    """Show what was selected, or all that matches, and ask why it is to be cancelled."""
    if "all" not in visit.request.args:
        return _asked(visit, selected(visit), Entry(visit))
    which = _only_pending(asked(visit, STATUSES).which)
    found = list(walk_orders(visit.backend.orders, visit.seller.seller_id, which, MOST + 1))
    return _asked(visit, found[:MOST], Entry(visit), MOST if len(found) > MOST else None)


def pending_cancelled(visit: Visit) -> Response:
    """Submit the feed, and show it above the list of pending orders."""
    orders, entry = selected(visit), Entry(visit)
    reason, memo = entry.choice("reason", CANCEL_REASONS), entry.text("memo", LONGEST_MEMO)
    if entry.problems or not orders:
        return _asked(visit, orders, entry)
    feed = compose_pending_cancellation([order.amazon_order_id for order in orders], reason, memo)
    submission_id = send(visit, feed)
    if len(orders) == 1:
        return visit.redirect("order", order_id=orders[0].amazon_order_id, submission=submission_id)
    return visit.redirect("pending", submission=submission_id)


def _only_pending(which: OrderFilter) -> OrderFilter:
    """Return the filter, of both statuses when none is chosen."""
    return OrderFilter(
        statuses=which.statuses or STATUSES,
        since=which.since,
        before=which.before,
        after=which.after,
    )


def _asked(visit: Visit, orders: Sequence[Order], entry: Entry, most: int | None = None) -> Response:
    """Ask why; `most` orders are shown where there are more, the newest."""
    if not orders:
        entry.problem("order", "cancel.nothing")
    return visit.render(
        "cancel.html",
        400 if entry.problems else 200,
        orders=orders,
        pending=(),
        most=most,
        action="pending_cancelled",
        entry=entry,
        reasons=CANCEL_REASONS,
        form_id=visit.desk.new_id(),
        longest_memo=LONGEST_MEMO,
    )


ROUTES = (
    Route("/orders/pending", "pending", pending),
    Route("/orders/pending/cancel", "cancel_pending", cancel_pending),
    Route("/orders/pending/cancel", "pending_cancelled", pending_cancelled, methods=("POST",)),
)
