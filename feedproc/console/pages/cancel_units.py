"""Cancel units that were not shipped with the rest of their order."""

from werkzeug.wrappers import Response

from feedproc.console.form import Form, keep_filled
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.console.send import send
from feedproc.feedtypes.composing import LONGEST_MEMO
from feedproc.feedtypes.order_adjustment.compose import UNIT_CANCEL_REASONS, compose_unit_cancellation
from feedproc.orders.order import Order
from feedproc.services.read.orders import get_order


def ask_cancel_units(context: RequestContext, order_id: str) -> Response:
    """Ask which units, and why."""
    return _ask(context, _get_order(context, order_id), Form(context))


def submit_cancel_units(context: RequestContext, order_id: str) -> Response:
    """Submit the feed, and show it on the order's page."""
    order, form = _get_order(context, order_id), Form(context)
    reason, memo = form.read_choice("reason", UNIT_CANCEL_REASONS), form.read_text("memo", LONGEST_MEMO)
    named = {item.order_item_code: form.read_units(f"units-{item.order_item_code}") for item in order.items}
    units = {code: count for code, count in named.items() if count}
    if not units and not form.problems:
        form.add_problem("units", "cancel_units.nothing")
    if form.problems:
        return _ask(context, order, form)
    feed = compose_unit_cancellation(context.seller.merchant_token, order_id, units, reason, memo)
    return context.redirect(
        "order", order_id=order_id, submission=send(context, feed), filled=keep_filled(context, "cancel_units")
    )


def _get_order(context: RequestContext, order_id: str) -> Order:
    return get_order(context.backend.orders, context.seller.seller_id, order_id)


def _ask(context: RequestContext, order: Order, form: Form) -> Response:
    return context.render(
        "cancel_units.html",
        400 if form.problems else 200,
        order=order,
        form=form,
        reasons=UNIT_CANCEL_REASONS,
        form_id=context.deps.new_id(),
        longest_memo=LONGEST_MEMO,
    )


ROUTES = (
    Route("/orders/<order_id>/cancel-units", "cancel_units", ask_cancel_units),
    Route("/orders/<order_id>/cancel-units", "units_cancelled", submit_cancel_units, methods=("POST",)),
)
