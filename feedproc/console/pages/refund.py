"""Give money back for some of an order, component by component."""

from werkzeug.wrappers import Response

from feedproc.console.entry import Entry
from feedproc.console.route import Route
from feedproc.console.send import send
from feedproc.console.visit import Visit
from feedproc.feedtypes.composing import LONGEST_MEMO
from feedproc.feedtypes.order_adjustment.compose import COMPONENTS, REFUND_REASONS, ItemRefund, compose_refund
from feedproc.orders.credit import left_to_refund
from feedproc.orders.money import ZERO
from feedproc.orders.order import Item, Order
from feedproc.services.read.orders import get_order


def refund(visit: Visit, order_id: str) -> Response:
    """Ask how much is to be given back, and why."""
    return _asked(visit, _order(visit, order_id), Entry(visit))


def refunded(visit: Visit, order_id: str) -> Response:
    """Submit the feed, and show it on the order's page."""
    order, entry = _order(visit, order_id), Entry(visit)
    reason, memo = entry.choice("reason", REFUND_REASONS), entry.text("memo", LONGEST_MEMO)
    refunds = [one for item in order.items if (one := _refund(entry, item, reason)).amounts]
    if not refunds and not entry.problems:
        entry.problem("amount", "refund.nothing")
    if entry.problems:
        return _asked(visit, order, entry)
    feed = compose_refund(visit.seller.merchant_token, order_id, refunds, order.currency, memo)
    return visit.redirect("order", order_id=order_id, submission=send(visit, feed))


def _refund(entry: Entry, item: Item, reason: str) -> ItemRefund:
    """Read what is asked for one item; fields left empty ask for nothing."""
    code = item.order_item_code
    amounts = {kind: entry.amount(f"amount-{code}-{kind}") for kind in item.charges}
    extra = entry.amount(f"extra-{code}")
    if extra is not None:
        kind = entry.choice(f"extra-kind-{code}", COMPONENTS)
        amounts[kind] = (amounts.get(kind) or ZERO) + extra
    return ItemRefund(
        item_code=code,
        reason=reason,
        amounts={kind: amount for kind, amount in amounts.items() if amount},
        quantity=entry.units(f"units-{code}") or None,
    )


def _order(visit: Visit, order_id: str) -> Order:
    return get_order(visit.backend.orders, visit.seller.seller_id, order_id)


def _asked(visit: Visit, order: Order, entry: Entry) -> Response:
    return visit.render(
        "refund.html",
        400 if entry.problems else 200,
        order=order,
        left={
            (item.order_item_code, kind): left_to_refund(order, item, kind)
            for item in order.items
            for kind in item.charges
        },
        entry=entry,
        reasons=REFUND_REASONS,
        components=COMPONENTS,
        form_id=visit.desk.new_id(),
        longest_memo=LONGEST_MEMO,
    )


ROUTES = (
    Route("/orders/<order_id>/refund", "refund", refund),
    Route("/orders/<order_id>/refund", "refunded", refunded, methods=("POST",)),
)
