"""Cancel orders of which nothing has shipped: one, or as many as were selected, in one feed."""

from collections.abc import Sequence

from werkzeug.wrappers import Response

from feedproc.console.form import Form
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.console.send import send
from feedproc.feedtypes.composing import LONGEST_MEMO
from feedproc.feedtypes.order_acknowledgement.compose import CANCEL_REASONS, CancelledOrder, compose_cancellation
from feedproc.orders.order import Order
from feedproc.orders.standing import PENDING
from feedproc.services.read.orders import OrderUnknown, get_known_orders

MOST = 2_000
"""Orders at once."""


def ask_cancel(context: RequestContext) -> Response:
    """Show what was selected, and ask why it is to be cancelled."""
    return _ask(context, list_selected(context), Form(context))


def submit_cancel(context: RequestContext) -> Response:
    """Submit the feed, and show it on the page of the order, or above the list."""
    orders, form = list_selected(context), Form(context)
    reason, memo = form.read_choice("reason", CANCEL_REASONS), form.read_text("memo", LONGEST_MEMO)
    if form.problems or not orders:
        return _ask(context, orders, form)
    listed = [CancelledOrder(order.amazon_order_id, [item.order_item_code for item in order.items]) for order in orders]
    feed = compose_cancellation(context.seller.merchant_token, listed, reason, memo)
    return show_outcome(context, orders, send(context, feed))


def list_selected(context: RequestContext) -> list[Order]:
    """Return the orders that the request names, in its order. Raises `OrderUnknown` when none of them is known."""
    names = [name for name in context.request.values.getlist("order") if name][:MOST]
    found = get_known_orders(context.backend.orders, context.seller.seller_id, names)
    if names and not found:
        raise OrderUnknown(names[0])
    return found


def show_outcome(context: RequestContext, orders: Sequence[Order], submission_id: str) -> Response:
    """Go to where the outcome is told: the order's page, or the list."""
    if len(orders) == 1:
        return context.redirect("order", order_id=orders[0].amazon_order_id, submission=submission_id)
    return context.redirect("orders", submission=submission_id)


def _ask(context: RequestContext, orders: Sequence[Order], form: Form) -> Response:
    if not orders:
        form.add_problem("order", "cancel.nothing")
    return context.render(
        "cancel.html",
        400 if form.problems else 200,
        orders=orders,
        pending=[order for order in orders if order.status in PENDING],
        most=None,
        action="cancelled",
        form=form,
        reasons=CANCEL_REASONS,
        form_id=context.deps.new_id(),
        longest_memo=LONGEST_MEMO,
    )


ROUTES = (
    Route("/orders/cancel", "cancel", ask_cancel),
    Route("/orders/cancel", "cancelled", submit_cancel, methods=("POST",)),
)
