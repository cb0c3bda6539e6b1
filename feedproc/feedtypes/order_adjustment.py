"""OrderAdjustment: the seller gives money back, or cancels units that it cannot ship with the rest."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from feedproc.feeds.report import Result
from feedproc.feedtype import Context, FeedType, Orders, Outcome
from feedproc.feedtypes.element import Element, amount, normalized, quantity, string
from feedproc.feedtypes.keys import ITEM_KEYS, ORDER_KEYS, item_key, order_key
from feedproc.feedtypes.verdicts import applied, refused
from feedproc.formats.xml import XmlFormat
from feedproc.orders.adjustment import AdjustedItem, Adjustment, Amounts, PromotionAdjustment, adjust, require_plausible
from feedproc.orders.order import OrderKey


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


def check(message_id: str, body: OrderAdjustment, _at: datetime) -> Result | None:
    """Say what no order could allow: a wrong sign, no credit in all, a reason that cancels nothing."""
    return refused(message_id, lambda: require_plausible(body.adjustment))


FEED_TYPES = (
    FeedType(
        name="POST_PAYMENT_ADJUSTMENT_DATA",
        format=XmlFormat("OrderAdjustment", decode),
        keys=keys,
        apply=apply,
        check=check,
    ),
)
