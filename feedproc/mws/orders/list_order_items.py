"""ListOrderItems and its next pages: the lines of one order."""

import re

from msgspec import Struct

from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.next_token import seal
from feedproc.mws.orders.item_element import describe_item
from feedproc.mws.orders.rest import read_rest
from feedproc.mws.refusals import ParameterInvalid
from feedproc.mws.responses import Element
from feedproc.services.read.order_view import view_order

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
    return _answer_part(call, read_rest(call, RestOfItems))


def _answer_part(call: MwsCall, part: RestOfItems) -> MwsAnswer:
    name = part.amazon_order_id
    order = call.backend.orders.get(call.seller.seller_id, name) if _ORDER_ID.fullmatch(name) else None
    if order is None:
        raise ParameterInvalid(f"Invalid AmazonOrderId: {name}")
    view = view_order(order)
    end = part.begin + MOST_ITEMS
    items = [describe_item(view, item) for item in view.items[part.begin : end]]
    result: list[Element] = [("OrderItems", items), ("AmazonOrderId", order.amazon_order_id)]
    if end < len(view.items):
        result.append(("NextToken", seal(call.seller, RestOfItems(name, end))))
    return call.answer(*result)
