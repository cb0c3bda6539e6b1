"""ListOrderItems and its next pages: the lines of one order.

Which parts a line has, in which order, by status: Orders reference, OrderItem.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.next_token import read_rest, seal
from feedproc.mws.orders.order_element import describe_money
from feedproc.mws.refusals import ParameterInvalid
from feedproc.mws.responses import Element
from feedproc.orders.money import ZERO
from feedproc.orders.standing import PENDING
from feedproc.services.read.order_view import ItemView, OrderView, view_order

MOST_ITEMS = 100
"""On a page. Amazon tells no number."""
_ORDER_ID = re.compile(r"[0-9A-Z]{3}-[0-9]{7}-[0-9]{7}")


class RestOfItems(Struct, frozen=True):
    """The rest of an order's lines."""

    amazon_order_id: str
    begin: int


def answer(call: MwsCall) -> MwsAnswer:
    """Tell the first lines of an order.

    Raises:
        ParameterInvalid: the id is missing or malformed, or the seller has no such order.

    """
    given = call.parameters.list_values("AmazonOrderId") or call.parameters.list_values("AmazonOrderId.Id")
    if not given:
        raise ParameterInvalid("Missing required parameter AmazonOrderId.")
    return _answer_part(call, RestOfItems(given[0], 0))


def answer_next(call: MwsCall) -> MwsAnswer:
    """ListOrderItemsByNextToken: tell the page that the token stands for.

    Raises:
        ParameterInvalid: there is no token.
        NextTokenUnreadable: this seller was not given such a token.

    """
    return _answer_part(call, read_rest(call.seller, call.parameters, RestOfItems))


def _answer_part(call: MwsCall, part: RestOfItems) -> MwsAnswer:
    name = part.amazon_order_id
    order = call.backend.orders.get(call.seller.seller_id, name) if _ORDER_ID.fullmatch(name) else None
    if order is None:
        raise ParameterInvalid(f"Invalid AmazonOrderId: {name}")
    view = view_order(order)
    end = part.begin + MOST_ITEMS
    items = [_describe_item(view, item) for item in view.items[part.begin : end]]
    result: list[Element] = [("OrderItems", items), ("AmazonOrderId", order.amazon_order_id)]
    if end < len(view.items):
        result.append(("NextToken", seal(call.seller, RestOfItems(name, end))))
    return call.answer(*result)


def _describe_item(view: OrderView, item: ItemView) -> Element:
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
