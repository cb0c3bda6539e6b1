"""What orders count for in a seller's metrics, day by day.

An order counts on the day (UTC) it was purchased. The definitions are those of Seller Central's help on the
pre-fulfilment cancel rate (200285210); what it leaves open is told in `services/read/metrics.py`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

from feedproc.orders.order import Cancellation, Order
from feedproc.orders.standing import PENDING, is_fulfilled_by_amazon
from feedproc.orders.tally import Fact, Tally, TallyCounts

TARGET_CANCEL_RATE = 0.025
"""Amazon wants sellers to stay below it."""
UNSTATED = "unstated"
"""The reason of a cancellation that gave none."""


def count_change(before: Order | None, after: Order) -> Sequence[tuple[Tally, int]]:
    """Return what counts more or less now that an order changed from `before`, or is new."""
    new = _find_facts(after)
    if before is None:
        return _compare_facts(after.purchased_at.date(), _NOTHING, new)
    old = _find_facts(before)
    if before.purchased_at is after.purchased_at or before.purchased_at == after.purchased_at:
        return () if old == new else _compare_facts(after.purchased_at.date(), old, new)
    gone = _compare_facts(before.purchased_at.date(), old, _NOTHING)
    return (*gone, *_compare_facts(after.purchased_at.date(), _NOTHING, new))


def merge_tallies(changes: Iterable[tuple[Tally, int]]) -> TallyCounts:
    """Return the changes with those of the same tally in one, and without those that cancel out."""
    sums: dict[Tally, int] = {}
    for tally, number in changes:
        sums[tally] = sums.get(tally, 0) + number
    return {tally: number for tally, number in sums.items() if number}


_Facts = tuple[tuple[Fact, str], ...]
_ORDERED, _REFUNDED, _LATE = (Fact.ORDERED, ""), (Fact.REFUNDED, ""), (Fact.LATE, "")
_CANCELLED = Fact.CANCELLED
_NOTHING: _Facts = ()
_UNCANCELLED: dict[tuple[bool, bool], _Facts] = {
    (False, False): (_ORDERED,),
    (True, False): (_ORDERED, _REFUNDED),
    (False, True): (_ORDERED, _LATE),
    (True, True): (_ORDERED, _REFUNDED, _LATE),
}
"""By whether something was refunded, and was late: what most orders count for, the same object each time."""


def _find_facts(order: Order) -> _Facts:
    """Return what an order counts for: nothing when Amazon fulfils it, or while it is pending."""
    marker = order.marker
    if order.fulfilled_by_amazon or (marker is not None and (is_fulfilled_by_amazon(order) or order.status in PENDING)):
        return _NOTHING
    latest = order.latest_ship_date
    late = latest is not None and bool(order.packages) and _is_late(order, latest)
    facts = _UNCANCELLED[bool(order.refunds), late]
    if order.buyer_asked_to_cancel:
        return facts
    for item in order.items:
        if item.cancellations:
            return (*facts, (_CANCELLED, _find_first_reason(order)))
    return facts


@lru_cache(1_024)
def _compare_facts(day: date, old: _Facts, new: _Facts) -> Sequence[tuple[Tally, int]]:
    """Return what is gone on a day, with -1, and what has come, with 1: the same for most orders of a batch."""
    gone = [(Tally(day, *one), -1) for one in old if one not in new]
    return (*gone, *((Tally(day, *one), 1) for one in new if one not in old))


def _find_first_reason(order: Order) -> str:
    first: Cancellation | None = None
    for item in order.items:
        for part in item.cancellations:
            if first is None or part.at < first.at:
                first = part
    return (first and first.reason) or UNSTATED


def _is_late(order: Order, latest: datetime) -> bool:
    return any(package.shipped_at > latest for package in order.packages)
