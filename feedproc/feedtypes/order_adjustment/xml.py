"""How OrderAdjustment messages are read in XML."""

from collections.abc import Iterable

from feedproc.feedtypes.element import Element, read_amount, read_normalized, read_quantity, read_string
from feedproc.feedtypes.keys import ITEM_KEYS, ORDER_KEYS, read_item_key, read_order_key
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
            items.append(_read_item(child, currencies))
        elif tag in ORDER_KEYS:
            order = read_order_key(child)
        elif tag == "ActionType":
            action = read_string(child)
    return OrderAdjustment(order, Adjustment(tuple(items), action, frozenset(currencies)))


def _read_item(element: Element, currencies: set[str]) -> AdjustedItem:
    """Read an AdjustedItem, and add the currencies of its amounts."""
    prices: Amounts = ()
    direct_payments: Amounts = ()
    promotions: list[PromotionAdjustment] = []
    cancelled = units = merchant_adjustment_item_id = None
    for child in element:
        tag = child.tag
        if tag in ITEM_KEYS:
            key = read_item_key(child)
        elif tag == "ItemPriceAdjustments":
            prices = _read_components(child, currencies)
        elif tag == "AdjustmentReason":
            reason = read_string(child)
        elif tag == "Quantity":
            units = read_quantity(child)
        elif tag == "MerchantAdjustmentItemID":
            merchant_adjustment_item_id = read_normalized(child)
        elif tag == "QuantityCancelled":
            cancelled = read_quantity(child)
        elif tag == "PromotionAdjustments":
            promotions.append(_read_promotion(child, currencies))
        elif tag == "DirectPaymentAdjustments":
            direct_payments = _read_components(child, currencies)
    return AdjustedItem(
        key, reason, prices, tuple(promotions), direct_payments, cancelled, units, merchant_adjustment_item_id
    )


def _read_components(elements: Iterable[Element], currencies: set[str]) -> Amounts:
    """Read Component elements, and add the currencies of their amounts."""
    components = []
    for component in elements:
        kind, money = component[0], component[1]
        components.append((kind.text or "", read_amount(money)))
        currency = money.get("currency")
        if currency:
            currencies.add(currency)
    return tuple(components)


def _read_promotion(element: Element, currencies: set[str]) -> PromotionAdjustment:
    """Read a PromotionAdjustments; a name that is empty names nothing."""
    components = []
    promotion_id = claim_code = None
    for child in element:
        tag = child.tag
        if tag == "Component":
            components.append(child)
        elif tag == "MerchantPromotionID":
            promotion_id = read_normalized(child) or None
        elif tag == "PromotionClaimCode":
            claim_code = read_string(child)
    return PromotionAdjustment(_read_components(components, currencies), promotion_id, claim_code)
