"""What was probably meant by a value that is not in its list."""

from feedproc.formats.plain.case import Case
from feedproc.formats.plain.names import closest, has, letters, same
from feedproc.formats.plain.parts import listed
from feedproc.formats.quoting import quoted

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


def hint(case: Case) -> str | None:
    """Return what may be meant by the value, if anything comes to mind."""
    value, names = case.arguments
    element = case.attribute or case.element
    if not value.strip():
        return _when_empty(case, element)
    return _spelled(value, names) or _called(element, value, names) or _close(element, value, names)


def _spelled(value: str, names: str) -> str | None:
    meant = same(value, names)
    if meant is None:
        return None
    if value.strip() == meant:
        return f"Write `{meant}`: there must be no blanks or line ends around it."
    if value.casefold() == meant.casefold():
        return f"Write `{meant}`: capital and small letters count."
    return f"Write `{meant}`: exactly so, with no other blanks or signs."


def _called(element: str, value: str, names: str) -> str | None:
    name = letters(value) or value.strip()
    words, others = _MEANT.get(element, ("", {}))
    meant = others.get(name)
    if meant and has(meant, names):
        return words.format(quoted(value), meant)
    meant = _CALLED.get(element, {}).get(name)
    if meant is None or not has(meant, names):
        return None
    return f"Write `{meant}`; a refund of the fee takes this name." if name == "codfee" else f"Write `{meant}`."


def _close(element: str, value: str, names: str) -> str | None:
    close = closest(value, names)
    meant = f"Did you mean {' or '.join(f'`{name}`' for name in close)}?" if close else None
    if element == "CarrierCode":
        return f"{meant} {_FREE_TEXT}" if meant else _FREE_TEXT
    return meant


def _when_empty(case: Case, element: str) -> str | None:
    if element == "CarrierCode":
        return _FREE_TEXT
    if element in {"CancelReason", "ActionType", "CODCollectionMethod", "OperationType"}:
        return f"Leave `{element}` out where there is nothing to say."
    only = listed(case.arguments[1])
    return f"Write `{only[0]}`." if len(only) == 1 else None
