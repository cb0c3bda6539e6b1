"""confirmShipment: a package of an order, confirmed by the rules of the order feeds before the call is answered.

updateShipmentStatus asks of an order and its items what confirmShipment asks, and changes nothing.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from feedproc.feeds.report import Result, Severity
from feedproc.feeds.result_codes import NOT_FULFILLABLE, TOO_MANY, ReportText
from feedproc.feeds.submission import Door, FeedSubmission, NewSubmission, ProcessingStatus
from feedproc.feedtypes.shipment_confirmation.flat import ConfirmedPackage, compose_confirmation
from feedproc.formats.carriers import OTHER, list_carrier_codes
from feedproc.orders.order import Order, OrderStatus
from feedproc.services.read.submissions import get_results
from feedproc.services.submit import store, submit
from feedproc.spapi.call import Answer, Call, Members, parse_moment
from feedproc.spapi.errors import INPUT_MALFORMED
from feedproc.spapi.refusals import InputInvalid

MOST_LINES = 1_000
"""Of a package, and codes of a line. Amazon tells no number."""
_LONGEST_CODE = 100
_COLLECTED = frozenset({"ReadyForPickup", "PickedUp", "RefusedPickup"})
"""How far an order is that its buyer collects in a shop."""
_BAD_REFERENCE = "PackageReferenceId: is invalid, must be a positive numeric value."
_REFERENCE_IS_NO_TEXT = (
    "The input you have submitted is not valid. "
    "Please check the fields with invalid type [packageDetail.packageReferenceId]."
)
_BAD_ITEM = "OrderItemId  is invalid, please obtain the value through the getOrderItems API or Manage Orders page"
_BAD_CARRIER = (
    "Failed to create/update package. ErrorCode: InvalidCarrier Description: Selected carrier is not supported"
)
_NOTHING_OPEN = (
    "Failed to create package due to not finding a matching package or order already fulfilled. "
    "ErrorMessage(errorCode=GeneralError, errorDescription=Unable to find package to update for order ({}), "
    "errorMetric=PackageToUpdateNotFound, packageIndex=null)"
)
_CANCELED = (
    "Failed to create/update package. ErrorCode: NonexistentOrderItem "
    "Description: Failed to find order item list by order ID: {}"
)
_TOO_MANY = "Failed to create/update package due to overfulfillment"


def answer(call: Call) -> Answer:
    """Confirm the package, and answer once that is done.

    A repetition changes nothing, also one that comes while the first call is being answered.

    Raises:
        MembersMissing: with the names of all that are not there.
        InputInvalid: something is not as it must be, or a rule forbids it.
        StoreBusy: it has not come to its end in time. It will take effect, and can be repeated.

    """
    order = _find_order(call)
    package = _read_package(call, order)
    composed = compose_confirmation(package)
    backend = call.services.backend
    stored = store(backend.documents, BytesIO(composed.body))
    submission = submit(
        backend.submissions,
        backend.queue,
        NewSubmission(
            seller_id=call.seller.seller_id,
            feed_type=composed.feed_type,
            document=stored.key,
            size=stored.size,
            submitted_at=call.now,
            door=Door.SP_API,
            content_type=composed.content_type,
        ),
    )
    _require_success(call, order, call.services.process_now(submission))
    return Answer(204)


def _find_order(call: Call) -> Order:
    """Return the order that a call names. Raises `InputInvalid` when it is none of the seller's."""
    order = call.services.backend.orders.get(call.seller.seller_id, call.path["orderId"])
    if order is None:
        raise InputInvalid(INPUT_MALFORMED)
    return order


def _read_units(order: Order, line: Mapping[str, Any]) -> tuple[str, int]:
    """Return the item that a line of a request names, and how many units of it. Raises `InputInvalid`."""
    code, units = line.get("orderItemId"), line.get("quantity")
    if not isinstance(code, str) or code not in {item.order_item_code for item in order.items}:
        raise InputInvalid(_BAD_ITEM)
    # JSON knows no integers by themselves; Python counts true among them.
    if not isinstance(units, int) or isinstance(units, bool) or not 0 < units < 10**9:
        raise InputInvalid(INPUT_MALFORMED, "quantity must be a number of units")
    return code, units


def _read_package(call: Call, order: Order) -> ConfirmedPackage:
    call.members.require("marketplaceId", "packageDetail")
    call.members.text("marketplaceId")
    if call.members.text("codCollectionMethod") not in (None, "DirectPayment"):
        raise InputInvalid(INPUT_MALFORMED, "codCollectionMethod")
    told = call.members.read_object("packageDetail")
    told.require("packageReferenceId", "carrierCode", "trackingNumber", "shipDate", "orderItems")
    lines = told.objects("orderItems")
    if len(lines) > MOST_LINES:
        raise InputInvalid(INPUT_MALFORMED, f"orderItems: at most {MOST_LINES}")
    carrier, name = told.text("carrierCode") or "", told.text("carrierName") or ""
    if carrier not in list_carrier_codes() or (carrier == OTHER and not name.strip()):
        raise InputInvalid(_BAD_CARRIER)
    return ConfirmedPackage(
        amazon_order_id=order.amazon_order_id,
        reference=_read_reference(told),
        shipped_at=parse_moment(told.text("shipDate") or ""),
        units=[(*_read_units(order, line), _read_codes(line)) for line in lines],
        carrier_code=carrier,
        carrier_name=name if carrier == OTHER else "",
        shipping_method=told.text("shippingMethod") or "",
        tracking_number=told.text("trackingNumber") or "",
        collects_payment=call.members.text("codCollectionMethod") is not None,
        supply_source_id=_read_source(told),
    )


def _read_codes(line: Mapping[str, Any]) -> Sequence[str]:
    codes = Members(line).texts("transparencyCodes", MOST_LINES)
    if not all(0 < len(one) <= _LONGEST_CODE and one.isprintable() for one in codes):
        raise InputInvalid(INPUT_MALFORMED, f"transparencyCodes are texts of 1 to {_LONGEST_CODE} characters")
    return codes


def _read_source(told: Members) -> str:
    source = told.text("shipFromSupplySourceId") or ""
    if len(source) > _LONGEST_CODE or not source.isprintable():
        raise InputInvalid(INPUT_MALFORMED, f"shipFromSupplySourceId has at most {_LONGEST_CODE} characters")
    return source


def _read_reference(told: Members) -> str:
    if not told.is_text("packageReferenceId"):
        raise InputInvalid(_REFERENCE_IS_NO_TEXT)
    reference = told.text("packageReferenceId") or ""
    if not reference.isascii() or not reference.isdigit() or not reference.strip("0"):
        raise InputInvalid(_BAD_REFERENCE)
    return reference


def _require_success(call: Call, before: Order, ended: FeedSubmission) -> None:
    """Raise what Amazon would say of a package that was not confirmed."""
    if ended.status is not ProcessingStatus.DONE:
        raise InputInvalid(INPUT_MALFORMED, "The confirmation was cancelled before it took effect")
    backend = call.services.backend
    found = get_results(backend.submissions, backend.marks, ended.seller_id, ended.submission_id, 1)
    error = next((one for one in found.results if one.severity is Severity.ERROR), None)
    if error is None:
        return
    name = before.amazon_order_id
    if _is_about(error, NOT_FULFILLABLE) and before.status is OrderStatus.CANCELED:
        raise InputInvalid(_CANCELED.format(name))
    if _is_about(error, TOO_MANY):
        after = backend.orders.get(ended.seller_id, name)
        is_shipped = after is not None and after.status is OrderStatus.SHIPPED
        raise InputInvalid(_NOTHING_OPEN.format(name) if is_shipped else _TOO_MANY)
    raise InputInvalid(INPUT_MALFORMED, "" if error.reason is None else str(error.reason))


def _is_about(error: Result, text: ReportText) -> bool:
    return error.code == text.code and error.description.startswith(text.text.partition("{")[0])


def answer_status(call: Call) -> Answer:
    """Take a status (updateShipmentStatus). It changes nothing: no order here is one that its buyer collects.

    Raises:
        InputInvalid: the order or an item is none of the seller's, or something is not as it must be.

    """
    if not call.members.text("marketplaceId"):
        raise InputInvalid("Marketplace ID is not defined", "1001")
    if call.members.text("shipmentStatus") not in _COLLECTED:
        raise InputInvalid(INPUT_MALFORMED, "shipmentStatus")
    order, lines = _find_order(call), call.members.objects("orderItems")
    if len(lines) > MOST_LINES:
        raise InputInvalid(INPUT_MALFORMED, f"orderItems: at most {MOST_LINES}")
    for line in lines:
        _read_units(order, line)
    return Answer(204)
