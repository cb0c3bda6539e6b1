"""Confirm a shipment: all that is open, or some units of it."""

from werkzeug.wrappers import Response

from feedproc.console.form import Form, keep_filled
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.console.send import send
from feedproc.feedtypes.order_fulfillment.compose import JAPANESE_CARRIERS, Parcel, compose_shipment
from feedproc.formats.carriers import OTHER, list_carrier_codes
from feedproc.orders.order import Order
from feedproc.orders.standing import is_paid_on_delivery
from feedproc.services.read.orders import get_order

_LONGEST = 50
"""Characters of a carrier's name, a method and a tracking number, by the schema."""


def ask_shipment(context: RequestContext, order_id: str) -> Response:
    """Ask what was shipped, and how."""
    return _ask(context, _get_order(context, order_id), Form(context))


def submit_shipment(context: RequestContext, order_id: str) -> Response:
    """Submit the feed, and show it on the order's page."""
    order, form = _get_order(context, order_id), Form(context)
    parcel = _read_parcel(context, order, form)
    if form.problems:
        return _ask(context, order, form)
    submission_id = send(context, compose_shipment(context.seller.merchant_token, parcel))
    return context.redirect("order", order_id=order_id, submission=submission_id, filled=keep_filled(context, "ship"))


def _read_parcel(context: RequestContext, order: Order, form: Form) -> Parcel:
    """Read the form. Units are named one by one, since a feed without any would ship all that is open."""
    units = {item.order_item_code: form.read_units(f"units-{item.order_item_code}") for item in order.items}
    packed = {code: count for code, count in units.items() if count}
    if not packed and not form.problems:
        form.add_problem("units", "ship.nothing")
    carrier = form.read_choice("carrier", list_carrier_codes())
    name = form.read_text("carrier_name", _LONGEST)
    if carrier == OTHER and not name:
        form.add_problem("carrier_name", "ship.name_it")
    return Parcel(
        amazon_order_id=order.amazon_order_id,
        shipped_at=form.read_moment("shipped_at", context.now),
        units=packed,
        carrier_code=carrier,
        carrier_name=name if carrier == OTHER else "",
        shipping_method=form.read_text("method", _LONGEST),
        tracking_number=form.read_text("tracking", _LONGEST),
        collects_payment=is_paid_on_delivery(order),
        number=str(round(context.now.timestamp() * 1_000_000)),
    )


def _get_order(context: RequestContext, order_id: str) -> Order:
    return get_order(context.backend.orders, context.seller.seller_id, order_id)


def _ask(context: RequestContext, order: Order, form: Form) -> Response:
    codes = list_carrier_codes()
    first = [code for code in JAPANESE_CARRIERS if code in codes]
    return context.render(
        "ship.html",
        400 if form.problems else 200,
        order=order,
        form=form,
        first=first,
        others=sorted(set(codes) - {*first, OTHER}, key=str.casefold),
        other=OTHER,
        form_id=context.deps.new_id(),
    )


ROUTES = (
    Route("/orders/<order_id>/ship", "ship", ask_shipment),
    Route("/orders/<order_id>/ship", "shipped", submit_shipment, methods=("POST",)),
)
