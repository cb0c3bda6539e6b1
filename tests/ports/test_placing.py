"""The port `Orders`: a new order that takes its units from the stock, both or neither."""

import pytest

from feedproc.errors import Conflict
from feedproc.feeds.subscription import NotificationType
from feedproc.ports import Backend
from feedproc.services.news import choose_teller
from feedproc.stock.change import By, StockChange, StockMoves
from feedproc.stock.level import ORDERED, StockEntry, StockLevel
from tests.builders import NOON, SELLER, an_order, order_id
from tests.ports.conftest import Store
from tests.ports.test_subscriptions import WANTED


def takes(units: int, level: int = 9, number: int = 1) -> StockMoves:
    change = StockChange("SKU-1", By(-units), ORDERED, order_id(number))
    return StockMoves([(None, change)], {"SKU-1": level}, f"orders/{order_id(number)}")


@pytest.fixture
def stocked(backend: Backend) -> Backend:
    backend.stock.load(SELLER, [StockLevel("SKU-1", 9)], NOON)
    return backend


def test_a_placed_order_is_in_the_book_and_its_units_have_left_the_stock(store: Store) -> None:
    store.backend.stock.load(SELLER, [StockLevel("SKU-1", 9)], NOON)
    store.backend.orders.place(SELLER, an_order(1), takes(2), NOON)
    after = store.reopened()
    assert after.orders.get(SELLER, order_id(1)) is not None
    assert after.stock.get_level(SELLER, "SKU-1") == 7
    newest = after.stock.list_entries(SELLER, "SKU-1", 1)
    assert list(newest) == [StockEntry("SKU-1", -2, ORDERED, NOON, order_id(1))]


def test_an_order_is_placed_once(stocked: Backend) -> None:
    stocked.orders.place(SELLER, an_order(1), takes(2), NOON)
    with pytest.raises(Conflict):
        stocked.orders.place(SELLER, an_order(1), takes(2, level=7), NOON)
    assert stocked.stock.get_level(SELLER, "SKU-1") == 7


def test_a_level_that_changed_meanwhile_leaves_the_order_out(stocked: Backend) -> None:
    with pytest.raises(Conflict):
        stocked.orders.place(SELLER, an_order(1), takes(2, level=8), NOON)
    assert stocked.orders.get(SELLER, order_id(1)) is None
    assert stocked.stock.get_level(SELLER, "SKU-1") == 9


def test_who_asked_for_changes_of_orders_is_told_of_a_placed_one(stocked: Backend) -> None:
    assert WANTED.notification_type is NotificationType.ORDER_CHANGE
    stocked.subscriptions.add(WANTED)
    tell = choose_teller(stocked.subscriptions, SELLER, NOON)
    stocked.orders.place(SELLER, an_order(1), takes(2), NOON, tell)
    assert [one.amazon_order_id for one in stocked.outbox.list_waiting(9)] == [order_id(1)]
