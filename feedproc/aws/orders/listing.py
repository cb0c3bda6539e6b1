"""Orders listed by a time of theirs: by purchase one line for each status, merged; by their last update one line."""

import heapq
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from feedproc.aws.clients import Clients
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item
from feedproc.aws.dynamo.read import fetch, query_items
from feedproc.aws.dynamo.tables import ORDERS
from feedproc.aws.orders.item import make_place, make_status_partition, read_order
from feedproc.orders.order import Order, OrderStatus
from feedproc.ports import OrderFilter, OrderTime

_PAGE = 100
_BEFORE_ALL, _BEHIND_ALL = "0", ":"
"""Sort before and behind every digit."""


def list_orders(clients: Clients, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
    """Yield at most `limit` orders that match, newest first unless told otherwise. The newest second may be missing."""
    return islice(_read_matching(clients, seller_id, which, limit), limit)


def _read_matching(clients: Clients, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
    statuses = set(which.statuses or OrderStatus)
    keys = _list_keys(clients, seller_id, which, min(limit, 1_000))
    size = min(limit, _PAGE)
    while size and (part := list(islice(keys, size))):
        names = [{"name": key["name"]} for key in part]
        found = {item["name"]["S"]: read_order(item) for item in fetch(clients, ORDERS, names)}
        orders = (found[key["name"]["S"]] for key in part if key["name"]["S"] in found)
        yield from (order for order in orders if order.status in statuses)


def _list_keys(clients: Clients, seller_id: str, which: OrderFilter, size: int) -> Iterator[Item]:
    if which.by is OrderTime.UPDATED:
        return _query_line(clients, _IndexLine("by_update", "seller_id", seller_id, "updated_at"), which, size)
    lines = []
    for status in set(which.statuses or OrderStatus):
        line = _IndexLine("by_status", "status_partition", make_status_partition(seller_id, status), "purchased_at")
        lines.append(_query_line(clients, line, which, size))
    return heapq.merge(*lines, key=lambda key: str(key["purchased_at"]["S"]), reverse=not which.oldest_first)


class _IndexLine(NamedTuple):
    """A partition of an index, in which a seller's orders stand by a time."""

    index_name: str
    attribute: str
    partition: str
    time: str


def _query_line(clients: Clients, line: _IndexLine, which: OrderFilter, size: int) -> Iterator[Item]:
    """Yield the keys of the orders in a line that match, sorted."""
    first = _BEFORE_ALL if which.since is None else items.as_sortable(which.since)
    end = _BEHIND_ALL if which.before is None else items.as_sortable(which.before)
    after = None if which.after is None else make_place(*which.after)
    if after is not None:
        first, end = (max(first, after), end) if which.oldest_first else (first, min(end, after))
    statement = items.query(
        clients.get_table_name(ORDERS),
        f"#{line.attribute} = :partition AND #{line.time} BETWEEN :first AND :last",
        {
            "partition": items.as_text(line.partition),
            "first": items.as_text(first),
            "last": items.as_text(max(first, end)),
        },
    )
    found = query_items(
        clients, statement, IndexName=line.index_name, ScanIndexForward=which.oldest_first, Limit=max(size, 1)
    )
    return (key for key in found if first <= key[line.time]["S"] < end and key[line.time]["S"] != after)
