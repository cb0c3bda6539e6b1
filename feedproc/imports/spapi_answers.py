"""Answers of SP-API's Orders API, which are JSON: v0, and 2026-01-01 in the words of v0.

A file holds one answer, several in a list or one a line, or what a program keeps of them: the payload alone, a list of
orders, an order with its items within.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import msgspec

from feedproc.imports.api_orders import Answers, Told, tell, tell_all, tell_within
from feedproc.imports.order_lines import BadOrder
from feedproc.imports.values import explain_json_fault

_MARKS = (b'"AmazonOrderId"', b'"OrderItemId"', b'"orderId"', b'"payload"', b'"Orders"', b'"errors"', b'"orders"')
_SIGN = re.compile(r"\S")
_SHIPMENT = b'"packageDetail"'
"""Of what confirmShipment is sent, which is no answer."""
_OWN = b'"amazon_order_id"'
_MOST_DEPTH = 6
"""Objects and lists around an order. An answer in a list reaches 4."""
_STATUSES = {"CANCELLED": "Canceled"}
_CATEGORIES = {"FREE_ECONOMY": "FreeEconomy", "NEXT_DAY": "NextDay", "SAME_DAY": "SameDay", "SECOND_DAY": "SecondDay"}
_FLAGS = {"AMAZON_BUSINESS": "IsBusinessOrder", "PRIME": "IsPrime", "PREMIUM": "IsPremiumOrder"}
_PLAIN = {"ITEM": "ItemPrice", "SHIPPING": "ShippingPrice", "GIFT_WRAP": "GiftWrapPrice", "COD_FEE": "CODFee"}
_TAXES = {"ITEM": "ItemTax", "SHIPPING": "ShippingTax", "GIFT_WRAP": "GiftWrapTax"}
_DISCOUNTS = {"ITEM": "PromotionDiscount", "SHIPPING": "ShippingDiscount"}


def recognise_spapi_answer(begin: bytes) -> bool:
    """Say whether a file that begins with these bytes is an answer of the Orders API, or a refusal."""
    is_other = _OWN in begin or _SHIPMENT in begin
    return begin.lstrip()[:1] in (b"{", b"[") and not is_other and any(mark in begin for mark in _MARKS)


def read_spapi_answer(name: str, file: BinaryIO, answers: Answers) -> None:
    """Add what a file tells of orders and items. What cannot be read is noted among the refused."""
    text = file.read()
    try:
        documents = [("line 1", msgspec.json.decode(text))]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        documents = _read_several(text)
        if not documents and text.lstrip().count(b"\n"):
            documents = list(_read_lines(name, text, answers))
        if not documents:
            answers.refused.append((name, BadOrder(_find_place(text), explain_json_fault(error))))
    for where, document in documents:
        if not _add(name, document, answers, 0):
            why = "neither orders nor items of orders stand in it, as getOrders and getOrderItems answer"
            answers.refused.append((name, BadOrder(where, why)))


def _read_several(text: bytes) -> list[tuple[str, Any]]:
    """Return the answers of a file in which several stand behind each other; nothing where they do not all."""
    documents, at, counted, line = [], 0, 0, 1
    decoder = json.JSONDecoder()
    try:
        told = text.decode()
        while found := _SIGN.search(told, at):
            document, at = decoder.raw_decode(told, found.start())
            line, counted = line + told.count("\n", counted, found.start()), found.start()
            documents.append((f"line {line}", document))
    except (ValueError, RecursionError):
        return []
    return documents


def _read_lines(name: str, text: bytes, answers: Answers) -> Iterator[tuple[str, Any]]:
    """Yield an answer of each line, where at least the first line is one."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield f"line {number}", msgspec.json.decode(line)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            if number == 1:
                return
            answers.refused.append((name, BadOrder(f"line {number}", explain_json_fault(error))))


def _find_place(text: bytes) -> str:
    """Return the line on which JSON ends to be JSON."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"line {error.lineno}"
    except (UnicodeDecodeError, RecursionError):
        return "line 1"
    return "line 1"


def _add(name: str, value: Any, answers: Answers, depth: int) -> bool:
    """Add what a value tells, whatever is around it; say whether it told anything."""
    if isinstance(value, Mapping):
        if _add_object(name, value, answers):
            return True
        parts = list(value.values())
    else:
        parts = value if isinstance(value, list) else []
    told = [_add(name, one, answers, depth + 1) for one in parts if depth < _MOST_DEPTH]
    return any(told) or (isinstance(value, Mapping) and any(value.get(one) == [] for one in ("Orders", "orders")))


def _add_object(name: str, value: Told, answers: Answers) -> bool:
    """Add an order, items of an order or a refusal; say whether it is one of them."""
    if isinstance(value.get("errors"), list):
        return _add_refusals(name, value, answers)
    if "orderId" in value and "orderItems" in value:
        _add_new_order(name, value, answers)
        return True
    if "AmazonOrderId" in value and ("OrderStatus" in value or "PurchaseDate" in value):
        answers.add_order(name, value)
        return True
    if "AmazonOrderId" in value and isinstance(value.get("OrderItems"), list):
        answers.add_items(tell(value, "AmazonOrderId"), value["OrderItems"])
        return True
    return False


def _add_refusals(name: str, value: Told, answers: Answers) -> bool:
    refusals = [one for one in tell_all(value, "errors") if isinstance(one, Mapping)]
    answers.refused.extend(
        (name, BadOrder("line 1", f"SP-API refused the call: {tell(one, 'code')}: {tell(one, 'message')}"))
        for one in refusals
    )
    return bool(refusals)


def _add_new_order(name: str, order: Told, answers: Answers) -> None:
    """Add an order of 2026-01-01."""
    answers.add_order(name, _translate_order(order))
    items = [one for one in tell_all(order, "orderItems") if isinstance(one, Mapping)]
    answers.add_items(tell(order, "orderId"), [_translate_item(one) for one in items])
    answers.packages[tell(order, "orderId")] = [one for one in tell_all(order, "packages") if isinstance(one, Mapping)]


def _translate_order(order: Told) -> Told:
    """Return an order of 2026-01-01 with the names of v0."""
    channel, fulfillment = tell_within(order, "salesChannel"), tell_within(order, "fulfillment")
    ship, deliver = tell_within(fulfillment, "shipByWindow"), tell_within(fulfillment, "deliverByWindow")
    buyer = tell_within(order, "buyer")
    aliases = [one for one in tell_all(order, "orderAliases") if isinstance(one, Mapping)]
    others = [one for one in tell_all(order, "associatedOrders") if isinstance(one, Mapping)]
    payments = tell_all(tell_within(order, "payment"), "paymentExecutions")
    told = {
        "AmazonOrderId": tell(order, "orderId"),
        "SellerOrderId": next((tell(one, "aliasId") for one in aliases), ""),
        "PurchaseDate": tell(order, "createdTime"),
        "LastUpdateDate": tell(order, "lastUpdatedTime"),
        "MarketplaceId": tell(channel, "marketplaceId"),
        "SalesChannel": tell(channel, "marketplaceName"),
        "OrderStatus": _translate_word(tell(fulfillment, "fulfillmentStatus"), _STATUSES),
        "FulfillmentChannel": "AFN" if tell(fulfillment, "fulfilledBy") == "AMAZON" else "MFN",
        "ShipmentServiceLevelCategory": _translate_word(tell(fulfillment, "fulfillmentServiceLevel"), _CATEGORIES),
        "EarliestShipDate": tell(ship, "earliestDateTime"),
        "LatestShipDate": tell(ship, "latestDateTime"),
        "EarliestDeliveryDate": tell(deliver, "earliestDateTime"),
        "LatestDeliveryDate": tell(deliver, "latestDateTime"),
        "BuyerName": tell(buyer, "buyerName"),
        "BuyerEmail": tell(buyer, "buyerEmail"),
        "BuyerCompanyName": tell(buyer, "buyerCompanyName"),
        "PurchaseOrderNumber": tell(buyer, "buyerPurchaseOrderNumber"),
        "ShippingAddress": _translate_address(tell_within(tell_within(order, "recipient"), "deliveryAddress")),
        "OrderTotal": _translate_money(tell_within(tell_within(order, "proceeds"), "grandTotal")),
        "ReplacedOrderId": next(
            (tell(one, "orderId") for one in others if tell(one, "associationType") == "REPLACEMENT_ORIGINAL_ID"), ""
        ),
        "PaymentMethod": "COD" if any(isinstance(one, Mapping) and tell(one, "paymentMethod") == "COD"
                                      for one in payments) else "",
    }  # fmt: skip
    return told | {_FLAGS[one]: "true" for one in tell_all(order, "programs") if one in _FLAGS}


def _translate_item(item: Told) -> Told:
    """Return an item of 2026-01-01 with the names of v0."""
    product, fulfillment = tell_within(item, "product"), tell_within(item, "fulfillment")
    condition, gift = (
        tell_within(product, "condition"),
        tell_within(tell_within(fulfillment, "packing"), "giftOption"),
    )
    price = tell_within(product, "price")
    promotions = [one for one in tell_all(tell_within(item, "promotion"), "breakdowns") if isinstance(one, Mapping)]
    request = tell_within(tell_within(item, "cancellation"), "cancellationRequest")
    shipped = {"QuantityShipped": tell(fulfillment, "quantityFulfilled")} if fulfillment else {}
    return {
        "OrderItemId": tell(item, "orderItemId"),
        "QuantityOrdered": tell(item, "quantityOrdered"),
        "SellerSKU": tell(product, "sellerSku"),
        "ASIN": tell(product, "asin"),
        "Title": tell(product, "title"),
        "ConditionId": tell(condition, "conditionType").capitalize(),
        "ConditionSubtypeId": tell(condition, "conditionSubtype").replace("_", " ").title(),
        "ConditionNote": tell(condition, "conditionNote"),
        "PriceDesignation": tell(price, "priceDesignation"),
        "GiftMessageText": tell(gift, "giftMessage"),
        "GiftWrapLevel": tell(gift, "giftWrapLevel"),
        "PromotionIds": [tell(one, "promotionId") for one in promotions],
        "BuyerRequestedCancel": {
            "IsBuyerRequestedCancel": "true" if tell(request, "requester") == "BUYER" else "false",
            "BuyerCancelReason": tell(request, "cancelReason"),
        },
        **shipped,
        **_translate_proceeds(tell_within(item, "proceeds")),
    }


def _translate_proceeds(proceeds: Told) -> dict[str, Told]:
    told: dict[str, Told] = {}
    for part in tell_all(proceeds, "breakdowns"):
        if not isinstance(part, Mapping):
            continue
        kind = tell(part, "type")
        if kind in _PLAIN:
            told[_PLAIN[kind]] = _translate_money(tell_within(part, "subtotal"))
        names = {"TAX": _TAXES, "DISCOUNT": _DISCOUNTS}.get(kind)
        if names is None:
            continue
        details = [one for one in tell_all(part, "detailedBreakdowns") if isinstance(one, Mapping)]
        for one in details:
            if tell(one, "subtype") in names:
                told[names[tell(one, "subtype")]] = _translate_money(tell_within(one, "value"))
        if not details:
            told[names["ITEM"]] = _translate_money(tell_within(part, "subtotal"))
    return told


def _translate_money(money: Told) -> Told:
    return {"Amount": tell(money, "amount"), "CurrencyCode": tell(money, "currencyCode")} if money else {}


def _translate_address(address: Told) -> Told:
    told = {name[:1].upper() + name[1:]: value for name, value in address.items()}
    return told | {"County": tell(address, "districtOrCounty")}


def _translate_word(word: str, known: Mapping[str, str]) -> str:
    """Return a word in capitals as v0 writes it: `PARTIALLY_SHIPPED` is `PartiallyShipped`."""
    return known.get(word) or "".join(part.capitalize() for part in word.split("_"))
