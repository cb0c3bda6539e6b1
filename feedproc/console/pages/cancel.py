"""Cancel orders of which nothing has shipped: one, or as many as were selected, pending ones among them."""

from collections.abc import Sequence
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from feedproc.console.form import Form, keep_filled
from feedproc.console.order_filter import read_list_place
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.console.send import send
from feedproc.feedtypes.composing import LONGEST_MEMO, Composed
from feedproc.feedtypes.order_acknowledgement.compose import CANCEL_REASONS, CancelledOrder, compose_cancellation
from feedproc.feedtypes.pending_cancellation.compose import compose_pending_cancellation
from feedproc.orders.metrics import TARGET_CANCEL_RATE
from feedproc.orders.order import Order
from feedproc.orders.standing import PENDING, find_obstacle
from feedproc.services.read.metrics import forecast_cancellations
from feedproc.services.read.orders import OrderUnknown, get_known_orders

MOST = 2_000
"""Orders at once."""
_MOST_LEFT_OUT = 20
"""Orders that cannot be cancelled, of which the page says why."""


def ask_cancel(context: RequestContext) -> Response:
    """Show what was selected, and ask why it is to be cancelled."""
    return ask_why(context, list_selected(context), Form(context), "cancelled")


def submit_cancel(context: RequestContext) -> Response:
    """Submit a feed for the orders that are pending and one for the others, and show what becomes of them."""
    orders, form = list_selected(context), Form(context)
    reason, memo = form.read_choice("reason", CANCEL_REASONS), form.read_text("memo", LONGEST_MEMO)
    if form.problems or not orders:
        return ask_why(context, orders, form, "cancelled")
    sent = [send(context, feed) for feed in _compose(context.seller.merchant_token, orders, reason, memo)]
    place, filled = read_list_place(context), keep_filled(context, "cancel")
    if place is None and len(orders) == 1:
        return context.redirect("order", order_id=orders[0].amazon_order_id, submission=sent, filled=filled)
    return context.redirect("orders", submission=sent, filled=filled, **place or {})


def list_selected(context: RequestContext) -> list[Order]:
    """Return the orders that the request names, in its order. Raises `OrderUnknown` when none of them is known."""
    names = _list_named(context)
    found = get_known_orders(context.backend.orders, context.seller.seller_id, names)
    if names and not found:
        raise OrderUnknown(names[0])
    return found


def ask_why(
    context: RequestContext, orders: Sequence[Order], form: Form, action: str, most: int | None = None
) -> Response:
    """Ask why the orders are to be cancelled, and say which cannot be, and what it does to the cancel rate.

    `action` is the page that the answer goes to; `most` orders are shown where there are more, the newest.
    """
    good = [order for order in orders if find_obstacle(order) is None]
    known = {order.amazon_order_id for order in orders}
    left_out = [(name, "unknown") for name in _list_named(context) if name not in known]
    left_out += [(order.amazon_order_id, why.value) for order in orders if (why := find_obstacle(order)) is not None]
    if not good:
        form.add_problem("order", "cancel.none_left" if left_out else "cancel.nothing")
    place = read_list_place(context)
    today, seller_id = context.now.date(), context.seller.seller_id
    return context.render(
        "cancel.html",
        400 if form.problems else 200,
        orders=good,
        left_out=left_out[:_MOST_LEFT_OUT],
        more_left_out=max(0, len(left_out) - _MOST_LEFT_OUT),
        pending=sum(order.status in PENDING for order in good),
        forecast=forecast_cancellations(context.backend.tallies, seller_id, today, good),
        most=most,
        action=action,
        target=TARGET_CANCEL_RATE,
        place=place,
        place_text=urlencode(place or {}, doseq=True),
        form=form,
        reasons=CANCEL_REASONS,
        form_id=context.deps.new_id(),
        longest_memo=LONGEST_MEMO,
    )


def _list_named(context: RequestContext) -> list[str]:
    return [name for name in context.request.values.getlist("order") if name][:MOST]


def _compose(merchant: str, orders: Sequence[Order], reason: str, memo: str) -> list[Composed]:
    """Return the feeds: Amazon has a type of its own for orders that are not yet released to their seller."""
    pending = [order.amazon_order_id for order in orders if order.status in PENDING]
    released = [
        CancelledOrder(order.amazon_order_id, [item.order_item_code for item in order.items])
        for order in orders
        if order.status not in PENDING
    ]
    return [
        *([compose_cancellation(merchant, released, reason, memo)] if released else []),
        *([compose_pending_cancellation(pending, reason, memo)] if pending else []),
    ]


ROUTES = (
    Route("/orders/cancel", "cancel", ask_cancel),
    Route("/orders/cancel", "cancelled", submit_cancel, methods=("POST",)),
)
