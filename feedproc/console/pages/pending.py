"""Pending orders: found by status and date, and cancelled through a feed that only this page can submit."""

from werkzeug.wrappers import Response

from feedproc.console.form import Form
from feedproc.console.order_filter import format_place, read_list_place, read_order_filter
from feedproc.console.outcome import list_asked_outcomes
from feedproc.console.pages.cancel import MOST, ask_why, list_selected
from feedproc.console.pages.orders import list_obstacles
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.console.send import send
from feedproc.feedtypes.composing import LONGEST_MEMO
from feedproc.feedtypes.order_acknowledgement.compose import CANCEL_REASONS
from feedproc.feedtypes.pending_cancellation.compose import compose_pending_cancellation
from feedproc.orders.standing import PENDING
from feedproc.ports import OrderFilter
from feedproc.services.read.orders import list_orders, walk_orders

PAGE = 50
_ACTION = "pending_cancelled"
STATUSES = tuple(sorted(PENDING))


def show_pending(context: RequestContext) -> Response:
    """List the pending orders that match."""
    filter_ = read_order_filter(context, STATUSES)
    page = list_orders(context.backend.orders, context.seller.seller_id, _keep_pending(filter_.which), PAGE)
    return context.render(
        "pending.html",
        400 if filter_.problems else 200,
        asked=filter_,
        problems=filter_.problems,
        statuses=STATUSES,
        page=page,
        following=format_place(page.following),
        obstacles=list_obstacles(page.orders),
        outcomes=list_asked_outcomes(context),
    )


def ask_cancel_pending(context: RequestContext) -> Response:
    """Show what was selected, or all that matches, and ask why it is to be cancelled."""
    if "all" not in context.request.args:
        return ask_why(context, list_selected(context), Form(context), _ACTION)
    which = _keep_pending(read_order_filter(context, STATUSES).which)
    found = list(walk_orders(context.backend.orders, context.seller.seller_id, which, MOST + 1))
    return ask_why(context, found[:MOST], Form(context), _ACTION, MOST if len(found) > MOST else None)


def submit_cancel_pending(context: RequestContext) -> Response:
    """Submit the feed, and show it above the list of pending orders."""
    orders, form = list_selected(context), Form(context)
    reason, memo = form.read_choice("reason", CANCEL_REASONS), form.read_text("memo", LONGEST_MEMO)
    if form.problems or not orders:
        return ask_why(context, orders, form, _ACTION)
    feed = compose_pending_cancellation([order.amazon_order_id for order in orders], reason, memo)
    submission_id = send(context, feed)
    place = read_list_place(context)
    if place is None and len(orders) == 1:
        return context.redirect("order", order_id=orders[0].amazon_order_id, submission=submission_id)
    return context.redirect("pending", submission=submission_id, **place or {})


def _keep_pending(which: OrderFilter) -> OrderFilter:
    """Return the filter, of both statuses when none is chosen."""
    return OrderFilter(
        statuses=which.statuses or STATUSES,
        since=which.since,
        before=which.before,
        after=which.after,
    )


ROUTES = (
    Route("/orders/pending", "pending", show_pending),
    Route("/orders/pending/cancel", "cancel_pending", ask_cancel_pending),
    Route("/orders/pending/cancel", _ACTION, submit_cancel_pending, methods=("POST",)),
)
