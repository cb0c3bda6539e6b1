"""updateShipmentStatus: how far an order is that its buyer collects in a shop."""

from feedproc.spapi.call import Answer, Call
from feedproc.spapi.errors import INPUT_MALFORMED
from feedproc.spapi.orders_v0.confirm_shipment import MOST_LINES, find_order, read_units
from feedproc.spapi.refusals import InputInvalid

_STATUSES = frozenset({"ReadyForPickup", "PickedUp", "RefusedPickup"})


def answer(call: Call) -> Answer:
    """Take the status. It changes nothing of an order: no order here is one that its buyer collects.

    Raises:
        InputInvalid: the order or an item is none of the seller's, or something is not as it must be.

    """
    if not call.members.text("marketplaceId"):
        raise InputInvalid("Marketplace ID is not defined", "1001")
    if call.members.text("shipmentStatus") not in _STATUSES:
        raise InputInvalid(INPUT_MALFORMED, "shipmentStatus")
    order, lines = find_order(call), call.members.objects("orderItems")
    if len(lines) > MOST_LINES:
        raise InputInvalid(INPUT_MALFORMED, f"orderItems: at most {MOST_LINES}")
    for line in lines:
        read_units(order, line)
    return Answer(204)
