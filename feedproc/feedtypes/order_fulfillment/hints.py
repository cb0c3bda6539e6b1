"""What is said to people of a faulty OrderFulfillment message."""

from feedproc.explain.elements import MOMENT, NUMBER, TEXT_50, UNITS, YES_OR_NO, About
from feedproc.explain.hints import Called, Hints
from feedproc.feeds.saying import Saying, say
from feedproc.feedtypes.order_hints import (
    INTO_AN_ITEM,
    LATER_BY_ADJUSTMENT,
    MEND_NAMES,
    NAMES,
    NEVER_BY_SKU,
    ONE_NUMBER,
    WITHOUT_ITEMS,
)

_ADDRESS_LINE = About("is a line of the address", "a text of at most 60 characters")
_INTO_DATA = "Put it into `FulfillmentData`, behind `FulfillmentDate`."
_OWN_NUMBER = "Leave it out when your number has letters."
_PACKAGES = "Each package has a message of its own: its tracking number, and as `Item` with `Quantity` the units in it."
_COUNTRY = "the two letters of a country, such as `JP`"
_COUNTRIES = {"jpn": "JP", "japan": "JP", "日本": "JP", "usa": "US", "uk": "GB", "gbr": "GB", "deu": "DE", "chn": "CN"}


def _mend_country(value: str) -> Saying | None:
    meant = _COUNTRIES.get(value.strip().lower())
    return say("Write `{}`.", meant) if meant else None


HINTS = Hints(
    message_type="OrderFulfillment",
    feed_type="POST_ORDER_FULFILLMENT_DATA",
    also_called=("orderfulfilment", "shippingconfirmation"),
    elements={
        **NAMES,
        "OrderFulfillment": About("says that an order, or some of it, has been shipped"),
        "MerchantFulfillmentID": About("is your own number of the shipment", NUMBER, _OWN_NUMBER),
        "FulfillmentDate": About("says when the order was shipped", MOMENT),
        "FulfillmentData": About("says by which carrier it was shipped"),
        "CarrierCode": About("names the carrier from Amazon's list"),
        "CarrierName": About("names a carrier that is not in Amazon's list", TEXT_50),
        "ShippingMethod": About("says how it was shipped", TEXT_50),
        "ShipperTrackingNumber": About("is the carrier's tracking number", TEXT_50),
        "CODCollectionMethod": About("marks an order that is paid on delivery"),
        "Item": About("says which item was shipped"),
        "MerchantFulfillmentItemID": About("is your own number of the shipped item", NUMBER, _OWN_NUMBER),
        "Quantity": About(
            "says how many units were shipped", UNITS, "Leave it out when all units were shipped; leave the item out"
            " when none was."
        ),
        "TransparencyCode": About("is the transparency code of one unit", "any text"),
        "ShipFromAddress": About("says where it was shipped from"),
        "Name": About("is whose address it is", TEXT_50),
        "FormalTitle": About("is the title before the name", "a text of at most 10 characters"),
        "GivenName": About("is the given name", TEXT_50),
        "FamilyName": About("is the family name", TEXT_50),
        "AddressFieldOne": _ADDRESS_LINE,
        "AddressFieldTwo": _ADDRESS_LINE,
        "AddressFieldThree": _ADDRESS_LINE,
        "City": About("is the city", TEXT_50),
        "County": About("is the county", TEXT_50),
        "StateOrRegion": About("is the state, region or prefecture", TEXT_50),
        "PostalCode": About("is the postal code", TEXT_50),
        "CountryCode": About("names the country", _COUNTRY),
        "PhoneNumber": About("is a telephone number, of which there may be 3", TEXT_50),
        "isDefaultShipping": About("marks the address that is shipped to", YES_OR_NO, "Leave it out."),
        "isDefaultBilling": About("marks the address that is billed", YES_OR_NO, "Leave it out."),
        "isDefaultOneClick": About("marks the address of one-click orders", YES_OR_NO, "Leave it out."),
    },
    in_place={
        ("OrderFulfillment", "AdjustedItem"): "In a shipment it is called `Item`.",
        ("OrderFulfillment", "CarrierCode"): _INTO_DATA,
        ("OrderFulfillment", "CarrierName"): _INTO_DATA,
        ("OrderFulfillment", "ShipperTrackingNumber"): _INTO_DATA,
        ("OrderFulfillment", "AmazonOrderItemCode"): INTO_AN_ITEM,
        ("OrderFulfillment", "TrackingNumber"): "Write `ShipperTrackingNumber`, inside of `FulfillmentData`.",
        ("FulfillmentData", "TrackingNumber"): "Write `ShipperTrackingNumber`.",
        ("OrderFulfillment", "Items"): WITHOUT_ITEMS,
        ("Item", "SKU"): NEVER_BY_SKU,
        ("Item", "QuantityCancelled"): LATER_BY_ADJUSTMENT,
    },
    repeated={
        ("FulfillmentData", "ShipperTrackingNumber"): _PACKAGES,
        ("OrderFulfillment", "FulfillmentData"): _PACKAGES,
    },
    missing={
        ("OrderFulfillment", "FulfillmentDate"): "Write `<FulfillmentDate>2024-03-04T10:00:00+09:00</FulfillmentDate>`"
        " in front of `FulfillmentData`; one that stands behind it belongs there.",
    },
    either=ONE_NUMBER,
    called={
        "CarrierCode": (
            Called(
                {
                    "ヤマト運輸": "YAMATO", "クロネコヤマト": "YAMATO", "ヤマト": "YAMATO", "佐川急便": "SAGAWA",
                    "佐川": "SAGAWA", "日本郵便": "Japan Post", "ゆうパック": "Japan Post", "西濃運輸": "Seino",
                    "日本通運": "NITTSU", "日通": "NITTSU", "kuroneko": "YAMATO", "federalexpress": "FedEx",
                }
            ),
        ),
    },
    otherwise={
        "CarrierCode": "For a carrier that the list does not have, write `Other` here and its name into `CarrierName`.",
    },
    mend={**MEND_NAMES, _COUNTRY: _mend_country},
)  # fmt: skip
