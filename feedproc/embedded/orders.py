"""Orders in SQLite: found, listed, put in, and changed by a batch."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from zlib import crc32

import msgspec
from msgspec.structs import replace

from feedproc.embedded.damage import make_damage
from feedproc.embedded.database import Database
from feedproc.embedded.outbox import put
from feedproc.embedded.rows import make_rows_with_data, name_rows
from feedproc.embedded.stock import change as move_stock
from feedproc.embedded.tallies import add_tallies
from feedproc.errors import Conflict
from feedproc.feeds.moments import as_micros
from feedproc.orders.metrics import count_change, merge_tallies
from feedproc.orders.order import NOBODY, NOWHERE, Address, Buyer, GivenBy, Order, OrderKey
from feedproc.orders.tally import Tally
from feedproc.ports import OrderFilter, OrderTeller, OrderTime, OutboxEntry
from feedproc.stock.change import StockMoves

_decode = msgspec.json.Decoder(Order).decode
_encode = msgspec.json.Encoder().encode
_decode_recipient = msgspec.json.Decoder(tuple[Buyer, Address]).decode
_COLUMNS = {GivenBy.AMAZON: "amazon_order_id", GivenBy.SELLER: "merchant_order_id"}
_KEYS_A_QUERY = 500
_ORDERS_A_TRANSACTION = 5_000
_WHOLE = (
    "SELECT o.version, o.data, o.checksum, r.data, r.checksum, o.{time} AS time, o.amazon_order_id AS id"
    " FROM orders AS o LEFT JOIN recipients AS r USING (seller_id, amazon_order_id)"
)
"""Orders with their recipients, and the time they are sorted by; in front of a condition."""
_TIMES = {OrderTime.PURCHASED: "purchased_at", OrderTime.UPDATED: "updated_at"}


class SqliteOrders:
    """The port `Orders`."""

    def __init__(self, database: Database) -> None:
        """Use the tables `orders` and `recipients`."""
        self._database = database

    def find(self, seller_id: str, keys: Collection[OrderKey]) -> Mapping[OrderKey, Order]:
        """Return the orders with these keys, without their recipients."""
        found: dict[OrderKey, Order] = {}
        for given_by, column in _COLUMNS.items():
            named = {key.value: key for key in keys if key.given_by is given_by}
            for value, order in _read_stored(self._database.connection, seller_id, tuple(named), column).items():
                found[named[value]] = order
        return found

    def get(self, seller_id: str, amazon_order_id: str) -> Order | None:
        """Return one order."""
        condition = "o.seller_id = ? AND o.amazon_order_id = ?"
        query = f"{_WHOLE.format(time='purchased_at')} WHERE {condition}"
        rows = self._database.connection.execute(query, (seller_id, amazon_order_id))
        found = next(_read_whole(rows), None)
        if found is None:
            _require_unknown(self._database.connection, seller_id, [amazon_order_id])
        return found

    def load(self, seller_id: str, orders: Iterable[Order], tell: OrderTeller | None = None) -> int:
        """Put new orders in, or replace those with the same Amazon id; return how many.

        What `tell` returns of an order is put into the outbox together with it.
        What was read of a replaced order before can no longer be committed.

        Raises:
            Conflict: another order of the seller has the merchant order id of one of them.

        """
        count = 0
        remaining = iter(orders)
        while part := list(islice(remaining, _ORDERS_A_TRANSACTION)):
            try:
                with self._database.transaction() as connection:
                    before = _load(connection, seller_id, part)
                    put(connection, _tell_changes(before, part, tell))
            except sqlite3.IntegrityError as error:
                raise Conflict("two orders of one seller cannot have the same merchant order id") from error
            count += len(part)
        return count

    def place(
        self, seller_id: str, order: Order, moves: StockMoves, at: datetime, tell: OrderTeller | None = None
    ) -> None:
        """Put a new order in and take from the stock what it takes.

        Raises:
            Conflict: there is an order with its id, or a level changed since it was looked at.

        """
        with self._database.transaction() as connection:
            if _read_stored(connection, seller_id, [order.amazon_order_id]):
                raise Conflict(f"order {order.amazon_order_id} is there already")
            _load(connection, seller_id, [order])
            move_stock(connection, seller_id, moves, at)
            put(connection, _tell_changes({}, [order], tell))

    def change(self, seller_id: str, orders: Sequence[Order], at: datetime, tell: OrderTeller | None = None) -> None:
        """Keep orders that changed `at` a moment without a feed: all of them, or none; and what is to be told of them.

        Raises:
            Conflict: one of them changed since it was read.

        """
        with self._database.transaction() as connection:
            before = _read_stored(connection, seller_id, [order.amazon_order_id for order in orders])
            change_orders(connection, seller_id, orders, at)
            put(connection, _tell_changes(before, orders, tell))
            add_tallies(connection, seller_id, merge_tallies(_count_changes(before, orders)))

    def list(self, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
        """Return at most `limit` orders that match, newest first unless told otherwise."""
        query, values = _select(seller_id, which)
        return _read_whole(self._database.connection.execute(f"{query} LIMIT ?", (*values, limit)))


_Values = list[str | int]


def _select(seller_id: str, which: OrderFilter) -> tuple[str, _Values]:
    """Return the query for orders that match, sorted, and the values of its placeholders.

    Of several statuses each is a query of its own, and SQLite merges them: one query for all would sort every match.
    By their last update orders are walked in one index, whatever their status, which that index holds as well.
    """
    period, moments = _bound_period(which)
    direction = "ASC" if which.oldest_first else "DESC"
    statuses = [status.value for status in dict.fromkeys(which.statuses)]
    groups = [statuses] if which.by is OrderTime.UPDATED else [[status] for status in statuses] or [[]]
    queries, values = [], _Values()
    for group in groups:
        named = [f"o.status IN ({','.join('?' * len(group))})"] if group else []
        query = _WHOLE.format(time=_TIMES[which.by])
        queries.append(f"{query} WHERE {' AND '.join(['o.seller_id = ?', *named, *period])}")
        values += [seller_id, *group, *moments]
    return f"{' UNION ALL '.join(queries)} ORDER BY time {direction}, id {direction}", values


def _bound_period(which: OrderFilter) -> tuple[list[str], _Values]:
    """Return at most one bound at each end, as SQLite seeks in an index by one and tries each row by the others."""
    time = f"o.{_TIMES[which.by]}"
    since, before, after = which.since, which.before, which.after
    if after is not None and which.oldest_first and since is not None and after[0] >= since:
        since = None
    if after is not None and not which.oldest_first and before is not None and after[0] < before:
        before = None
    conditions: list[str] = []
    values = _Values()
    if since is not None:
        conditions.append(f"{time} >= ?")
        values.append(as_micros(since))
    if before is not None:
        conditions.append(f"{time} < ?")
        values.append(as_micros(before))
    if after is not None:
        conditions.append(f"({time}, o.amazon_order_id) {'>' if which.oldest_first else '<'} (?, ?)")
        values += [as_micros(after[0]), after[1]]
    return conditions, values


def _read_stored(
    connection: sqlite3.Connection, seller_id: str, wanted: Sequence[str], column: str = "amazon_order_id"
) -> dict[str, Order]:
    """Return the orders that have these values in a column, without their recipients."""
    found: dict[str, Order] = {}
    for start in range(0, len(wanted), _KEYS_A_QUERY):
        part = wanted[start : start + _KEYS_A_QUERY]
        rows = connection.execute(
            f"SELECT {column}, version, data, checksum FROM orders WHERE seller_id = ? AND {column} IN"
            f" ({','.join('?' * len(part))})",
            (seller_id, *part),
        )
        for value, version, data, checksum in rows:
            if data.__class__ is not bytes or crc32(data) != checksum:
                raise make_damage(f"order {value}")
            order = _decode(data)
            found[value] = order if order.version == version else replace(order, version=version)
    if column == "amazon_order_id" and len(found) < len(wanted):
        _require_unknown(connection, seller_id, [value for value in wanted if value not in found])
    return found


def _require_unknown(connection: sqlite3.Connection, seller_id: str, missing: Sequence[str]) -> None:
    """Make sure that orders that were not found were never there: each that is has a recipient in a table of its own.

    Raises:
        StoreDamaged: one of them is.

    """
    for start in range(0, len(missing), _KEYS_A_QUERY):
        part = missing[start : start + _KEYS_A_QUERY]
        rows = connection.execute(
            "SELECT amazon_order_id FROM recipients WHERE seller_id = ? AND amazon_order_id IN"
            f" ({','.join('?' * len(part))})",
            (seller_id, *part),
        )
        for (known,) in rows:
            raise make_damage(f"the place of order {known}")


def _read_whole(rows: Iterable[tuple[Any, ...]]) -> Iterator[Order]:
    """Return whole orders, recipients and all."""
    for version, data, checksum, recipient, recipients_checksum, _, amazon_order_id in rows:
        if crc32(data) != checksum or recipient is None or crc32(recipient) != recipients_checksum:
            raise make_damage(f"order {amazon_order_id}")
        buyer, ship_to = _decode_recipient(recipient)
        yield replace(_decode(data), version=version, buyer=buyer, ship_to=ship_to)


def _load(connection: sqlite3.Connection, seller_id: str, orders: Sequence[Order]) -> dict[str, Order]:
    """Write orders; return those that they replace."""
    rows = [
        (
            seller_id,
            order.amazon_order_id,
            order.merchant_order_id,
            order.status,
            as_micros(order.purchased_at),
            order.version,
            as_micros(order.last_updated_at),
            data,
            crc32(data),
        )
        for order in orders
        for data in (_encode(replace(order, buyer=NOBODY, ship_to=NOWHERE)),)
    ]
    before: dict[str, Order] = {}
    if not _try_insert(connection, rows):
        before = _read_stored(connection, seller_id, [order.amazon_order_id for order in orders])
        connection.executemany(f"{_INSERT} {_REPLACE}", rows)
    add_tallies(connection, seller_id, merge_tallies(_count_changes(dict(before), orders)))
    connection.executemany(
        "INSERT OR REPLACE INTO recipients VALUES (?, ?, ?, ?)",
        [
            (seller_id, order.amazon_order_id, data, crc32(data))
            for order in orders
            for data in (_encode((order.buyer, order.ship_to)),)
        ],
    )
    return before


def _tell_changes(
    before: Mapping[str, Order], orders: Sequence[Order], tell: OrderTeller | None
) -> Iterator[OutboxEntry]:
    """Yield what is to be told of orders, by those that they take the place of."""
    found = ((tell(before.get(one.amazon_order_id), one)) for one in orders) if tell is not None else ()
    return (entry for entry in found if entry is not None)


def _try_insert(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> bool:
    """Insert orders if all of them are new, which saves looking for those that they would replace."""
    connection.execute("SAVEPOINT new")
    with suppress(sqlite3.IntegrityError):  # a merchant order id that another has, perhaps until it is replaced
        if connection.executemany(f"{_INSERT} DO NOTHING", rows).rowcount == len(rows):
            return True
    connection.execute("ROLLBACK TO new")
    return False


_INSERT = "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (seller_id, amazon_order_id)"
_REPLACE = (
    "DO UPDATE SET merchant_order_id = excluded.merchant_order_id, status = excluded.status,"
    " purchased_at = excluded.purchased_at, version = orders.version + 1,"
    " updated_at = excluded.updated_at, data = excluded.data, checksum = excluded.checksum"
)


def _count_changes(before: dict[str, Order], orders: Sequence[Order]) -> Iterator[tuple[Tally, int]]:
    """Yield what each order counts for; one that comes twice takes its own place."""
    for order in orders:
        yield from count_change(before.get(order.amazon_order_id), order)
        before[order.amazon_order_id] = order


class OrderChanges(NamedTuple):
    """Orders that changed, as they are written."""

    number: int
    rows: tuple[str, bytes]


def prepare_changes(orders: Sequence[Order], at: datetime) -> OrderChanges:
    """Return orders that changed `at` a moment as `write_changes` takes them."""
    updated = [order.update(at) for order in orders]
    data = [_encode(order) for order in updated]
    moment = as_micros(at)
    values = [
        (
            order.amazon_order_id,
            order.merchant_order_id,
            order.status.value,
            order.version,
            moment if order.updated_at is at else as_micros(order.last_updated_at),
            crc32(part),
        )
        for order, part in zip(updated, data, strict=True)
    ]
    return OrderChanges(len(orders), make_rows_with_data(values, data))


def write_changes(
    connection: sqlite3.Connection, seller_id: str, changes: OrderChanges, *, expects_moves: bool = False
) -> int:
    """Write changed orders; return how many were written in the way that lets their names and status change, too.

    That costs more, so first those are written that keep them, unless few are expected to. Raises `Conflict`.
    """
    if not changes.number:
        return 0
    given = (*changes.rows, seller_id)
    kept = 0 if expects_moves else connection.execute(_CHANGE, given).rowcount
    moved = 0 if kept == changes.number else _change_indexed(connection, given)
    if kept + moved != changes.number:
        raise Conflict(f"{changes.number - kept - moved} of {changes.number} orders changed meanwhile")
    return moved


def change_orders(connection: sqlite3.Connection, seller_id: str, orders: Sequence[Order], at: datetime) -> None:
    """Write orders that changed `at` a moment. Raises `Conflict`."""
    write_changes(connection, seller_id, prepare_changes(orders, at))


_CHANGED = f"""
FROM {name_rows("data", "id", "merchant_order_id", "status", "version", "updated_at", "checksum")} AS new
WHERE orders.seller_id = ?3 AND orders.amazon_order_id = new.id AND orders.version = new.version - 1
"""
_SET = "version = new.version, data = new.data, updated_at = new.updated_at, checksum = new.checksum"
_CHANGE = (
    f"UPDATE orders SET {_SET} {_CHANGED}"
    " AND orders.merchant_order_id IS new.merchant_order_id AND orders.status = new.status"
)
_CHANGE_INDEXED = f"UPDATE orders SET {_SET}, merchant_order_id = new.merchant_order_id, status = new.status {_CHANGED}"


def _change_indexed(connection: sqlite3.Connection, given: tuple[str, bytes, str]) -> int:
    try:
        return connection.execute(_CHANGE_INDEXED, given).rowcount
    except sqlite3.IntegrityError:
        # Orders of a batch may have handed a merchant order id from one to the other.
        connection.execute(f"UPDATE orders SET merchant_order_id = NULL {_CHANGED}", given)
        return connection.execute(_CHANGE_INDEXED, given).rowcount
