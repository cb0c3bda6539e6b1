"""What is simulated on a server, asked from several threads."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from feedproc.control.simulation import Simulations
from feedproc.memory import MemoryStore
from feedproc.ports import OrderFilter
from feedproc.services.order_flow import FlowSetting
from tests.builders import NOON, SELLER, a_seller, new_keys
from tests.services.faults import Wrapped

SOON = 10.0
"""Seconds after which a test fails that waits in vain."""


def test_nothing_comes_in_any_more_once_a_simulation_is_ended() -> None:
    store, comes, goes_on = MemoryStore(new_keys()).backend, Event(), Event()

    def around(place: Callable[..., Any]) -> Callable[..., Any]:
        def placed(*arguments: object) -> object:
            comes.set()
            goes_on.wait(SOON)
            return place(*arguments)

        return placed

    def count() -> int:
        return len([*store.orders.list(SELLER, OrderFilter(), 100)])

    def end() -> None:
        comes.wait(SOON)
        simulations.end(SELLER)
        seen.append(count())

    times = iter([NOON])
    backend = store._replace(orders=Wrapped(store.orders, around, "place"))
    simulations = Simulations(lambda: backend, lambda: next(times, NOON + timedelta(seconds=1)), lambda *_: None)
    simulations.begin(a_seller(), FlowSetting(rate="10/s"))
    seen: list[int] = []
    threads = [Thread(target=simulations.catch_up), Thread(target=end)]
    for thread in threads:
        thread.start()
    threads[1].join(0.3)
    goes_on.set()
    for thread in threads:
        thread.join()
    assert seen == [count()] != [0]
