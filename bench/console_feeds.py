"""The console's pages on feeds, stock, metrics and e-mails, over a full store, through WSGI.

The store has 1,000,000 orders, 100,000 submissions and a feed of 1,000,000 messages. One in 400 failed, about one in
each batch: that is the worst for a page of failures, since each stands in another part of the feed.
Each page is asked for again and again by somebody who is signed in; told are the median and the worst answer, beside
the target of 100 ms. The resubmission of all failed messages of the large feed is not a page, and is told apart.
"""

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from uuid import uuid4

import msgspec
from feeds import make_feed, write_feed
from timing import describe_machine
from werkzeug.test import Client
from werkzeug.wrappers import Response
from whole import SELLER

from feedproc.console.app import ConsoleOptions, create_console
from feedproc.embedded import open_backend, workers_of
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import FeedSubmission, NewSubmission, ProcessingStatus, submission_id
from feedproc.orders.generation import generate_orders
from feedproc.ports import Backend
from feedproc.serve.sessions import SignedOutHere
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.submit import store, submit
from feedproc.stock.level import StockLevel
from feedproc.wiring.feed_types import load_feed_types

TARGET_MS = 100.0
NOW = datetime(2024, 3, 4, 12, tzinfo=UTC)
_TYPES = load_feed_types()
_FAILS = 400
_LARGE = "POST_PAYMENT_ADJUSTMENT_DATA"


def stocked(folder: Path, orders: int, submissions: int, messages: int) -> tuple[Backend, str]:
    """Return a full store, and the id of the large feed's submission."""
    backend = open_backend(folder / "store", lambda: uuid4().hex)
    backend.sellers.add(SELLER)
    backend.orders.load(SELLER.seller_id, generate_orders(orders, 1, NOW))
    backend.stock.load(SELLER.seller_id, (StockLevel(f"SKU-{number:06d}", number) for number in range(100_000)), NOW)
    small = _kept(backend, BytesIO(b"<a/>"))
    _submissions(folder / "store" / "feedproc.db", submissions, small)
    feed = write_feed(folder / "feed.xml", make_feed("adjustments", _names(orders, messages), SELLER.merchant_token))
    with feed.open("rb") as stream:
        document = store(backend.documents, stream)
    new = NewSubmission(
        seller_id=SELLER.seller_id, feed_type=_LARGE, document=document.key, size=document.size, submitted_at=NOW
    )
    sent = submit(backend.submissions, backend.queue, new)
    workers_of(folder / "store").join("bench")
    while process_next(Processing(backend, _TYPES, "bench", Policy(), lambda: NOW)):
        pass
    return backend, sent.submission_id


def _names(orders: int, messages: int) -> Iterator[tuple[str, str]]:
    known = (
        (one.amazon_order_id, one.items[0].order_item_code) for one in generate_orders(min(orders, messages), 1, NOW)
    )
    for number, name in zip(range(messages), known, strict=False):
        yield ("999-0000000-0000000", name[1]) if number % _FAILS == 0 else name


def _kept(backend: Backend, stream: BytesIO) -> str:
    return store(backend.documents, stream).key


def _submissions(database: Path, number: int, document: str) -> None:
    """Write submissions that are done straight into the table: the port would take a transaction for each."""
    encode = msgspec.json.Encoder().encode
    with sqlite3.connect(database) as connection:
        connection.executemany(
            "INSERT INTO submissions (seller_id, counter, submission_id, feed_type, status, submitted_at, data)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (one.seller_id, one.counter, one.submission_id, one.feed_type, one.status, 0, encode(one))
                for one in (_submission(counter, document) for counter in range(50_001, 50_001 + number))
            ),
        )
    connection.close()


def _submission(counter: int, document: str) -> FeedSubmission:
    at = NOW - timedelta(days=30) + timedelta(seconds=counter)
    return FeedSubmission(
        seller_id=SELLER.seller_id,
        feed_type=_TYPES.offered[counter % 3],
        document=document,
        size=4,
        submitted_at=at,
        submission_id=submission_id(counter, at.date()),
        counter=counter,
        status=ProcessingStatus.DONE,
        started_at=at,
        completed_at=at,
        summary=Summary(10, 9, 1),
    )


class Visitor:
    """Somebody who is signed in."""

    def __init__(self, backend: Backend) -> None:
        console = create_console(
            backend,
            _TYPES,
            lambda: NOW,
            lambda: str(uuid4()),
            ConsoleOptions(b"a secret of thirty-two bytes....", SELLER.seller_id, SignedOutHere()),
        )
        self._client = Client(console, Response)
        self.post("/sign-in/here", self.get("/sign-in")[1])

    def get(self, path: str) -> tuple[float, str]:
        """Return how many milliseconds a page takes, and the page."""
        begin = time.perf_counter()
        answer = self._client.get(path, environ_base={"REMOTE_ADDR": "127.0.0.1"})
        text = answer.get_data(as_text=True)
        took = (time.perf_counter() - begin) * 1000
        assert answer.status_code == 200, (path, answer.status_code)
        return took, text

    def post(self, path: str, page: str) -> float:
        """Send a form of a page; return the milliseconds."""
        token = page.partition('name="token" value="')[2].partition('"')[0]
        begin = time.perf_counter()
        answer = self._client.post(path, data={"token": token}, environ_base={"REMOTE_ADDR": "127.0.0.1"})
        assert answer.status_code == 303, (path, answer.status_code)
        return (time.perf_counter() - begin) * 1000


def pages(large: str, messages: int, submissions: int) -> list[tuple[str, Iterator[str]]]:
    """Return what is asked for: a name, and its addresses, other ones each time where there are many."""
    last = messages // 50
    failed = f"/feeds/{large}?which=failed"
    steps = [number * last // 40 + 1 for number in range(40)]
    return [
        ("feeds, newest", _again("/feeds")),
        ("feeds, further and further back", (f"/feeds?before={50_000 + submissions * n // 40}" for n in count(1))),
        ("feeds, only cancelled ones (there are none)", _again("/feeds?status=CANCELLED")),
        ("feeds, list alone as polled", _again("/feeds/live")),
        (f"feed of {messages:,} messages, first page", _again(f"/feeds/{large}")),
        ("the same, pages all over it", (f"/feeds/{large}?page={steps[n % 40]}" for n in count())),
        ("the same, its last page", _again(f"/feeds/{large}?page={last}")),
        ("the same, only failed, all over it", (f"{failed}&page={steps[n % 40] // _FAILS + 1}" for n in count())),
        ("the same, its state as polled", _again(f"/feeds/{large}/status")),
        ("stock of 100,000 SKUs, first page", _again("/stock")),
        ("stock, search", (f"/stock?q=SKU-{n * 2_000 % 100_000:06d}" for n in count())),
        ("one SKU with its ledger", (f"/stock/SKU-{n:06d}" for n in count())),
        ("metrics, 7 days", _again("/metrics")),
        ("metrics, 366 days", _again("/metrics?from=2023-03-05&to=2024-03-04")),
        ("outbox", _again("/outbox")),
    ]  # fmt: skip


def _told(took: list[float]) -> str:
    verdict = "met" if max(took) <= TARGET_MS else "missed"
    return f"{statistics.median(took):.1f} ms | {max(took):.1f} ms | ≤ {TARGET_MS:.0f} ms | {verdict}"


def _again(path: str) -> Iterator[str]:
    return (path for _ in count())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--submissions", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--visits", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        backend, large = stocked(Path(folder), options.orders, options.submissions, options.messages)
        visitor = Visitor(backend)
        print(describe_machine())
        print("| page | median | worst | target | |\n|---|---|---|---|---|")
        for name, addresses in pages(large, options.messages, options.submissions):
            visitor.get(next(addresses))
            took = [visitor.get(next(addresses))[0] for _ in range(options.visits)]
            print(f"| {name} | {_told(took)} |")
        page = visitor.get(f"/feeds/{large}")[1]
        print(f"\nFeed of all failed messages made in {visitor.post(f'/feeds/{large}/failed', page) / 1000:.1f} s.")


if __name__ == "__main__":
    main()
