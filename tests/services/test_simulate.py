"""Orders that come in by themselves: pending, released, regretted, late."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from feedproc.memory import MemoryStore
from feedproc.orders.order import Order, OrderStatus
from feedproc.ports import Backend, OrderFilter, Seller
from feedproc.services.order_flow import OrderFlow
from feedproc.services.simulate import Happened, Simulator
from feedproc.stock.level import StockLevel
from tests.builders import NOON, SELLER, a_seller, an_order, new_keys, order_id

MINUTE = timedelta(minutes=1)


class Play:
    """A store, and a simulator in which time passes as the test says."""

    def __init__(self, *orders: Order, seed: int = 1, **pace: Any) -> None:
        self.backend: Backend = MemoryStore(new_keys()).backend
        self.backend.sellers.add(a_seller())
        self.backend.orders.load(SELLER, orders)
        self.cancelled: list[str] = []
        self.now = NOON
        self.simulator = Simulator(self.backend, a_seller(), seed, OrderFlow(**({"regretted": 0.0} | pace)), NOON)

    def after(self, span: timedelta) -> Happened:
        self.now += span
        return self.simulator.step(self.now, self._cancel)

    def _cancel(self, _seller: Seller, orders: list[Order]) -> None:
        self.cancelled += [one.amazon_order_id for one in orders]

    def statuses(self) -> list[OrderStatus]:
        return [one.status for one in self.backend.orders.list(SELLER, OrderFilter(oldest_first=True), 1_000)]


def test_orders_come_in_pending_at_the_rate() -> None:
    play = Play(per_minute=2.0)
    assert len(play.after(MINUTE).placed) == 2
    assert len(play.after(2 * MINUTE).placed) == 4
    assert play.statuses() == [OrderStatus.PENDING] * 6


def test_the_same_seed_gives_the_same_orders_however_often_it_is_looked_at() -> None:
    one, other = Play(seed=7), Play(seed=7)
    often = [name for _ in range(10) for name in one.after(MINUTE).placed]
    assert tuple(often) == other.after(10 * MINUTE).placed
    assert not set(often) & set(Play(seed=8).after(10 * MINUTE).placed)


def test_a_pending_order_is_released_after_half_an_hour() -> None:
    play = Play()
    (placed,) = play.after(MINUTE).placed
    assert play.after(29 * MINUTE).released == ()
    assert play.after(MINUTE).released == (placed,)
    found = play.backend.orders.get(SELLER, placed)
    assert found is not None
    assert (found.status, found.updated_at) == (OrderStatus.UNSHIPPED, play.now)


def test_some_buyers_ask_to_cancel_once() -> None:
    play = Play(per_minute=1.0, regretted=0.5)
    for _ in range(40):
        play.after(MINUTE)
    regretted = [name for _ in range(60) for name in play.after(MINUTE).regretted]
    assert 10 < len(regretted) < 40
    assert len(set(regretted)) == len(regretted)
    found = play.backend.orders.get(SELLER, regretted[0])
    assert found is not None
    assert found.buyer_asked_to_cancel
    assert found.buyer_cancel_reason


def test_an_order_that_nobody_confirms_is_cancelled_a_week_after_its_ship_date_and_asked_for_once() -> None:
    order = an_order(1, purchased_at=NOON, latest_ship_date=NOON + timedelta(days=2))
    play = Play(order, per_minute=1e-9)
    assert play.after(timedelta(days=9) - MINUTE).late == ()
    assert play.after(MINUTE).late == (order_id(1),)
    assert play.after(MINUTE).late == ()
    assert play.cancelled == [order_id(1)]


def test_orders_that_are_shipped_or_amazons_are_left_alone() -> None:
    item = replace(an_order(1).items[0], quantity_shipped=2)
    shipped = an_order(1, purchased_at=NOON, items=(item,))
    amazons = an_order(2, purchased_at=NOON, fulfilled_by_amazon=True)
    play = Play(shipped, amazons, per_minute=1e-9, regretted=1.0)
    happened = play.after(timedelta(days=30))
    assert (happened.regretted, happened.late) == ((), ())


def test_orders_take_from_the_stock_and_what_is_sold_out_nobody_orders() -> None:
    play = Play(per_minute=60.0)
    skus = [f"JP-{number:04d}" for number in range(1, 13)]
    play.backend.stock.load(SELLER, [StockLevel(sku, 3) for sku in skus], NOON)
    placed = play.after(MINUTE).placed
    left = sum(play.backend.stock.get_levels(SELLER, skus).values())
    ordered = [item for one in play.backend.orders.list(SELLER, OrderFilter(), 1_000) for item in one.items]
    assert 0 < len(placed) < 60
    assert sum(item.quantity_ordered for item in ordered) == 36 - left
    assert min(play.backend.stock.get_levels(SELLER, skus).values()) >= 0


def test_who_begins_again_with_a_seed_gets_the_orders_behind_those_that_are_there() -> None:
    play = Play(seed=7)
    before = play.after(10 * MINUTE).placed
    play.simulator = Simulator(play.backend, a_seller(), 7, OrderFlow(regretted=0.0), play.now)
    assert len(set(play.after(10 * MINUTE).placed) - set(before)) == 10


def test_a_leap_of_the_clock_is_caught_up_with_in_steps() -> None:
    play = Play(per_minute=1_000.0)
    assert [len(play.after(span).placed) for span in (2.5 * MINUTE, 0 * MINUTE, 0 * MINUTE, 0 * MINUTE)] == [
        1_000, 1_000, 500, 0,
    ]  # fmt: skip
