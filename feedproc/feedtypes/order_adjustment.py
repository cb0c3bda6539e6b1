"""OrderAdjustment: the seller gives money back, or cancels units that it cannot ship with the rest.

Each row of the flat file, Order Adjustment, is about one item, and takes effect by itself.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from feedproc.feeds.report import Result
from feedproc.feedtype import Context, FeedType, Orders, Outcome
from feedproc.feedtypes.element import Element, amount, normalized, quantity, string
from feedproc.feedtypes.keys import ITEM_KEYS, ORDER_KEYS, item_key, order_key
from feedproc.feedtypes.rows import named, naming
from feedproc.feedtypes.verdicts import applied, refused
from feedproc.formats.flat import FlatFile
from feedproc.formats.flat.templates import ADJUSTMENT
from feedproc.formats.xml.format import XmlFormat
from feedproc.orders.adjustment import AdjustedItem, Adjustment, Amounts, PromotionAdjustment, adjust, require_plausible
from feedproc.orders.order import ItemKey, OrderKey


class OrderAdjustment(Struct, frozen=True, gc=False):
    """The body of a message."""

    order: OrderKey
    adjustment: Adjustment


def decode(payload: Element) -> OrderAdjustment:
    """Read the payload element of a message that fits its schema."""
    action = None
    currencies: set[str] = set()
    items = []
    for child in payload:
        tag = child.tag
        if tag == "AdjustedItem":
            items.append(_adjusted_item(child, currencies))
        elif tag in ORDER_KEYS:
            order = order_key(child)
        elif tag == "ActionType":
            action = string(child)
    return OrderAdjustment(order, Adjustment(tuple(items), action, frozenset(currencies)))


def _adjusted_item(element: Element, currencies: set[str]) -> AdjustedItem:
    """Read an AdjustedItem, and add the currencies of its amounts."""
    prices: Amounts = ()
    direct_payments: Amounts = ()
    promotions: list[PromotionAdjustment] = []
    cancelled = units = merchant_adjustment_item_id = None
    for child in element:
        tag = child.tag
        if tag in ITEM_KEYS:
            key = item_key(child)
        elif tag == "ItemPriceAdjustments":
            prices = _components(child, currencies)
        elif tag == "AdjustmentReason":
            reason = string(child)
        elif tag == "Quantity":
            units = quantity(child)
        elif tag == "MerchantAdjustmentItemID":
            merchant_adjustment_item_id = normalized(child)
        elif tag == "QuantityCancelled":
            cancelled = quantity(child)
        elif tag == "PromotionAdjustments":
            promotions.append(_promotion(child, currencies))
        elif tag == "DirectPaymentAdjustments":
            direct_payments = _components(child, currencies)
    return AdjustedItem(
        key, reason, prices, tuple(promotions), direct_payments, cancelled, units, merchant_adjustment_item_id
    )


def _components(elements: Iterable[Element], currencies: set[str]) -> Amounts:
    """Read Component elements, and add the currencies of their amounts."""
    components = []
    for component in elements:
        kind, money = component
        components.append((kind.text or "", amount(money)))
        currency = money.get("currency")
        if currency:
            currencies.add(currency)
    return tuple(components)


def _promotion(element: Element, currencies: set[str]) -> PromotionAdjustment:
    """Read a PromotionAdjustments; a name that is empty names nothing."""
    components = []
    promotion_id = claim_code = None
    for child in element:
        tag = child.tag
        if tag == "Component":
            components.append(child)
        elif tag == "MerchantPromotionID":
            promotion_id = normalized(child) or None
        elif tag == "PromotionClaimCode":
            claim_code = string(child)
    return PromotionAdjustment(_components(components, currencies), promotion_id, claim_code)


def keys(body: OrderAdjustment) -> tuple[OrderKey, ...]:
    """Name the order."""
    return (body.order,)


def apply(message_id: str, body: OrderAdjustment, orders: Orders, context: Context) -> Outcome:
    """Adjust the order's items: all that the message asks, or nothing."""
    return applied(
        message_id,
        body.order,
        orders,
        context,
        lambda order: adjust(order, body.adjustment, context.now, context.restocking),
    )


def check(message_id: str, body: OrderAdjustment, _at: datetime, marketplace_id: str) -> Result | None:
    """Say what no order could allow: a wrong sign, no credit in all, a reason that cancels nothing."""
    return refused(message_id, marketplace_id, lambda: require_plausible(body.adjustment))


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


def _named_in_row(body: OrderAdjustment) -> tuple[str, str | None]:
    return body.order.value, body.adjustment.items[0].item.value


def check_row(message_id: str, body: OrderAdjustment, at: datetime, marketplace_id: str) -> Result | None:
    """Say what `check` says, naming order and item."""
    result = check(message_id, body, at, marketplace_id)
    return None if result is None else naming(result, *_named_in_row(body))


FEED_TYPES = (
    FeedType(
        name="POST_PAYMENT_ADJUSTMENT_DATA",
        format=XmlFormat("OrderAdjustment", decode),
        keys=keys,
        apply=apply,
        check=check,
    ),
    FeedType(
        name="POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA",
        format=FlatFile(ADJUSTMENT, decode_row),
        keys=keys,
        apply=named(apply, _named_in_row),
        check=check_row,
    ),
)
