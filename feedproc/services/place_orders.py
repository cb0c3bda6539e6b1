"""Place a new order: it comes into the book, and its units leave the stock."""

from collections.abc import Mapping
from datetime import datetime

from feedproc.errors import Conflict, OrderExists, SoldOut
from feedproc.orders.order import Order
from feedproc.ports import Backend
from feedproc.services.news import choose_teller
from feedproc.stock.change import By, StockChange, StockMoves
from feedproc.stock.level import ORDERED

_TRIES = 20
"""Looks at the stock while others keep changing it."""


def place_order(backend: Backend, seller_id: str, order: Order, at: datetime) -> None:
    """Put a new order into the book and take its units from the stock, both or neither.

    A SKU that the stock never had is not counted: nothing is taken of it, and it is never sold out.

    Raises:
        SoldOut: the stock does not have enough of a SKU.
        OrderExists: there is an order with that id.
        Conflict: others kept changing the stock.

    """
    tell = choose_teller(backend.subscriptions, seller_id, at)
    wanted = _count_units(order)
    for _ in range(_TRIES):
        if backend.orders.get(seller_id, order.amazon_order_id) is not None:
            raise OrderExists(order.amazon_order_id)
        moves = _take(order, wanted, backend.stock.get_levels(seller_id, wanted))
        try:
            backend.orders.place(seller_id, order, moves, at, tell)
        except Conflict:
            continue
        return
    raise Conflict(f"the stock of seller {seller_id} kept changing; try again")


def _count_units(order: Order) -> dict[str, int]:
    units: dict[str, int] = {}
    for item in order.items:
        units[item.sku] = units.get(item.sku, 0) + item.quantity_ordered
    return units


def _take(order: Order, wanted: Mapping[str, int], levels: Mapping[str, int]) -> StockMoves:
    name = order.amazon_order_id
    for sku, level in levels.items():
        if level < wanted[sku]:
            raise SoldOut(sku, wanted[sku], level)
    changes = [(None, StockChange(sku, By(-wanted[sku]), ORDERED, name)) for sku in levels]
    return StockMoves(changes, levels, f"orders/{name}")
