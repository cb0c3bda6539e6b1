"""Orders come in by themselves from a button's press to another one's, where tests control the server."""

import pytest

from feedproc.control.clock import SettableClock
from feedproc.control.simulation import Simulations
from feedproc.control.stream import SellersCalls
from feedproc.serve.overdue import cancel_overdue
from tests.builders import NOON, Shop
from tests.console.builders import Visitor, application, with_password
from tests.control.builders import a_log


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(lambda: NOON)


@pytest.fixture
def simulations(shop: Shop, clock: SettableClock) -> Simulations:
    return Simulations(lambda: shop.backend, clock, cancel_overdue)


@pytest.fixture
def visitor(shop: Shop, simulations: Simulations) -> Visitor:
    calls = SellersCalls(a_log(at=NOON))
    visitor = Visitor(shop, application_=application(with_password(shop), calls=calls, simulations=simulations))
    visitor.sign_in()
    visitor.get("/orders")
    return visitor


def test_orders_come_in_by_themselves_until_they_are_ended(
    visitor: Visitor, simulations: Simulations, clock: SettableClock
) -> None:
    assert visitor.post("/orders/simulation", rate="10/m", seed="7").status_code == 303
    clock.move(hours=1)
    simulations.catch_up()
    visitor.get("/orders")
    assert "Orders come in at 10/m by seed 7, since 2024-03-04" in visitor.text
    assert "So far: 600 placed, 300 released" in visitor.text
    visitor.post("/orders/simulation/end")
    visitor.get("/orders")
    assert "Let orders come in" in visitor.text


@pytest.mark.parametrize(
    ("rate", "seed", "why"),
    [("often", "7", "“often” is no rate"), ("10/m", "-1", "“-1” is no seed"), ("10/m", "", "“” is no seed")],
)
def test_what_is_no_rate_or_seed_is_told(visitor: Visitor, rate: str, seed: str, why: str) -> None:
    answer = visitor.post("/orders/simulation", rate=rate, seed=seed)
    assert (answer.status_code, why in answer.text) == (400, True)
