"""Manage Orders: the list, with search and filters."""

from werkzeug.wrappers import Response

from feedproc.console.order_filter import asked, spelled
from feedproc.console.outcome import outcome_shown
from feedproc.console.route import Route
from feedproc.console.visit import Visit
from feedproc.orders.order import OrderStatus
from feedproc.services.read.orders import find_order_id, list_orders

PAGE = 50
"""Orders on a page."""


def orders(visit: Visit) -> Response:
    """List orders, newest purchase first, or go to the one whose id was searched for."""
    filter_ = asked(visit)
    seller_id = visit.seller.seller_id
    problems = list(filter_.problems)
    if filter_.query:
        found = find_order_id(visit.backend.orders, seller_id, filter_.query)
        if found is not None:
            return visit.redirect("order", order_id=found)
        problems.append(visit.t("orders.no_such", given=filter_.query))
    page = list_orders(visit.backend.orders, seller_id, filter_.which, PAGE)
    return visit.render(
        "orders.html",
        400 if filter_.problems else 200,
        asked=filter_,
        problems=problems,
        statuses=list(OrderStatus),
        page=page,
        following=spelled(page.following),
        outcome=outcome_shown(visit),
    )


ROUTES = (Route("/orders", "orders", orders),)
