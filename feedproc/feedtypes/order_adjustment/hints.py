"""What is said to people of a faulty OrderAdjustment message."""

from feedproc.explain.elements import AMOUNT, UNITS, About
from feedproc.explain.hints import Called, Hints
from feedproc.explain.value_hints import mend_amount
from feedproc.feeds.saying import Saying, say
from feedproc.feedtypes.order_hints import MEND_NAMES, NAMES, ONE_NUMBER

_PRICES = "All amounts of an item stand in one `ItemPriceAdjustments`, each as a `Component` with a `Type`"
_ONCE = "It stands once for the order, before the first `AdjustedItem`."


def _mend_amount(value: str) -> Saying | None:
    if not value.strip():
        return say("Leave the whole `Component` out where there is nothing to give back.")
    return mend_amount(value)


HINTS = Hints(
    message_type="OrderAdjustment",
    feed_type="POST_PAYMENT_ADJUSTMENT_DATA",
    also_called=("orderrefund", "refund"),
    elements={
        **NAMES,
        "OrderAdjustment": About("refunds or cancels items of one order"),
        "ActionType": About("says whether the order is refunded or cancelled"),
        "CODCollectionMethod": About("marks an order that is paid on delivery"),
        "AdjustedItem": About("says what is given back for one item"),
        "MerchantAdjustmentItemID": About(
            "is your own number of the adjustment", "a text of 1 to 50 characters", "Leave it out when you keep none."
        ),
        "AdjustmentReason": About("says why the item is refunded or cancelled"),
        "ItemPriceAdjustments": About("holds the amounts that are given back"),
        "PromotionAdjustments": About("takes a promotion back in part"),
        "DirectPaymentAdjustments": About("holds amounts that were paid on delivery"),
        "PromotionClaimCode": About(
            "is the code by which the buyer claimed the promotion",
            "a text of 6 to 12 characters",
            "Leave it out when there is no code.",
        ),
        "MerchantPromotionID": About("is your own name of the promotion", "a text of at most 80 characters"),
        "Component": About("holds one `Type` and its `Amount`"),
        "ItemPriceAdjustments/Component/Type": About("says what the amount is for"),
        "PromotionAdjustments/Component/Type": About("says whether the promotion lowered the price or the shipping"),
        "DirectPaymentAdjustments/Component/Type": About("says what the amount is for", "any text"),
        "Amount": About("is how much is given back", AMOUNT),
        "QuantityCancelled": About(
            "says how many units are cancelled", UNITS, "Leave it out to refund without cancelling."
        ),
        "Quantity": About(
            "says how many units the refund is for", UNITS, "Leave it out when the refund is not for whole units."
        ),
    },
    in_place={
        ("OrderAdjustment", "Item"): "In an adjustment it is called `AdjustedItem`.",
        ("OrderAdjustment", "AdjustmentReason"): "The reason stands in each `AdjustedItem`, behind the item's number.",
        ("OrderAdjustment", "AmazonOrderItemCode"): "Put it into an `AdjustedItem`.",
        ("AdjustedItem", "CancelReason"): "In an adjustment it is called `AdjustmentReason`.",
        ("AdjustedItem", "SKU"): "Items are named by `AmazonOrderItemCode` or `MerchantOrderItemID`, never by their"
        " SKU.",
        ("AdjustedItem", "ActionType"): _ONCE,
        ("AdjustedItem", "CODCollectionMethod"): _ONCE,
        ("AdjustedItem", "Component"): f"{_PRICES}.",
        ("AdjustedItem", "Amount"): f"{_PRICES}.",
        ("AdjustedItem", "ShippingPriceAdjustments"): f"{_PRICES}: here `Shipping`.",
        ("AdjustedItem", "ItemTaxAdjustments"): f"{_PRICES}: here `Tax`.",
        ("AdjustedItem", "QuantityCanceled"): "Write `QuantityCancelled`, with two l.",
    },
    missing={
        ("OrderAdjustment", "AdjustedItem"): "To cancel a whole order, send an acknowledgement with `Failure` instead.",
        ("AdjustedItem", "AdjustmentReason"): "Where no other reason fits, `GeneralAdjustment` does.",
        ("Component", "Type"): "Put `Type` before `Amount`.",
    },
    either=ONE_NUMBER,
    called={
        "AdjustmentReason": (
            Called(
                {
                    "buyercanceled": "CustomerCancel", "pricingerror": "PriceError", "customerexchange": "Exchange",
                    "shippingaddressundeliverable": "Undeliverable", "merchandisenotreceived": "Undeliverable",
                    "rejectorder": "GeneralAdjustment",
                },
                "{} is a reason of acknowledgements; in an adjustment it is `{}`.",
                tells_value=True,
            ),
            Called(
                {
                    "buyercancelled": "CustomerCancel", "buyercancel": "CustomerCancel",
                    "customercanceled": "CustomerCancel", "customercancelled": "CustomerCancel",
                    "outofstock": "ProductOutofStock", "return": "CustomerReturn", "nostock": "NoInventory",
                }
            ),
        ),
        "ActionType": (
            Called({"adjustment": "Refund", "cancelled": "Cancel", "canceled": "Cancel", "cancellation": "Cancel"}),
        ),
        "Type": (
            Called(
                {
                    "itemprice": "Principal", "price": "Principal", "product": "Principal", "itemtax": "Tax",
                    "postage": "Shipping", "shippingprice": "Shipping", "shippingfee": "Shipping",
                    "giftwrapprice": "GiftWrap",
                }
            ),
            Called({"codfee": "COD"}, "Write `{}`; a refund of the fee takes this name."),
        ),
    },
    mend={**MEND_NAMES, AMOUNT: _mend_amount},
)  # fmt: skip
