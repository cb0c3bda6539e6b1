"""Manage Orders: the list, with search and filters."""

from werkzeug.wrappers import Response

from feedproc.console.order_filter import format_place, read_order_filter
from feedproc.console.outcome import get_asked_outcome
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.orders.order import OrderStatus
from feedproc.services.read.orders import find_order_id, list_orders

PAGE = 50
"""Orders on a page."""


def show_orders(context: RequestContext) -> Response:
    """List orders, newest purchase first, or go to the one whose id was searched for."""
    filter_ = read_order_filter(context)
    seller_id = context.seller.seller_id
    problems = list(filter_.problems)
    if filter_.query:
        found = find_order_id(context.backend.orders, seller_id, filter_.query)
        if found is not None:
            return context.redirect("order", order_id=found)
        problems.append(context.translate("orders.no_such", given=filter_.query))
    page = list_orders(context.backend.orders, seller_id, filter_.which, PAGE)
    return context.render(
        "orders.html",
        400 if filter_.problems else 200,
        asked=filter_,
        problems=problems,
        statuses=list(OrderStatus),
        page=page,
        following=format_place(page.following),
        outcome=get_asked_outcome(context),
    )


ROUTES = (Route("/orders", "orders", show_orders),)
