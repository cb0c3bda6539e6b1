"""A line of an order as an element: which parts, in which order, by status (Orders reference, OrderItem)."""

from collections.abc import Iterator
from decimal import Decimal

from feedproc.mws.orders.order_element import PENDING, describe_money
from feedproc.mws.responses import Element
from feedproc.orders.money import ZERO
from feedproc.services.read.order_view import ItemView, OrderView


def describe_item(view: OrderView, item: ItemView) -> Element:
    """Return the element `OrderItem`. A line without units, and one of a pending order, tells no amounts."""
    tells_money = view.status not in PENDING and item.quantity > 0
    return ("OrderItem", list(_describe_parts(view, item, tells_money)))


def _describe_parts(view: OrderView, item: ItemView, tells_money: bool) -> Iterator[Element]:
    source = item.item
    amounts = dict(_describe_amounts(view, item)) if tells_money else {}
    yield ("QuantityOrdered", str(item.quantity))
    yield ("Title", source.title or source.sku)
    yield from _pick(amounts, "ShippingTax", "PromotionDiscount")
    if tells_money:
        yield ("ConditionId", source.condition.kind)
    yield ("IsGift", "true" if source.gift is not None or "GiftWrapPrice" in amounts else "false")
    yield ("ASIN", item.asin)
    yield ("SellerSKU", source.sku)
    yield ("OrderItemId", source.order_item_code)
    yield from _pick(amounts, "ShippingDiscountTax", "GiftWrapTax")
    if tells_money:
        yield ("IsTransparency", "false")
    yield ("ProductInfo", [("NumberOfItems", "1")])
    yield ("QuantityShipped", str(source.quantity_shipped))
    yield from _pick(amounts, "ShippingPrice", "GiftWrapPrice")
    if tells_money:
        yield ("ConditionSubtypeId", source.condition.subtype)
    yield from _pick(amounts, "ItemPrice", "ItemTax", "ShippingDiscount", "PromotionDiscountTax", "CODFee")
    if tells_money:
        yield from _describe_extras(view, item)


def _pick(amounts: dict[str, Element], *names: str) -> Iterator[Element]:
    yield from (amounts[name] for name in names if name in amounts)


def _describe_amounts(view: OrderView, item: ItemView) -> Iterator[tuple[str, Element]]:
    """Yield all amounts that Amazon tells, zeros as well; of gift wrap and payment on delivery only what is charged."""
    charges, promotions = item.charges, item.promotions
    known: dict[str, Decimal | None] = {
        "ItemPrice": charges.get("Principal", ZERO),
        "ItemTax": charges.get("Tax", ZERO),
        "ShippingPrice": charges.get("Shipping", ZERO),
        "ShippingTax": charges.get("ShippingTax", ZERO),
        "GiftWrapPrice": charges.get("GiftWrap"),
        "GiftWrapTax": charges.get("GiftWrapTax", ZERO if "GiftWrap" in charges else None),
        "PromotionDiscount": -promotions.get("Principal", ZERO),
        "PromotionDiscountTax": ZERO,
        "ShippingDiscount": -promotions.get("Shipping", ZERO),
        "ShippingDiscountTax": ZERO,
        "CODFee": sum((charges[name] for name in ("COD", "CODFee", "CODTax") if name in charges), ZERO) or None,
    }
    for name, amount in known.items():
        if amount is not None:
            yield name, describe_money(name, amount or ZERO, view.order.currency)


def _describe_extras(view: OrderView, item: ItemView) -> Iterator[Element]:
    source, order = item.item, view.order
    if source.promotions:
        yield ("PromotionIds", [("PromotionId", one.promotion_id) for one in source.promotions])
    if source.gift is not None and source.gift.message:
        yield ("GiftMessageText", source.gift.message)
    if source.gift is not None and source.gift.wrap_level:
        yield ("GiftWrapLevel", source.gift.wrap_level)
    if source.condition.note:
        yield ("ConditionNote", source.condition.note)
    if source.is_business_price:
        yield ("PriceDesignation", "BusinessPrice")
    if order.buyer_asked_to_cancel:
        reason = [("BuyerCancelReason", order.buyer_cancel_reason)]
        yield ("BuyerRequestedCancel", [("IsBuyerRequestedCancel", "true"), *reason])
