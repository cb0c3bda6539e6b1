"""Orders that come in by themselves while a controlled server runs: one simulation a seller, over its clock."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from feedproc.orders.order import Order
from feedproc.ports import Backend, Seller
from feedproc.services.order_flow import FlowSetting
from feedproc.services.simulate import Happened, Simulator

_APART = timedelta(seconds=1)
"""Of the server's clock, between two looks at what is due."""


class _Running:
    """One simulation, and what has come of it."""

    def __init__(self, simulator: Simulator, setting: FlowSetting, begun_at: datetime) -> None:
        self.simulator = simulator
        self.setting = setting
        self.begun_at = begun_at
        self.looked_at = begun_at - _APART
        self.placed = self.released = self.regretted = self.late = 0

    def count(self, happened: Happened) -> None:
        """Add what happened."""
        self.placed += len(happened.placed)
        self.released += len(happened.released)
        self.regretted += len(happened.regretted)
        self.late += len(happened.late)


class Simulations:
    """What is simulated on a server; nothing at first. What happens follows from seeds and the clock."""

    def __init__(
        self,
        get_backend: Callable[[], Backend],
        clock: Callable[[], datetime],
        cancel: Callable[[Backend, datetime, Seller, Sequence[Order]], None],
    ) -> None:
        """Let happen what is asked for in a store; `cancel` hands in a feed that cancels orders."""
        self._get_backend = get_backend
        self._clock = clock
        self._cancel = cancel
        self._lock = Lock()
        self._stepping = Lock()
        """Held while something is brought about."""
        self._running: dict[str, _Running] = {}

    def begin(self, seller: Seller, setting: FlowSetting) -> None:
        """Let orders come in from now on, in place of what is simulated for that seller already.

        Raises:
            ValueError: the setting says what means nothing.

        """
        now = self._clock()
        simulator = Simulator(self._get_backend(), seller, setting.seed, setting.make_flow(), now)
        with self._lock:
            self._running[seller.seller_id] = _Running(simulator, setting, now)

    def end(self, seller_id: str) -> None:
        """Let no more orders come in once this returns; those that are there stay as they are."""
        with self._lock:
            self._running.pop(seller_id, None)
        with self._stepping:  # what is coming in now
            pass

    def clear(self) -> None:
        """End them all."""
        with self._lock:
            self._running.clear()

    def tell(self, seller_id: str) -> dict[str, Any] | None:
        """Return what is simulated for a seller, and how many orders it concerned so far; None where nothing is."""
        with self._lock:
            one = self._running.get(seller_id)
        if one is None:
            return None
        return {
            "rate": one.setting.rate,
            "seed": one.setting.seed,
            "begun_at": one.begun_at,
            "placed": one.placed,
            "released": one.released,
            "asked_to_cancel": one.regretted,
            "cancelled": one.late,
        }

    def look(self) -> None:
        """Bring about what is due, where the clock has gone on, or back, by a second."""
        if not self._running:
            return
        now = self._clock()
        for one in self._list_running():
            if abs(now - one.looked_at) >= _APART:
                self._step(one, now)

    def catch_up(self) -> None:
        """Bring about all that is due by now."""
        now = self._clock()
        for one in self._list_running():
            while not self._step(one, now).is_nothing:
                pass

    def _list_running(self) -> list[_Running]:
        with self._lock:
            return [*self._running.values()]

    def _step(self, one: _Running, now: datetime) -> Happened:
        backend = self._get_backend()
        with self._stepping:
            if one not in self._list_running():
                return Happened()
            happened = one.simulator.step(now, lambda seller, orders: self._cancel(backend, now, seller, orders))
        one.looked_at = now - _APART if happened.is_behind else now
        one.count(happened)
        return happened
