"""getOrder and what else is told of one order: its lines, its buyer, its address."""

from typing import Any

from msgspec import Struct, to_builtins

from feedproc.services.read.order_view import OrderView, view_order
from feedproc.spapi.call import Answer, Call
from feedproc.spapi.errors import INPUT_MALFORMED
from feedproc.spapi.next_token import seal_token, unseal_token
from feedproc.spapi.orders_v0.item import describe_item, describe_item_buyer
from feedproc.spapi.orders_v0.order import describe_address, describe_buyer, describe_order, is_paid
from feedproc.spapi.refusals import InputInvalid, OrderMissing
from feedproc.spapi.restricted import ALL_ELEMENTS, find_data_elements

MOST_ITEMS = 100
"""On a page. Amazon tells no number."""


class ItemsLeft(Struct, frozen=True):
    """The rest of an order's lines."""

    amazon_order_id: str
    begin: int


def answer(call: Call) -> Answer:
    """Tell one order. Raises `OrderMissing`."""
    return Answer(200, {"payload": describe_order(_find(call), find_data_elements(call))})


def answer_buyer(call: Call) -> Answer:
    """getOrderBuyerInfo: tell who bought. Raises `OrderMissing`."""
    view = _find(call)
    told: dict[str, Any] = to_builtins(describe_buyer(view, ALL_ELEMENTS))
    return Answer(200, {"payload": {"AmazonOrderId": view.order.amazon_order_id, **told}})


def answer_address(call: Call) -> Answer:
    """getOrderAddress: tell where the order goes. Raises `OrderMissing`."""
    view = _find(call)
    payload: dict[str, Any] = {"AmazonOrderId": view.order.amazon_order_id}
    address = describe_address(view, ALL_ELEMENTS) if is_paid(view) else None
    if view.order.buyer.company_name:
        payload["BuyerCompanyName"] = view.order.buyer.company_name
    if address is not None:
        payload["ShippingAddress"] = address
    return Answer(200, {"payload": payload})


def answer_items(call: Call) -> Answer:
    """getOrderItems: tell the lines of an order, page by page. Raises `InputInvalid`."""
    elements = find_data_elements(call)
    return _answer_items(call, lambda view, item: describe_item(view, item, elements))


def answer_items_buyer(call: Call) -> Answer:
    """getOrderItemsBuyerInfo: tell what the buyer wished for each line. Raises `InputInvalid`."""
    return _answer_items(
        call,
        lambda view, item: {"OrderItemId": item.item.order_item_code, **describe_item_buyer(view, item, ALL_ELEMENTS)},
    )


def _answer_items(call: Call, describe: Any) -> Answer:
    try:
        view = _find(call)
    except OrderMissing:
        raise InputInvalid(INPUT_MALFORMED) from None
    name, token = view.order.amazon_order_id, call.query.get("NextToken")
    begin = unseal_token(call.seller, token, ItemsLeft).begin if token else 0
    end = begin + MOST_ITEMS
    payload: dict[str, Any] = {
        "AmazonOrderId": name,
        "OrderItems": [describe(view, item) for item in view.items[begin:end]],
    }
    if end < len(view.items):
        payload["NextToken"] = seal_token(call.seller, ItemsLeft(name, end))
    return Answer(200, {"payload": payload})


def _find(call: Call) -> OrderView:
    order = call.services.backend.orders.get(call.seller.seller_id, call.path["orderId"])
    if order is None:
        raise OrderMissing(call.path["orderId"])
    return view_order(order)
