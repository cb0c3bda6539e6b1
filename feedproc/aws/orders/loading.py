"""Orders put into the book, together with their names and what they count for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from feedproc.aws.clients import Clients, draw_pauses
from feedproc.aws.dynamo.tables import ORDERS
from feedproc.aws.dynamo.transaction import MOST_ITEMS, ConditionsFailed, Write, check_size, make_token, transact
from feedproc.aws.orders.item import map_owners, move_names, put_order, update_order
from feedproc.aws.orders.lookup import OrderLookup
from feedproc.aws.orders.tallies import add_counts
from feedproc.aws.outbox.outbox import put_entries
from feedproc.errors import BatchTooLarge, Conflict
from feedproc.orders.metrics import count_change, merge_tallies
from feedproc.orders.order import Order, OrderKey
from feedproc.ports import OrderTeller

_ORDERS_A_TRANSACTION = MOST_ITEMS - 10


def load_orders(clients: Clients, seller_id: str, orders: Iterable[Order], tell: OrderTeller | None) -> int:
    """Put new orders in, or replace those with the same Amazon id; return how many.

    Raises:
        Conflict: another order of the seller has the merchant order id of one of them, or others kept changing them.

    """
    count = 0
    for part in _split(orders):
        _load(clients, seller_id, part, tell)
        count += len(part)
    return count


def change_orders(
    clients: Clients, seller_id: str, orders: Sequence[Order], at: datetime, tell: OrderTeller | None
) -> None:
    """Write orders that changed `at` a moment, if each still has the version it was read with: all of them, or none.

    Raises:
        Conflict: one of them changed since it was read.
        BatchTooLarge: they are more than DynamoDB takes at once.

    """
    keys = [OrderKey(order.amazon_order_id) for order in orders]
    stored = {key.value: one for key, one in OrderLookup(clients).find(seller_id, keys).items()}
    table = clients.get_table_name(ORDERS)
    before = map_owners((order.merchant_order_id, order.amazon_order_id) for order in stored.values())
    after = map_owners((order.merchant_order_id, order.amazon_order_id) for order in orders)
    tallies = merge_tallies(change for one in orders for change in count_change(stored.get(one.amazon_order_id), one))
    writes = [
        *(update_order(table, seller_id, order, at) for order in orders),
        *move_names(table, seller_id, before, after),
        *add_counts(clients, seller_id, tallies),
        *_tell_changes(clients, stored, orders, tell),
    ]
    check_size(writes)
    try:
        transact(clients, writes, make_token(writes))
    except ConditionsFailed as failed:
        raise Conflict(f"{len(failed.places)} orders changed meanwhile") from failed


def place_order(
    clients: Clients, seller_id: str, order: Order, changes: Iterable[Write], tell: OrderTeller | None
) -> None:
    """Put a new order in, together with other changes: all of them, or none.

    Raises:
        Conflict: there is an order with its id, or another of the changes does not fit what is stored.
        BatchTooLarge: it is more than DynamoDB takes at once.

    """
    writes = [*_build_writes(clients, seller_id, [order], {}), *changes, *_tell_changes(clients, {}, [order], tell)]
    check_size(writes)
    try:
        transact(clients, writes, make_token(writes))
    except ConditionsFailed as failed:
        raise Conflict(f"order {order.amazon_order_id} is there already, or a level changed meanwhile") from failed


def _split(orders: Iterable[Order]) -> Iterator[list[Order]]:
    """Yield a few orders at a time, of which no two are the same."""
    part: dict[str, Order] = {}
    for order in orders:
        if order.amazon_order_id in part or len(part) == _ORDERS_A_TRANSACTION:
            yield list(part.values())
            part = {}
        part[order.amazon_order_id] = order
    if part:
        yield list(part.values())


def _load(clients: Clients, seller_id: str, part: Sequence[Order], tell: OrderTeller | None) -> None:
    try:
        _try(clients, seller_id, part, tell)
    except BatchTooLarge:
        if len(part) == 1:
            raise
        middle = len(part) // 2
        _load(clients, seller_id, part[:middle], tell)
        _load(clients, seller_id, part[middle:], tell)


def _try(clients: Clients, seller_id: str, part: Sequence[Order], tell: OrderTeller | None) -> None:
    keys = [OrderKey(order.amazon_order_id) for order in part]
    for seconds in (*draw_pauses(), 0.0):
        stored = {key.value: one for key, one in OrderLookup(clients).find(seller_id, keys).items()}
        writes = [
            *_build_writes(clients, seller_id, part, stored),
            *_tell_changes(clients, stored, part, tell),
        ]
        check_size(writes)
        try:
            transact(clients, writes, make_token(writes))
        except ConditionsFailed as refused:
            if min(refused.places) >= len(part):
                raise Conflict("another order of this seller has the merchant order id of one of them") from refused
            clients.pause(seconds)
        else:
            return
    raise Conflict(f"orders of seller {seller_id} kept changing while they were loaded; try again")


def _build_writes(clients: Clients, seller_id: str, part: Sequence[Order], stored: Mapping[str, Order]) -> list[Write]:
    """Return the writes of orders, then of their names, then of the tallies."""
    table = clients.get_table_name(ORDERS)
    versions = {name: order.version for name, order in stored.items()}
    before = map_owners((order.merchant_order_id, order.amazon_order_id) for order in stored.values())
    after = map_owners((order.merchant_order_id, order.amazon_order_id) for order in part)
    tallies = merge_tallies(change for one in part for change in count_change(stored.get(one.amazon_order_id), one))
    return [
        *(put_order(table, seller_id, order, versions.get(order.amazon_order_id)) for order in part),
        *move_names(table, seller_id, before, after),
        *add_counts(clients, seller_id, tallies),
    ]


def _tell_changes(
    clients: Clients, before: Mapping[str, Order], orders: Sequence[Order], tell: OrderTeller | None
) -> Iterator[Write]:
    """Yield the write that adds what is to be told of orders to the outbox; at most one."""
    found = [tell(before.get(one.amazon_order_id), one) for one in orders] if tell is not None else []
    entries = [one for one in found if one is not None]
    if entries:
        at = max(one.at for one in entries if one.at is not None)
        yield from put_entries(clients, entries, at, f"orders/{orders[0].amazon_order_id}")
