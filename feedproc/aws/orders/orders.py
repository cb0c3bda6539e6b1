"""The port `Orders` in DynamoDB."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from feedproc.aws.clients import Clients, draw_pauses
from feedproc.aws.dynamo.tables import ORDERS
from feedproc.aws.dynamo.transaction import MOST_ITEMS, ConditionsFailed, Write, check_size, make_token, transact
from feedproc.aws.orders.item import map_owners, move_names, put_order, update_order
from feedproc.aws.orders.listing import list_orders
from feedproc.aws.orders.lookup import OrderLookup
from feedproc.aws.orders.tallies import add_counts
from feedproc.aws.outbox.outbox import put_entries
from feedproc.aws.stock.stock import put_changes
from feedproc.errors import BatchTooLarge, Conflict
from feedproc.orders.metrics import count_change, merge_tallies
from feedproc.orders.order import Order, OrderKey
from feedproc.ports import OrderFilter, OrderTeller
from feedproc.stock.change import StockMoves

_ORDERS_A_TRANSACTION = MOST_ITEMS - 10


class DynamoOrders(OrderLookup):
    """The port `Orders`: finds orders one by one, as `OrderLookup` does, lists them and loads them."""

    def place(
        self, seller_id: str, order: Order, moves: StockMoves, at: datetime, tell: OrderTeller | None = None
    ) -> None:
        """Put a new order in and take from the stock what it takes.

        Raises:
            Conflict: there is an order with its id, or a level changed since it was looked at.

        """
        changes = put_changes(self._clients, seller_id, moves, at)
        writes = [
            *_build_writes(self._clients, seller_id, [order], {}),
            *changes,
            *_tell_changes(self._clients, {}, [order], tell),
        ]
        check_size(writes)
        try:
            transact(self._clients, writes, make_token(writes))
        except ConditionsFailed as failed:
            raise Conflict(f"order {order.amazon_order_id} is there already, or a level changed meanwhile") from failed

    def change(self, seller_id: str, orders: Sequence[Order], at: datetime, tell: OrderTeller | None = None) -> None:
        """Keep orders that changed `at` a moment without a feed: all of them, or none; and what is to be told of them.

        Raises:
            Conflict: one of them changed since it was read.

        """
        keys = [OrderKey(order.amazon_order_id) for order in orders]
        stored = {key.value: one for key, one in self.find(seller_id, keys).items()}
        table = self._clients.get_table_name(ORDERS)
        before = map_owners((order.merchant_order_id, order.amazon_order_id) for order in stored.values())
        after = map_owners((order.merchant_order_id, order.amazon_order_id) for order in orders)
        tallies = merge_tallies(
            change for one in orders for change in count_change(stored.get(one.amazon_order_id), one)
        )
        writes = [
            *(update_order(table, seller_id, order, at) for order in orders),
            *move_names(table, seller_id, before, after),
            *add_counts(self._clients, seller_id, tallies),
            *_tell_changes(self._clients, stored, orders, tell),
        ]
        check_size(writes)
        try:
            transact(self._clients, writes, make_token(writes))
        except ConditionsFailed as failed:
            raise Conflict(f"{len(failed.places)} orders changed meanwhile") from failed

    def list(self, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
        """Return at most `limit` orders that match, newest purchase first."""
        return list_orders(self._clients, seller_id, which, limit)

    def load(self, seller_id: str, orders: Iterable[Order], tell: OrderTeller | None = None) -> int:
        """Put new orders in, or replace those with the same Amazon id; return how many.

        What `tell` returns of an order is put into the outbox together with it.

        Raises:
            Conflict: another order of the seller has the merchant order id of one of them.

        """
        count = 0
        for part in _split(orders):
            _load(self._clients, seller_id, part, tell)
            count += len(part)
        return count


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
