"""How long MWS takes to list and to get orders over a store of 1,000,000, and how many requests it answers a second.

In milliseconds through WSGI: a page of ListOrders may take 50, GetOrder 5. Over HTTP, one client, beside moto's server
that answers Query of DynamoDB with as many items from as many: twice as many requests a second are the target.

python bench/order_reads.py --orders 1000000
"""

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from console_pages import fill_store
from http_feeds import feedproc_server, sign, start
from werkzeug.test import Client
from werkzeug.wrappers import Response
from whole import SELLER

from feedproc.mws.app import create_app
from feedproc.ports import Backend, OrderFilter
from feedproc.wiring.feed_types import load_feed_types

PATH, VERSION = "/Orders/2013-09-01", "2013-09-01"
PAGE_MS, ORDER_MS, RATIO = 50, 5, 2.0
MOTO_ITEMS = 2_000
"""Moto looks at each item that there is: more would flatter us."""


def list_since(moment: datetime, name: str = "CreatedAfter", **more: str) -> dict[str, str]:
    return {
        "Action": "ListOrders",
        "MarketplaceId.Id.1": SELLER.marketplace_ids[0],
        name: f"{moment:%Y-%m-%dT%H:%M:%SZ}",
    } | more


def write_address(host: str, parameters: dict[str, str]) -> str:
    """Return the signed path and query of a call."""
    return sign(SELLER, "GET", host, PATH, {**parameters, "Version": VERSION})


def calls(backend: Backend, now: datetime) -> list[tuple[str, dict[str, str], float]]:
    """Return what is asked for: a name, parameters, and the milliseconds that it may take."""
    page = list(backend.orders.list(SELLER.seller_id, OrderFilter(), 50))
    ids = {f"AmazonOrderId.Id.{number}": one.amazon_order_id for number, one in enumerate(page, 1)}
    month, middle = now - timedelta(days=30), now - timedelta(days=15)
    unshipped = {"OrderStatus.Status.1": "Unshipped", "OrderStatus.Status.2": "PartiallyShipped"}
    one = page[25].amazon_order_id
    return [
        ("ListOrders, 100 of all", list_since(month), PAGE_MS),
        ("ListOrders, 100 from the middle", list_since(middle), PAGE_MS),
        ("ListOrders, 100 by last update", list_since(middle, "LastUpdatedAfter"), PAGE_MS),
        ("ListOrders, 100 to be shipped", list_since(middle, **unshipped), PAGE_MS),
        ("GetOrder, 1", {"Action": "GetOrder", "AmazonOrderId.Id.1": one}, ORDER_MS),
        ("GetOrder, 50", {"Action": "GetOrder"} | ids, PAGE_MS),
        ("ListOrderItems", {"Action": "ListOrderItems", "AmazonOrderId": one}, ORDER_MS),
    ]


def measure(backend: Backend, now: datetime, rounds: int) -> None:
    """Print how long each call takes within the process."""
    app = create_app(backend, load_feed_types(), lambda: datetime.now(UTC), lambda: str(uuid4()))
    client = Client(app, Response)
    print("| call | median, ms | worst | of one core | bytes | target | |\n|---|---|---|---|---|---|---|")
    for name, parameters, most in [*calls(backend, now)]:
        taken, worked = [], []
        for _ in range(rounds):
            address = write_address("localhost", parameters)
            begin, at_work = time.perf_counter(), time.process_time()
            answer = client.get(address)
            size = len(answer.get_data())
            taken.append((time.perf_counter() - begin) * 1000)
            worked.append((time.process_time() - at_work) * 1000)
        assert answer.status_code == 200, answer.text
        median = statistics.median(taken)
        verdict = "met" if median <= most else "missed"
        core = statistics.median(worked)
        print(f"| {name} | {median:.1f} | {max(taken):.1f} | {core:.1f} | {size} | ≤ {most} | {verdict} |")


def count_a_second(
    ask: Callable[[http.client.HTTPConnection], http.client.HTTPResponse], port: int, seconds: float
) -> float:
    """Return how many requests one client has answered in a second, one after the other."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begin, count = time.perf_counter(), 0
    while (took := time.perf_counter() - begin) < seconds:
        answer = ask(connection)
        content = answer.read()
        assert answer.status == 200, content
        count += 1
    connection.close()
    return count / took


@contextmanager
def moto_with_items() -> Iterator[int]:
    """Serve a table whose one partition holds `MOTO_ITEMS` items by moto; yield the port."""
    code = (
        "from moto.server import ThreadedMotoServer as S; import time;"
        "s = S(ip_address='127.0.0.1', port=0, verbose=False); s.start();"
        "print(s.get_host_and_port()[1], flush=True); time.sleep(9999)"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdout is not None
    try:
        port = int(server.stdout.readline())
        connection = http.client.HTTPConnection("127.0.0.1", port)
        key = [("seller", "HASH"), ("id", "RANGE")]
        table = {
            "TableName": "orders",
            "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in key],
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name, _ in key],
            "BillingMode": "PAY_PER_REQUEST",
        }
        ask_moto("CreateTable", table, connection).read()
        for number in range(MOTO_ITEMS):
            item = {"seller": {"S": "A1"}, "id": {"S": f"{number:08d}"}, "document": {"S": "x" * 1_000}}
            ask_moto("PutItem", {"TableName": "orders", "Item": item}, connection).read()
        yield port
    finally:
        server.terminate()
        server.wait()


def ask_moto(
    operation: str, body: dict[str, object], connection: http.client.HTTPConnection
) -> http.client.HTTPResponse:
    signed = "AWS4-HMAC-SHA256 Credential=a/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0"
    headers = {
        "X-Amz-Target": f"DynamoDB_20120810.{operation}",
        "Content-Type": "application/x-amz-json-1.0",
        "Authorization": signed,
    }
    connection.request("POST", "/", json.dumps(body), headers)
    return connection.getresponse()


def query_moto(limit: int) -> Callable[[http.client.HTTPConnection], http.client.HTTPResponse]:
    """Return what asks moto for so many items of a partition, from its middle on."""
    wanted = {
        "TableName": "orders",
        "KeyConditionExpression": "seller = :seller AND id >= :id",
        "ExpressionAttributeValues": {":seller": {"S": "A1"}, ":id": {"S": f"{MOTO_ITEMS // 2:08d}"}},
        "Limit": limit,
    }
    return partial(ask_moto, "Query", wanted)


def ask_feedproc(address: str, connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
    connection.request("GET", address)
    return connection.getresponse()


def compare(folder: str, backend: Backend, now: datetime, seconds: float) -> None:
    """Print requests a second of `feedproc serve`, and of moto in turn with it."""
    known = {name: parameters for name, parameters, _ in calls(backend, now)}
    print("\n| requests a second | feedproc | moto's Query | ratio | target | |\n|---|---|---|---|---|---|")
    server, port = start(feedproc_server(folder))
    try:
        with moto_with_items() as moto_port:
            for name, limit in (("GetOrder, 1", 1), ("ListOrders, 100 from the middle", 100)):
                address = write_address(f"127.0.0.1:{port}", known[name])
                ours, peers = [], []
                for _ in range(3):
                    ours.append(count_a_second(partial(ask_feedproc, address), port, seconds))
                    peers.append(count_a_second(query_moto(limit), moto_port, seconds))
                ratio = statistics.median(a / b for a, b in zip(ours, peers, strict=True))
                verdict = "met" if ratio >= RATIO else "missed"
                print(
                    f"| {name}, beside {limit} of {MOTO_ITEMS:,} | {statistics.median(ours):.0f} "
                    f"| {statistics.median(peers):.0f} | {ratio:.1f} | ≥ {RATIO} | {verdict} |"
                )
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Load orders of every state, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=3.0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="feedproc-bench-") as folder:
        now = datetime.now(UTC)
        backend = fill_store(Path(folder), SELLER, chosen.orders, now)
        measure(backend, now, chosen.rounds)
        compare(folder, backend, now, chosen.seconds)


if __name__ == "__main__":
    main()
