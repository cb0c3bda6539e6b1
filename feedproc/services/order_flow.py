"""How much happens in a simulated shop, as people and programs say it: `10/m`, `30m`, a seed."""

import re
from datetime import timedelta
from typing import Annotated

from msgspec import Meta, Struct

PENDING_FOR = timedelta(minutes=30)
"""How long an order waits for its release (Seller Central help, pending orders)."""
CANCELLED_AFTER = timedelta(days=7)
"""How long after the expected ship date an unconfirmed order is cancelled (Seller Central help G201722390)."""
_RATE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)/(s|m|h)")
_MINUTES = {"s": 1 / 60, "m": 1.0, "h": 60.0}
_SPAN = re.compile(r"([0-9]{1,6})(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_LONGEST = timedelta(days=36_500)
"""So that what is so long ago, or ahead, is still a date."""


class OrderFlow(Struct, frozen=True, kw_only=True):
    """How much happens."""

    per_minute: float = 1.0
    """New orders a minute."""
    regretted: float = 0.05
    """Of the released orders, those whose buyer asks to cancel; from 0 to 1."""
    pending_for: timedelta = PENDING_FOR
    cancelled_after: timedelta = CANCELLED_AFTER


class FlowSetting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much is to happen, as it is asked for."""

    rate: str = "1/m"
    """New orders: 2/s, 10/m, 100/h."""
    seed: Annotated[int, Meta(ge=0)] = 1
    """The same seed gives the same orders."""
    pending_for: str = "30m"
    """Until an order is released."""
    regretted: Annotated[float, Meta(ge=0, le=100)] = 5.0
    """Percent of the released orders: their buyers ask to cancel."""
    cancelled_after: str = "7d"
    """Behind its expected ship date, an order that nobody confirmed is cancelled."""

    def make_flow(self) -> OrderFlow:
        """Return what is asked for.

        Raises:
            ValueError: a rate or a length of time is none.

        """
        return OrderFlow(
            per_minute=read_rate(self.rate),
            regretted=self.regretted / 100,
            pending_for=read_span(self.pending_for),
            cancelled_after=read_span(self.cancelled_after),
        )


def read_rate(text: str) -> float:
    """Return how many in a minute a rate such as `10/m` means.

    Raises:
        ValueError: the text is no rate.

    """
    found = _RATE.fullmatch(text)
    if found is None or not float(found[1]):
        raise ValueError(f"{text!r} is no rate; write one such as 10/m, 2/s or 100/h")
    return float(found[1]) / _MINUTES[found[2]]


def read_span(text: str) -> timedelta:
    """Return the length of time that a text such as `30m` means.

    Raises:
        ValueError: the text is none, or the time is longer than a century.

    """
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no length of time; write one such as 90s, 30m, 2h or 7d")
    span = timedelta(seconds=int(found[1]) * _SECONDS[found[2]])
    if span > _LONGEST:
        raise ValueError(f"{text!r} is too long; {_LONGEST.days}d is the most")
    return span
