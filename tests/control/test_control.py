"""The control API: everything that a test in Python has at hand, for tests in any language."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from openapi_spec_validator import validate
from werkzeug.test import Client

from feedproc.cli import main
from feedproc.cli.control import NotControlled, follow_calls
from feedproc.control.app import ControlApp
from feedproc.control.scenario import begin_scenario, read_scenario
from feedproc.errors import Unusable
from feedproc.serve.ephemeral import EphemeralOptions, EphemeralServer
from feedproc.testing.clients import TEST_SELLER, MwsAccess
from tests.clients.drivers import installed
from tests.serve.builders import eventually

PAGE = Path(__file__).parents[2] / "docs/testing.md"
ORDER = {
    "amazon_order_id": "250-0000000-0000001",
    "purchased_at": "2026-11-01T00:00:00Z",
    "currency": "JPY",
    "items": [{"order_item_code": "1" * 14, "sku": "TEA-05", "quantity_ordered": 1, "charges": {"Principal": 756}}],
}
SCENARIO = """
frozen_at = 2026-11-28T12:00:00Z
[[faults]]
what = "throttle"
action = "SubmitFeed"
[[sellers]]
seller_id = "A1SCENARIO"
stock = {"TEA-05" = 3}
[[sellers.orders]]
amazon_order_id = "250-0000000-0000001"
purchased_at = "2026-11-01T00:00:00Z"
currency = "JPY"
items = [{order_item_code = "11111111111111", sku = "TEA-05", quantity_ordered = 2, charges = {Principal = 756}}]
"""


@pytest.fixture(scope="module")
def kept() -> Iterator[EphemeralServer]:
    with EphemeralServer(EphemeralOptions(sellers=(TEST_SELLER,), has_control=True)) as server:
        yield server


@pytest.fixture
def server(kept: EphemeralServer) -> EphemeralServer:
    kept.reset()
    return kept


def ask(server: EphemeralServer, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
    url = f"{server.url}/_feedproc/{path}"
    return requests.request(method, url, json=body, headers=headers, timeout=60, stream="calls/live" in path)


def read_events(server: EphemeralServer, count: int, path: str = "calls/live", **headers: str) -> list[str]:
    """The first lines of a stream that say something."""
    with ask(server, "GET", path, **headers) as answer:
        said = (
            line.decode() for line in answer.iter_lines(chunk_size=1) if line and not line.startswith((b":", b"retry"))
        )
        return [*islice(said, count)]


def submit_badly(server: EphemeralServer) -> None:
    client = MwsAccess(server.url, server.clock).client()
    with pytest.raises(installed("mws", "mws").MWSError):
        client.submit_feed(b"<AmazonEnvelope/>", "_POST_PAYMENT_ADJUSTMENT_DATA_")


def test_the_server_tells_that_it_is_ready_and_what_it_can_do(server: EphemeralServer) -> None:
    assert ask(server, "GET", "health").json() == {"status": "ok"}
    document = ask(server, "GET", "openapi.json").json()
    validate(document)
    assert "/faults" in document["paths"]


def test_each_operation_of_the_document_is_served(server: EphemeralServer) -> None:
    document = ask(server, "GET", "openapi.json").json()
    for path, operations in document["paths"].items():
        for verb in operations:
            requests.get(server.url, timeout=10)
            number = str(server.calls.last.number)
            bodies: dict[str, Any] = {"/faults": {"what": "throttle"}, "/orders": []}
            body = bodies.get(path, {}) if verb in ("post", "put") else None
            answer = ask(server, verb.upper(), path.strip("/").replace("{number}", number), body)
            assert answer.status_code == 200, (verb, path, answer.text)


def test_orders_and_stock_are_put_in_and_looked_at(server: EphemeralServer) -> None:
    assert ask(server, "POST", "orders", [ORDER]).json() == {"loaded": 1}
    assert ask(server, "GET", "orders").json()[0]["status"] == "Unshipped"
    ask(server, "PUT", "stock", {"TEA-05": 3})
    assert ask(server, "GET", "stock").json() == {"TEA-05": 3}


def test_orders_are_placed_as_buyers_place_them(server: EphemeralServer) -> None:
    ask(server, "PUT", "stock", {f"JP-{number:04d}": 100 for number in range(1, 13)})
    pending = ask(server, "POST", "orders/place", {"count": 2}).json()["placed"]
    (released,) = ask(server, "POST", "orders/place", {"is_released": True}).json()["placed"]
    statuses = {one["amazon_order_id"]: one["status"] for one in ask(server, "GET", "orders").json()}
    assert statuses == {released: "Unshipped"} | dict.fromkeys(pending, "Pending")
    assert sum(ask(server, "GET", "stock").json().values()) < 1_200
    ask(server, "PUT", "stock", {f"JP-{number:04d}": 0 for number in range(1, 13)})
    assert "has 0 units left" in ask(server, "POST", "orders/place", {}).json()["error"]


def test_orders_come_in_by_themselves_as_seed_and_clock_have_it(server: EphemeralServer) -> None:
    seen = []
    for _ in range(2):
        ask(server, "POST", "reset")
        ask(server, "PUT", "clock", {"freeze": "2026-11-28T12:00:00Z"})
        assert ask(server, "POST", "simulation", {"rate": "1/m", "seed": 7, "regretted": 100}).json()["seed"] == 7
        for hours in (1, 2):
            ask(server, "PUT", "clock", {"move": hours * 3600})
            ask(server, "POST", "drain")
        seen.append(ask(server, "GET", "orders").json())
    assert seen[0] == seen[1]
    assert [one["status"] for one in seen[0]].count("Pending") < len(seen[0]) == 180
    told = ask(server, "GET", "simulation").json()
    assert (told["placed"], told["released"], told["asked_to_cancel"]) == (180, 150, 120)


def test_a_late_order_is_cancelled_by_a_feed_while_orders_are_simulated(server: EphemeralServer) -> None:
    ask(server, "PUT", "clock", {"freeze": "2026-11-28T12:00:00Z"})
    ask(server, "POST", "orders", [ORDER])
    ask(server, "POST", "simulation", {"rate": "1/h", "cancelled_after": "0s"})
    ask(server, "PUT", "clock", {"move": 60})
    ask(server, "POST", "drain")
    assert [one["status"] for one in ask(server, "GET", "orders").json()] == ["Canceled"]
    assert ask(server, "GET", "simulation").json()["cancelled"] == 1


def test_who_begins_again_with_a_seed_has_all_orders_that_are_due_however_many_are_there(
    server: EphemeralServer,
) -> None:
    ask(server, "PUT", "clock", {"freeze": "2026-11-28T12:00:00Z"})
    for _ in range(2):
        ask(server, "POST", "simulation", {"rate": "20/s", "seed": 7})
        ask(server, "PUT", "clock", {"move": 60})
        ask(server, "POST", "drain")
        assert ask(server, "GET", "simulation").json()["placed"] == 1_200


def test_a_leap_of_a_clock_that_stands_is_caught_up_with(server: EphemeralServer) -> None:
    ask(server, "PUT", "clock", {"freeze": "2026-11-28T12:00:00Z"})
    ask(server, "POST", "simulation", {"rate": "20/s"})
    ask(server, "PUT", "clock", {"move": 60})
    assert eventually(lambda: ask(server, "GET", "simulation").json()["placed"] == 1_200)


def test_what_is_simulated_goes_on_with_the_clock_until_it_is_ended_or_the_server_reset(
    server: EphemeralServer,
) -> None:
    for end in (("DELETE", "simulation"), ("POST", "reset")):
        ask(server, "POST", "simulation", {"rate": "10/s"})
        assert eventually(lambda: len(ask(server, "GET", "orders").json()) > 5)
        ask(server, *end)
        assert ask(server, "GET", "simulation").json() == {"is_running": False}
        there = ask(server, "GET", "orders").json()
        ask(server, "PUT", "clock", {"move": 60})
        ask(server, "POST", "drain")
        assert ask(server, "GET", "orders").json() == there


@pytest.mark.parametrize(
    ("method", "path", "body", "why"),
    [
        ("POST", "orders", [{**ORDER, "amazon_order_id": "no id"}], r"orders\[0\].amazon_order_id"),
        ("POST", "orders", [{**ORDER, "purchased_at": "2026-11-01T00:00:00"}], "has no time zone"),
        ("GET", "orders?seller=A9NOBODY", None, "there is no seller 'A9NOBODY'"),
        ("POST", "faults", {"what": "explode"}, "Invalid enum value 'explode'"),
        ("POST", "faults", {"kind": "war"}, "kind is one of request, feed, message"),
        ("POST", "faults", {"what": "throttle", "action": "createFed"}, "did you mean 'createFeed'"),
        ("PUT", "clock", {"freeze": "2026-11-01T00:00:00"}, "has no time zone"),
        ("PUT", "stock", {"A": "many"}, "Expected `int`"),
        ("PUT", "stock", {"A": 1, "B\0": 2}, r"stock\['B\\x00'\].sku holds the character 0"),
        ("POST", "simulation", {"rate": "often"}, "'often' is no rate; write one such as 10/m"),
        ("POST", "simulation", {"pending_for": "long"}, "'long' is no length of time"),
        ("POST", "simulation", {"cancelled_after": "36501d"}, "'36501d' is too long; 36500d is the most"),
        ("POST", "simulation", {"seed": -1}, "`int` >= 0"),
        ("POST", "simulation", {"speed": 3}, "unknown field `speed`"),
        ("POST", "simulation?seller=A9NOBODY", {}, "there is no seller 'A9NOBODY'"),
    ],
)
def test_what_cannot_be_done_is_said(server: EphemeralServer, method: str, path: str, body: Any, why: str) -> None:
    answer = ask(server, method, path, body)
    assert answer.status_code == 400
    with pytest.raises(AssertionError, match=why):
        raise AssertionError(answer.json()["error"])


def test_a_fault_is_added_and_its_call_looked_at(server: EphemeralServer) -> None:
    ask(server, "POST", "faults", {"what": "throttle", "action": "SubmitFeed"})
    submit_badly(server)
    (call,) = ask(server, "GET", "calls?action=SubmitFeed&status=503").json()
    assert (call["fault"], call["seller"]) == ("throttle", TEST_SELLER.seller_id)
    assert "RequestThrottled" in ask(server, "GET", f"calls/{call['number']}").json()["response_body"]
    assert ask(server, "DELETE", "faults").status_code == 200
    assert ask(server, "GET", "faults").json() == []


def test_the_clock_is_set(server: EphemeralServer) -> None:
    ask(server, "PUT", "clock", {"freeze": "2026-11-28T12:00:00Z"})
    assert ask(server, "PUT", "clock", {"move": 60}).json() == {"now": "2026-11-28T12:01:00+00:00", "is_frozen": True}
    assert ask(server, "PUT", "clock", {}).json()["is_frozen"] is False


def test_requests_of_the_control_api_are_no_calls(server: EphemeralServer) -> None:
    ask(server, "GET", "health")
    assert ask(server, "GET", "calls").json() == []


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}]
)
def test_a_web_page_cannot_control_the_server(server: EphemeralServer, headers: dict[str, str]) -> None:
    assert ask(server, "POST", "reset", **headers).status_code == 403


@pytest.mark.parametrize(("token", "status"), [("", 403), ("hush", 200)])
def test_another_machine_controls_the_server_by_token_alone(server: EphemeralServer, token: str, status: int) -> None:
    asked = {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": f"Bearer {token}"}
    answer = Client(ControlApp(server, token)).get("/_feedproc/health", environ_overrides=asked)
    assert answer.status_code == status


def test_without_being_asked_for_there_is_no_control(tmp_path: Path) -> None:
    with EphemeralServer(EphemeralOptions(sellers=(TEST_SELLER,))) as server:
        assert ask(server, "GET", "health").status_code == 404


def test_a_token_is_asked_for_where_there_is_one() -> None:
    options = EphemeralOptions(sellers=(TEST_SELLER,), has_control=True, control_token="hush")
    with EphemeralServer(options) as server:
        statuses = [ask(server, "POST", "reset", **given).status_code for given in TOKENS]
    assert statuses == [403, 403, 200]


TOKENS: list[dict[str, str]] = [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer hush"}]


def test_the_scenario_on_the_page_begins(server: EphemeralServer, tmp_path: Path) -> None:
    (example,) = [one.split("```")[0] for one in PAGE.read_text().split("```toml\n")[1:]]
    (tmp_path / "shop.toml").write_text(example)
    (tmp_path / "orders.jsonl").write_text(json.dumps({**ORDER, "updated_at": ORDER["purchased_at"]}))
    begin_scenario(server, read_scenario(tmp_path / "shop.toml"), tmp_path)
    assert state(server)[0] == {"TEA-05": 10}
    assert [one["amazon_order_id"] for one in state(server)[1]] == [ORDER["amazon_order_id"]]


def test_a_scenario_is_begun_saved_and_begun_again(server: EphemeralServer, tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(SCENARIO)
    begin_scenario(server, read_scenario(path), tmp_path)
    first = state(server)
    assert main(["scenario", "save", str(tmp_path / "saved.toml"), "--url", server.url]) == 0
    server.reset()
    begin_scenario(server, read_scenario(tmp_path / "saved.toml"), tmp_path)
    assert state(server) == first
    assert first[0]["TEA-05"] == 3


@pytest.mark.parametrize(
    ("good", "bad", "why"),
    [
        ("SubmitFeed", "SubmitFed", "did you mean 'SubmitFeed'"),
        ('{"TEA-05" = 3}', r'{"TEA\u0000" = 3}', r"seller A1SCENARIO: stock\['TEA\\x00'\].sku holds the character 0"),
    ],
)
def test_a_scenario_of_what_can_never_be_is_refused(
    server: EphemeralServer, tmp_path: Path, good: str, bad: str, why: str
) -> None:
    (tmp_path / "shop.toml").write_text(SCENARIO.replace(good, bad))
    with pytest.raises(Unusable, match=why):
        begin_scenario(server, read_scenario(tmp_path / "shop.toml"), tmp_path)


def test_a_saved_scenario_runs_on_from_the_time_that_the_server_had(server: EphemeralServer, tmp_path: Path) -> None:
    ask(server, "PUT", "clock", {"run_from": "2030-01-01T00:00:00Z"})
    assert main(["scenario", "save", str(tmp_path / "saved.toml"), "--url", server.url]) == 0
    server.reset()
    begin_scenario(server, read_scenario(tmp_path / "saved.toml"), tmp_path)
    assert ask(server, "GET", "clock").json()["now"].startswith("2030-01-01T00:0")


def state(server: EphemeralServer) -> list[Any]:
    paths = ("stock?seller=A1SCENARIO", "orders?seller=A1SCENARIO", "faults", "clock")
    return [ask(server, "GET", path).json() for path in paths]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sellers = 3", "Expected `array`"),
        ("colour = 1", "unknown field `colour`"),
        ("[[faults]]\nwhat = 'x'", "enum"),
        ("[", "shop.toml"),
    ],
)
def test_a_scenario_that_says_nonsense_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "shop.toml").write_text(text)
    with pytest.raises(Unusable, match=why):
        read_scenario(tmp_path / "shop.toml")


def test_commands_wait_reset_and_list_calls(server: EphemeralServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.faults.throttle("SubmitFeed")
    submit_badly(server)
    assert main(["wait", "--url", server.url]) == 0
    assert main(["calls", "--url", server.url, "--action", "SubmitFeed"]) == 0
    assert main(["calls", "--url", server.url, "--har"]) == 0
    assert main(["reset", "--url", server.url]) == 0
    told = capsys.readouterr().out
    assert "mws      SubmitFeed  503" in told
    assert '"version": "1.2"' in told
    assert len(server.calls) == 0


def test_a_server_that_is_not_there_is_waited_for_in_vain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wait", "--url", "http://127.0.0.1:9", "--seconds", "0.2"]) == 1
    assert "does not answer" in capsys.readouterr().err


def test_serve_from_memory_begins_with_its_scenario(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(SCENARIO)
    command = [
        sys.executable,
        "-m",
        "feedproc",
        "serve",
        "--ephemeral",
        "--control",
        "--port",
        "0",
        "--scenario",
        "shop.toml",
    ]
    elsewhere = {**os.environ, "FEEDPROC_BACKEND": "aws", "FEEDPROC_SCHEMAS": str(tmp_path)}
    with subprocess.Popen(command, cwd=tmp_path, env=elsewhere, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        url = running.stdout.readline().split()[-1]
        stock = requests.get(f"{url}/_feedproc/stock", timeout=10).json()
        running.terminate()
        assert running.wait(20) == 0
    assert stock == {"TEA-05": 3}
    assert [one.name for one in tmp_path.iterdir()] == ["shop.toml"]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--control", "--workers", "2"], "leave --workers out"),
        (["--control", "--moto"], "leave --moto out"),
        (["--control", "--backend", "aws"], "leave --backend aws out"),
        (["--scenario", __file__], "needs --ephemeral"),
        (["--ephemeral", "--moto", "--tls"], "leave --moto, --tls out"),
        (["--ephemeral", "--control-token", "x"], "--control-token needs --control"),
        (["--ephemeral", "--host", "0.0.0.0"], "name sellers of your own with --scenario"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    options: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *options]) == 1
    assert why in capsys.readouterr().err


def test_the_example_for_node_runs_as_it_stands(server: EphemeralServer, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    (example,) = [one.split("```")[0] for one in PAGE.read_text().split("```js\n")[1:]]
    (tmp_path / "example.mjs").write_text(example.replace("http://127.0.0.1:8080", server.url))
    ran = subprocess.run([node, "example.mjs"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_a_body_that_is_no_json_is_refused(server: EphemeralServer) -> None:
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    connection.request("POST", "/_feedproc/faults", b"{" * 100_000)
    assert connection.getresponse().status == 400
    assert json.loads(ask(server, "GET", "faults").text) == []


def test_calls_are_followed_as_they_come(server: EphemeralServer) -> None:
    requests.get(server.url, timeout=10)
    with ThreadPoolExecutor() as threads:
        following = threads.submit(read_events, server, 4)
        server.faults.throttle("ping")
        requests.get(server.url, timeout=10)
        first, second = (json.loads(line.removeprefix("data: ")) for line in following.result(20)[1::2])
    assert [(one["number"], one["status"], one["fault"]) for one in (first, second)] == [
        (1, 200, ""),
        (2, 503, "throttle"),
    ]


def test_a_follower_that_comes_again_is_told_what_it_missed_and_what_was_forgotten(server: EphemeralServer) -> None:
    for _ in range(3):
        requests.get(server.url, timeout=10)
    assert read_events(server, 1, **{"Last-Event-ID": "2"}) == ["id: 3"]
    server.calls.clear()
    requests.get(server.url, timeout=10)
    assert read_events(server, 3, **{"Last-Event-ID": "3"}) == ["event: forgotten", "data: {}", "id: 1"]


def test_only_the_calls_that_are_asked_for_are_followed(server: EphemeralServer) -> None:
    requests.get(server.url, timeout=10)
    requests.get(f"{server.url}/?Action=GetReport", timeout=10)
    assert read_events(server, 1, "calls/live?action=GetReport") == ["id: 2"]


def test_a_command_follows_calls_until_the_server_ends() -> None:
    with EphemeralServer(EphemeralOptions(sellers=(TEST_SELLER,), has_control=True)) as server:
        told = follow_calls(server.url, "")
        for _ in range(2):
            requests.get(server.url, timeout=10)
            assert next(told)["action"] == "ping"
    with pytest.raises(NotControlled):
        next(told)
