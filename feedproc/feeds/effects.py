"""What a message has to see, what it saw, and what it does: here feeds meet orders and stock."""

from collections.abc import Mapping

from msgspec import Struct

from feedproc.feeds.report import Result
from feedproc.orders.change import Event
from feedproc.orders.order import Order, OrderKey
from feedproc.stock.change import StockChange


class Touches(Struct, frozen=True, gc=False):
    """What a message's body has to see before it can be applied."""

    orders: tuple[OrderKey, ...] = ()
    """The orders that it names; the first is the one it is about."""
    skus: tuple[str, ...] = ()
    """The SKUs whose levels it asks for, or sets."""


class Seen(Struct, frozen=True, gc=False):
    """What was found of all that the messages of one batch touch, after the messages before had their effects."""

    orders: Mapping[OrderKey, Order] = {}
    """A key that names no order is absent."""
    levels: Mapping[str, int] = {}
    """Units by SKU; a SKU that was never seen is absent."""


class BuyerNotice(Struct, frozen=True, gc=False):
    """Something the buyer is told by e-mail: an order was cancelled, shipped or refunded."""

    kind: Event
    amazon_order_id: str
    since: int = 0
    """How many cancellations, packages or refunds, by its kind, the order had before: what is behind them is new."""
    until: int = 0
    """How many it had afterwards; later ones are another notice's."""


class Effects(Struct, frozen=True, gc=False):
    """What applying one message gave. A refused message changes nothing and carries an error result."""

    orders: tuple[Order, ...] = ()
    """The changed orders; empty when nothing changed."""
    stock: tuple[StockChange, ...] = ()
    """In the order in which they happen. Only a SKU that the message touches can be set to a level."""
    notices: tuple[BuyerNotice, ...] = ()
    result: Result | None = None
    """An error or a warning; None when the message simply succeeded."""
