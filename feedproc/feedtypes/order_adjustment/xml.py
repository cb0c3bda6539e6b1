"""How OrderAdjustment messages are read in XML."""

from collections.abc import Iterable

from feedproc.feedtypes.element import Element, amount, normalized, quantity, string
from feedproc.feedtypes.keys import ITEM_KEYS, ORDER_KEYS, item_key, order_key
from feedproc.feedtypes.order_adjustment.message import OrderAdjustment
from feedproc.orders.adjustment import AdjustedItem, Adjustment, Amounts, PromotionAdjustment


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
