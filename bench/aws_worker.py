"""The worker of `aws_throughput.py`: prepares a feed, or processes it, with the code of the tree that it is run in."""

import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Any, BinaryIO

from feedproc import aws
from feedproc.aws.account import AwsSettings
from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.submission import NewSubmission
from feedproc.memory import MemoryStore
from feedproc.orders.order import Order
from feedproc.ports import Backend, DocumentWriter, OrderFilter, Waiting
from feedproc.services.process.process import process
from feedproc.services.process.processing import Claimed, Policy, Processing
from feedproc.services.submit import store, submit
from feedproc.wiring.feed_types import load_feed_types
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
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
S3_SECONDS = 0.02


class FarDocuments:
    """The port `Documents`, in memory and as far away as S3."""

    def __init__(self, near: Any) -> None:
        self._near = near

    def open(self, key: str) -> BinaryIO:
        time.sleep(S3_SECONDS)
        return self._near.open(key)

    def create(self) -> DocumentWriter:
        time.sleep(S3_SECONDS)
        return self._near.create()


def make_feed(kind: str, messages: int) -> tuple[bytes, str]:
    feed_type, payload = FEEDS[kind]
    return a_feed(*map(payload, range(1, messages + 1)), feed_type=feed_type), feed_type


def make_orders(kind: str, messages: int) -> Iterator[Order]:
    """Yield the orders that a feed is about: shipped before when they are refunded."""
    orders = map(an_order, range(1, messages + 1))
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
    backend.submissions.get(SELLER, given["submission"])  # boto3 loads, and connects
    wall, cpu = time.perf_counter(), time.process_time()
    run(backend, feed_types, given["submission"])
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))


def prepare(settings: AwsSettings, backend: Backend, given: dict[str, Any]) -> None:
    from feedproc.aws import local_aws
    from feedproc.aws.clients import get_clients
    from feedproc.aws.dynamo.tables import TABLES

    for table in TABLES.values():
        local_aws._create_table(get_clients(settings), table)
    backend.orders.load(SELLER, make_orders(given["kind"], given["messages"]))


def tune() -> None:
    """Set the process up as a worker of this tree does; older ones do nothing."""
    with suppress(ImportError):
        from feedproc.wiring.tuning import collect_rarely, take_turns_often

        collect_rarely()
        take_turns_often()


if __name__ == "__main__":
    main()
