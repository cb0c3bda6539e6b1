"""What changing an order gave."""

from enum import StrEnum

from msgspec import Struct

from feedproc.orders.order import Order
from feedproc.stock.change import StockChange


class Event(StrEnum):
    """Something that happened to an order and that its buyer is told."""

    CANCELLED = "cancelled"
    SHIPPED = "shipped"
    REDIRECTED = "redirected"
    """A package that had shipped got another tracking number."""
    REFUNDED = "refunded"


class Change(Struct, frozen=True, gc=False):
    """The order as it is now, what came back to the stock, and what the buyer is told."""

    order: Order
    stock: tuple[StockChange, ...] = ()
    events: tuple[Event, ...] = ()
