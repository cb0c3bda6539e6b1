"""Confirm a shipment: all that is open, or some units of it."""

from werkzeug.wrappers import Response

from feedproc.console.entry import Entry
from feedproc.console.route import Route
from feedproc.console.send import send
from feedproc.console.visit import Visit
from feedproc.feedtypes.order_fulfillment.compose import JAPANESE_CARRIERS, Parcel, compose_shipment
from feedproc.formats.carriers import OTHER, carrier_codes
from feedproc.orders.order import Order
from feedproc.services.read.orders import get_order

_LONGEST = 50
"""Characters of a carrier's name, a method and a tracking number, by the schema."""


def ship(visit: Visit, order_id: str) -> Response:
    """Ask what was shipped, and how."""
    return _asked(visit, _order(visit, order_id), Entry(visit))


def shipped(visit: Visit, order_id: str) -> Response:
    """Submit the feed, and show it on the order's page."""
    order, entry = _order(visit, order_id), Entry(visit)
    parcel = _parcel(visit, order, entry)
    if entry.problems:
        return _asked(visit, order, entry)
    submission_id = send(visit, compose_shipment(visit.seller.merchant_token, parcel))
    return visit.redirect("order", order_id=order_id, submission=submission_id)


def _parcel(visit: Visit, order: Order, entry: Entry) -> Parcel:
    """Read the form. Units are named one by one, since a feed without any would ship all that is open."""
    units = {item.order_item_code: entry.units(f"units-{item.order_item_code}") for item in order.items}
    packed = {code: count for code, count in units.items() if count}
    if not packed and not entry.problems:
        entry.problem("units", "ship.nothing")
    carrier = entry.choice("carrier", carrier_codes())
    name = entry.text("carrier_name", _LONGEST)
    if carrier == OTHER and not name:
        entry.problem("carrier_name", "ship.name_it")
    return Parcel(
        amazon_order_id=order.amazon_order_id,
        shipped_at=entry.moment("shipped_at", visit.now),
        units=packed,
        carrier_code=carrier,
        carrier_name=name if carrier == OTHER else "",
        shipping_method=entry.text("method", _LONGEST),
        tracking_number=entry.text("tracking", _LONGEST),
    )


def _order(visit: Visit, order_id: str) -> Order:
    return get_order(visit.backend.orders, visit.seller.seller_id, order_id)


def _asked(visit: Visit, order: Order, entry: Entry) -> Response:
    codes = carrier_codes()
    first = [code for code in JAPANESE_CARRIERS if code in codes]
    return visit.render(
        "ship.html",
        400 if entry.problems else 200,
        order=order,
        entry=entry,
        first=first,
        others=sorted(set(codes) - {*first, OTHER}, key=str.casefold),
        other=OTHER,
        form_id=visit.desk.new_id(),
    )


ROUTES = (
    Route("/orders/<order_id>/ship", "ship", ship),
    Route("/orders/<order_id>/ship", "shipped", shipped, methods=("POST",)),
)
