"""Orders in memory, with the metrics that count them."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice

from msgspec.structs import replace

from feedproc.errors import Conflict
from feedproc.memory.outbox import put_entries
from feedproc.memory.stock import check_levels, move_levels
from feedproc.memory.tables import OrderBook, Tables
from feedproc.orders.metrics import count_change
from feedproc.orders.order import NOBODY, NOWHERE, GivenBy, Order, OrderKey
from feedproc.orders.tally import Tally, TallyCounts
from feedproc.ports import OrderFilter, OrderTeller
from feedproc.stock.change import StockMoves

_LOADED_AT_ONCE = 5_000


class MemoryOrders:
    """The port `Orders`."""

    def __init__(self, tables: Tables) -> None:
        """Use the table `books`."""
        self._tables = tables

    def find(self, seller_id: str, keys: Collection[OrderKey]) -> Mapping[OrderKey, Order]:
        """Return the orders with these keys, without their recipients."""
        with self._tables.lock:
            book = self._tables.books.get(seller_id)
            if book is None:
                return {}
            names = {key: key.value if key.given_by is GivenBy.AMAZON else book.owners.get(key.value) for key in keys}
            found = {key: book.by_id[name] for key, name in names.items() if name is not None and name in book.by_id}
        return {key: replace(order, buyer=NOBODY, ship_to=NOWHERE) for key, order in found.items()}

    def get(self, seller_id: str, amazon_order_id: str) -> Order | None:
        """Return one order."""
        with self._tables.lock:
            book = self._tables.books.get(seller_id)
            return book.by_id.get(amazon_order_id) if book else None

    def list(self, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
        """Return at most `limit` orders that match, as they are now, newest first unless told otherwise."""
        with self._tables.lock:
            book = self._tables.books.get(seller_id)
            return iter([*islice(_walk(book, which), limit)] if book else ())

    def load(self, seller_id: str, orders: Iterable[Order], tell: OrderTeller | None = None) -> int:
        """Put new orders in, or replace those with the same Amazon id; return how many were given.

        What `tell` returns of an order is put into the outbox together with it.

        Raises:
            Conflict: another order of the seller has the merchant order id of one of them.

        """
        count = 0
        remaining = iter(orders)
        while part := [*islice(remaining, _LOADED_AT_ONCE)]:
            with self._tables.lock:
                book = self._tables.books.setdefault(seller_id, OrderBook())
                before = {one.amazon_order_id: book.by_id.get(one.amazon_order_id) for one in part}
                _load(book, part)
                self._tell_changes(before, part, tell)
            count += len(part)
        return count

    def place(
        self, seller_id: str, order: Order, moves: StockMoves, at: datetime, tell: OrderTeller | None = None
    ) -> None:
        """Put a new order in and take from the stock what it takes.

        Raises:
            Conflict: there is an order with its id, or a level changed since it was looked at.

        """
        with self._tables.lock:
            book = self._tables.books.setdefault(seller_id, OrderBook())
            if order.amazon_order_id in book.by_id:
                raise Conflict(f"order {order.amazon_order_id} is there already")
            movements = check_levels(self._tables, seller_id, moves)
            _load(book, [order])
            move_levels(self._tables, seller_id, moves, movements, at)
            self._tell_changes({order.amazon_order_id: None}, [order], tell)

    def change(self, seller_id: str, orders: Sequence[Order], at: datetime, tell: OrderTeller | None = None) -> None:
        """Keep orders that changed `at` a moment without a feed: all of them, or none; and what is to be told of them.

        Raises:
            Conflict: one of them changed since it was read.

        """
        with self._tables.lock:
            book = self._tables.books.setdefault(seller_id, OrderBook())
            changed = check_versions(book, orders, at)
            owners = check_owners(book, changed)
            before = {name: book.by_id[name] for name in changed}
            for name, order in changed.items():
                for tally, more in count_change(book.by_id[name], order):
                    add_tallies(book, {tally: more})
            put_orders(book, changed, owners)
            self._tell_changes(before, orders, tell)

    def _tell_changes(
        self, before: Mapping[str, Order | None], orders: Iterable[Order], tell: OrderTeller | None
    ) -> None:
        if tell is not None:
            found = [tell(before[one.amazon_order_id], one) for one in orders]
            put_entries(self._tables, [one for one in found if one is not None])


class MemoryTallies:
    """The port `Tallies`."""

    def __init__(self, tables: Tables) -> None:
        """Use the table `books`."""
        self._tables = tables

    def count(self, seller_id: str, first: date, last: date) -> TallyCounts:
        """Return the counts of the days from `first` to `last`, both included, without those that are 0."""
        with self._tables.lock:
            book = self._tables.books.get(seller_id)
            counts = book.tallies if book else {}
            return {tally: number for tally, number in counts.items() if number and first <= tally.day <= last}


def add_tallies(book: OrderBook, tallies: TallyCounts) -> None:
    """Count more, or less."""
    for tally, more in tallies.items():
        book.tallies[tally] = book.tallies.get(tally, 0) + more


def check_versions(book: OrderBook, orders: Iterable[Order], at: datetime) -> dict[str, Order]:
    """Return orders that changed `at` a moment as they are to be stored, with the recipients that are stored.

    Raises:
        Conflict: one of them changed since it was read.

    """
    stored: dict[str, Order] = {}
    for order in orders:
        before = book.by_id.get(order.amazon_order_id)
        if before is None or before.version != order.version:
            raise Conflict(f"order {order.amazon_order_id} changed meanwhile")
        stored[order.amazon_order_id] = replace(order.update(at), buyer=before.buyer, ship_to=before.ship_to)
    return stored


def check_owners(book: OrderBook, orders: Mapping[str, Order]) -> dict[str, str]:
    """Return the owners of all merchant order ids once some orders, by Amazon id, have taken the place of the old.

    Raises:
        Conflict: two orders would have the same.

    """
    given = {one.merchant_order_id: name for name, one in orders.items() if one.merchant_order_id is not None}
    taken = sum(book.owners.get(one, owner) not in orders for one, owner in given.items())
    if taken or len(given) < sum(one.merchant_order_id is not None for one in orders.values()):
        raise Conflict("two orders of one seller cannot have the same merchant order id")
    return given


def put_orders(book: OrderBook, orders: Mapping[str, Order], owners: Mapping[str, str]) -> None:
    """Put orders in the place of the old, with the merchant order ids that `check_owners` allowed."""
    for name in orders:
        before = book.by_id.get(name)
        if before is not None and before.merchant_order_id is not None:
            del book.owners[before.merchant_order_id]
    book.owners |= owners
    book.by_id |= orders
    book.forget_places()


def _load(book: OrderBook, part: Iterable[Order]) -> None:
    versioned: dict[str, Order] = {}
    changes: list[tuple[Tally, int]] = []
    for order in part:
        before = versioned.get(order.amazon_order_id) or book.by_id.get(order.amazon_order_id)
        changes += count_change(before, order)
        versioned[order.amazon_order_id] = replace(order, version=before.version + 1) if before else order
    put_orders(book, versioned, check_owners(book, versioned))
    for tally, more in changes:
        add_tallies(book, {tally: more})


def _walk(book: OrderBook, which: OrderFilter) -> Iterator[Order]:
    """Yield orders that match, sorted."""
    places = book.list_places(which.by)
    first = bisect_left(places, (which.since, "")) if which.since else 0
    last = bisect_left(places, (which.before, "")) if which.before else len(places)
    if which.after is not None and which.oldest_first:
        first = max(first, bisect_right(places, which.after))
    elif which.after is not None:
        last = min(last, bisect_left(places, which.after))
    numbers = range(first, last) if which.oldest_first else range(last - 1, first - 1, -1)
    for number in numbers:
        order = book.by_id[places[number][1]]
        if not which.statuses or order.status in which.statuses:
            yield order
