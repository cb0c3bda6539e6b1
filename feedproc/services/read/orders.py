"""Find a seller's orders."""

import heapq
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from unicodedata import normalize

from msgspec import Struct
from msgspec.structs import replace

from feedproc.errors import FeedprocError
from feedproc.orders.order import GivenBy, Order, OrderKey
from feedproc.ports import OrderFilter, Orders

MOST_SEARCHED = 2_000
"""Orders that are looked at for one page of a search: about a second on AWS, much less elsewhere."""


class OrderUnknown(FeedprocError):
    """The seller has no such order; another seller's counts as unknown."""

    def __init__(self, name: str) -> None:
        """`name` is the order's, as it was asked for."""
        super().__init__(f"No such order: {name}")


class OrderPage(Struct, frozen=True):
    """Some of the orders that match, newest purchase first."""

    orders: Sequence[Order]
    following: tuple[datetime, str] | None
    """Where the next page begins, for `OrderFilter.after`; None when this is the last."""
    is_cut_off: bool = False
    """Whether a search ended because it had looked at as many orders as it may."""


def list_orders(orders: Orders, seller_id: str, which: OrderFilter, size: int) -> OrderPage:
    """Return the first `size` orders that match, and where the next page begins."""
    found = list(islice(walk_orders(orders, seller_id, which, size + 1), size + 1))
    more = len(found) > size
    last = found[size - 1] if more else None
    return OrderPage(found[:size], (last.purchased_at, last.amazon_order_id) if last else None)


def walk_orders(orders: Orders, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
    """Yield at most `limit` orders that match, newest purchase first.

    Several statuses are asked for one by one and merged: each is a walk along an index, whatever the number of orders.
    """
    if len(which.statuses) < 2:
        return orders.list(seller_id, which, limit)
    walks = [orders.list(seller_id, replace(which, statuses=(status,)), limit) for status in which.statuses]
    return islice(heapq.merge(*walks, key=_get_place, reverse=True), limit)


def find_order_id(orders: Orders, seller_id: str, name: str) -> str | None:
    """Return the Amazon id of the order with that id, be it Amazon's or the seller's; None when there is none."""
    keys = (OrderKey(name), OrderKey(name, GivenBy.SELLER))
    found = orders.find(seller_id, keys)
    return next((found[key].amazon_order_id for key in keys if key in found), None)


def search_orders(orders: Orders, seller_id: str, which: OrderFilter, text: str, size: int) -> OrderPage:
    """Return the first `size` orders of a filter that mention a text: in an id, a SKU, a title, or who bought it.

    Neither case nor width of the letters matters. Every store walks an index of its own from the newest order on, and
    at most `MOST_SEARCHED` orders are looked at for one page; nothing is ever read from end to end.
    """
    wanted = _fold(text)
    found: list[Order] = []
    last: tuple[datetime, str] | None = None
    for looked_at, order in enumerate(walk_orders(orders, seller_id, which, MOST_SEARCHED + 1)):
        if looked_at == MOST_SEARCHED:
            return OrderPage(found, last, is_cut_off=True)
        if any(wanted in _fold(one) for one in _list_texts(order)):
            if len(found) == size:
                return OrderPage(found, last)
            found.append(order)
        last = _get_place(order)
    return OrderPage(found, None)


def _list_texts(order: Order) -> Iterator[str]:
    """Yield what an order can be found by."""
    yield order.amazon_order_id
    yield order.merchant_order_id or ""
    yield from (order.buyer.name, order.buyer.email, order.ship_to.name)
    for item in order.items:
        yield from (item.sku, item.title, item.order_item_code)


def _fold(text: str) -> str:
    """Return a text without what Japanese keyboards do to letters and digits, and in small letters."""
    return normalize("NFKC", text).casefold()


def get_order(orders: Orders, seller_id: str, amazon_order_id: str) -> Order:
    """Return one order with its recipient.

    Raises:
        OrderUnknown: the seller has none with that id.

    """
    found = orders.get(seller_id, amazon_order_id)
    if found is None:
        raise OrderUnknown(amazon_order_id)
    return found


def get_known_orders(orders: Orders, seller_id: str, amazon_order_ids: Sequence[str]) -> list[Order]:
    """Return those of the orders that there are, in the order they are named, without their recipients."""
    found = orders.find(seller_id, {OrderKey(name) for name in amazon_order_ids})
    return [found[OrderKey(name)] for name in dict.fromkeys(amazon_order_ids) if OrderKey(name) in found]


def _get_place(order: Order) -> tuple[datetime, str]:
    return order.purchased_at, order.amazon_order_id
