"""What each element of the envelope and of the three order messages is for, and what it may hold."""

from typing import NamedTuple

TEXT_50 = "a text of at most 50 characters"
UNITS = "a whole number of at least 1"
NUMBER = "a whole number from 1 up, of at most 20 digits"
AMOUNT = "an amount of money in digits, with a point and at most 2 decimals, such as `1234.50`"
MOMENT = "a date and a time with a `T` between them and the time zone behind, such as `2024-03-04T10:00:00+09:00`"
YES_OR_NO = "`true` or `false`"


class Element(NamedTuple):
    """What is known of an element."""

    purpose: str
    """Completes "it …"."""
    holds: str = ""
    """Completes "must be …"; empty for what holds elements, and for one of a list of names."""
    advice: str = ""
    """A sentence on what to do instead."""


ORDER_ID = Element(
    "names the order by Amazon's number",
    "Amazon's number of the order: 3, 7 and 7 letters or digits with hyphens between them, such as"
    " `250-1234567-1234567`",
)
ITEM_CODE = Element("names the item by Amazon's number", "Amazon's number of the order's item: 14 digits")
OWN_ORDER_ID = Element("names the order by your own number", TEXT_50)
OWN_ITEM_ID = Element("names the item by your own number", TEXT_50)
_COMPONENT = Element("holds one `Type` and its `Amount`")
_ADDRESS_LINE = Element("is a line of the address", "a text of at most 60 characters")

ELEMENTS = {
    "AmazonEnvelope": Element("holds the whole feed"),
    "Header": Element("says in which version the feed is written, and whose it is"),
    "DocumentVersion": Element(
        "says in which version the feed is written", "one or two digits, a point, and one or two digits, such as `1.01`"
    ),
    "MerchantIdentifier": Element("says whose feed it is: your seller id or merchant token", TEXT_50),
    "OverrideReleaseId": Element(
        "is for Amazon's own use", "up to four digits, a point, and up to four digits", "Leave it out."
    ),
    "MessageType": Element("says which messages follow, such as `OrderFulfillment`"),
    "MarketplaceName": Element("is for override feeds only", "a text of 1 to 50 characters", "Leave it out."),
    "PurgeAndReplace": Element(
        "is of use in inventory feeds only", YES_OR_NO, "Leave it out: order feeds do not need it."
    ),
    "EffectiveDate": Element("is not used in order feeds", MOMENT, "Leave it out: order feeds do not need it."),
    "Message": Element("holds what is sent about one order"),
    "MessageID": Element("numbers the message, so that the report can name it", NUMBER),
    "OperationType": Element("has no meaning in order feeds", advice="Leave it out: order feeds do not need it."),
    "OrderAcknowledgement": Element("accepts or cancels one order"),
    "OrderAdjustment": Element("refunds or cancels items of one order"),
    "OrderFulfillment": Element("says that an order, or some of it, has been shipped"),
    "AmazonOrderID": ORDER_ID,
    "MerchantOrderID": OWN_ORDER_ID,
    "AmazonOrderItemCode": ITEM_CODE,
    "MerchantOrderItemID": OWN_ITEM_ID,
    # The acknowledgement
    "OrderAcknowledgement/StatusCode": Element("accepts the order (`Success`) or cancels all of it (`Failure`)"),
    "OrderAcknowledgement/Item": Element("names one item of the order"),
    "CancelReason": Element("says why the item is cancelled"),
    "OrderAcknowledgement/Item/Quantity": Element("says how many units", UNITS, "Leave it out to mean all of them."),
    # The adjustment
    "ActionType": Element("says whether the order is refunded or cancelled"),
    "CODCollectionMethod": Element("marks an order that is paid on delivery"),
    "AdjustedItem": Element("says what is given back for one item"),
    "MerchantAdjustmentItemID": Element(
        "is your own number of the adjustment", "a text of 1 to 50 characters", "Leave it out when you keep none."
    ),
    "AdjustmentReason": Element("says why the item is refunded or cancelled"),
    "ItemPriceAdjustments": Element("holds the amounts that are given back"),
    "PromotionAdjustments": Element("takes a promotion back in part"),
    "DirectPaymentAdjustments": Element("holds amounts that were paid on delivery"),
    "PromotionClaimCode": Element(
        "is the code by which the buyer claimed the promotion",
        "a text of 6 to 12 characters",
        "Leave it out when there is no code.",
    ),
    "MerchantPromotionID": Element("is your own name of the promotion", "a text of at most 80 characters"),
    "Component": _COMPONENT,
    "ItemPriceAdjustments/Component/Type": Element("says what the amount is for"),
    "PromotionAdjustments/Component/Type": Element("says whether the promotion lowered the price or the shipping"),
    "DirectPaymentAdjustments/Component/Type": Element("says what the amount is for", "any text"),
    "Amount": Element("is how much is given back", AMOUNT),
    "QuantityCancelled": Element(
        "says how many units are cancelled", UNITS, "Leave it out to refund without cancelling."
    ),
    "OrderAdjustment/AdjustedItem/Quantity": Element(
        "says how many units the refund is for", UNITS, "Leave it out when the refund is not for whole units."
    ),
    # The shipment
    "MerchantFulfillmentID": Element(
        "is your own number of the shipment", NUMBER, "Leave it out when your number has letters."
    ),
    "FulfillmentDate": Element("says when the order was shipped", MOMENT),
    "FulfillmentData": Element("says by which carrier it was shipped"),
    "CarrierCode": Element("names the carrier from Amazon's list"),
    "CarrierName": Element("names a carrier that is not in Amazon's list", TEXT_50),
    "ShippingMethod": Element("says how it was shipped", TEXT_50),
    "ShipperTrackingNumber": Element("is the carrier's tracking number", TEXT_50),
    "OrderFulfillment/Item": Element("says which item was shipped"),
    "MerchantFulfillmentItemID": Element(
        "is your own number of the shipped item", NUMBER, "Leave it out when your number has letters."
    ),
    "OrderFulfillment/Item/Quantity": Element(
        "says how many units were shipped", UNITS, "Leave it out when all units were shipped; leave the item out when"
        " none was."
    ),
    "TransparencyCode": Element("is the transparency code of one unit", "any text"),
    "ShipFromAddress": Element("says where it was shipped from"),
    "Name": Element("is whose address it is", TEXT_50),
    "FormalTitle": Element("is the title before the name", "a text of at most 10 characters"),
    "GivenName": Element("is the given name", TEXT_50),
    "FamilyName": Element("is the family name", TEXT_50),
    "AddressFieldOne": _ADDRESS_LINE,
    "AddressFieldTwo": _ADDRESS_LINE,
    "AddressFieldThree": _ADDRESS_LINE,
    "City": Element("is the city", TEXT_50),
    "County": Element("is the county", TEXT_50),
    "StateOrRegion": Element("is the state, region or prefecture", TEXT_50),
    "PostalCode": Element("is the postal code", TEXT_50),
    "CountryCode": Element("names the country", "the two letters of a country, such as `JP`"),
    "PhoneNumber": Element("is a telephone number, of which there may be 3", TEXT_50),
    "isDefaultShipping": Element("marks the address that is shipped to", YES_OR_NO, "Leave it out."),
    "isDefaultBilling": Element("marks the address that is billed", YES_OR_NO, "Leave it out."),
    "isDefaultOneClick": Element("marks the address of one-click orders", YES_OR_NO, "Leave it out."),
}  # fmt: skip
"""By the element's name, with its parent's before it where the name alone does not tell."""

UNKNOWN = Element("")


def element_at(path: tuple[str, ...]) -> Element:
    """Return what is known of the element at `path`."""
    for names in (path[-3:], path[-2:], path[-1:]):
        found = ELEMENTS.get("/".join(names))
        if found is not None:
            return found
    return UNKNOWN
