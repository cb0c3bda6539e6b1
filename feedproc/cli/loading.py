"""What is loaded from a file, beside what cannot be."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

import click

from feedproc.cli.text import show_controls

MOST_NAMED = 100
"""Refusals that are told one by one: a file that is none of the kind would be told line by line."""
_Taken = TypeVar("_Taken")


class Unloadable(Protocol):
    """Something in a file that cannot be taken."""

    @property
    def where(self) -> str:
        """Where it stands, such as `line 3`."""

    @property
    def problem(self) -> str:
        """Why it cannot be taken."""


class Loader:
    """Names what is refused on standard error, and counts it."""

    def __init__(self) -> None:
        """Begin with nothing refused."""
        self.refused = 0

    def load(self, kind: type[_Taken], name: str, found: Iterable[_Taken | Unloadable]) -> Iterator[_Taken]:
        """Yield what is of a kind in the file of that name."""
        for one in found:
            if isinstance(one, kind):
                yield one
            else:
                self.refuse(name, one)  # type: ignore[arg-type]

    def refuse(self, name: str, one: Unloadable) -> None:
        """Name what cannot be taken of a file, `MOST_NAMED` of it at most; one without a name is none in particular."""
        self.refused += 1
        if self.refused <= MOST_NAMED:
            told = f"{name}: {one.where}: {one.problem}" if name else f"{one.where}: {one.problem}"
            click.echo(show_controls(told), err=True)
        elif self.refused == MOST_NAMED + 1:
            click.echo(f"… and more; the first {MOST_NAMED} are named", err=True)

    def print_outcome(self, count: int, what: str, seller_id: str) -> int:
        """Print how many were loaded and refused; return the exit code."""
        named = what.removesuffix("s") if count == 1 else what
        click.echo(f"{count} {named} loaded for {seller_id}" + (f", {self.refused} refused" if self.refused else ""))
        return 1 if self.refused else 0
