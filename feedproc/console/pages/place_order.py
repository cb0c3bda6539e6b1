"""A new order at a button's press, on a server that tests control: as if a buyer had come."""

from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response

from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.errors import SoldOut
from feedproc.services.simulate import place_new


def place(context: RequestContext) -> Response:
    """Place an order that waits for its release, and go to it."""
    try:
        (order,) = place_new(context.backend, context.seller, 1, context.now)
    except SoldOut as sold_out:
        raise Conflict(str(sold_out)) from sold_out
    return context.redirect("order", order_id=order.amazon_order_id)


ROUTES = (Route("/orders/place", "place_order", place, methods=("POST",), is_for_tests=True),)
