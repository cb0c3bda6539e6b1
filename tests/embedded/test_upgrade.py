"""A store that an older feedproc wrote is brought up to date when it is opened."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from feedproc.embedded import open_backend
from feedproc.embedded.tables import VERSION
from feedproc.errors import StoreUnusable
from feedproc.feeds.effects import BuyerNotice
from feedproc.feeds.moments import as_micros
from feedproc.orders.order import Cancellation, Event, Order, OrderStatus
from feedproc.orders.tally import Fact, Tally
from feedproc.ports import Backend, OrderFilter, OutboxEntry, OutboxKind, SentEntry
from feedproc.serve.occupancy import Occupancy
from tests.builders import NOON, OTHER_SELLER, PURCHASED, SELLER, an_order, new_keys, order_id

SCHEMA = Path(__file__).parent / "version-1.sql"
ALWAYS = date(2000, 1, 1), date(2100, 1, 1)


def of_version_1(folder: Path, orders: Iterable[tuple[str, Order]], notices: Iterable[OutboxEntry] = ()) -> Path:
    folder.mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / "feedproc.db")) as connection, connection:
        connection.executescript(SCHEMA.read_text(encoding="utf-8"))
        connection.executemany(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (who, one.amazon_order_id, None, one.status, as_micros(one.purchased_at), 0, msgspec.json.encode(one))
                for who, one in orders
            ],
        )
        connection.executemany(
            "INSERT INTO outbox VALUES (?, ?)", [(one.entry_id, msgspec.json.encode(one)) for one in notices]
        )
    return folder


def opened(folder: Path) -> Backend:
    return open_backend(folder, new_keys())


def cancelled(order: Order, reason: str) -> Order:
    item = replace(order.items[0], cancellations=(Cancellation(order.items[0].quantity_ordered, NOON, reason),))
    return replace(order, items=(item,))


def a_notice(number: int) -> OutboxEntry:
    return OutboxEntry(
        f"e-{10 - number}", OutboxKind.BUYER_NOTICE, SELLER, "5", "7", BuyerNotice(Event.SHIPPED, order_id(number))
    )


def version_of(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "feedproc.db")) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_its_orders_are_tallied(tmp_path: Path) -> None:
    orders = [(SELLER, an_order(number)) for number in range(1, 4)]
    orders += [(SELLER, cancelled(an_order(4), "NoInventory")), (SELLER, an_order(5, marker=OrderStatus.PENDING))]
    backend = opened(of_version_1(tmp_path / "data", [*orders, (OTHER_SELLER, an_order(1))]))
    day = PURCHASED.date()
    expected = {Tally(day, Fact.ORDERED): 4, Tally(day, Fact.CANCELLED, "NoInventory"): 1}
    assert backend.tallies.count(SELLER, *ALWAYS) == expected
    assert backend.tallies.count(OTHER_SELLER, *ALWAYS) == {Tally(day, Fact.ORDERED): 1}


def test_what_changes_afterwards_is_tallied_on_top(tmp_path: Path) -> None:
    backend = opened(of_version_1(tmp_path / "data", [(SELLER, an_order(1))]))
    backend.orders.load(SELLER, [an_order(1, purchased_at=PURCHASED + timedelta(days=1))])
    assert backend.tallies.count(SELLER, *ALWAYS) == {Tally(PURCHASED.date() + timedelta(days=1), Fact.ORDERED): 1}


def test_its_orders_are_listed_by_status(tmp_path: Path) -> None:
    orders = [(SELLER, an_order(1)), (SELLER, an_order(2, marker=OrderStatus.PENDING)), (SELLER, an_order(3))]
    backend = opened(of_version_1(tmp_path / "data", orders))
    found = backend.orders.list(SELLER, OrderFilter(statuses=(OrderStatus.UNSHIPPED,)), 10)
    assert [one.amazon_order_id for one in found] == [order_id(3), order_id(1)]


def test_what_waited_to_be_sent_still_waits_oldest_first(tmp_path: Path) -> None:
    notices = [a_notice(number) for number in range(1, 4)]
    outbox = opened(of_version_1(tmp_path / "data", [], notices)).outbox
    assert outbox.list_waiting(10) == notices
    assert outbox.list_recent(SELLER, 10) == [SentEntry(one, None) for one in reversed(notices)]
    assert [outbox.list_waiting(10, lane) for lane in outbox.list_lanes(9)] == [notices]


def test_it_is_upgraded_once(tmp_path: Path) -> None:
    folder = of_version_1(tmp_path / "data", [(SELLER, an_order(1))])
    opened(folder)
    assert version_of(folder) == VERSION
    assert opened(folder).tallies.count(SELLER, *ALWAYS) == {Tally(PURCHASED.date(), Fact.ORDERED): 1}


def test_an_upgrade_that_fails_leaves_it_as_it_was(tmp_path: Path) -> None:
    folder = of_version_1(tmp_path / "data", [(SELLER, an_order(1))])
    with closing(sqlite3.connect(folder / "feedproc.db")) as connection, connection:
        connection.execute("UPDATE orders SET data = '{}'")
    with pytest.raises(msgspec.ValidationError):
        opened(folder)
    with closing(sqlite3.connect(folder / "feedproc.db")) as connection:
        assert not connection.execute("SELECT name FROM sqlite_master WHERE name = 'tallies'").fetchall()
    assert version_of(folder) == 1


def test_it_is_not_upgraded_under_a_server_that_runs(tmp_path: Path) -> None:
    folder = of_version_1(tmp_path / "data", [(SELLER, an_order(1))])
    with Occupancy(folder), pytest.raises(StoreUnusable, match="stop the server"):
        opened(folder)
    assert opened(folder).tallies.count(SELLER, *ALWAYS)


def test_an_upgraded_store_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    opened(of_version_1(tmp_path / "old", []))
    opened(tmp_path / "new")
    assert tables(tmp_path / "old") == tables(tmp_path / "new")


def tables(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "feedproc.db")) as connection:
        return {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
