"""A seller's metrics over some days: orders, cancellations by reason, refunds, late shipments, and the cancel rate.

Decided where Amazon's help leaves it open (Seller Central 200285210):

- An order counts on the day, in UTC, on which it was purchased, whenever it is cancelled, shipped or refunded; so a
  window's counts go on changing until all its orders have ended.
- An order counts once, however many of its units are cancelled: a cancellation of one item counts as one of the order.
  Its reason is that of the first cancellation; one without a reason is `unstated`. No reason exempts.
- Exempt is an order of which the buyer asked the cancellation (`buyer_asked_to_cancel`). It still counts as an order.
- A pending order does not count until it is released, or until its seller cancels it. Nor does one that Amazon
  fulfils.
- A refund counts once it was paid; one that waits for its shipment does not.
- A shipment is late when the ship date that its seller gave is after the order's latest ship date.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from feedproc.orders.metrics import TARGET_CANCEL_RATE, count_change
from feedproc.orders.order import Cancellation, Order
from feedproc.orders.tally import Fact, Tally
from feedproc.ports import Tallies

TRAILING_DAYS = 7
"""What Amazon looks at."""
MOST_DAYS = 366
"""The longest window."""


class Counts(Struct, frozen=True, kw_only=True):
    """How many orders there were, and what became of them."""

    orders: int
    """All that the seller fulfils."""
    cancelled: int
    """By the seller before shipment, whole or in part."""
    by_reason: dict[str, int]
    """The cancelled ones by the reason of their first cancellation, most frequent first."""
    refunded: int
    late: int

    @property
    def cancel_rate(self) -> float | None:
        """The pre-fulfilment cancel rate, from 0 to 1; None without orders."""
        return self.cancelled / self.orders if self.orders else None

    @property
    def on_target(self) -> bool:
        """The rate is below Amazon's target; without orders there is nothing to hold against the seller."""
        rate = self.cancel_rate
        return rate is None or rate < TARGET_CANCEL_RATE


class Day(Counts, frozen=True, kw_only=True):
    """The orders that were purchased on one day."""

    day: date


class MetricsWindow(Struct, frozen=True):
    """Some days in order, without gaps, and all of them together."""

    days: tuple[Day, ...]
    total: Counts


class CancelForecast(Struct, frozen=True):
    """What cancelling some orders does to the trailing days. Reasons are not told apart in `then`."""

    now: Counts
    then: Counts


def get_trailing_days(today: date, days: int = TRAILING_DAYS) -> tuple[date, date]:
    """Return the first and the last day of a window that ends today."""
    return today - timedelta(days=days - 1), today


def count_window(tallies: Tallies, seller_id: str, first: date, last: date) -> MetricsWindow:
    """Return a seller's metrics from `first` to `last`, both included.

    Raises:
        ValueError: there is no day between them, or there are too many.

    """
    length = (last - first).days + 1
    if not 1 <= length <= MOST_DAYS:
        raise ValueError(f"from {first} to {last} are {max(length, 0)} days; a window has 1 to {MOST_DAYS}")
    tallied: dict[date, list[tuple[Tally, int]]] = {first + timedelta(days=number): [] for number in range(length)}
    for tally, number in tallies.count(seller_id, first, last).items():
        tallied[tally.day].append((tally, number))
    days = tuple(_count_day(day, found) for day, found in tallied.items())
    return MetricsWindow(days, _add_days(days))


def forecast_cancellations(tallies: Tallies, seller_id: str, today: date, orders: Iterable[Order]) -> CancelForecast:
    """Return what the trailing days count now, and what they will once these orders are cancelled as a whole."""
    first, last = get_trailing_days(today)
    now = count_window(tallies, seller_id, first, last).total
    more: dict[Fact, int] = dict.fromkeys(Fact, 0)
    for order in orders:
        if first <= order.purchased_at.date() <= last:
            for tally, number in count_change(order, _cancel(order)):
                more[tally.fact] += number
    then = replace(now, orders=now.orders + more[Fact.ORDERED], cancelled=now.cancelled + more[Fact.CANCELLED])
    return CancelForecast(now, then)


def _cancel(order: Order) -> Order:
    """Return an order as its tallies see it once it is cancelled; why and when is no matter to them."""
    items = tuple(
        replace(item, cancellations=(*item.cancellations, Cancellation(item.quantity_open, order.purchased_at, None)))
        for item in order.items
    )
    return replace(order, items=items)


def _count_day(day: date, tallied: Iterable[tuple[Tally, int]]) -> Day:
    counts = dict.fromkeys(Fact, 0)
    reasons: dict[str, int] = {}
    for tally, number in tallied:
        counts[tally.fact] += number
        if tally.fact is Fact.CANCELLED:
            reasons[tally.reason] = reasons.get(tally.reason, 0) + number
    return Day(
        day=day,
        orders=counts[Fact.ORDERED],
        cancelled=counts[Fact.CANCELLED],
        by_reason=_sort_by_number(reasons),
        refunded=counts[Fact.REFUNDED],
        late=counts[Fact.LATE],
    )


def _add_days(days: Iterable[Day]) -> Counts:
    orders = cancelled = refunded = late = 0
    reasons: dict[str, int] = {}
    for day in days:
        orders += day.orders
        cancelled += day.cancelled
        refunded += day.refunded
        late += day.late
        for reason, number in day.by_reason.items():
            reasons[reason] = reasons.get(reason, 0) + number
    return Counts(
        orders=orders,
        cancelled=cancelled,
        by_reason=_sort_by_number(reasons),
        refunded=refunded,
        late=late,
    )


def _sort_by_number(reasons: dict[str, int]) -> dict[str, int]:
    return dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])))
