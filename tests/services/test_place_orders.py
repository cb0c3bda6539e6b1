"""Orders that are placed: what they take from the stock, and when there is not enough."""

from decimal import Decimal

import pytest

from feedproc.errors import OrderExists, SoldOut
from feedproc.memory import MemoryStore
from feedproc.orders.order import Item
from feedproc.ports import Backend
from feedproc.services.place_orders import place_order
from feedproc.stock.level import StockLevel
from tests.builders import NOON, SELLER, a_seller, an_order, new_keys, order_id


def a_shop(**levels: int) -> Backend:
    backend = MemoryStore(new_keys()).backend
    backend.sellers.add(a_seller())
    backend.stock.load(SELLER, [StockLevel(sku, units) for sku, units in levels.items()], NOON)
    return backend


def an_item(code: int, sku: str, units: int) -> Item:
    return Item(f"{code:014d}", sku, units, {"Principal": Decimal(100)})


def test_all_lines_of_a_sku_take_from_one_level() -> None:
    shop = a_shop(CUP=5, POT=1)
    items = (an_item(1, "CUP", 2), an_item(2, "POT", 1), an_item(3, "CUP", 3))
    place_order(shop, SELLER, an_order(1, items=items), NOON)
    assert shop.stock.get_levels(SELLER, ["CUP", "POT"]) == {"CUP": 0, "POT": 0}


def test_what_is_sold_out_cannot_be_ordered_and_nothing_is_taken() -> None:
    shop = a_shop(CUP=5, POT=0)
    with pytest.raises(SoldOut, match="SKU POT has 0 units left, and the order wants 1"):
        place_order(shop, SELLER, an_order(1, items=(an_item(1, "CUP", 2), an_item(2, "POT", 1))), NOON)
    assert shop.stock.get_level(SELLER, "CUP") == 5
    assert shop.orders.get(SELLER, order_id(1)) is None


def test_of_a_sku_that_the_stock_never_had_nothing_is_taken() -> None:
    shop = a_shop()
    place_order(shop, SELLER, an_order(1, items=(an_item(1, "CUP", 2),)), NOON)
    assert not shop.stock.get_levels(SELLER, ["CUP"])


def test_an_order_that_is_there_is_not_placed_again() -> None:
    shop = a_shop(CUP=5)
    order = an_order(1, items=(an_item(1, "CUP", 2),))
    place_order(shop, SELLER, order, NOON)
    with pytest.raises(OrderExists, match=order_id(1)):
        place_order(shop, SELLER, order, NOON)
    assert shop.stock.get_level(SELLER, "CUP") == 3
