"""The port `Orders` in DynamoDB."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from feedproc.aws.orders.listing import list_orders
from feedproc.aws.orders.loading import change_orders, load_orders, place_order
from feedproc.aws.orders.lookup import OrderLookup
from feedproc.aws.stock import put_changes
from feedproc.orders.order import Order
from feedproc.ports import OrderFilter, OrderTeller
from feedproc.stock.change import StockMoves


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
        place_order(self._clients, seller_id, order, changes, tell)

    def change(self, seller_id: str, orders: Sequence[Order], at: datetime, tell: OrderTeller | None = None) -> None:
        """Keep orders that changed `at` a moment without a feed: all of them, or none; and what is to be told of them.

        Raises:
            Conflict: one of them changed since it was read.

        """
        change_orders(self._clients, seller_id, orders, at, tell)

    def list(self, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
        """Return at most `limit` orders that match, newest purchase first."""
        return list_orders(self._clients, seller_id, which, limit)

    def load(self, seller_id: str, orders: Iterable[Order], tell: OrderTeller | None = None) -> int:
        """Put new orders in, or replace those with the same Amazon id; return how many.

        What `tell` returns of an order is put into the outbox together with it.

        Raises:
            Conflict: another order of the seller has the merchant order id of one of them.

        """
        return load_orders(self._clients, seller_id, orders, tell)
