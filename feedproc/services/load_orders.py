"""Put orders that come from outside into a seller's order book."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from feedproc.orders.order import GivenBy, Order, OrderKey
from feedproc.ports import Backend, Orders
from feedproc.services.news import load_and_tell


def load_orders(
    backend: Backend,
    seller_id: str,
    found: Iterable[tuple[str, Order]],
    refuse: Callable[[str, Order, str], None],
    at: datetime,
) -> int:
    """Put orders in, each with the name of where it comes from; return how many. One that is there is replaced.

    Whoever asked for that is told which are new `at` that moment, or stand otherwise.

    `refuse` is called with the name, the order and the reason for one that has another's merchant order id.
    """

    def choose() -> Iterator[Order]:
        owners: dict[str, str] = {}
        for source, order in found:
            owner = _find_owner(backend.orders, seller_id, order, owners)
            if owner == order.amazon_order_id:
                yield order
            else:
                refuse(source, order, f"order {owner} has the merchant_order_id {order.merchant_order_id!r}")

    return load_and_tell(backend, seller_id, choose(), at)


def _find_owner(orders: Orders, seller_id: str, order: Order, owners: dict[str, str]) -> str:
    """Return which order has the merchant order id of an order; `owners` are those of this loading."""
    name = order.merchant_order_id
    if name is None:
        return order.amazon_order_id
    key = OrderKey(name, GivenBy.SELLER)
    stored = orders.find(seller_id, [key]).get(key)
    return owners.setdefault(name, stored.amazon_order_id if stored else order.amazon_order_id)
