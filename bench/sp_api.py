"""How long SP-API takes: a page of orders over a store of 1,000,000, and a feed of one message from token to result.

A page of getOrders may take 50 ms, through WSGI; the whole feed over HTTP 100 ms. Requests a second are counted beside
Prism, which makes up answers by Amazon's model of the operation: three times as many are the target.

npm install @stoplight/prism-cli
python bench/sp_api.py --model DIR/ordersV0.json --prism node_modules/.bin/prism
"""

import argparse
import http.client
import json
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from console_pages import fill_store
from http_feeds import feedproc_server, running
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
        lambda: None,  # type: ignore[arg-type,return-value]
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


@contextmanager
def run_prism(prism: Path, model: Path) -> Iterator[int]:
    """Serve Amazon's model by Prism; yield the port."""
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
        yield port
    finally:
        server.terminate()
        server.wait()


def ask(
    method: str, path: str, body: bytes | None, headers: Mapping[str, str], connection: http.client.HTTPConnection
) -> http.client.HTTPResponse:
    connection.request(method, path, body, dict(headers))
    return connection.getresponse()


def compare(port: int, prism: Path, model: Path, now: datetime, seconds: float) -> None:
    """Print requests a second of a running server, and of Prism in turn with it."""
    headers = {"x-amz-access-token": get_token(port)}
    page = list_since(now - timedelta(days=15))
    connection = http.client.HTTPConnection("127.0.0.1", port)
    order = json.loads(ask("GET", page, None, headers, connection).read())["payload"]["Orders"][0]["AmazonOrderId"]
    print("\n| requests a second | feedproc | Prism | ratio | target | |\n|---|---|---|---|---|---|")
    with run_prism(prism, model) as peer:
        connection = http.client.HTTPConnection("127.0.0.1", peer)
        count = len(json.loads(ask("GET", page, None, headers, connection).read())["payload"]["Orders"])
        short = f"{page}&MaxResultsPerPage={count}"
        for name, path in (("getOrder", f"/orders/v0/orders/{order}"), (f"getOrders, {count} orders", short)):
            get = partial(ask, "GET", path, None, headers)
            ours, peers = [], []
            for _ in range(3):
                ours.append(count_a_second(get, port, seconds))
                peers.append(count_a_second(get, peer, seconds))
            ratio = statistics.median(a / b for a, b in zip(ours, peers, strict=True))
            told = f"{statistics.median(ours):.0f} | {statistics.median(peers):.0f} | {ratio:.1f}"
            print(f"| {name} | {told} | ≥ {RATIO} | {judge(ratio >= RATIO)} |")


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
        with running(feedproc_server(folder)) as port:
            if chosen.model:
                compare(port, chosen.prism, chosen.model, now, chosen.seconds)
            taken = [submit_once(port) for _ in range(chosen.rounds + 3)][3:]
        median = statistics.median(taken)
        print(f"\ntoken, create, upload, create, poll, download of one message: median {median:.0f} ms, ", end="")
        print(f"worst {max(taken):.0f} ms; target ≤ {FLOW_MS} ms: {judge(median <= FLOW_MS)}")


if __name__ == "__main__":
    main()
