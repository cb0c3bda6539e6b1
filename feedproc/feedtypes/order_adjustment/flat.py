"""The flat file Order Adjustment: its template, and what a row of it does."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from feedproc.feeds.report import Result
from feedproc.feedtypes.order_adjustment.message import OrderAdjustment, check
from feedproc.feedtypes.rows import naming
from feedproc.orders.adjustment import AdjustedItem, Adjustment, PromotionAdjustment
from feedproc.orders.order import ItemKey, OrderKey

_COMPONENTS = ("Principal", "Tax", "Shipping", "ShippingTax", "GiftWrap", "GiftWrapTax")
"""What the columns item-price-adj to gift-wrap-tax-adj are about."""


def decode_row(values: Sequence[Any]) -> OrderAdjustment:
    """Read a row of the adjustment template. An amount of 0.00 says as little as an empty cell."""
    order_id, item_code, reason, currency, *amounts, cancelled = values
    *prices, item_amount, item_promotion, ship_amount, ship_promotion = amounts
    promotions = (("Principal", item_amount, item_promotion), ("Shipping", ship_amount, ship_promotion))
    line = AdjustedItem(
        ItemKey(item_code),
        reason,
        tuple((kind, value) for kind, value in zip(_COMPONENTS, prices, strict=True) if value),
        tuple(_promoted(kind, value, promotion_id) for kind, value, promotion_id in promotions if value),
        quantity_cancelled=cancelled,
    )
    currencies = frozenset({currency} if currency and line.has_amounts else ())
    return OrderAdjustment(OrderKey(order_id), Adjustment((line,), None, currencies))


def _promoted(kind: str, value: Decimal, promotion_id: str | None) -> PromotionAdjustment:
    return PromotionAdjustment(((kind, value),), promotion_id)


def named_in_row(body: OrderAdjustment) -> tuple[str, str | None]:
    """Return the ids of order and item by which a report names a row."""
    return body.order.value, body.adjustment.items[0].item.value


def check_row(message_id: str, body: OrderAdjustment, at: datetime, marketplace_id: str) -> Result | None:
    """Say what `check` says, naming order and item."""
    result = check(message_id, body, at, marketplace_id)
    return None if result is None else naming(result, *named_in_row(body))
