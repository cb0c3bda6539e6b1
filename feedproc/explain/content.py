"""Which children an element may have, in which order: `|` either, `?` may be missing, `*` and `+` repeated."""

from functools import cache
from typing import NamedTuple

_MODELS = {
    "AmazonEnvelope": "Header MessageType MarketplaceName? PurgeAndReplace? EffectiveDate? Message+",
    "Header": "DocumentVersion MerchantIdentifier OverrideReleaseId?",
    "Message": "MessageID OperationType?"
    " OrderAcknowledgement|OrderAdjustment|OrderFulfillment|OrderReport|ProcessingReport",
    "OrderAcknowledgement": "AmazonOrderID MerchantOrderID? StatusCode Item*",
    "OrderAcknowledgement/Item": "AmazonOrderItemCode MerchantOrderItemID? CancelReason? Quantity?",
    "OrderAdjustment": "AmazonOrderID|MerchantOrderID ActionType? CODCollectionMethod? AdjustedItem+",
    "OrderAdjustment/AdjustedItem": "AmazonOrderItemCode|MerchantOrderItemID MerchantAdjustmentItemID? AdjustmentReason"
    " ItemPriceAdjustments? PromotionAdjustments* DirectPaymentAdjustments? QuantityCancelled? Quantity?",
    "AdjustedItem/ItemPriceAdjustments": "Component+",
    "AdjustedItem/PromotionAdjustments": "PromotionClaimCode? MerchantPromotionID? Component+",
    "AdjustedItem/DirectPaymentAdjustments": "Component+",
    "ItemPriceAdjustments/Component": "Type Amount",
    "PromotionAdjustments/Component": "Type Amount",
    "DirectPaymentAdjustments/Component": "Type Amount",
    "OrderFulfillment": "AmazonOrderID|MerchantOrderID MerchantFulfillmentID? FulfillmentDate FulfillmentData?"
    " CODCollectionMethod? Item* ShipFromAddress?",
    "OrderFulfillment/FulfillmentData": "CarrierCode? CarrierName? ShippingMethod? ShipperTrackingNumber?",
    "OrderFulfillment/Item": "AmazonOrderItemCode|MerchantOrderItemID MerchantFulfillmentItemID? Quantity?"
    " TransparencyCode*",
    "OrderFulfillment/ShipFromAddress": "Name FormalTitle? GivenName? FamilyName? AddressFieldOne AddressFieldTwo?"
    " AddressFieldThree? City? County? StateOrRegion? PostalCode? CountryCode PhoneNumber* isDefaultShipping?"
    " isDefaultBilling? isDefaultOneClick?",
}
"""By the element's name, or its parent's and its own."""


class Place(NamedTuple):
    """One place in the order of children."""

    names: tuple[str, ...]
    """One of these."""
    required: bool
    repeated: bool


def model_of(path: tuple[str, ...]) -> tuple[Place, ...]:
    """Return the order of the children of the element at `path`; nothing when it is not one of an order message."""
    return _places("/".join(path[-2:])) or _places(path[-1] if path else "")


def place_of(name: str, model: tuple[Place, ...]) -> int | None:
    """Return at which place an element of that name stands."""
    return next((at for at, place in enumerate(model) if name in place.names), None)


@cache
def known_names() -> dict[str, str]:
    """Return the names of all elements, by the same in small letters."""
    names = {name for key in _MODELS for place in _places(key) for name in place.names} | {"AmazonEnvelope"}
    return {name.lower(): name for name in names}


def models() -> dict[str, tuple[Place, ...]]:
    """Return all that is known of the order of children, by element."""
    return {key: _places(key) for key in _MODELS}


@cache
def _places(key: str) -> tuple[Place, ...]:
    return tuple(
        Place(tuple(word.rstrip("?*+").split("|")), word[-1] not in "?*", word[-1] in "*+")
        for word in _MODELS.get(key, "").split()
    )
