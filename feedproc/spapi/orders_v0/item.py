"""A line of an order as Orders v0 tells it (models, `OrderItem`)."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from feedproc.orders.money import ZERO
from feedproc.services.read.order_view import ItemView, OrderView
from feedproc.spapi.orders_v0.order import PENDING, describe_money

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
