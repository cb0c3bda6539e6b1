"""Orders found by their two names."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from feedproc.aws.clients import Clients
from feedproc.aws.dynamo.items import Item
from feedproc.aws.dynamo.read import fetch, get_item
from feedproc.aws.dynamo.tables import ORDERS
from feedproc.aws.orders.item import can_be, make_key, read_order
from feedproc.orders.order import GivenBy, Order, OrderKey

_SHOWN = ("name", "document", "version", "owner")
_MOST_REMEMBERED = 20_000
_LOOKS = 3


class OrderLookup:
    """Finds orders, and remembers under which name each version of them went."""

    def __init__(self, clients: Clients) -> None:
        """Use the table `orders`."""
        self._clients = clients
        self._names: dict[tuple[str, str, int], str | None] = {}
        """Merchant order ids by seller, Amazon id and version, which never change."""

    def get(self, seller_id: str, amazon_order_id: str) -> Order | None:
        """Return one order, recipient and all."""
        key = OrderKey(amazon_order_id)
        found = get_item(self._clients, ORDERS, make_key(seller_id, key)) if can_be(key) else None
        return read_order(found) if found else None

    def find(self, seller_id: str, keys: Collection[OrderKey]) -> Mapping[OrderKey, Order]:
        """Return the orders with these keys, without their recipients."""
        wanted = [key for key in dict.fromkeys(keys) if can_be(key)]
        found = self._find(seller_id, wanted)
        for _ in range(_LOOKS - 1):
            # A name may have gone to another order between the two reads that it takes.
            moved = {
                key
                for key, order in found.items()
                if key.given_by is GivenBy.SELLER and order.merchant_order_id != key.value
            }
            if not moved:
                break
            found = {key: order for key, order in found.items() if key not in moved} | self._find(seller_id, moved)
        return {
            key: one
            for key, one in found.items()
            if key.given_by is GivenBy.AMAZON or one.merchant_order_id == key.value
        }

    def find_names_before(self, seller_id: str, orders: Sequence[Order]) -> Mapping[str, str | None]:
        """Return the merchant order ids, by Amazon id, of the orders as they were read."""
        remembered = self._names
        versions = {one.amazon_order_id: (seller_id, one.amazon_order_id, one.version) for one in orders}
        known = {name: remembered[version] for name, version in versions.items() if version in remembered}
        # If one has changed since it was read, its name does not matter: nothing will be committed.
        read = self._find(seller_id, {OrderKey(name) for name in versions.keys() - known.keys()})
        return dict.fromkeys(versions) | {key.value: one.merchant_order_id for key, one in read.items()} | known

    def _find(self, seller_id: str, keys: Iterable[OrderKey]) -> dict[OrderKey, Order]:
        wanted = {key: make_key(seller_id, key) for key in keys}
        stored = self._fetch(wanted.values())
        owners = {
            key: OrderKey(stored[_get_name(place)]["owner"]["S"])
            for key, place in wanted.items()
            if key.given_by is GivenBy.SELLER and _get_name(place) in stored
        }
        places = {key: make_key(seller_id, key) for key in owners.values()}
        stored |= self._fetch([place for place in places.values() if _get_name(place) not in stored])
        found = {key: _get_name(place) for key, place in (wanted | places).items() if key.given_by is GivenBy.AMAZON}
        orders = {key: read_order(stored[name]) for key, name in found.items() if name in stored}
        self._remember(seller_id, orders.values())
        named = {key: orders[owner] for key, owner in owners.items() if owner in orders}
        return {key: order for key, order in orders.items() if key in wanted} | named

    def _fetch(self, places: Collection[Item]) -> dict[str, Item]:
        return {_get_name(item): item for item in fetch(self._clients, ORDERS, places, _SHOWN)} if places else {}

    def _remember(self, seller_id: str, orders: Iterable[Order]) -> None:
        if len(self._names) > _MOST_REMEMBERED:
            self._names = {}  # a new one: `names_before` may be looking at the old
        for order in orders:
            self._names[seller_id, order.amazon_order_id, order.version] = order.merchant_order_id


def _get_name(place: Item) -> str:
    return str(place["name"]["S"])
