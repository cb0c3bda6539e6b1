"""Manage Orders: the list, with search and filters."""

import re
from collections.abc import Iterable

from werkzeug.wrappers import Response

from feedproc.console.form import find_page_to_mend, list_kept_orders
from feedproc.console.order_filter import format_place, read_order_filter
from feedproc.console.outcome import Outcome, list_asked_outcomes
from feedproc.console.pages.blank import list_blank_files
from feedproc.console.pages.simulation import tell_simulation
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.orders.order import Order, OrderStatus
from feedproc.orders.standing import Obstacle, find_obstacle
from feedproc.services.read.orders import MOST_SEARCHED, find_order_id, list_orders, search_orders

PAGE = 50
"""Orders on a page."""
_ORDER_ID = re.compile(r"\d{3}-\d{7}-\d{7}", re.ASCII)


def show_orders(context: RequestContext) -> Response:
    """List orders, newest purchase first, or those that mention what was searched for; go to the one with that id."""
    filter_ = read_order_filter(context)
    seller_id = context.seller.seller_id
    problems = list(filter_.problems)
    if filter_.query:
        found = find_order_id(context.backend.orders, seller_id, filter_.order_id)
        if found is not None:
            return context.redirect("order", order_id=found)
        page = search_orders(context.backend.orders, seller_id, filter_.which, filter_.query, PAGE)
        if not page.orders and not page.is_cut_off:
            key = "orders.no_such" if _ORDER_ID.fullmatch(filter_.order_id) else "orders.no_match"
            problems.append(context.translate(key, given=filter_.query))
    else:
        page = list_orders(context.backend.orders, seller_id, filter_.which, PAGE)
    outcomes = list_asked_outcomes(context)
    return context.render(
        "orders.html",
        400 if filter_.problems else 200,
        asked=filter_,
        problems=problems,
        statuses=list(OrderStatus),
        page=page,
        most_searched=MOST_SEARCHED,
        following=format_place(page.following),
        blank_files=list_blank_files(context),
        obstacles=list_obstacles(page.orders),
        outcomes=outcomes,
        mend=_find_form(context, outcomes),
        mends_rest=True,
        simulation=tell_simulation(context),
    )


def _find_form(context: RequestContext, outcomes: Iterable[Outcome]) -> str | None:
    """Return the address of the form, filled in as it was, for those of the orders that were refused; None without.

    Where a feed did not get as far as its orders, all of them were.
    """
    page = find_page_to_mend(context)
    refused = [order_id for one in outcomes for order_id in one.refused_orders] or list_kept_orders(context)
    if page is None or not refused:
        return None
    filter_ = read_order_filter(context)
    return context.build_url(page, order=refused, place=filter_.place, filled=context.request.args.get("filled"))


def list_obstacles(orders: Iterable[Order]) -> dict[str, Obstacle]:
    """Return what keeps orders from being cancelled, by Amazon id; one that can be is absent."""
    return {order.amazon_order_id: why for order in orders if (why := find_obstacle(order)) is not None}


ROUTES = (Route("/orders", "orders", show_orders),)
