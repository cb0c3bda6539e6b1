"""What orders count for in a seller's metrics, day by day.

An order counts on the day (UTC) it was purchased. The definitions are those of Seller Central's help on the
pre-fulfilment cancel rate (200285210); what it leaves open is told in `services/metrics.py`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from feedproc.orders.order import Cancellation, Order
from feedproc.orders.standing import PENDING, is_amazons

TARGET_CANCEL_RATE = 0.025
"""Amazon wants sellers to stay below it."""
UNSTATED = "unstated"
"""The reason of a cancellation that gave none."""


class Fact(StrEnum):
    """What can be said of an order fulfilled by its seller."""

    ORDERED = "ordered"
    CANCELLED = "cancelled"
    """By the seller, whole or in part, before shipment; not when the buyer asked for it."""
    REFUNDED = "refunded"
    LATE = "late"
    """A package's ship date, as the seller gave it, is after the order's latest ship date."""


class Tally(NamedTuple):
    """What is counted together."""

    day: date
    fact: Fact
    reason: str = ""
    """Of the first cancellation."""


Tallies = Mapping[Tally, int]
"""How many orders; of changes, how many more."""


def changed(before: Order | None, after: Order) -> Iterable[tuple[Tally, int]]:
    """Return what counts more or less now that an order changed from `before`, or is new."""
    old = _facts(before) if before is not None else ()
    new = _facts(after)
    if old == new and (before is None or before.purchased_at == after.purchased_at):
        return ()
    return [*(_tally(before, one, -1) for one in old if before is not None), *(_tally(after, one, 1) for one in new)]


def added(changes: Iterable[tuple[Tally, int]]) -> Tallies:
    """Return the changes with those of the same tally in one, and without those that cancel out."""
    sums: dict[Tally, int] = {}
    for tally, number in changes:
        sums[tally] = sums.get(tally, 0) + number
    return {tally: number for tally, number in sums.items() if number}


def _tally(order: Order, fact: tuple[Fact, str], number: int) -> tuple[Tally, int]:
    return Tally(order.purchased_at.date(), *fact), number


def _facts(order: Order) -> tuple[tuple[Fact, str], ...]:
    """Return what an order counts for: nothing when Amazon fulfils it, or while it is pending."""
    if is_amazons(order) or (order.marker is not None and order.status in PENDING):
        return ()
    facts = [_ORDERED]
    if not order.buyer_asked_to_cancel:
        cancelled = [part for item in order.items for part in item.cancellations]
        if cancelled:
            facts.append((Fact.CANCELLED, min(cancelled, key=_when).reason or UNSTATED))
    if order.refunds:
        facts.append(_REFUNDED)
    if order.latest_ship_date is not None and _is_late(order, order.latest_ship_date):
        facts.append(_LATE)
    return tuple(facts)


def _when(cancellation: Cancellation) -> datetime:
    return cancellation.at


def _is_late(order: Order, latest: datetime) -> bool:
    return any(package.shipped_at > latest for package in order.packages)


_ORDERED, _REFUNDED, _LATE = (Fact.ORDERED, ""), (Fact.REFUNDED, ""), (Fact.LATE, "")
