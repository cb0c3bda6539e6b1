"""One order: its items, what happened to it, who bought it, and what can be done."""

from werkzeug.wrappers import Response

from feedproc.console.history import history
from feedproc.console.outcome import get_asked_outcome
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.orders.order import Order, OrderStatus
from feedproc.orders.standing import PENDING, has_shipped, is_fulfilled_by_amazon
from feedproc.services.read.orders import get_order


def show_order(context: RequestContext, order_id: str) -> Response:
    """Show an order. What its state forbids is not offered; the rules decide all the same."""
    found = get_order(context.backend.orders, context.seller.seller_id, order_id)
    return context.render(
        "order.html",
        order=found,
        history=history(found),
        titles={item.order_item_code: item.title or item.sku for item in found.items},
        offered=_list_offered(found),
        outcome=get_asked_outcome(context),
    )


def _list_offered(order: Order) -> list[tuple[str, str]]:
    """Return the actions that make sense now, as page and how it looks; the likeliest first."""
    status = order.status
    if is_fulfilled_by_amazon(order) or status is OrderStatus.CANCELED:
        return []
    if status in PENDING:
        return [("cancel_pending", "danger")]
    has_open = any(item.quantity_open for item in order.items)
    shipped = has_shipped(order)
    return [
        *([("ship", "main")] if has_open else []),
        ("refund", ""),
        *([("cancel_units", "danger")] if has_open and shipped else []),
        *([("cancel", "danger")] if not shipped else []),
    ]


ROUTES = (Route("/orders/<order_id>", "order", show_order),)
