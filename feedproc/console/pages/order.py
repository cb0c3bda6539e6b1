"""One order: its items, what happened to it, who bought it, and what can be done."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from werkzeug.wrappers import Response

from feedproc.console.form import find_page_to_mend
from feedproc.console.outcome import list_asked_outcomes
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.orders.correcting import is_correctable, show_before
from feedproc.orders.order import Item, Order, OrderStatus, Package, Refund
from feedproc.orders.standing import PENDING, has_shipped, is_fulfilled_by_amazon
from feedproc.services.read.orders import get_order


class Happening(Struct, frozen=True):
    """One line of the history."""

    at: datetime
    kind: str
    """`purchased`, `acknowledged`, `shipped`, `corrected`, `cancelled`, `refunded` or `held`."""
    item: Item | None = None
    quantity: int | None = None
    reason: str | None = None
    package: Package | None = None
    place: int | None = None
    """Of the package, when what is said of it can be corrected."""
    refund: Refund | None = None


def show_order(context: RequestContext, order_id: str) -> Response:
    """Show an order. What its state forbids is not offered; the rules decide all the same."""
    found = get_order(context.backend.orders, context.seller.seller_id, order_id)
    return context.render(
        "order.html",
        order=found,
        history=list_happenings(found),
        titles={item.order_item_code: item.title or item.sku for item in found.items},
        offered=_list_offered(found),
        mend=_find_form(context, found),
        outcomes=list_asked_outcomes(context),
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


def _find_form(context: RequestContext, order: Order) -> str | None:
    """Return the address of the form that the feed on the page came from, filled in as it was; None without."""
    page, filled = find_page_to_mend(context), context.request.args.get("filled")
    if page is None:
        return None
    named = {"order": order.amazon_order_id} if page == "cancel" else {"order_id": order.amazon_order_id}
    return context.build_url(page, filled=filled, **named)


def list_happenings(order: Order) -> list[Happening]:
    """Return all that is known to have happened, oldest first."""
    return sorted(_walk_happenings(order), key=lambda one: one.at)


def _walk_happenings(order: Order) -> Iterator[Happening]:
    yield Happening(order.purchased_at, "purchased")
    if order.acknowledged_at is not None:
        yield Happening(order.acknowledged_at, "acknowledged")
    for place, package in enumerate(order.packages):
        correctable = place if is_correctable(order, place) else None
        yield Happening(package.shipped_at, "shipped", package=package, place=correctable)
    for number, one in enumerate(order.corrections):
        yield Happening(one.at, "corrected", package=show_before(order, number))
    for item in order.items:
        for part in item.cancellations:
            yield Happening(part.at, "cancelled", item, part.quantity, part.reason)
    items = {item.order_item_code: item for item in order.items}
    for kind, refunds in (("refunded", order.refunds), ("held", order.held_refunds)):
        for refund in refunds:
            yield Happening(
                refund.at, kind, items.get(refund.order_item_code), refund.quantity, refund.reason, refund=refund
            )


ROUTES = (Route("/orders/<order_id>", "order", show_order),)
