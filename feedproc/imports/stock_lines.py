"""Stock levels, one a line: JSON such as `{"sku": "A", "quantity": 3}`, or SKU and quantity with a tab between."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import BinaryIO

import msgspec

from feedproc.imports.lines import read_lines
from feedproc.imports.values import explain_json_fault, find_sku_problem
from feedproc.stock.level import MOST_UNITS, StockLevel

MAX_LINE_BYTES = 64 * 1024
LONGEST_SKU = 40
"""Characters (`SKUType` of amzn-base.xsd)."""
_HEADING = (b"sku", b"quantity")


class BadLevel(msgspec.Struct, frozen=True):
    """A level that cannot be taken, where it stands, and why."""

    where: str
    problem: str


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    sku: str
    quantity: int


_decode = msgspec.json.Decoder(_Line).decode


def read_level_lines(file: BinaryIO) -> Iterator[StockLevel | BadLevel]:
    """Yield the level of each line, or what is wrong with the line. Empty lines count, and mean nothing.

    The first line that is not empty tells which of the two forms the file has; in that with tabs, it may be a heading.
    """
    read = None
    for number, line in read_lines(file, MAX_LINE_BYTES):
        if line is None:
            yield BadLevel(f"line {number}", f"longer than {MAX_LINE_BYTES} bytes")
            continue
        text = line.strip(b"\r\n")
        if not text.strip():
            continue
        if read is None:
            read = _read_json if text.lstrip().startswith(b"{") else _read_tabs
            if read is _read_tabs and _split_cells(text.lower()) == _HEADING:
                continue
        yield _read_level(f"line {number}", text, read)


def _read_level(where: str, text: bytes, read: Callable[[bytes], StockLevel]) -> StockLevel | BadLevel:
    try:
        level = read(text)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return BadLevel(where, explain_json_fault(error))
    problem = next(_find_problems(level), None)
    return BadLevel(where, problem) if problem else level


def _read_json(text: bytes) -> StockLevel:
    line = _decode(text)
    return StockLevel(line.sku, line.quantity)


def _read_tabs(text: bytes) -> StockLevel:
    cells = _split_cells(text)
    if len(cells) != 2:
        raise ValueError(f"{len(cells)} columns; there must be two, SKU and quantity, with a tab between")
    sku, quantity = cells
    digits = quantity.removeprefix(b"-")
    if not digits.isdigit() or len(digits) > len(str(MOST_UNITS)):
        raise ValueError(f"quantity is no whole number from 0 to {MOST_UNITS}")
    try:
        return StockLevel(sku.decode(), int(quantity))
    except UnicodeDecodeError:
        raise ValueError("the SKU is not in UTF-8") from None


def _split_cells(text: bytes) -> tuple[bytes, ...]:
    return tuple(cell.strip() for cell in text.split(b"\t"))


def _find_problems(level: StockLevel) -> Iterator[str]:
    if not 1 <= len(level.sku) <= LONGEST_SKU:
        yield f"sku has not 1 to {LONGEST_SKU} characters"
    if problem := find_sku_problem(level.sku):
        yield problem
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in level.sku):
        yield "sku holds a control character"
    if not 0 <= level.quantity <= MOST_UNITS:
        yield f"quantity is no whole number from 0 to {MOST_UNITS}"
