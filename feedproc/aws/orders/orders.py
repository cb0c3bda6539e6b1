"""The port `Orders` in DynamoDB."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from feedproc.aws.clients import Clients
from feedproc.aws.orders.listing import list_orders
from feedproc.aws.orders.loading import load_orders
from feedproc.aws.orders.lookup import OrderLookup
from feedproc.orders.order import Order, OrderKey
from feedproc.ports import OrderFilter


class DynamoOrders:
    """The port `Orders`."""

    def __init__(self, clients: Clients) -> None:
        """Use the table `orders`."""
        self._clients = clients
        self._lookup = OrderLookup(clients)

    def find(self, seller_id: str, keys: Collection[OrderKey]) -> Mapping[OrderKey, Order]:
        """Return the orders with these keys, without their recipients."""
        return self._lookup.find(seller_id, keys)

    def find_names_before(self, seller_id: str, orders: Sequence[Order]) -> Mapping[str, str | None]:
        """Return the merchant order ids, by Amazon id, of the orders as they were read."""
        return self._lookup.find_names_before(seller_id, orders)

    def get(self, seller_id: str, amazon_order_id: str) -> Order | None:
        """Return one order."""
        return self._lookup.get(seller_id, amazon_order_id)

    def list(self, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
        """Return at most `limit` orders that match, newest purchase first."""
        return list_orders(self._clients, seller_id, which, limit)

    def load(self, seller_id: str, orders: Iterable[Order]) -> int:
        """Put new orders in, or replace those with the same Amazon id; return how many.

        Raises:
            Conflict: another order of the seller has the merchant order id of one of them.

        """
        return load_orders(self._clients, seller_id, orders)
