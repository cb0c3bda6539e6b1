"""A scenario: what a server begins with, as a file that stands in somebody's repository (TOML)."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from feedproc.control.controlled import BadControl, Controlled, load_orders, read_fault, set_levels, write_fault
from feedproc.errors import FeedprocError, Unusable
from feedproc.feeds.marketplaces import JAPAN
from feedproc.imports.order_lines import BadOrder, read_order_lines
from feedproc.orders.order import Order
from feedproc.ports import OrderFilter, Secret, Seller

_MOST = 1_000_000
_OWN = ("version", "updated_at")
"""What the store notes of an order itself."""


class ScenarioSeller(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A seller, with what belongs to it. Names that are left out are made from its id."""

    seller_id: str
    merchant_token: str = ""
    access_key: str = ""
    secret_key: str = ""
    auth_token: str = ""
    client_id: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    marketplace_ids: tuple[str, ...] = (JAPAN,)
    destinations: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()
    orders_file: str = ""
    """JSON lines, beside the scenario."""
    stock: Mapping[str, int] = {}

    def make(self) -> Seller:
        """Return the seller."""
        name = self.seller_id
        return Seller(
            seller_id=name,
            merchant_token=self.merchant_token or f"M_{name}",
            access_key=self.access_key or f"AKIA{name}",
            secret_key=Secret(self.secret_key or f"secret-of-{name}"),
            auth_token=Secret(self.auth_token or f"amzn.mws.{name}"),
            marketplace_ids=self.marketplace_ids,
            destinations=self.destinations,
            client_id=self.client_id or f"application-of-{name}",
            client_secret=Secret(self.client_secret or f"client-secret-of-{name}"),
            refresh_token=Secret(self.refresh_token or f"Atzr|{name}"),
        )


class Scenario(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a server begins with. Without sellers it has the one that it would have without a scenario."""

    frozen_at: datetime | None = None
    starts_at: datetime | None = None
    sellers: tuple[ScenarioSeller, ...] = ()
    faults: tuple[dict[str, Any], ...] = ()


def read_scenario(path: Path) -> Scenario:
    """Read a scenario.

    Raises:
        Unusable: it cannot be read, or says what no scenario says. The text names the place.

    """
    try:
        scenario = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Scenario, strict=False)
        for fault in scenario.faults:
            read_fault(fault)
    except (OSError, ValueError, msgspec.ValidationError, FeedprocError) as error:
        raise Unusable(f"{path}: {error}") from error
    return scenario


def begin_scenario(server: Controlled, scenario: Scenario, folder: Path) -> None:
    """Let a server, just reset, be as a scenario says; files are looked for in `folder`.

    Raises:
        Unusable: an order or a SKU is implausible, a fault can never happen, or a file cannot be read.

    """
    backend = server.backend
    known = {one.seller_id for one in backend.sellers.list_sellers()}
    if scenario.frozen_at or scenario.starts_at:
        (server.clock.freeze if scenario.frozen_at else server.clock.run_from)(scenario.frozen_at or scenario.starts_at)
    for one in scenario.sellers:
        if one.seller_id not in known:
            backend.sellers.add(one.make())
        try:
            load_orders(server, one.seller_id, [*one.orders, *_read_orders(one, folder)])
            set_levels(server, one.seller_id, one.stock)
        except (BadControl, OSError) as error:
            raise Unusable(f"seller {one.seller_id}: {error}") from error
    for fault in scenario.faults:
        try:
            server.faults.add(read_fault(fault))
        except ValueError as error:
            raise Unusable(f"a fault of the scenario: {error}") from error


def write_scenario(server: Controlled) -> str:
    """Return a scenario that begins as a server is now: sellers, orders, stock, faults, and the time if it was set."""
    lines = ["# Written by feedproc; a server started with --scenario begins as this one was."]
    if server.clock.is_frozen:
        lines.append(f"frozen_at = {_write(server.clock().isoformat())}")
    if server.clock.is_elsewhere:
        lines.append(f"starts_at = {_write(server.clock().isoformat())}")
    lines += [f"[[faults]]\n{_write_fields(write_fault(one))}" for one in server.faults.list()]
    for seller in server.backend.sellers.list_sellers():
        lines.append(f"[[sellers]]\n{_write_fields(_tell_seller(seller))}")
        levels = {level.sku: level.quantity for level in server.backend.stock.list_levels(seller.seller_id)}
        lines.append(f"stock = {_write(levels)}")
        which = OrderFilter(oldest_first=True)
        for order in server.backend.orders.list(seller.seller_id, which, _MOST):
            fields = msgspec.to_builtins(order)
            lines.append(
                f"[[sellers.orders]]\n{_write_fields({name: one for name, one in fields.items() if name not in _OWN})}"
            )
    return "\n".join(lines) + "\n"


def _read_orders(one: ScenarioSeller, folder: Path) -> Iterator[Order]:
    if not one.orders_file:
        return
    with (folder / one.orders_file).open("rb") as file:
        for order in read_order_lines(file):
            if isinstance(order, BadOrder):
                raise BadControl(f"{one.orders_file}: {order.where}: {order.problem}")
            yield order


def _tell_seller(seller: Seller) -> dict[str, Any]:
    names = ScenarioSeller.__struct_fields__
    told = {name: getattr(seller, name) for name in names if hasattr(seller, name)}
    return {name: [*one] if isinstance(one, tuple) else one for name, one in told.items() if one}


def _write_fields(fields: Mapping[str, Any]) -> str:
    return "\n".join(f"{_write_key(name)} = {_write(value)}" for name, value in fields.items() if value is not None)


def _write(value: Any) -> str:
    """Return a value as TOML has it."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_write_key(name)} = {_write(one)}" for name, one in value.items() if one is not None)
        return f"{{{inner}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_write, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    return _write_text(str(value))


def _write_key(name: str) -> str:
    return _write_text(name)


def _write_text(text: str) -> str:
    """Return a basic string. JSON escapes as TOML does, but for DEL, which TOML wants escaped."""
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")
