"""Cancel orders of which nothing has shipped: one, or as many as were selected, in one feed."""

from collections.abc import Sequence

from werkzeug.wrappers import Response

from feedproc.console.entry import Entry
from feedproc.console.route import Route
from feedproc.console.send import send
from feedproc.console.visit import Visit
from feedproc.feedtypes.composing import LONGEST_MEMO
from feedproc.feedtypes.order_acknowledgement.compose import CANCEL_REASONS, CancelledOrder, compose_cancellation
from feedproc.orders.order import Order
from feedproc.orders.standing import PENDING
from feedproc.services.read.orders import OrderUnknown, get_known_orders

MOST = 2_000
"""Orders at once."""


def cancel(visit: Visit) -> Response:
    """Show what was selected, and ask why it is to be cancelled."""
    return _asked(visit, selected(visit), Entry(visit))


def cancelled(visit: Visit) -> Response:
    """Submit the feed, and show it on the page of the order, or above the list."""
    orders, entry = selected(visit), Entry(visit)
    reason, memo = entry.choice("reason", CANCEL_REASONS), entry.text("memo", LONGEST_MEMO)
    if entry.problems or not orders:
        return _asked(visit, orders, entry)
    listed = [CancelledOrder(order.amazon_order_id, [item.order_item_code for item in order.items]) for order in orders]
    feed = compose_cancellation(visit.seller.merchant_token, listed, reason, memo)
    return told(visit, orders, send(visit, feed))


def selected(visit: Visit) -> list[Order]:
    """Return the orders that the request names, in its order. Raises `OrderUnknown` when none of them is known."""
    names = [name for name in visit.request.values.getlist("order") if name][:MOST]
    found = get_known_orders(visit.backend.orders, visit.seller.seller_id, names)
    if names and not found:
        raise OrderUnknown(names[0])
    return found


def told(visit: Visit, orders: Sequence[Order], submission_id: str) -> Response:
    """Go to where the outcome is told: the order's page, or the list."""
    if len(orders) == 1:
        return visit.redirect("order", order_id=orders[0].amazon_order_id, submission=submission_id)
    return visit.redirect("orders", submission=submission_id)


def _asked(visit: Visit, orders: Sequence[Order], entry: Entry) -> Response:
    if not orders:
        entry.problem("order", "cancel.nothing")
    return visit.render(
        "cancel.html",
        400 if entry.problems else 200,
        orders=orders,
        pending=[order for order in orders if order.status in PENDING],
        most=None,
        action="cancelled",
        entry=entry,
        reasons=CANCEL_REASONS,
        form_id=visit.desk.new_id(),
        longest_memo=LONGEST_MEMO,
    )


ROUTES = (
    Route("/orders/cancel", "cancel", cancel),
    Route("/orders/cancel", "cancelled", cancelled, methods=("POST",)),
)
