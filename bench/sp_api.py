"""How long SP-API takes: a page of orders over a store of 1,000,000, and a feed of one message from token to result.

A page of getOrders may take 50 ms, through WSGI; the whole feed over HTTP 100 ms. Requests are compared with Prism's,
which answers each with the example of Amazon's model: three times as many are the target. So that both tell as many,
Prism is given the model with its example's order a hundred times, too. Both are asked for a while before it counts, as
Prism takes seconds to become quick. Processor time is that of all of a server's processes.

npm install @stoplight/prism-cli
python bench/sp_api.py --model DIR/ordersV0.json --prism node_modules/.bin/prism
"""

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from console_pages import fill_store
from http_feeds import feedproc_server, start
from order_reads import count_a_second
from werkzeug.test import Client
from werkzeug.wrappers import Response

from feedproc.ports import Backend
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.spapi.app import SpApiOptions, create_sp_api
from feedproc.spapi.call import Services
from feedproc.spapi.documents.links import SignedLinks
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.local_seller import LOCAL_SELLER

JAPAN = "A1VC38T7YXB528"
PAGE_MS, FLOW_MS, RATIO = 50, 100, 3.0
WARMING = 5.0
"""Seconds."""
_TICKS = os.sysconf("SC_CLK_TCK")
XML = "text/xml; charset=UTF-8"
FEED = f"""<?xml version="1.0" encoding="UTF-8"?>
<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">
<Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>{LOCAL_SELLER.seller_id}</MerchantIdentifier></Header>
<MessageType>OrderAcknowledgement</MessageType>
<Message><MessageID>1</MessageID><OrderAcknowledgement><AmazonOrderID>250-0000000-0000001</AmazonOrderID>
<StatusCode>Success</StatusCode></OrderAcknowledgement></Message></AmazonEnvelope>"""
FORM = {
    "grant_type": "refresh_token",
    "client_id": LOCAL_SELLER.client_id,
    "client_secret": str(LOCAL_SELLER.client_secret),
    "refresh_token": str(LOCAL_SELLER.refresh_token),
}


def list_since(moment: datetime) -> str:
    """Return the path of a page of 100 orders."""
    return f"/orders/v0/orders?MarketplaceIds={JAPAN}&CreatedAfter={quote(f'{moment:%Y-%m-%dT%H:%M:%SZ}')}"


def measure(backend: Backend, now: datetime, rounds: int) -> None:
    """Print how long a page takes within the process."""
    links = SignedLinks(lambda: "http://localhost", backend.sellers)
    clock = partial(datetime.now, UTC)
    services = Services(
        backend,
        load_feed_types(),
        load_report_types(),
        links,
        lambda: str(uuid4()),
        lambda submission: submission,
    )
    client = Client(create_sp_api(services, links, clock, SpApiOptions()), Response)
    token = client.post("/auth/o2/token", data=FORM).json["access_token"]
    print("| call | median, ms | worst | bytes | target | |\n|---|---|---|---|---|---|")
    for name, days in (("getOrders, 100 of all", 3_650), ("getOrders, 100 from the middle", 15)):
        taken = []
        for _ in range(rounds):
            begin = time.perf_counter()
            answer = client.get(list_since(now - timedelta(days=days)), headers={"x-amz-access-token": token})
            size = len(answer.get_data())
            taken.append((time.perf_counter() - begin) * 1000)
        assert answer.status_code == 200, answer.text
        assert len(answer.json["payload"]["Orders"]) == 100
        median = statistics.median(taken)
        print(f"| {name} | {median:.1f} | {max(taken):.1f} | {size} | ≤ {PAGE_MS} | {judge(median <= PAGE_MS)} |")


def judge(is_met: bool) -> str:
    return "met" if is_met else "missed"


def repeat_example(model: Path, count: int, folder: Path) -> Path:
    """Write the model with so many orders in the example of getOrders; return the file."""
    told = json.loads(model.read_text(encoding="utf-8"))
    page = told["paths"]["/orders/v0/orders"]["get"]["responses"]["200"]["examples"]["application/json"]["payload"]
    page["Orders"] = page["Orders"][:1] * count
    file = folder / f"{count}.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    return file


@contextmanager
def run_prism(prism: Path, model: Path) -> Iterator[tuple[int, int]]:
    """Serve a model by Prism; yield the port and the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(prism), "mock", str(model), "--port", str(port), "--verboseLevel", "silent"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def measure_work(process: int) -> float:
    """Return the seconds that a process, and those that it started, were at work."""
    stats = {int(path.parent.name): path for path in Path("/proc").glob("[0-9]*/stat")}
    parents, worked = {}, {}
    for number, path in stats.items():
        with suppress(OSError):  # it has ended
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
            parents[number], worked[number] = int(fields[1]), (int(fields[11]) + int(fields[12])) / _TICKS
    family = {process}
    while more := {one for one, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(worked[one] for one in family if one in worked)


def ask(
    method: str, path: str, body: bytes | None, headers: Mapping[str, str], connection: http.client.HTTPConnection
) -> http.client.HTTPResponse:
    connection.request(method, path, body, dict(headers))
    return connection.getresponse()


def compare(server: tuple[int, int], prism: Path, model: Path, now: datetime, seconds: float) -> None:
    """Print requests a second of a running server, its port and process, and of Prism in turn with it."""
    headers = {"x-amz-access-token": get_token(server[0])}
    page = list_since(now - timedelta(days=15))
    connection = http.client.HTTPConnection("127.0.0.1", server[0])
    order = json.loads(ask("GET", page, None, headers, connection).read())["payload"]["Orders"][0]["AmazonOrderId"]
    print("\n| | feedproc, a second | Prism | ratio | feedproc, ms of the processor | Prism | ratio | target | |")
    print("|---|---|---|---|---|---|---|---|---|")
    one, whole = f"{page}&MaxResultsPerPage=1", page
    calls = (
        ("getOrder", f"/orders/v0/orders/{order}", 1),
        ("getOrders of 1", one, 1),
        ("getOrders of 100", whole, 100),
    )
    with tempfile.TemporaryDirectory(prefix="feedproc-bench-") as folder:
        for name, path, count in calls:
            with run_prism(prism, repeat_example(model, count, Path(folder))) as peer:
                get = partial(ask, "GET", path, None, headers)
                for port, _ in (server, peer):
                    count_a_second(get, port, WARMING)
                print(f"| {name} | {take_turns(get, server, peer, seconds)} |")


def take_turns(get: Callable[..., Any], server: tuple[int, int], peer: tuple[int, int], seconds: float) -> str:
    """Let two servers answer in turn; return the cells of a row."""
    rates: list[list[float]] = [[], []]
    costs: list[list[float]] = [[], []]
    for _ in range(3):
        for side, (port, process) in enumerate((server, peer)):
            before = measure_work(process)
            rate = count_a_second(get, port, seconds)
            rates[side].append(rate)
            costs[side].append((measure_work(process) - before) / (rate * seconds) * 1000)
    (ours, peers), (cost, peers_cost) = (map(statistics.median, one) for one in (rates, costs))
    ratio = ours / peers
    by_clock = f"{ours:.0f} | {peers:.0f} | {ratio:.2f}"
    by_work = f"{cost:.2f} | {peers_cost:.2f} | {peers_cost / cost:.2f}"
    return f"{by_clock} | {by_work} | ≥ {RATIO} | {judge(ratio >= RATIO)}"


def get_token(port: int) -> str:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection = http.client.HTTPConnection("127.0.0.1", port)
    answer = ask("POST", "/auth/o2/token", urlencode(FORM).encode(), headers, connection)
    return str(json.loads(answer.read())["access_token"])


def submit_once(port: int) -> float:
    """Return how many milliseconds a feed takes from the token to its result."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    begin = time.perf_counter()
    headers = {"x-amz-access-token": get_token(port), "Content-Type": "application/json"}

    def call(method: str, path: str, body: object = None) -> dict[str, str]:
        content = None if body is None else json.dumps(body).encode()
        answer = ask(method, f"/feeds/2021-06-30{path}", content, headers, connection)
        found = answer.read()
        assert answer.status < 300, found
        told: dict[str, str] = json.loads(found)
        return told

    document = call("POST", "/documents", {"contentType": XML})
    follow("PUT", document["url"], FEED.encode(), connection)
    asked = {"feedType": "POST_ORDER_ACKNOWLEDGEMENT_DATA", "marketplaceIds": [JAPAN]}
    feed_id = call("POST", "/feeds", asked | {"inputFeedDocumentId": document["feedDocumentId"]})["feedId"]
    while (feed := call("GET", f"/feeds/{feed_id}"))["processingStatus"] != "DONE":
        time.sleep(0.005)
    found = call("GET", f"/documents/{feed['resultFeedDocumentId']}")
    assert b"<ProcessingReport>" in follow("GET", found["url"], None, connection)
    return (time.perf_counter() - begin) * 1000


def follow(method: str, url: str, body: bytes | None, connection: http.client.HTTPConnection) -> bytes:
    parts = urlsplit(url)
    answer = ask(method, f"{parts.path}?{parts.query}", body, {"Content-Type": XML} if body else {}, connection)
    content = answer.read()
    assert answer.status == 200, content
    return content


def main() -> None:
    """Load orders of every state, and print three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--model", type=Path, help="Amazon's model of Orders v0; without it Prism is left out")
    parser.add_argument("--prism", type=Path, default=Path("node_modules/.bin/prism"))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="feedproc-bench-") as folder:
        now = datetime.now(UTC)
        backend = fill_store(Path(folder), LOCAL_SELLER, chosen.orders, now)
        measure(backend, now, chosen.rounds)
        server, port = start(feedproc_server(folder))
        try:
            if chosen.model:
                compare((port, server.pid), chosen.prism, chosen.model, now, chosen.seconds)
            taken = [submit_once(port) for _ in range(chosen.rounds + 3)][3:]
        finally:
            server.terminate()
            server.wait()
        median = statistics.median(taken)
        print(f"\ntoken, create, upload, create, poll, download of one message: median {median:.0f} ms, ", end="")
        print(f"worst {max(taken):.0f} ms; target ≤ {FLOW_MS} ms: {judge(median <= FLOW_MS)}")


if __name__ == "__main__":
    main()
