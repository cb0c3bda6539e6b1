"""Orders listed newest first: one line for each status, merged."""

import heapq
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from feedproc.aws.clients import Clients
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item
from feedproc.aws.dynamo.read import fetched, queried
from feedproc.aws.dynamo.tables import ORDERS
from feedproc.aws.orders.item import order_in, shelf_of
from feedproc.orders.order import Order, OrderStatus
from feedproc.ports import OrderFilter

_PAGE = 100
_BEFORE_ALL, _BEHIND_ALL = "0", ":"
"""Sort before and behind every digit."""


def listed(clients: Clients, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
    """Yield at most `limit` orders that match, newest purchase first. The newest second may be missing."""
    return islice(_matching(clients, seller_id, which, limit), limit)


def _matching(clients: Clients, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
    statuses = set(which.statuses or OrderStatus)
    lines = [_line(clients, seller_id, status, which, min(limit, 1_000)) for status in statuses]
    keys = heapq.merge(*lines, key=_bought, reverse=True)
    size = min(limit, _PAGE)
    while size and (part := list(islice(keys, size))):
        names = [{"name": key["name"]} for key in part]
        found = {item["name"]["S"]: order_in(item) for item in fetched(clients, ORDERS, names)}
        orders = (found[key["name"]["S"]] for key in part if key["name"]["S"] in found)
        yield from (order for order in orders if order.status in statuses)


def _line(clients: Clients, seller_id: str, status: OrderStatus, which: OrderFilter, size: int) -> Iterator[Item]:
    """Yield the keys of a seller's orders that have a status, newest first."""
    first, last, behind = _first(which.purchased_from), _last(which.purchased_before), _behind(which)
    statement = items.query(
        clients.table(ORDERS),
        "#shelf = :shelf AND #bought BETWEEN :first AND :last",
        {
            "shelf": items.text(shelf_of(seller_id, status)),
            "first": items.text(first),
            "last": items.text(max(first, min(last, behind))),
        },
    )
    found = queried(clients, statement, IndexName="by_status", ScanIndexForward=False, Limit=max(size, 1))
    return (key for key in found if first <= _bought(key) < min(last, behind))


def _first(moment: datetime | None) -> str:
    return _BEFORE_ALL if moment is None else items.sortable(moment)


def _last(moment: datetime | None) -> str:
    return _BEHIND_ALL if moment is None else items.sortable(moment)


def _behind(which: OrderFilter) -> str:
    return _BEHIND_ALL if which.after is None else f"{items.sortable(which.after[0])}/{which.after[1]}"


def _bought(key: Item) -> str:
    return str(key["bought"]["S"])
