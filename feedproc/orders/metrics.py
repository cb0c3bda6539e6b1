"""What orders count for in a seller's metrics, day by day.

An order counts on the day (UTC) it was purchased. The definitions are those of Seller Central's help on the
pre-fulfilment cancel rate (200285210); what it leaves open is told in `services/read/metrics.py`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from feedproc.orders.order import Cancellation, Order
from feedproc.orders.standing import PENDING, is_fulfilled_by_amazon
from feedproc.orders.tally import Fact, Tally, TallyCounts

TARGET_CANCEL_RATE = 0.025
"""Amazon wants sellers to stay below it."""
UNSTATED = "unstated"
"""The reason of a cancellation that gave none."""


def count_change(before: Order | None, after: Order) -> Iterable[tuple[Tally, int]]:
    """Return what counts more or less now that an order changed from `before`, or is new."""
    new = _find_facts(after)
    if before is None:
        day = after.purchased_at.date()
        return [(Tally(day, fact, reason), 1) for fact, reason in new]
    old = _find_facts(before)
    is_same_time = before.purchased_at is after.purchased_at or before.purchased_at == after.purchased_at
    if is_same_time and old == new:
        return ()
    day = after.purchased_at.date()
    if is_same_time:
        return [(Tally(day, fact, reason), more) for fact, reason, more in _compare_facts(old, new)]
    past = [(Tally(before.purchased_at.date(), fact, reason), -1) for fact, reason in old]
    return [*past, *((Tally(day, fact, reason), 1) for fact, reason in new)]


def merge_tallies(changes: Iterable[tuple[Tally, int]]) -> TallyCounts:
    """Return the changes with those of the same tally in one, and without those that cancel out."""
    sums: dict[Tally, int] = {}
    for tally, number in changes:
        sums[tally] = sums.get(tally, 0) + number
    return {tally: number for tally, number in sums.items() if number}


_Facts = tuple[tuple[Fact, str], ...]
_ORDERED, _REFUNDED, _LATE = (Fact.ORDERED, ""), (Fact.REFUNDED, ""), (Fact.LATE, "")
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
            return (*facts, (Fact.CANCELLED, _find_first_reason(order)))
    return facts


@lru_cache
def _compare_facts(old: _Facts, new: _Facts) -> Sequence[tuple[Fact, str, int]]:
    """Return what is gone, with -1, and what has come, with 1."""
    gone = [(*one, -1) for one in old if one not in new]
    return (*gone, *((*one, 1) for one in new if one not in old))


def _find_first_reason(order: Order) -> str:
    return min((part for item in order.items for part in item.cancellations), key=_get_time).reason or UNSTATED


def _get_time(cancellation: Cancellation) -> datetime:
    return cancellation.at


def _is_late(order: Order, latest: datetime) -> bool:
    return any(package.shipped_at > latest for package in order.packages)
