"""A line of an order as Orders 2026-01-01 tells it."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from feedproc.orders.money import ZERO
from feedproc.orders.standing import PENDING
from feedproc.services.read.order_view import ItemView, OrderView
from feedproc.spapi.orders_2026.values import IncludedData, describe_money

_KINDS = {
    "Principal": "ITEM",
    "Shipping": "SHIPPING",
    "GiftWrap": "GIFT_WRAP",
    "COD": "COD_FEE",
    "CODFee": "COD_FEE",
}
"""Charges by the type of their breakdown; any other one is OTHER, and taxes are TAX."""
_TAXES = {"Tax": "ITEM", "ShippingTax": "SHIPPING", "GiftWrapTax": "GIFT_WRAP", "CODTax": "COD_FEE"}
"""By what they are on."""
_DISCOUNTS = {"Principal": "ITEM", "Shipping": "SHIPPING"}


def describe_item(view: OrderView, item: ItemView, included: Collection[IncludedData]) -> dict[str, Any]:
    """Return the members of a line, with the parts that are asked for."""
    source, has_price = item.item, view.status not in PENDING
    told: dict[str, Any] = {
        "orderItemId": source.order_item_code,
        "quantityOrdered": item.quantity,
        "product": _describe_product(view, item, has_price=has_price),
    }
    if IncludedData.PROCEEDS in included and has_price:
        told["proceeds"] = _describe_proceeds(view, item)
    if IncludedData.PROMOTION in included and has_price and source.promotions:
        told["promotion"] = {"breakdowns": [{"promotionId": one.promotion_id} for one in source.promotions]}
    if IncludedData.CANCELLATION in included and (cancellation := _describe_cancellation(view, item)):
        told["cancellation"] = cancellation
    if IncludedData.FULFILLMENT in included:
        told["fulfillment"] = _describe_fulfillment(item)
    return told


def sum_kinds(item: ItemView) -> dict[str, Decimal]:
    """Return what a line costs by the types of breakdowns; DISCOUNT is positive."""
    sums: dict[str, Decimal] = {}
    for component, amount in item.charges.items():
        kind = "TAX" if component in _TAXES else _KINDS.get(component, "OTHER")
        sums[kind] = sums.get(kind, ZERO) + amount
    discount = -sum(item.promotions.values(), ZERO)
    return sums | ({"DISCOUNT": discount} if discount else {})


def _describe_product(view: OrderView, item: ItemView, *, has_price: bool) -> dict[str, Any]:
    source = item.item
    told: dict[str, Any] = {
        "asin": item.asin,
        "title": source.title or source.sku,
        "sellerSku": source.sku,
        "condition": {
            "conditionType": _write_word(source.condition.kind),
            "conditionSubtype": _write_word(source.condition.subtype),
            **({"conditionNote": source.condition.note} if source.condition.note else {}),
        },
    }
    if has_price and "Principal" in source.charges:
        unit = source.charges["Principal"] / source.quantity_ordered
        told["price"] = {"unitPrice": describe_money(unit, view.order.currency)}
        if source.is_business_price:
            told["price"]["priceDesignation"] = "BUSINESS_PRICE"
    return told


def _describe_proceeds(view: OrderView, item: ItemView) -> dict[str, Any]:
    currency = view.order.currency
    details = {
        "TAX": [(_TAXES[name], amount) for name, amount in item.charges.items() if name in _TAXES],
        "DISCOUNT": [(_DISCOUNTS.get(name, "OTHER"), -amount) for name, amount in item.promotions.items()],
    }
    breakdowns = []
    for kind, amount in sum_kinds(item).items():
        breakdown: dict[str, Any] = {"type": kind, "subtotal": describe_money(amount, currency)}
        if kind in details:
            breakdown["detailedBreakdowns"] = [
                {"subtype": on, "value": describe_money(part, currency)} for on, part in details[kind]
            ]
        breakdowns.append(breakdown)
    return {"proceedsTotal": describe_money(item.total, currency), "breakdowns": breakdowns}


def _describe_cancellation(view: OrderView, item: ItemView) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if view.order.buyer_asked_to_cancel:
        reason = view.order.buyer_cancel_reason
        told["cancellationRequest"] = {"requester": "BUYER", **({"cancelReason": reason} if reason else {})}
    if item.item.cancellations:
        reason = item.item.cancellations[-1].reason or ""
        told["cancellationExecution"] = {"cancelledBy": "MERCHANT", **({"cancelReason": reason} if reason else {})}
    return told


def _describe_fulfillment(item: ItemView) -> dict[str, Any]:
    source = item.item
    told: dict[str, Any] = {
        "quantityFulfilled": source.quantity_shipped,
        "quantityUnfulfilled": source.quantity_open,
    }
    if source.gift is not None:
        gift = {"giftMessage": source.gift.message, "giftWrapLevel": source.gift.wrap_level}
        told["packing"] = {"giftOption": {name: text for name, text in gift.items() if text}}
    return told


def _write_word(text: str) -> str:
    return text.upper().replace(" ", "_")
