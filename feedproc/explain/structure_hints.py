"""What was probably meant by an element that may not stand where it does, or by one that is missing."""

from feedproc.explain.case import Case
from feedproc.explain.content import place_of
from feedproc.explain.structure import Misplaced, either, is_in_namespace, misplaced
from feedproc.feeds.saying import Saying, joined, say

_HEADER = (
    "Begin with `<Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>…</MerchantIdentifier></Header>`,"
    " your seller id in it."
)
_PRICES = "All amounts of an item stand in one `ItemPriceAdjustments`, each as a `Component` with a `Type`"
_ONLY_AMAZONS = "An acknowledgement takes Amazon's numbers, with yours beside them, never alone: write {} first."
_ONE_ORDER = "A message is about one order: close it, and begin another one with a `MessageID` of its own."

_FEW = 5
"""Elements whose order is told where one is only missing."""

_IN_PLACE: dict[tuple[str, str], str] = {
    ("OrderAcknowledgement", "MerchantOrderID"): _ONLY_AMAZONS.format("`AmazonOrderID`"),
    ("Item", "MerchantOrderItemID"): _ONLY_AMAZONS.format("`AmazonOrderItemCode`"),
    ("OrderAcknowledgement", "CancelReason"): "The reason stands in each `Item`, behind its code.",
    ("OrderAcknowledgement", "AdjustedItem"): "In an acknowledgement it is called `Item`.",
    ("OrderAcknowledgement", "AmazonOrderItemCode"): "Put it into an `Item`.",
    ("OrderAdjustment", "Item"): "In an adjustment it is called `AdjustedItem`.",
    ("OrderAdjustment", "AdjustmentReason"): "The reason stands in each `AdjustedItem`, behind the item's number.",
    ("OrderAdjustment", "AmazonOrderItemCode"): "Put it into an `AdjustedItem`.",
    ("OrderFulfillment", "AdjustedItem"): "In a shipment it is called `Item`.",
    ("OrderFulfillment", "CarrierCode"): "Put it into `FulfillmentData`, behind `FulfillmentDate`.",
    ("OrderFulfillment", "CarrierName"): "Put it into `FulfillmentData`, behind `FulfillmentDate`.",
    ("OrderFulfillment", "ShipperTrackingNumber"): "Put it into `FulfillmentData`, behind `FulfillmentDate`.",
    ("OrderFulfillment", "AmazonOrderItemCode"): "Put it into an `Item`.",
    ("OrderFulfillment", "TrackingNumber"): "Write `ShipperTrackingNumber`, inside of `FulfillmentData`.",
    ("FulfillmentData", "TrackingNumber"): "Write `ShipperTrackingNumber`.",
    ("AdjustedItem", "CancelReason"): "In an adjustment it is called `AdjustmentReason`.",
    ("AdjustedItem", "SKU"): "Items are named by `AmazonOrderItemCode` or `MerchantOrderItemID`, never by their SKU.",
    ("AdjustedItem", "ActionType"): "It stands once for the order, before the first `AdjustedItem`.",
    ("AdjustedItem", "CODCollectionMethod"): "It stands once for the order, before the first `AdjustedItem`.",
    ("AdjustedItem", "Component"): f"{_PRICES}.",
    ("AdjustedItem", "Amount"): f"{_PRICES}.",
    ("AdjustedItem", "ShippingPriceAdjustments"): f"{_PRICES}: here `Shipping`.",
    ("AdjustedItem", "ItemTaxAdjustments"): f"{_PRICES}: here `Tax`.",
    ("AdjustedItem", "QuantityCanceled"): "Write `QuantityCancelled`, with two l.",
    ("Item", "SKU"): "Items are named by their number, never by their SKU.",
    ("Item", "AdjustmentReason"): "In an acknowledgement it is called `CancelReason`.",
    ("Item", "QuantityCancelled"): "To cancel some units, ship the rest, then send an adjustment.",
    ("AmazonEnvelope", "MerchantIdentifier"): _HEADER,
    ("Message", "MessageType"): "It stands once, in front of the first message.",
}
"""By parent and by what was found."""

_MISSING: dict[tuple[str, str], str] = {
    ("AmazonEnvelope", "Header"): _HEADER,
    ("AmazonEnvelope", "MessageType"): "Say behind the header what follows, such as"
    " `<MessageType>OrderFulfillment</MessageType>`.",
    ("AmazonEnvelope", "Message"): "A feed needs at least one message; send none when there is nothing to say.",
    ("Header", "DocumentVersion"): "Write `<DocumentVersion>1.01</DocumentVersion>`.",
    ("Message", "MessageID"): "Count the messages of a feed: `<MessageID>1</MessageID>`.",
    ("Component", "Type"): "Put `Type` before `Amount`.",
    ("AdjustedItem", "AdjustmentReason"): "Where no other reason fits, `GeneralAdjustment` does.",
    ("OrderFulfillment", "FulfillmentDate"): "Say when it was shipped: `2024-03-04T10:00:00+09:00`.",
    ("OrderAdjustment", "AdjustedItem"): "To cancel a whole order, send an acknowledgement with `Failure` instead.",
    ("OrderAcknowledgement", "StatusCode"): "Write `Success` to accept the order, `Failure` to cancel all of it.",
}
"""By parent and by what is missing."""


def hint(case: Case) -> Saying | None:
    """Return what may be meant, if anything comes to mind."""
    fault = misplaced(case)
    if fault.found is not None and fault.meant not in {None, fault.found}:
        return _respelled(fault.found, fault.meant or "")
    known = _IN_PLACE.get((case.element, fault.found or ""))
    if known:
        return None if _ONLY_AMAZONS[:20] in known and case.payload != "OrderAcknowledgement" else say(known)
    if case.element == "Message" and fault.found and fault.follows_directly and place_of(fault.found, fault.model) == 2:
        return say(_ONE_ORDER)
    if fault.found is not None and place_of(fault.found, fault.model) is None:
        return None
    return _of_known(case, fault)


def _of_known(case: Case, fault: Misplaced) -> Saying | None:
    """Return what may be meant by an element that stands elsewhere in the same one, or by one that is missing."""
    if is_in_namespace(case):
        return say("Take the prefix off its name, and leave `xmlns` out.")
    if fault.is_other_of_two:
        return say("Leave one of them out: Amazon's number always does, yours only once Amazon has been told of it.")
    missing = _MISSING.get((case.element, fault.missing or ""))
    return say(missing) if missing else _order(fault)


def _respelled(found: str, meant: str) -> Saying:
    if found.lower() == meant.lower():
        return say("Write `{}`: capital and small letters count in the names of elements.", meant)
    return say("Write `{}`: names of elements have no blanks or signs in them.", meant)


def _order(fault: Misplaced) -> Saying | None:
    """Tell the order of what may stand there, to somebody who has mixed it up."""
    if fault.found is None or not 1 < len(fault.model) <= (_FEW if fault.missing else len(fault.model)):
        return None
    names = [either(place.names) for place in fault.model if len(place.names) < 3]
    return say("The order is {}.", joined(", ", names))
