"""How commands print: tables for people, JSON for programs."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import IO, Any, Generic, TypeVar

import click
import msgspec

from feedproc.cli.text import show_controls

_IN_MEMORY = 1024 * 1024
_FRAME = 3
"""Signs around a cell: a blank at each side, and a line."""
_Item = TypeVar("_Item")
_encode = msgspec.json.Encoder(decimal_format="number").encode


def print_json(value: Any) -> None:
    """Print a value in one line."""
    click.echo(_encode(value))


def print_json_array(head: dict[str, Any], name: str, items: Iterable[Any]) -> None:
    """Print an object whose last field is an array of any length, in one line and without holding it in memory."""
    write_json(lambda _count: head, name, items)


def write_json(head: Callable[[int], dict[str, Any]], name: str, items: Iterable[Any]) -> int:
    """Print an object in one line: what `head` says of the number of items, then the items. Return their number."""
    count = 0
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        for count, item in enumerate(items, 1):
            spool.write((b"," if count > 1 else b"") + _encode(item))
        spool.seek(0)
        sys.stdout.flush()
        sys.stdout.buffer.write(_encode(head(count))[:-1] + b"," + _encode(name) + b":[")
        shutil.copyfileobj(spool, sys.stdout.buffer)
        sys.stdout.buffer.write(b"]}\n")
        sys.stdout.buffer.flush()
    return count


def print_order(fields: Mapping[str, Any]) -> None:
    """Print all that is known of an order, a line a fact; signs that steer a terminal are shown as dots."""
    for name, value in fields.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            if facts := _join_facts(one):
                click.echo(f"{name:18} {facts}")


def print_rows(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table on a terminal; elsewhere the same columns with tabs between them, without frame.

    No cell is ever cut. The first column names the row; where the terminal is too narrow for all columns, the last ones
    are left out, which is said, and where it is too narrow for the first, there is no frame. Signs that steer a
    terminal are shown as dots.
    """
    if sys.stdout.isatty():
        _print_table(title, columns, rows)
        return
    click.echo("\t".join(columns))
    for row in rows:
        click.echo("\t".join(_as_text(cell) for cell in row))


@dataclass(frozen=True)
class Listing(Generic[_Item]):
    """How a list is printed: as a table with a row for each, or each as a line of JSON."""

    title: str
    columns: Sequence[str]
    make_row: Callable[[_Item], Sequence[object]]
    make_document: Callable[[_Item], Any]

    def print(self, form: str, found: Iterable[_Item]) -> None:
        """Print what was found, in the form `json` or `text`."""
        if form == "json":
            for one in found:
                print_json(self.make_document(one))
        else:
            print_rows(self.title, self.columns, map(self.make_row, found))


def copy_to_output(stream: IO[bytes]) -> None:
    """Copy bytes to standard output as they are, with a line end behind them on a terminal."""
    sys.stdout.flush()
    shutil.copyfileobj(stream, sys.stdout.buffer)
    if sys.stdout.isatty():
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def _print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    cells = [[_as_text(cell) for cell in row] for row in rows]
    console = Console()
    shown = _count_fitting([columns, *cells], console.width)
    if not shown:
        click.echo("\n".join(row[0] for row in (columns, *cells)))
    else:
        table = Table(title=Text(title), title_justify="left")
        for name in columns[:shown]:
            table.add_column(name, no_wrap=True)
        for row in cells:
            table.add_row(*map(Text, row[:shown]))
        console.print(table)
    if left_out := columns[max(shown, 1) :]:
        names = ", ".join(left_out)
        told = f"Not shown, for want of room: {names}. A wider terminal, a pipe or --format json has them."
        click.echo(told, err=True)


def _count_fitting(rows: Sequence[Sequence[str]], room: int) -> int:
    """Return how many columns of a table, its frame counted, fit beside each other."""
    from rich.cells import cell_len  # noqa: PLC0415 - only a terminal needs it

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    needed = list(accumulate((width + _FRAME for width in widths), initial=1))
    return sum(one <= room for one in needed) - 1


def _join_facts(value: Any) -> str:
    if isinstance(value, dict):
        given = {name: one for name, one in value.items() if one not in (None, "", {}, [], ())}
        return ", ".join(f"{name} {_bracket(one)}" for name, one in given.items())
    if isinstance(value, list | tuple):
        return " / ".join(map(_join_facts, value))
    return _as_text(value)


def _bracket(value: Any) -> str:
    return f"({_join_facts(value)})" if isinstance(value, dict | list | tuple) else _join_facts(value)


def _as_text(cell: object) -> str:
    return "" if cell is None else show_controls(str(cell))
