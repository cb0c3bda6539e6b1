"""An order's life where nobody orders: orders come in, are released, are regretted, turn late, and are cancelled.

What happens, and when, follows from a seed and the clock alone, so that a test sees the same again. Times are those of
Amazon's help pages: a pending order waits half an hour, in which its buyer may still leave it; an order that is not
confirmed seven days after its expected ship date is cancelled automatically.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from feedproc.errors import Conflict, OrderExists, SoldOut
from feedproc.orders.generation import generate_orders
from feedproc.orders.order import Order, OrderStatus
from feedproc.ports import Backend, OrderFilter, OrderTeller, OrderTime, Seller
from feedproc.services.news import choose_teller
from feedproc.services.order_flow import OrderFlow
from feedproc.services.place_orders import place_order
from feedproc.services.read.order_view import view_order

_REASONS = ("Ordered by mistake", "Found cheaper somewhere else", "Item would not arrive on time")
_PAGE = 200
_MOST_AT_ONCE = 1_000
"""Orders that one step tries to place; what else is due comes with the next one."""
_SPREAD = 1_000_003
"""Between the seeds of two series, so that their orders are others."""


class Happened(Struct, frozen=True):
    """What a step brought about, by Amazon's order ids."""

    placed: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    regretted: tuple[str, ...] = ()
    """Their buyers ask to cancel them."""
    late: tuple[str, ...] = ()
    """To be cancelled automatically: their seller has not confirmed them in time."""
    is_behind: bool = False
    """More orders are due than one step tries to place."""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing happened, and nothing is due."""
        return not (self.placed or self.released or self.regretted or self.late or self.is_behind)


def make_order(seed: int, number: int, at: datetime, marketplace_id: str = "") -> Order:
    """Return the order that a seed gives for a number: pending, and bought `at` a moment; always the same."""
    order = next(generate_orders(1, seed * _SPREAD + number, at))
    known = marketplace_id or order.marketplace_id
    return replace(order, purchased_at=at, marker=OrderStatus.PENDING, marketplace_id=known)


def place_new(
    backend: Backend, seller: Seller, count: int, at: datetime, *, is_released: bool = False, seed: int = 0
) -> Iterator[Order]:
    """Place so many orders that are not there yet, of a seed's series, and yield each; they are pending, or released.

    Raises:
        SoldOut: the stock does not have enough for the next one.

    """
    number = 0
    while count:
        number += 1
        made = make_order(seed, number, at, seller.marketplace.marketplace_id)
        order = replace(made, marker=None) if is_released else made
        with suppress(OrderExists):
            place_order(backend, seller.seller_id, order, at)
            count -= 1
            yield order


class Simulator:
    """Lets time pass in the order book of one seller."""

    def __init__(self, backend: Backend, seller: Seller, seed: int, flow: OrderFlow, begin: datetime) -> None:
        """Begin at a moment; before it nothing is placed."""
        self._backend = backend
        self._seller = seller
        self._seed = seed
        self._flow = flow
        self._begin = begin
        self._ordered = 0
        """Orders that came in, or were wanted of what is sold out."""
        self._number = 0
        """Of the last order, in the seed's series."""
        self._cancelling: set[str] = set()
        """Orders for which a feed is on its way."""

    def step(self, now: datetime, cancel: Callable[[Seller, list[Order]], None]) -> Happened:
        """Bring about all that is due by now; `cancel` hands in a feed that cancels orders nobody has confirmed.

        An order that a feed changes at the same time is left to the next step.
        """
        tell = choose_teller(self._backend.subscriptions, self._seller.seller_id, now)
        placed = tuple(order.amazon_order_id for order in self._place_due(now))
        released = self._change_each(
            self._find(OrderStatus.PENDING, now - self._flow.pending_for),
            lambda order: replace(order, marker=None),
            now,
            tell,
        )
        regretted = self._change_each(self._find_regretted(now), self._regret, now, tell)
        late = [order for order in self._find_unconfirmed(now) if self._is_overdue(order, now)]
        late = [order for order in late if order.amazon_order_id not in self._cancelling]
        if late:
            cancel(self._seller, late)
            self._cancelling.update(order.amazon_order_id for order in late)
        is_behind = self._ordered < self._count_due(now)
        return Happened(placed, released, regretted, tuple(order.amazon_order_id for order in late), is_behind)

    def _count_due(self, now: datetime) -> int:
        return int((now - self._begin) / timedelta(minutes=1) * self._flow.per_minute)

    def _place_due(self, now: datetime) -> Iterator[Order]:
        """Yield what is ordered by now; nobody orders what is sold out, and nothing comes that is there already."""
        due = self._count_due(now)
        marketplace = self._seller.marketplace.marketplace_id
        for _ in range(_MOST_AT_ONCE):
            if self._ordered >= due:
                return
            at = self._begin + timedelta(minutes=(self._ordered + 1) / self._flow.per_minute)
            self._number += 1
            order = make_order(self._seed, self._number, at, marketplace)
            try:
                place_order(self._backend, self._seller.seller_id, order, now)
            except OrderExists:
                continue
            except SoldOut:
                self._ordered += 1
                continue
            except Conflict:  # others keep changing the stock
                self._number -= 1
                return
            self._ordered += 1
            yield order

    def _find(self, status: OrderStatus, until: datetime) -> Iterator[Order]:
        """Yield the seller's orders of a status that were bought by then, oldest first."""
        which = OrderFilter(
            statuses=(status,), by=OrderTime.PURCHASED, before=until + timedelta(microseconds=1), oldest_first=True
        )
        while page := list(self._backend.orders.list(self._seller.seller_id, which, _PAGE)):
            yield from page
            which = replace(which, after=(page[-1].purchased_at, page[-1].amazon_order_id))

    def _find_regretted(self, now: datetime) -> Iterator[Order]:
        """Yield released orders whose buyers regret them, which the order's id decides."""
        for order in self._find(OrderStatus.UNSHIPPED, now - 2 * self._flow.pending_for):
            chance = Random(f"{self._seed} {order.amazon_order_id}").random()  # noqa: S311 - a play, not a secret
            if chance < self._flow.regretted and not order.buyer_asked_to_cancel and not order.fulfilled_by_amazon:
                yield order

    def _find_unconfirmed(self, now: datetime) -> Iterator[Order]:
        until = now - self._flow.cancelled_after
        return (order for order in self._find(OrderStatus.UNSHIPPED, until) if not order.fulfilled_by_amazon)

    def _is_overdue(self, order: Order, now: datetime) -> bool:
        latest = view_order(order).ship.latest
        return latest is not None and latest + self._flow.cancelled_after <= now

    def _regret(self, order: Order) -> Order:
        reason = Random(order.amazon_order_id).choice(_REASONS)  # noqa: S311 - as above
        return replace(order, buyer_asked_to_cancel=True, buyer_cancel_reason=reason)

    def _change_each(
        self, orders: Iterator[Order], change: Callable[[Order], Order], now: datetime, tell: OrderTeller | None
    ) -> tuple[str, ...]:
        changed = []
        for order in list(orders):
            try:
                self._backend.orders.change(self._seller.seller_id, [change(order)], now, tell)
            except Conflict:
                continue  # a feed was faster; the next step sees what it did
            changed.append(order.amazon_order_id)
        return tuple(changed)
