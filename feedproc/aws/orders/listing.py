"""Orders listed newest first: one line for each status, merged."""

import heapq
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from feedproc.aws.clients import Clients
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item
from feedproc.aws.dynamo.read import fetch, query_items
from feedproc.aws.dynamo.tables import ORDERS
from feedproc.aws.orders.item import make_status_partition, read_order
from feedproc.orders.order import Order, OrderStatus
from feedproc.ports import OrderFilter

_PAGE = 100
_BEFORE_ALL, _BEHIND_ALL = "0", ":"
"""Sort before and behind every digit."""


def list_orders(clients: Clients, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
    """Yield at most `limit` orders that match, newest purchase first. The newest second may be missing."""
    return islice(_merge_matching(clients, seller_id, which, limit), limit)


def _merge_matching(clients: Clients, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
    statuses = set(which.statuses or OrderStatus)
    lines = [_query_status(clients, seller_id, status, which, min(limit, 1_000)) for status in statuses]
    keys = heapq.merge(*lines, key=_get_purchase, reverse=True)
    size = min(limit, _PAGE)
    while size and (part := list(islice(keys, size))):
        names = [{"name": key["name"]} for key in part]
        found = {item["name"]["S"]: read_order(item) for item in fetch(clients, ORDERS, names)}
        orders = (found[key["name"]["S"]] for key in part if key["name"]["S"] in found)
        yield from (order for order in orders if order.status in statuses)


def _query_status(
    clients: Clients, seller_id: str, status: OrderStatus, which: OrderFilter, size: int
) -> Iterator[Item]:
    """Yield the keys of a seller's orders that have a status, newest first."""
    first, last, behind = (
        _format_first(which.purchased_from),
        _format_last(which.purchased_before),
        _format_after(which),
    )
    statement = items.query(
        clients.name_table(ORDERS),
        "#status_partition = :partition AND #purchased_at BETWEEN :first AND :last",
        {
            "partition": items.text(make_status_partition(seller_id, status)),
            "first": items.text(first),
            "last": items.text(max(first, min(last, behind))),
        },
    )
    found = query_items(clients, statement, IndexName="by_status", ScanIndexForward=False, Limit=max(size, 1))
    return (key for key in found if first <= _get_purchase(key) < min(last, behind))


def _format_first(moment: datetime | None) -> str:
    return _BEFORE_ALL if moment is None else items.as_sortable(moment)


def _format_last(moment: datetime | None) -> str:
    return _BEHIND_ALL if moment is None else items.as_sortable(moment)


def _format_after(which: OrderFilter) -> str:
    return _BEHIND_ALL if which.after is None else f"{items.as_sortable(which.after[0])}/{which.after[1]}"


def _get_purchase(key: Item) -> str:
    return str(key["purchased_at"]["S"])
