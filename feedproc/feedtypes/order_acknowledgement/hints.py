"""What is said to people of a faulty OrderAcknowledgement message."""

from feedproc.explain.elements import ITEM_NUMBER, ORDER_NUMBER, UNITS, About
from feedproc.explain.hints import Called, Hints
from feedproc.feedtypes.order_hints import (
    INTO_AN_ITEM,
    LATER_BY_ADJUSTMENT,
    NAMES,
    NEVER_BY_SKU,
    WITHOUT_ITEMS,
    mend_item_code,
    mend_order_id,
)

_ORDER_FIRST = (
    "An acknowledgement takes Amazon's numbers, with yours beside them, never alone: write `AmazonOrderID` first."
)
_ITEM_FIRST = (
    "An acknowledgement takes Amazon's numbers, with yours beside them, never alone: write `AmazonOrderItemCode` first."
)

HINTS = Hints(
    message_type="OrderAcknowledgement",
    feed_type="POST_ORDER_ACKNOWLEDGEMENT_DATA",
    also_called=("orderacknowledgment", "ordercancellation"),
    elements={
        **NAMES,
        "OrderAcknowledgement": About("accepts or cancels one order"),
        "StatusCode": About("accepts the order (`Success`) or cancels all of it (`Failure`)"),
        "Item": About("names one item of the order"),
        "CancelReason": About("says why the item is cancelled"),
        "Quantity": About("says how many units", UNITS, "Leave it out to mean all of them."),
    },
    in_place={
        ("OrderAcknowledgement", "MerchantOrderID"): _ORDER_FIRST,
        ("OrderAcknowledgement", "CancelReason"): "The reason stands in each `Item`, behind its code.",
        ("OrderAcknowledgement", "AdjustedItem"): "In an acknowledgement it is called `Item`.",
        ("OrderAcknowledgement", "AmazonOrderItemCode"): INTO_AN_ITEM,
        ("Item", "MerchantOrderItemID"): _ITEM_FIRST,
        ("OrderAcknowledgement", "Items"): WITHOUT_ITEMS,
        ("Item", "SKU"): NEVER_BY_SKU,
        ("Item", "AdjustmentReason"): "In an acknowledgement it is called `CancelReason`.",
        ("Item", "QuantityCancelled"): LATER_BY_ADJUSTMENT,
    },
    missing={
        ("OrderAcknowledgement", "StatusCode"): "Write `Success` to accept the order, `Failure` to cancel all of it.",
    },
    called={
        "CancelReason": (
            Called(
                {
                    "customercancel": "BuyerCanceled", "priceerror": "PricingError", "productoutofstock": "NoInventory",
                    "couldnotship": "NoInventory", "customeraddressincorrect": "ShippingAddressUndeliverable",
                    "undeliverable": "ShippingAddressUndeliverable", "exchange": "CustomerExchange",
                    "other": "GeneralAdjustment",
                },
                "{} is a reason of adjustments; in an acknowledgement it is `{}`.",
                tells_value=True,
            ),
            Called(
                {
                    "buyercancelled": "BuyerCanceled", "buyercancel": "BuyerCanceled",
                    "customercanceled": "BuyerCanceled", "customercancelled": "BuyerCanceled",
                    "outofstock": "NoInventory", "nostock": "NoInventory",
                    "orderplacedbymistake": "BuyerCanceled", "ordercreatedbymistake": "BuyerCanceled",
                    "orderedbymistake": "BuyerCanceled", "itemwouldnotarriveontime": "BuyerCanceled",
                    "itemwontarriveontime": "BuyerCanceled", "shippingcosttoohigh": "BuyerCanceled",
                    "itempricetoohigh": "BuyerCanceled", "foundcheapersomewhereelse": "BuyerCanceled",
                    "needtochangeshippingaddress": "BuyerCanceled", "needtochangeshippingspeed": "BuyerCanceled",
                    "needtochangebillingaddress": "BuyerCanceled", "needtochangepaymentmethod": "BuyerCanceled",
                    "nolongerneeded": "BuyerCanceled", "changedmymind": "BuyerCanceled",
                    "buyerrequestedcancellation": "BuyerCanceled", "customerrequest": "BuyerCanceled",
                }
            ),
        ),
        "StatusCode": (
            Called(
                {
                    "canceled": "Failure", "cancelled": "Failure", "cancel": "Failure", "rejected": "Failure",
                    "failed": "Failure", "ok": "Success", "accepted": "Success", "acknowledged": "Success",
                    "confirmed": "Success",
                }
            ),
        ),
    },
    mend={
        ORDER_NUMBER: mend_order_id(
            "If this is your own number of the order: an acknowledgement takes Amazon's, and yours beside it."
        ),
        ITEM_NUMBER: mend_item_code("Take the code from the order report; a SKU cannot stand for it."),
    },
)  # fmt: skip
