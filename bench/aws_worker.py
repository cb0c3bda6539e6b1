"""The worker of `aws_throughput.py`: prepares a feed, or processes it, with the code of the tree that it is run in."""

import io
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, BinaryIO

from feedproc import aws
from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import get_clients
from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.submission import NewSubmission
from feedproc.memory import MemoryStore
from feedproc.orders.order import Order
from feedproc.ports import Backend, DocumentWriter, OrderFilter, Waiting
from feedproc.services.process import batches
from feedproc.services.process.process import process
from feedproc.services.process.processing import Claimed, Policy, Processing
from feedproc.services.submit import store, submit
from feedproc.wiring.feed_types import load_feed_types
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    PURCHASED,
    SELLER,
    a_feed,
    a_seller,
    acknowledges,
    an_order,
    cancels,
    new_keys,
    refunds,
    ships,
)

FEEDS: dict[str, tuple[str, Callable[[int], str]]] = {
    "ships": (FULFILLMENT, ships),
    "refunds": (ADJUSTMENT, refunds),
    "cancels": (ACKNOWLEDGEMENT, cancels),
    "names": (ACKNOWLEDGEMENT, lambda number: acknowledges(number, f"N-{number}")),
}
NOW = datetime(2024, 3, 4, 12, tzinfo=UTC)
S3_SECONDS, READ_SECONDS, WRITE_SECONDS = 0.02, 0.005, 0.015
READS = {"GetItem", "BatchGetItem", "Query"}


class FarDocuments:
    """The port `Documents`, in memory and as far away as S3."""

    trace: Any = None

    def __init__(self, near: Any) -> None:
        self._near = near

    def open(self, key: str) -> BinaryIO:
        self._wait()
        return self._near.open(key)

    def create(self) -> DocumentWriter:
        self._wait()
        return self._near.create()

    def _wait(self) -> None:
        if self.trace is not None:
            self.trace.note("S3")
        time.sleep(S3_SECONDS)


class Trace:
    """What the thread that works did, by its own processor time: so a busy machine does not show."""

    def __init__(self, backend: Backend) -> None:
        self._begun = time.thread_time()
        self._others = time.process_time() - time.thread_time()
        self.steps: list[tuple[str, float]] = []
        """What was begun, `read`, `S3` or `send`, and how much processor time had been taken until then."""
        self.backend = backend._replace(batches=_Traced(backend.batches, self))

    def watch(self, client: Any) -> None:
        """Note each call of DynamoDB by the thread that works."""
        client.meta.events.register("before-send.dynamodb", self._note_call)

    def note(self, step: str) -> None:
        if threading.current_thread() is threading.main_thread():
            self.steps.append((step, time.thread_time() - self._begun))

    def compute_wall(self, most_flights: int) -> float:
        """Return how long it takes where the processor does nothing else, with what goes on beside each other."""
        own = time.thread_time() - self._begun
        sends = sum(step == "send" for step, _ in self.steps)
        beside = (time.process_time() - time.thread_time() - self._others) / max(sends, 1)
        clock = before = 0.0
        arrivals = [0.0] * most_flights
        for step, cpu in self.steps:
            clock, before = clock + cpu - before, cpu
            if step == "send":
                clock = max(clock, arrivals[-most_flights])
                arrivals.append(max(clock, arrivals[-1]) + beside + WRITE_SECONDS)
            else:
                clock += {"read": READ_SECONDS, "write": WRITE_SECONDS, "S3": S3_SECONDS}[step]
        return max(clock, arrivals[-1]) + own - before

    def _note_call(self, request: Any, **_: Any) -> None:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        self.note("read" if operation in READS else "write")


class _Traced:
    """The port `Batches`, with a note of each batch that is sent."""

    def __init__(self, batches: Any, trace: Trace) -> None:
        self._batches = batches
        self._trace = trace
        self.most_writes = batches.most_writes
        self.commits_beside = batches.commits_beside
        self.commit = batches.commit

    def prepare(self, *batch: Any) -> Callable[[], None]:
        prepared: Callable[[], None] = self._batches.prepare(*batch)
        self._trace.note("send")
        return prepared


def make_feed(kind: str, messages: int) -> tuple[bytes, str]:
    feed_type, payload = FEEDS[kind]
    return a_feed(*map(payload, range(1, messages + 1)), feed_type=feed_type), feed_type


def make_orders(kind: str, messages: int) -> Iterator[Order]:
    """Yield the orders that a feed is about, all bought before it ships them: shipped before when they are refunded."""
    orders = (an_order(one, purchased_at=PURCHASED - timedelta(minutes=one)) for one in range(1, messages + 1))
    if kind != "refunds":
        yield from orders
        return
    backend = MemoryStore(new_keys()).backend
    backend.sellers.add(a_seller())
    while part := list(islice(orders, 1_000)):
        backend.orders.load(SELLER, part)
    feed, feed_type = make_feed("ships", messages)
    submission = hand_in(backend, feed, feed_type)
    run(backend, load_feed_types(), submission)
    yield from backend.orders.list(SELLER, OrderFilter(oldest_first=True), messages)


def hand_in(backend: Backend, feed: bytes, feed_type: str) -> str:
    document = store(backend.documents, io.BytesIO(feed))
    new = NewSubmission(
        seller_id=SELLER, feed_type=feed_type, document=document.key, size=document.size, submitted_at=NOW
    )
    return submit(backend.submissions, backend.queue, new).submission_id


def run(backend: Backend, feed_types: FeedTypes, submission_id: str) -> None:
    processing = Processing(backend, feed_types, "worker", Policy(), lambda: NOW)
    ended = process(processing, Waiting(SELLER, submission_id))
    if ended is not Claimed.FINISHED:
        raise RuntimeError(f"submission {submission_id} is {ended}")


def warm_up(feed_types: FeedTypes, kind: str) -> None:
    """Process a feed of one message in memory: what a worker keeps from its first feed on is loaded then."""
    backend = MemoryStore(new_keys()).backend
    backend.sellers.add(a_seller())
    backend.orders.load(SELLER, make_orders(kind, 1))
    run(backend, feed_types, hand_in(backend, *make_feed(kind, 1)))


def main() -> None:
    what, given = sys.argv[1], json.loads(sys.argv[2])
    settings = AwsSettings(
        region="eu-west-1", bucket="b", queue_url="https://sqs.eu-west-1.amazonaws.com/1/q.fifo", kms_key_id="k",
        table_prefix=given["prefix"], endpoint_url=given["endpoint_url"], local_credentials=True,
    )  # fmt: skip
    near = MemoryStore(new_keys()).backend
    near.sellers.add(a_seller())
    far = aws.open_backend(settings, new_keys())
    backend = far._replace(sellers=near.sellers, queue=near.queue, documents=FarDocuments(near.documents))
    feed, feed_type = make_feed(given["kind"], given["messages"])
    if what == "prepare":
        prepare(settings, backend, given)
        print(json.dumps({"submission": hand_in(backend, feed, feed_type)}))
        return
    store(near.documents, io.BytesIO(feed))
    tune()
    feed_types = load_feed_types()
    warm_up(feed_types, given["kind"])
    backend.submissions.get(SELLER, given["submission"])  # boto3 loads, and connects
    trace = None
    if hasattr(backend.batches, "prepare"):
        trace = Trace(backend)
        backend = trace.backend
        backend.documents.trace = trace
        trace.watch(get_clients(settings).dynamodb)
    wall, cpu = time.perf_counter(), time.process_time()
    run(backend, feed_types, given["submission"])
    told = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    if trace is not None:
        told["quiet"] = trace.compute_wall(batches._MOST_FLIGHTS)
    print(json.dumps(told))


def prepare(settings: AwsSettings, backend: Backend, given: dict[str, Any]) -> None:
    from feedproc.aws import local_aws
    from feedproc.aws.dynamo.tables import TABLES

    for table in TABLES.values():
        local_aws._create_table(get_clients(settings), table)
    backend.orders.load(SELLER, make_orders(given["kind"], given["messages"]))


def tune() -> None:
    """Set the process up as a worker of this tree does; older ones do nothing."""
    with suppress(ImportError):
        from feedproc.wiring.tuning import collect_rarely, keep_blocks, take_turns_often

        collect_rarely()
        keep_blocks()
        take_turns_often()


if __name__ == "__main__":
    main()
