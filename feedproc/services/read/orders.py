"""Find a seller's orders."""

import heapq
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from feedproc.errors import FeedprocError
from feedproc.orders.order import GivenBy, Order, OrderKey
from feedproc.ports import OrderFilter, Orders


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
