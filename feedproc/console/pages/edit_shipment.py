"""Edit a shipment that was confirmed: its carrier, method, tracking number or date."""

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from feedproc.console.form import Form
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.console.send import send
from feedproc.feedtypes.order_fulfillment.compose import Parcel, compose_shipment
from feedproc.formats.carriers import OTHER, list_carrier_codes
from feedproc.orders.correcting import count_units, is_correctable
from feedproc.orders.order import Order, Package
from feedproc.services.read.orders import get_order

_LONGEST = 50
"""Characters of a carrier's name, a method and a tracking number, by the schema."""


def ask_correction(context: RequestContext, order_id: str, package: int) -> Response:
    """Ask what was said wrongly of a package."""
    order, _ = _get_package(context, order_id, package)
    return _ask(context, order, package, Form(context))


def submit_correction(context: RequestContext, order_id: str, package: int) -> Response:
    """Submit the feed, and show it on the order's page."""
    order, corrected = _get_package(context, order_id, package)
    form = Form(context)
    parcel = _read_parcel(context, order, corrected, form)
    if form.problems:
        return _ask(context, order, package, form)
    submission_id = send(context, compose_shipment(context.seller.merchant_token, parcel))
    return context.redirect("order", order_id=order_id, submission=submission_id)


def _read_parcel(context: RequestContext, order: Order, package: Package, form: Form) -> Parcel:
    """Read the form. The package is named by its units, and by its number if it has one."""
    carrier = form.read_choice("carrier", ("", *list_carrier_codes()))
    name = form.read_text("carrier_name", _LONGEST)
    if carrier == OTHER and not name:
        form.add_problem("carrier_name", "ship.name_it")
    return Parcel(
        amazon_order_id=order.amazon_order_id,
        shipped_at=form.read_moment("shipped_at", package.shipped_at),
        units=count_units(package),
        carrier_code=carrier,
        carrier_name=name if carrier == OTHER else "",
        shipping_method=form.read_text("method", _LONGEST),
        tracking_number=form.read_text("tracking", _LONGEST),
        number=package.merchant_fulfillment_id or "",
    )


def _get_package(context: RequestContext, order_id: str, place: int) -> tuple[Order, Package]:
    """Return an order and one of its packages.

    Raises:
        NotFound: the order has no such package, or one that a message cannot name.

    """
    order = get_order(context.backend.orders, context.seller.seller_id, order_id)
    if not is_correctable(order, place):
        raise NotFound(context.translate("ship.no_package"))
    return order, order.packages[place]


def _ask(context: RequestContext, order: Order, place: int, form: Form) -> Response:
    return context.render(
        "edit_shipment.html",
        400 if form.problems else 200,
        order=order,
        place=place,
        package=order.packages[place],
        titles={item.order_item_code: item.title or item.sku for item in order.items},
        form=form,
        codes=sorted({*list_carrier_codes()} - {OTHER}, key=str.casefold),
        other=OTHER,
        form_id=context.deps.new_id(),
    )


ROUTES = (
    Route("/orders/<order_id>/packages/<int:package>", "edit_shipment", ask_correction),
    Route("/orders/<order_id>/packages/<int:package>", "corrected", submit_correction, methods=("POST",)),
)
