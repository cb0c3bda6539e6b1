"""What an OrderFulfillment message says, and what it does to its order."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from feedproc.feeds.effects import Effects, Need, NeededItem, Seen, Touches
from feedproc.feeds.feed_type import Context
from feedproc.feeds.report import Result, Severity
from feedproc.feeds.result_codes import TRACKING_FORMAT
from feedproc.feeds.saying import say
from feedproc.feedtypes.order_fulfillment.tracking import FORMATS, are_several, fits_carrier
from feedproc.feedtypes.verdicts import apply_to_order, find_broken_rule
from feedproc.orders.order import GivenBy, OrderKey
from feedproc.orders.shipping import Shipment, require_code, require_past, ship


class OrderFulfillment(Struct, frozen=True, gc=False):
    """The body of a message."""

    order: OrderKey
    shipment: Shipment


def touches(body: OrderFulfillment) -> Touches:
    """Name the order."""
    return Touches(orders=(body.order,))


def apply(message_id: str, body: OrderFulfillment, seen: Seen, context: Context) -> Effects:
    """Confirm the shipment, or correct it; warn of a tracking number that its carrier cannot have given."""
    effects = _apply(message_id, body, seen, context)
    warning = None if effects.result else warn_of_tracking(message_id, body)
    return effects if warning is None else replace(effects, result=warning)


def _apply(message_id: str, body: OrderFulfillment, seen: Seen, context: Context) -> Effects:
    return apply_to_order(
        message_id,
        body.order,
        seen,
        context,
        lambda order: ship(
            order, body.shipment, context.submitted_at, context.now, needs_carrier=context.needs_carrier
        ),
    )


def check(message_id: str, body: OrderFulfillment, at: datetime, marketplace_id: str) -> Result | None:
    """Say what no order could allow: a ship date in the future, or a carrier of whom half is told."""

    def require() -> None:
        require_code(body.shipment)
        require_past(body.shipment.shipped_at, at)

    return find_broken_rule(message_id, marketplace_id, require) or warn_of_tracking(message_id, body)


def warn_of_tracking(message_id: str, body: OrderFulfillment) -> Result | None:
    """Return a warning when the tracking number has not the form of its carrier's numbers."""
    number, code = body.shipment.tracking_number, body.shipment.carrier_code
    if not number or not code or fits_carrier(code, number):
        return None
    text = TRACKING_FORMAT.fill(number=number, carrier=code)
    named_by = None if body.order.given_by is GivenBy.SELLER else body.order.value
    words = "{} has other tracking numbers ({}); the shipment is confirmed all the same"
    reason = say(words, code, FORMATS[code].source)
    if are_several(code, number):
        reason = say("These are several tracking numbers; each package has one, and a row or message of its own")
    return Result(message_id, TRACKING_FORMAT.code, text, Severity.WARNING, amazon_order_id=named_by, reason=reason)


def find_need(body: OrderFulfillment) -> Need:
    """Say that the units must be open, and the order bought before they were shipped."""
    return Need(
        body.order,
        tuple(NeededItem(line.item, line.quantity) for line in body.shipment.items),
        purchased_by=body.shipment.shipped_at,
        ships_rest=not body.shipment.items,
    )
