"""Cancel units that were not shipped with the rest of their order."""

from werkzeug.wrappers import Response

from feedproc.console.entry import Entry
from feedproc.console.route import Route
from feedproc.console.send import send
from feedproc.console.visit import Visit
from feedproc.feedtypes.composing import LONGEST_MEMO
from feedproc.feedtypes.order_adjustment.compose import UNIT_CANCEL_REASONS, compose_unit_cancellation
from feedproc.orders.order import Order
from feedproc.services.read.orders import get_order


def cancel_units(visit: Visit, order_id: str) -> Response:
    """Ask which units, and why."""
    return _asked(visit, _order(visit, order_id), Entry(visit))


def units_cancelled(visit: Visit, order_id: str) -> Response:
    """Submit the feed, and show it on the order's page."""
    order, entry = _order(visit, order_id), Entry(visit)
    reason, memo = entry.choice("reason", UNIT_CANCEL_REASONS), entry.text("memo", LONGEST_MEMO)
    named = {item.order_item_code: entry.units(f"units-{item.order_item_code}") for item in order.items}
    units = {code: count for code, count in named.items() if count}
    if not units and not entry.problems:
        entry.problem("units", "cancel_units.nothing")
    if entry.problems:
        return _asked(visit, order, entry)
    feed = compose_unit_cancellation(visit.seller.merchant_token, order_id, units, reason, memo)
    return visit.redirect("order", order_id=order_id, submission=send(visit, feed))


def _order(visit: Visit, order_id: str) -> Order:
    return get_order(visit.backend.orders, visit.seller.seller_id, order_id)


def _asked(visit: Visit, order: Order, entry: Entry) -> Response:
    return visit.render(
        "cancel_units.html",
        400 if entry.problems else 200,
        order=order,
        entry=entry,
        reasons=UNIT_CANCEL_REASONS,
        form_id=visit.desk.new_id(),
        longest_memo=LONGEST_MEMO,
    )


ROUTES = (
    Route("/orders/<order_id>/cancel-units", "cancel_units", cancel_units),
    Route("/orders/<order_id>/cancel-units", "units_cancelled", units_cancelled, methods=("POST",)),
)
