"""Give money back for some of an order, component by component."""

from werkzeug.wrappers import Response

from feedproc.console.form import Form, keep_filled
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.console.send import send
from feedproc.feedtypes.composing import LONGEST_MEMO
from feedproc.feedtypes.order_adjustment.compose import COMPONENTS, REFUND_REASONS, ItemRefund, compose_refund
from feedproc.orders.credit import sum_left_to_refund
from feedproc.orders.money import ZERO
from feedproc.orders.order import Item, Order
from feedproc.services.read.orders import get_order


def ask_refund(context: RequestContext, order_id: str) -> Response:
    """Ask how much is to be given back, and why."""
    return _ask(context, _get_order(context, order_id), Form(context))


def submit_refund(context: RequestContext, order_id: str) -> Response:
    """Submit the feed, and show it on the order's page."""
    order, form = _get_order(context, order_id), Form(context)
    reason, memo = form.read_choice("reason", REFUND_REASONS), form.read_text("memo", LONGEST_MEMO)
    refunds = [one for item in order.items if (one := _read_refund(form, item, reason)).amounts]
    if not refunds and not form.problems:
        form.add_problem("amount", "refund.nothing")
    if form.problems:
        return _ask(context, order, form)
    feed = compose_refund(context.seller.merchant_token, order_id, refunds, order.currency, memo)
    return context.redirect(
        "order", order_id=order_id, submission=send(context, feed), filled=keep_filled(context, "refund")
    )


def _read_refund(form: Form, item: Item, reason: str) -> ItemRefund:
    """Read what is asked for one item; fields left empty ask for nothing."""
    code = item.order_item_code
    amounts = {kind: form.read_amount(f"amount-{code}-{kind}") for kind in item.charges}
    extra = form.read_amount(f"extra-{code}")
    if extra is not None:
        kind = form.read_choice(f"extra-kind-{code}", COMPONENTS)
        amounts[kind] = (amounts.get(kind) or ZERO) + extra
    return ItemRefund(
        item_code=code,
        reason=reason,
        amounts={kind: amount for kind, amount in amounts.items() if amount},
        quantity=form.read_units(f"units-{code}") or None,
    )


def _get_order(context: RequestContext, order_id: str) -> Order:
    return get_order(context.backend.orders, context.seller.seller_id, order_id)


def _ask(context: RequestContext, order: Order, form: Form) -> Response:
    return context.render(
        "refund.html",
        400 if form.problems else 200,
        order=order,
        left={
            (item.order_item_code, kind): sum_left_to_refund(order, item, kind)
            for item in order.items
            for kind in item.charges
        },
        form=form,
        reasons=REFUND_REASONS,
        components=COMPONENTS,
        form_id=context.deps.new_id(),
        longest_memo=LONGEST_MEMO,
    )


ROUTES = (
    Route("/orders/<order_id>/refund", "refund", ask_refund),
    Route("/orders/<order_id>/refund", "refunded", submit_refund, methods=("POST",)),
)
