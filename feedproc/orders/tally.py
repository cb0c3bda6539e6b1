"""What is counted of orders, day by day, for a seller's metrics."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Fact(StrEnum):
    """What can be said of an order fulfilled by its seller."""

    ORDERED = "ordered"
    CANCELLED = "cancelled"
    """By the seller, whole or in part, before shipment; not when the buyer asked for it."""
    REFUNDED = "refunded"
    LATE = "late"
    """A package's ship date, as the seller gave it, is after the order's latest ship date."""

    __hash__ = str.__hash__  # that of enums is written in Python, and counting asks for it once an order


class Tally(NamedTuple):
    """What is counted together."""

    day: date
    fact: Fact
    reason: str = ""
    """Of the first cancellation."""


TallyCounts = Mapping[Tally, int]
"""How many orders; of changes, how many more."""
