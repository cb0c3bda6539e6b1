"""Control over a data directory: what tests hold, break and move there works as in memory, and nothing is forgotten."""

from collections.abc import Callable, Iterator
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest
import requests

from feedproc.memory import MemoryStore
from feedproc.ports import OrderFilter
from feedproc.serve.names import NamesServed
from feedproc.serve.options import Options
from feedproc.serve.server import Server
from feedproc.serve.work_here import ControlledStore
from feedproc.services.order_flow import FlowSetting
from feedproc.services.process.processing import Policy
from feedproc.testing.clients import MwsAccess
from feedproc.wiring.clock import read_clock
from feedproc.wiring.local_seller import LOCAL_SELLER
from tests.builders import SELLER, a_seller, feed_types, new_keys
from tests.clients.drivers import installed
from tests.control.test_control import ORDER
from tests.serve.builders import eventually
from tests.services.faults import Wrapped

ADJUSTMENT = "_POST_PAYMENT_ADJUSTMENT_DATA_"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Server]:
    with Server(Options(data_dir=tmp_path / "data", port=0, has_control=True)) as server:
        yield server


def ask(server: Server, method: str, path: str, body: Any = None) -> requests.Response:
    return requests.request(method, f"{server.endpoint}/_feedproc/{path}", json=body, timeout=20)


def submit(server: Server) -> str:
    installed("mws", "mws")
    feed = b"<AmazonEnvelope/>"
    told = MwsAccess(server.endpoint, read_clock, LOCAL_SELLER).client().submit_feed(feed, ADJUSTMENT).parsed
    return str(told.FeedSubmissionInfo.FeedSubmissionId)


def list_statuses(server: Server) -> list[str]:
    return [one["status"] for one in ask(server, "GET", "submissions").json()]


def test_a_feed_waits_while_the_server_is_held_until_it_is_drained(served: Server) -> None:
    ask(served, "POST", "hold")
    submit(served)
    before = list_statuses(served)
    assert ask(served, "POST", "drain").status_code == 200
    assert (before, list_statuses(served)) == (["SUBMITTED"], ["DONE"])


def test_a_feed_that_a_fault_holds_goes_on_when_the_fault_is_removed(served: Server) -> None:
    ask(served, "POST", "faults", {"kind": "feed", "what": "hold", "status": "IN_PROGRESS"})
    submit(served)
    ask(served, "POST", "drain")
    before = list_statuses(served)
    ask(served, "DELETE", "faults")
    ask(served, "POST", "drain")
    assert (before, list_statuses(served)) == (["IN_PROGRESS"], ["DONE"])


def test_orders_come_in_again_once_the_disk_has_room() -> None:
    seller, full = a_seller(), [OSError(ENOSPC, "No space left on device")]

    def around(place: Callable[..., Any]) -> Callable[..., Any]:
        def placed(*arguments: object) -> object:
            if full:
                raise full.pop()
            return place(*arguments)

        return placed

    store = MemoryStore(new_keys()).backend
    kept = store._replace(
        orders=Wrapped(store.orders, around, "place"),
        describe_fault=lambda error: str(error) if isinstance(error, OSError) else None,
    )
    work = ControlledStore(kept, lambda: pytest.fail("nothing is to be sent"), NamesServed(feed_types))
    work.prepare_work(feed_types(), Policy())
    with work.run_work():
        work.simulations.begin(seller, FlowSetting(rate="10/s"))
        assert eventually(lambda: len([*store.orders.list(SELLER, OrderFilter(), 9)]) > 5)


def test_calls_are_kept_broken_and_timed_by_the_clock_that_is_set(served: Server) -> None:
    ask(served, "PUT", "clock", {"freeze": "2026-11-28T12:00:00Z"})
    ask(served, "POST", "faults", {"what": "throttle", "action": "ping"})
    assert requests.get(served.endpoint, timeout=10).status_code == 503
    (call,) = ask(served, "GET", "calls").json()
    assert (call["at"], call["fault"]) == ("2026-11-28T12:00:00Z", "throttle")


def test_a_reset_is_refused_and_what_was_stored_outlives_the_server(tmp_path: Path) -> None:
    options = Options(data_dir=tmp_path, port=0, has_control=True)
    with Server(options) as server:
        ask(server, "POST", "orders", [ORDER])
        answer = ask(server, "POST", "reset")
    assert (answer.status_code, "keeps its store" in answer.json()["error"]) == (400, True)
    with Server(options) as server:
        assert [one["amazon_order_id"] for one in ask(server, "GET", "orders").json()] == [ORDER["amazon_order_id"]]


def test_orders_come_in_by_themselves_and_stay_when_the_server_ends(tmp_path: Path) -> None:
    options = Options(data_dir=tmp_path, port=0, has_control=True)
    with Server(options) as server:
        ask(server, "PUT", "clock", {"freeze": "2026-11-28T12:00:00Z"})
        ask(server, "POST", "simulation", {"rate": "1/m"})
        ask(server, "PUT", "clock", {"move": 3600})
        ask(server, "POST", "drain")
        told = ask(server, "GET", "simulation").json()
    assert (told["placed"], told["released"]) == (60, 30)
    with Server(options) as server:
        assert ask(server, "GET", "simulation").json() == {"is_running": False}
        assert len(ask(server, "GET", "orders").json()) == 60
