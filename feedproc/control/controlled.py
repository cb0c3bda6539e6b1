"""A server as whoever controls it sees it, and faults, orders and stock levels as they come from outside."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

from feedproc.control.calls import CallLog
from feedproc.control.clock import SettableClock
from feedproc.control.faults import Fault, FaultBook, FeedFault, MessageFault, RequestFault
from feedproc.control.simulation import Simulations
from feedproc.errors import FeedprocError
from feedproc.imports.order_check import find_problem
from feedproc.imports.values import find_sku_problem, show_value
from feedproc.orders.order import Order
from feedproc.ports import Backend, Mail
from feedproc.services.news import load_and_tell
from feedproc.stock.level import StockLevel

_KINDS: Mapping[str, type[Fault]] = {"request": RequestFault, "feed": FeedFault, "message": MessageFault}


class Controlled(Protocol):
    """A server that can be controlled."""

    clock: SettableClock
    calls: CallLog
    faults: FaultBook
    simulations: Simulations

    @property
    def backend(self) -> Backend:
        """The store, as programs see it."""

    @property
    def mails(self) -> Sequence[Mail]:
        """The e-mails that went out."""

    def reset(self) -> None:
        """Forget all that happened."""

    def hold(self) -> None:
        """Let feeds wait."""

    def release(self) -> None:
        """Let feeds be processed."""

    def drain(self) -> None:
        """Process all feeds that wait."""


class BadControl(FeedprocError):
    """A request to the control API that cannot be done."""


def read_fault(given: object) -> Fault:
    """Return the fault that a JSON object or a TOML table describes; its `kind` is request, feed or message.

    Raises:
        BadControl: it is none.

    """
    if not isinstance(given, dict):
        raise BadControl("a fault is an object")
    fields = {"kind": "request", **given}
    kind = _KINDS.get(str(fields.pop("kind")))
    if kind is None:
        raise BadControl(f"kind is one of {', '.join(_KINDS)}")
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as error:
        raise BadControl(f"no fault: {error}") from error


def write_fault(fault: Fault) -> dict[str, Any]:
    """Return a fault as an object that `read_fault` takes."""
    kind = next(name for name, one in _KINDS.items() if isinstance(fault, one))
    fields: dict[str, Any] = msgspec.to_builtins(fault)
    return {"kind": kind, **fields}


def load_orders(server: Controlled, seller_id: str, orders: Sequence[Order]) -> int:
    """Put orders into the store, and tell whoever asked for that; return how many.

    Raises:
        BadControl: one is implausible; then none is put in.

    """
    for number, order in enumerate(orders):
        if order.purchased_at.tzinfo is None:
            raise BadControl(f"orders[{number}].purchased_at has no time zone")
        if problem := find_problem(order):
            raise BadControl(f"orders[{number}].{problem}")
    return load_and_tell(server.backend, seller_id, orders, server.clock())


def set_levels(server: Controlled, seller_id: str, levels: Mapping[str, int]) -> int:
    """Set the units of each SKU of a seller; return of how many.

    Raises:
        BadControl: there can be no such SKU; then none is set.

    """
    for sku in levels:
        if problem := find_sku_problem(sku):
            raise BadControl(f"stock[{show_value(sku)}].{problem}")
    return server.backend.stock.load(seller_id, [StockLevel(*level) for level in levels.items()], server.clock())
