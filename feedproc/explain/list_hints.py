"""What was probably meant by a value that is not in its list."""

from feedproc.explain.case import Case
from feedproc.explain.names import closest, has, letters, same
from feedproc.explain.parts import listed
from feedproc.feeds.saying import Saying, joined, quoted, say

_ACKNOWLEDGEMENT = "{} is a reason of adjustments; in an acknowledgement it is `{}`."
_ADJUSTMENT = "{} is a reason of acknowledgements; in an adjustment it is `{}`."
_MEANT: dict[str, tuple[str, dict[str, str]]] = {
    "CancelReason": (_ACKNOWLEDGEMENT, {
        "customercancel": "BuyerCanceled", "priceerror": "PricingError", "productoutofstock": "NoInventory",
        "couldnotship": "NoInventory", "customeraddressincorrect": "ShippingAddressUndeliverable",
        "undeliverable": "ShippingAddressUndeliverable", "exchange": "CustomerExchange", "other": "GeneralAdjustment",
    }),
    "AdjustmentReason": (_ADJUSTMENT, {
        "buyercanceled": "CustomerCancel", "pricingerror": "PriceError", "customerexchange": "Exchange",
        "shippingaddressundeliverable": "Undeliverable", "merchandisenotreceived": "Undeliverable",
        "rejectorder": "GeneralAdjustment",
    }),
}  # fmt: skip
"""Names that another message has for the same; by letters alone."""
_CALLED: dict[str, dict[str, str]] = {
    "CancelReason": {
        "buyercancelled": "BuyerCanceled", "buyercancel": "BuyerCanceled", "customercanceled": "BuyerCanceled",
        "customercancelled": "BuyerCanceled", "outofstock": "NoInventory", "nostock": "NoInventory",
    },
    "AdjustmentReason": {
        "buyercancelled": "CustomerCancel", "buyercancel": "CustomerCancel", "customercanceled": "CustomerCancel",
        "customercancelled": "CustomerCancel", "outofstock": "ProductOutofStock", "return": "CustomerReturn",
        "nostock": "NoInventory",
    },
    "StatusCode": {
        "canceled": "Failure", "cancelled": "Failure", "cancel": "Failure", "rejected": "Failure", "failed": "Failure",
        "ok": "Success", "accepted": "Success", "acknowledged": "Success", "confirmed": "Success",
    },
    "ActionType": {"adjustment": "Refund", "cancelled": "Cancel", "canceled": "Cancel", "cancellation": "Cancel"},
    "Type": {
        "itemprice": "Principal", "price": "Principal", "product": "Principal", "itemtax": "Tax", "postage": "Shipping",
        "shippingprice": "Shipping", "shippingfee": "Shipping", "codfee": "COD", "giftwrapprice": "GiftWrap",
    },
    "MessageType": {
        "orderacknowledgment": "OrderAcknowledgement", "ordercancellation": "OrderAcknowledgement",
        "orderfulfilment": "OrderFulfillment", "orderrefund": "OrderAdjustment", "refund": "OrderAdjustment",
        "postorderacknowledgementdata": "OrderAcknowledgement", "postpaymentadjustmentdata": "OrderAdjustment",
        "postorderfulfillmentdata": "OrderFulfillment", "shippingconfirmation": "OrderFulfillment",
    },
    "currency": {
        "¥": "JPY", "￥": "JPY", "yen": "JPY", "円": "JPY", "euro": "EUR", "€": "EUR", "$": "USD", "rmb": "CNY",
    },
    "CarrierCode": {
        "ヤマト運輸": "YAMATO", "クロネコヤマト": "YAMATO", "ヤマト": "YAMATO", "佐川急便": "SAGAWA", "佐川": "SAGAWA",
        "日本郵便": "Japan Post", "ゆうパック": "Japan Post", "西濃運輸": "Seino",
        "日本通運": "NITTSU", "日通": "NITTSU", "kuroneko": "YAMATO", "federalexpress": "FedEx",
    },
}  # fmt: skip
"""Names that people have for the same; by letters alone."""
_FREE_TEXT = "For a carrier that the list does not have, write `Other` here and its name into `CarrierName`."


def hint(case: Case) -> Saying | None:
    """Return what may be meant by the value, if anything comes to mind."""
    value, names = case.arguments
    element = case.attribute or case.element
    if not value.strip():
        return _when_empty(case, element)
    return _spelled(value, names) or _called(element, value, names) or _close(element, value, names)


def _spelled(value: str, names: str) -> Saying | None:
    meant = same(value, names)
    if meant is None:
        return None
    if value.strip() == meant:
        return say("Write `{}`: there must be no blanks or line ends around it.", meant)
    if value.casefold() == meant.casefold():
        return say("Write `{}`: capital and small letters count.", meant)
    return say("Write `{}`: exactly so, with no other blanks or signs.", meant)


def _called(element: str, value: str, names: str) -> Saying | None:
    name = letters(value) or value.strip()
    words, others = _MEANT.get(element, ("", {}))
    meant = others.get(name)
    if meant and has(meant, names):
        return say(words, quoted(value), meant)
    meant = _CALLED.get(element, {}).get(name)
    if meant is None or not has(meant, names):
        return None
    if name == "codfee":
        return say("Write `{}`; a refund of the fee takes this name.", meant)
    return say("Write `{}`.", meant)


def _close(element: str, value: str, names: str) -> Saying | None:
    close = closest(value, names)
    meant = say("Did you mean {}?", joined(" or ", (f"`{name}`" for name in close))) if close else None
    if element == "CarrierCode":
        return say(" ", meant, say(_FREE_TEXT)) if meant else say(_FREE_TEXT)
    return meant


def _when_empty(case: Case, element: str) -> Saying | None:
    if element == "CarrierCode":
        return say(_FREE_TEXT)
    if element in {"CancelReason", "ActionType", "CODCollectionMethod", "OperationType"}:
        return say("Leave `{}` out where there is nothing to say.", element)
    only = listed(case.arguments[1])
    return say("Write `{}`.", only[0]) if len(only) == 1 else None
