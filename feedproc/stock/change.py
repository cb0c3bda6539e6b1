"""What a message does to the level of a SKU: it moves the level by some units, or sets it to some."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct


class By(Struct, frozen=True, gc=False):
    """A level rises by some units, or falls by them when they are negative."""

    units: int

    def apply_to(self, level: int) -> int:
        """Return the level that this makes of a level."""
        return level + self.units


class To(Struct, frozen=True, gc=False):
    """A level becomes this, whatever it was. Raises `ValueError` for fewer units than none."""

    units: int

    def __post_init__(self) -> None:
        """Refuse a level below zero."""
        if self.units < 0:
            raise ValueError(f"a level cannot be set to {self.units} units")

    def apply_to(self, level: int) -> int:
        """Return the level that this makes of a level."""
        return self.units


class StockChange(Struct, frozen=True, gc=False):
    """What happens to the level of one SKU, and why."""

    sku: str
    move: By | To
    reason: str
    """As the ledger tells it."""
    amazon_order_id: str | None = None
    """The order that caused it, if one did."""


Moves = Sequence[tuple[str | None, StockChange]]
"""Changes in the order in which they happen, each with the id of the message that caused it, if one did."""


class StockMoves(Struct, frozen=True, gc=False):
    """Changes of a seller's stock that take effect together."""

    changes: Moves
    levels: Mapping[str, int | None]
    """How the SKUs stood whose level was looked at; it is to be the same when it is changed."""
    cause: str
    """Names what brought them about; no other cause of the seller has the same name."""
    submission_id: str | None = None


class Movement(NamedTuple):
    """A change together with the message that caused it and the units by which it moves the level."""

    message_id: str | None
    change: StockChange
    units: int


def measure(changes: Moves, levels: Mapping[str, int | None]) -> list[Movement]:
    """Return by how many units each of several changes moves its SKU's level, in their order.

    `changes` come with the ids of their messages. `levels` are those before the first of them; None stands for a SKU
    that was never seen, and a SKU that is only moved by some units need not be in it. What is set to the level that it
    has is left out.
    """
    now = {sku: level or 0 for sku, level in levels.items()}
    movements = []
    for message_id, change in changes:
        before = now.get(change.sku, 0)
        now[change.sku] = after = change.move.apply_to(before)
        if after != before:
            movements.append(Movement(message_id, change, after - before))
    return movements
