"""Orders as JSON Lines: one object a line, as `feedproc orders list --format json` prints them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import msgspec
from msgspec.structs import asdict, replace

from feedproc.imports.lines import read_lines
from feedproc.imports.order_check import find_problem
from feedproc.imports.values import explain_json_fault
from feedproc.orders.order import Order

MAX_LINE_BYTES = 4 * 1024 * 1024
"""One order. A thousand items with titles and addresses are below a tenth of it."""
_decode = msgspec.json.Decoder(Order).decode
_decode_any = msgspec.json.Decoder().decode


class BadOrder(msgspec.Struct, frozen=True):
    """An order that cannot be taken, where it stands, and why."""

    where: str
    problem: str


def read_order_lines(file: BinaryIO) -> Iterator[Order | BadOrder]:
    """Yield the order of each line, or what is wrong with the line. Empty lines count, and mean nothing."""
    for number, line in read_lines(file, MAX_LINE_BYTES):
        if line is None:
            yield BadOrder(f"line {number}", f"longer than {MAX_LINE_BYTES} bytes")
        elif text := line.strip():
            yield _read_order(f"line {number}", text)


def write_line(order: Order) -> dict[str, Any]:
    """Return what a line says of an order: its fields but the store's own, and the status that follows from them."""
    fields: dict[str, Any] = msgspec.to_builtins(order, builtin_types=(datetime, Decimal))
    fields.pop("version", None)
    return {"amazon_order_id": order.amazon_order_id, "status": order.status.value} | fields


def _read_order(where: str, text: bytes) -> Order | BadOrder:
    try:
        text.decode()  # what msgspec says of other encodings differs from version to version
        raw = _decode_any(text)
        order = _decode(text)
    except UnicodeDecodeError:
        return BadOrder(where, "it is not in UTF-8")
    except (msgspec.MsgspecError, RecursionError, ArithmeticError) as error:
        return BadOrder(where, explain_json_fault(error))
    problem = next(_find_strays(raw, order, ""), None) or _find_status_problem(raw, order) or _find_problem(order)
    if problem:
        return BadOrder(where, problem)
    try:
        return replace(order, purchased_at=order.purchased_at.astimezone(UTC))
    except OverflowError:
        return BadOrder(where, f"purchased_at {order.purchased_at.isoformat()} is beyond the calendar in UTC")


def _find_problem(order: Order) -> str | None:
    naive = next(_find_naive(order, ""), None)
    return f"{naive} has no time zone" if naive else find_problem(order)


def _find_strays(raw: Any, read: Any, path: str) -> Iterator[str]:
    """Find fields that no order has: a misspelt one would be lost without a word."""
    if isinstance(read, msgspec.Struct):
        for name, value in raw.items():
            if name in read.__struct_fields__:
                yield from _find_strays(value, getattr(read, name), f"{path}{name}.")
            elif path or name != "status":
                yield f"{path}{name} is no field of an order"
    elif isinstance(read, tuple):
        for number, (value, one) in enumerate(zip(raw, read, strict=True)):
            yield from _find_strays(value, one, f"{path.removesuffix('.')}[{number}].")


def _find_naive(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, msgspec.Struct):
        for name, one in asdict(value).items():
            yield from _find_naive(one, f"{path}.{name}")
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            yield from _find_naive(one, f"{path}[{number}]")
    elif isinstance(value, datetime) and value.tzinfo is None:
        yield path.removeprefix(".")


def _find_status_problem(raw: dict[str, Any], order: Order) -> str | None:
    told = raw.get("status", order.status)
    if told == order.status:
        return None
    return f"status is {told!r}, but marker and quantities make it {order.status}"
