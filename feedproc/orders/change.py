"""What changing an order gave."""

from msgspec import Struct

from feedproc.orders.order import Event, Order
from feedproc.stock.change import StockChange


class Change(Struct, frozen=True, gc=False):
    """The order as it is now, what came back to the stock, and what the buyer is told."""

    order: Order
    stock: tuple[StockChange, ...] = ()
    events: tuple[Event, ...] = ()
