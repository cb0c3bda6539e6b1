"""The flat file Order Adjustment: its template, and what a row of it does."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from feedproc.feeds.report import Result
from feedproc.feedtypes.order_adjustment.message import OrderAdjustment, check
from feedproc.feedtypes.order_columns import ORDER_ID
from feedproc.feedtypes.rows import name_result
from feedproc.formats.flat.columns import Column, Template, name_by_order
from feedproc.formats.flat.hints import mend_reason
from feedproc.formats.flat.values import (
    choose_one_of,
    limit_text,
    read_amount,
    read_currency,
    read_item_code,
    read_units,
)
from feedproc.orders.adjustment import AdjustedItem, Adjustment, PromotionAdjustment
from feedproc.orders.order import ItemKey, OrderKey

_COMPONENTS = ("Principal", "Tax", "Shipping", "ShippingTax", "GiftWrap", "GiftWrapTax")
"""What the columns item-price-adj to gift-wrap-tax-adj are about."""

_ADJUSTMENT_REASONS = (
    "NoInventory",
    "CustomerReturn",
    "GeneralAdjustment",
    "CouldNotShip",
    "DifferentItem",
    "Abandoned",
    "CustomerCancel",
    "PriceError",
)
_adjustment_reason = choose_one_of(
    _ADJUSTMENT_REASONS,
    partial(
        mend_reason,
        names=_ADJUSTMENT_REASONS,
        elsewhere={
            "BuyerCanceled": "CustomerCancel",
            "PricingError": "PriceError",
            "CustomerExchange": "GeneralAdjustment",
            "ShippingAddressUndeliverable": "CouldNotShip",
            "ProductOutofStock": "NoInventory",
            "Exchange": "GeneralAdjustment",
            "CustomerAddressIncorrect": "CouldNotShip",
        },
    ),
)

TEMPLATE = Template(
    "Order Adjustment",
    (
        ORDER_ID,
        Column("order-item-id", read_item_code, is_required=True, japanese="注文商品番号"),
        Column("adjustment-reason-code", _adjustment_reason, is_required=True, japanese="調整理由コード"),
        Column("currency", read_currency, japanese="通貨"),
        Column("item-price-adj", read_amount, japanese="商品代金の調整額"),
        Column("item-tax-adj", read_amount, japanese="商品の税の調整額"),
        Column("shipping-price-adj", read_amount, japanese="配送料の調整額"),
        Column("shipping-tax-adj", read_amount, japanese="配送料の税の調整額"),
        Column("gift-wrap-price-adj", read_amount, japanese="ギフト包装料の調整額"),
        Column("gift-wrap-tax-adj", read_amount, japanese="ギフト包装料の税の調整額"),
        Column("item-promotion-adj", read_amount, japanese="商品プロモーションの調整額"),
        Column("item-promotion-id", limit_text(80), japanese="商品プロモーションID"),
        Column("ship-promotion-adj", read_amount, japanese="配送料プロモーションの調整額"),
        Column("ship-promotion-id", limit_text(80), japanese="配送料プロモーションID"),
        Column("quantity-cancelled", read_units, japanese="キャンセル数"),
    ),
    named_by=name_by_order("order-item-id"),
    feed_type="POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA",
)


def decode_row(values: Sequence[Any]) -> OrderAdjustment:
    """Read a row of the adjustment template. An amount of 0.00 says as little as an empty cell."""
    order_id, item_code, reason, currency, *amounts, cancelled = values
    *prices, item_amount, item_promotion, ship_amount, ship_promotion = amounts
    promotions = (("Principal", item_amount, item_promotion), ("Shipping", ship_amount, ship_promotion))
    line = AdjustedItem(
        ItemKey(item_code),
        reason,
        tuple((kind, value) for kind, value in zip(_COMPONENTS, prices, strict=True) if value),
        tuple(_make_promotion(kind, value, promotion_id) for kind, value, promotion_id in promotions if value),
        quantity_cancelled=cancelled,
    )
    currencies = frozenset({currency} if currency and line.has_amounts else ())
    return OrderAdjustment(OrderKey(order_id), Adjustment((line,), None, currencies))


def _make_promotion(kind: str, value: Decimal, promotion_id: str | None) -> PromotionAdjustment:
    return PromotionAdjustment(((kind, value),), promotion_id)


def get_names(body: OrderAdjustment) -> tuple[str, str | None]:
    """Return the ids of order and item by which a report names a row."""
    return body.order.value, body.adjustment.items[0].item.value


def check_row(message_id: str, body: OrderAdjustment, at: datetime, marketplace_id: str) -> Result | None:
    """Say what `check` says, naming order and item."""
    result = check(message_id, body, at, marketplace_id)
    return None if result is None else name_result(result, *get_names(body))
