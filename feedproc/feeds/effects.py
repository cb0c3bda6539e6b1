"""What a message has to see, what it saw, and what it does: here feeds meet orders and stock."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from feedproc.feeds.report import Result
from feedproc.orders.order import Event, ItemKey, Order, OrderKey, OrderStatus, Promotion
from feedproc.stock.change import StockChange


class Touches(Struct, frozen=True, gc=False):
    """What a message's body has to see before it can be applied."""

    orders: tuple[OrderKey, ...] = ()
    """The orders that it names; the first is the one it is about."""
    skus: tuple[str, ...] = ()
    """The SKUs whose levels it asks for, or sets."""


class NeededItem(Struct, frozen=True, gc=False):
    """What an item must be like so that a message takes effect."""

    item: ItemKey
    shipped: int | None = 0
    """Units that the message ships; None when it ships what is open."""
    cancelled: int = 0
    """Units that it cancels once others have shipped."""
    units: int = 1
    """At least so many must have been ordered and not be cancelled."""
    amounts: Mapping[str, Decimal] = {}
    """Paid back to the buyer, by component."""
    net: Decimal = Decimal(0)
    """Paid back in all, past Amazon as well."""
    promotions: tuple[Promotion, ...] = ()
    """Discount that is taken back; the item must have been given as much."""
    merchant_order_item_id: str = ""
    """What the message calls the item from then on."""


class Need(Struct, frozen=True, gc=False):
    """What an order must be like so that a message takes effect."""

    order: OrderKey
    items: tuple[NeededItem, ...] = ()
    """Those that it names; none when it is about the whole order."""
    status: OrderStatus = OrderStatus.UNSHIPPED
    """In which the order must be."""
    purchased_by: date | None = None
    """The day, or the moment, by which it must have been bought."""
    ships_rest: bool = False
    """The message ships all that is open, which must be something."""
    currencies: frozenset[str] = frozenset()
    merchant_order_id: str = ""
    """What the message calls the order from then on."""


class Seen(Struct, frozen=True, gc=False):
    """What was found of all that the messages of one batch touch, after the messages before had their effects."""

    orders: Mapping[OrderKey, Order] = {}
    """A key that names no order is absent."""
    levels: Mapping[str, int] = {}
    """Units by SKU; a SKU that was never seen is absent."""


class BuyerNotice(Struct, frozen=True, gc=False):
    """Something the buyer is told by e-mail: an order was cancelled, shipped or refunded, or is tracked otherwise."""

    kind: Event
    amazon_order_id: str
    since: int = 0
    """How many cancellations, packages, corrections or refunds, by its kind, the order had before; the rest is new."""
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
