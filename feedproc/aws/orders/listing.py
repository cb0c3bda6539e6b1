"""Orders listed by a time of theirs, from lines of the indexes, which are merged.

An index by status and purchase besides would cost every change two more units of writing. So orders of statuses in
which they do not stay are read whole, and sorted here; all others are found among those of every status.
"""

import heapq
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice, product
from typing import NamedTuple

from feedproc.aws.clients import Clients
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item
from feedproc.aws.dynamo.read import fetch, query_items
from feedproc.aws.dynamo.tables import ORDERS
from feedproc.aws.orders.item import (
    PURCHASE_SHARDS,
    STATUS_SHARDS,
    is_order_of,
    make_place,
    name_purchase_partition,
    name_status_partition,
    read_order,
)
from feedproc.orders.order import Order, OrderStatus
from feedproc.ports import OrderFilter, OrderTime

_PAGE = 100
_LASTING = frozenset({OrderStatus.SHIPPED, OrderStatus.CANCELED})
"""Statuses in which orders stay, so that there are ever more of them."""
_AT_ONCE = 16
"""Lines asked at the same time, so that a listing of all statuses takes about as long as one of a single line."""
_BEFORE_ALL, _BEHIND_ALL = "0", ":"
"""Sort before and behind every digit."""


class _IndexLine(NamedTuple):
    """A partition of an index, in which a seller's orders stand by a time."""

    index_name: str
    attribute: str
    partition: str
    time: str


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
    """Yield the keys of the orders that match, and of some that do not, from all lines in one order."""
    statuses = set(which.statuses or OrderStatus)
    changed = [name_status_partition(seller_id, *one) for one in product(statuses, range(STATUS_SHARDS))]
    if which.by is OrderTime.UPDATED:
        time, shards = "updated_at", STATUS_SHARDS
        lines = [_IndexLine("by_change", "status_partition", one, time) for one in changed]
    elif statuses.isdisjoint(_LASTING):
        return _sort_all(
            clients, [_IndexLine("by_change", "status_partition", one, "purchased_at") for one in changed], which
        )
    else:
        time, shards = "purchased_at", PURCHASE_SHARDS
        partitions = [name_purchase_partition(seller_id, shard) for shard in range(shards)]
        lines = [_IndexLine("by_purchase", "seller_id", one, time) for one in partitions]
    a_page = size * 2 // shards + 1
    found = _begin_together([_query_line(clients, one, which, a_page) for one in lines])
    merged = heapq.merge(*found, key=lambda key: str(key[time]["S"]), reverse=not which.oldest_first)
    return (key for key in merged if is_order_of(seller_id, key))


def _sort_all(clients: Clients, lines: Sequence[_IndexLine], which: OrderFilter) -> Iterator[Item]:
    """Yield the keys of the orders of whole lines that match, sorted by a time that is not the lines' own."""
    first, end, after = _find_bounds(which)

    def read(line: _IndexLine) -> list[tuple[str, str]]:
        values = {"partition": items.as_text(line.partition)}
        statement = items.query(clients.get_table_name(ORDERS), f"#{line.attribute} = :partition", values)
        found = query_items(clients, statement, IndexName=line.index_name)
        pairs = ((str(key[line.time]["S"]), str(key["name"]["S"])) for key in found)
        return [pair for pair in pairs if first <= pair[0] < end and pair[0] != after]

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        pairs = sorted(chain.from_iterable(threads.map(read, lines)), reverse=not which.oldest_first)
    return ({"name": items.as_text(name)} for _, name in pairs)


def _begin_together(lines: Sequence[Iterator[Item]]) -> list[Iterator[Item]]:
    """Ask for the first page of all lines at once; return those in which there is something."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        firsts = list(threads.map(lambda line: next(line, None), lines))
    return [chain([first], line) for first, line in zip(firsts, lines, strict=True) if first is not None]


def _query_line(clients: Clients, line: _IndexLine, which: OrderFilter, size: int) -> Iterator[Item]:
    """Yield the keys of the orders in a line that match, sorted."""
    first, end, after = _find_bounds(which)
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


def _find_bounds(which: OrderFilter) -> tuple[str, str, str | None]:
    """Return from which place up to which one orders match, and behind which one the page begins."""
    first = _BEFORE_ALL if which.since is None else items.as_sortable(which.since)
    end = _BEHIND_ALL if which.before is None else items.as_sortable(which.before)
    after = None if which.after is None else make_place(*which.after)
    if after is not None:
        first, end = (max(first, after), end) if which.oldest_first else (first, min(end, after))
    return first, end, after
