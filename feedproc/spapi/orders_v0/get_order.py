"""getOrder and what else is told of one order: its lines, its buyer, its address."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from msgspec import Struct, to_builtins

from feedproc.orders.money import ZERO
from feedproc.orders.standing import PENDING
from feedproc.services.read.order_view import ItemView, OrderView, view_order
from feedproc.spapi.call import Answer, Call
from feedproc.spapi.errors import INPUT_MALFORMED
from feedproc.spapi.next_token import seal_token, unseal_token
from feedproc.spapi.orders_v0.order import (
    describe_address,
    describe_buyer,
    describe_money,
    describe_order,
    is_paid,
)
from feedproc.spapi.refusals import InputInvalid, OrderMissing
from feedproc.spapi.restricted import ALL_ELEMENTS, find_data_elements

MOST_ITEMS = 100
"""On a page. Amazon tells no number."""
_COD = ("COD", "CODFee", "CODTax")


def describe_item(view: OrderView, item: ItemView, elements: Collection[str]) -> dict[str, Any]:
    """Return the members of a line; of a pending order, and of a line without units, none of its prices."""
    source = item.item
    told: dict[str, Any] = {
        "ASIN": item.asin,
        "OrderItemId": source.order_item_code,
        "SellerSKU": source.sku,
        "Title": source.title or source.sku,
        "QuantityOrdered": item.quantity,
        "QuantityShipped": source.quantity_shipped,
        "ProductInfo": {"NumberOfItems": "1"},
        "IsGift": "true" if source.gift is not None or "GiftWrap" in item.charges else "false",
        "ConditionId": source.condition.kind,
        "ConditionSubtypeId": source.condition.subtype,
        "ConditionNote": source.condition.note or None,
        "IsTransparency": False,
        "PriceDesignation": "BusinessPrice" if source.is_business_price else None,
        "BuyerInfo": describe_item_buyer(view, item, elements),
        "BuyerRequestedCancel": {
            "IsBuyerRequestedCancel": "true" if view.order.buyer_asked_to_cancel else "false",
            "BuyerCancelReason": view.order.buyer_cancel_reason,
        },
    }
    if view.status not in PENDING and item.quantity:
        told |= _describe_amounts(view, item)
    return {name: value for name, value in told.items() if value is not None}


def describe_item_buyer(view: OrderView, item: ItemView, elements: Collection[str]) -> dict[str, Any]:
    """Return what the buyer wished of a line, with the data element for it; nothing else of it is told."""
    if "buyerInfo" not in elements or view.status in PENDING:
        return {}
    gift, currency = item.item.gift, view.order.currency
    told: dict[str, Any] = {
        "GiftWrapPrice": _price(item.charges.get("GiftWrap"), currency),
        "GiftWrapTax": _price(item.charges.get("GiftWrapTax"), currency),
        "GiftMessageText": (gift.message or None) if gift else None,
        "GiftWrapLevel": (gift.wrap_level or None) if gift else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _describe_amounts(view: OrderView, item: ItemView) -> dict[str, Any]:
    """Return the prices: of shipping, payment on delivery and discounts on shipping only what there is."""
    currency, charges, promotions = view.order.currency, item.charges, item.promotions
    shipping, discount = charges.get("Shipping"), promotions.get("Shipping")
    return {
        "ItemPrice": describe_money(charges.get("Principal", ZERO), currency),
        "ItemTax": describe_money(charges.get("Tax", ZERO), currency),
        "ShippingPrice": _price(shipping, currency),
        "ShippingTax": _price(charges.get("ShippingTax", None if shipping is None else ZERO), currency),
        "ShippingDiscount": _price(None if discount is None else -discount, currency),
        "PromotionDiscount": describe_money(-promotions.get("Principal", ZERO) or ZERO, currency),
        "PromotionIds": [one.promotion_id for one in item.item.promotions] or None,
        "CODFee": _price(sum((charges[name] for name in _COD if name in charges), ZERO) or None, currency),
    }


def _price(amount: Decimal | None, currency: str) -> dict[str, str] | None:
    return None if amount is None else describe_money(amount, currency)


class ItemsLeft(Struct, frozen=True):
    """The rest of an order's lines."""

    amazon_order_id: str
    begin: int


def answer(call: Call) -> Answer:
    """Tell one order. Raises `OrderMissing`."""
    return Answer(200, {"payload": describe_order(_find(call), find_data_elements(call))})


def answer_buyer(call: Call) -> Answer:
    """getOrderBuyerInfo: tell who bought. Raises `OrderMissing`."""
    view = _find(call)
    told: dict[str, Any] = to_builtins(describe_buyer(view, ALL_ELEMENTS))
    return Answer(200, {"payload": {"AmazonOrderId": view.order.amazon_order_id, **told}})


def answer_address(call: Call) -> Answer:
    """getOrderAddress: tell where the order goes. Raises `OrderMissing`."""
    view = _find(call)
    payload: dict[str, Any] = {"AmazonOrderId": view.order.amazon_order_id}
    address = describe_address(view, ALL_ELEMENTS) if is_paid(view) else None
    if view.order.buyer.company_name:
        payload["BuyerCompanyName"] = view.order.buyer.company_name
    if address is not None:
        payload["ShippingAddress"] = address
    return Answer(200, {"payload": payload})


def answer_items(call: Call) -> Answer:
    """getOrderItems: tell the lines of an order, page by page. Raises `InputInvalid`."""
    elements = find_data_elements(call)
    return _answer_items(call, lambda view, item: describe_item(view, item, elements))


def answer_items_buyer(call: Call) -> Answer:
    """getOrderItemsBuyerInfo: tell what the buyer wished for each line. Raises `InputInvalid`."""
    return _answer_items(
        call,
        lambda view, item: {"OrderItemId": item.item.order_item_code, **describe_item_buyer(view, item, ALL_ELEMENTS)},
    )


def _answer_items(call: Call, describe: Any) -> Answer:
    try:
        view = _find(call)
    except OrderMissing:
        raise InputInvalid(INPUT_MALFORMED) from None
    name, token = view.order.amazon_order_id, call.query.get("NextToken")
    begin = unseal_token(call.seller, token, ItemsLeft).begin if token else 0
    end = begin + MOST_ITEMS
    payload: dict[str, Any] = {
        "AmazonOrderId": name,
        "OrderItems": [describe(view, item) for item in view.items[begin:end]],
    }
    if end < len(view.items):
        payload["NextToken"] = seal_token(call.seller, ItemsLeft(name, end))
    return Answer(200, {"payload": payload})


def _find(call: Call) -> OrderView:
    order = call.services.backend.orders.get(call.seller.seller_id, call.path["orderId"])
    if order is None:
        raise OrderMissing(call.path["orderId"])
    return view_order(order)
