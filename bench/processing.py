"""Whole processing of 100,000 adjustments of distinct orders by one worker, beside `xmllint --stream` on the feed.

Timed from the claim to DONE: survey, apply, commit, report.
"""

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from feeds import adjustments, written
from timing import machine, seconds, told, xmllint

from feedproc.embedded import open_backend, workers_of
from feedproc.feeds.submission import NewSubmission, ProcessingStatus
from feedproc.orders.generation import generate_orders
from feedproc.ports import Secret, Seller
from feedproc.serve.worker import collect_rarely, take_turns_often
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.submit import store, submit
from feedproc.wiring.machine import load_feed_types

SELLER = Seller(
    seller_id="A1BENCHSELLER1",
    merchant_token="M_BENCH_1",
    access_key="AKIABENCHBENCHBENCH1",
    secret_key=Secret("not a secret"),
    auth_token=Secret("none"),
    marketplace_ids=("A1VC38T7YXB528",),
)


def processing(folder: Path, messages: int) -> tuple[float, Path]:
    """Return the seconds from claim to DONE, and the feed."""
    backend = open_backend(folder / "store", lambda: uuid4().hex)
    backend.sellers.add(SELLER)
    now = datetime.now(UTC)
    backend.orders.load(SELLER.seller_id, generate_orders(messages, 1, now))
    names = ((one.amazon_order_id, one.items[0].order_item_code) for one in generate_orders(messages, 1, now))
    feed = written(folder / "feed.xml", adjustments(names, SELLER.merchant_token))
    with feed.open("rb") as stream:
        document = store(backend.documents, stream)
    new = NewSubmission(
        seller_id=SELLER.seller_id,
        feed_type="POST_PAYMENT_ADJUSTMENT_DATA",
        document=document.key,
        size=document.size,
        submitted_at=datetime.now(UTC),
    )
    sent = submit(backend.submissions, backend.queue, new)
    feed_types = load_feed_types()
    workers_of(folder / "store").join("bench")
    collect_rarely()
    take_turns_often()
    begin = time.perf_counter()
    process_next(Processing(backend, feed_types, "bench", Policy(), lambda: datetime.now(UTC)))
    took = time.perf_counter() - begin
    ended = backend.submissions.get(SELLER.seller_id, sent.submission_id)
    assert ended is not None
    assert ended.status is ProcessingStatus.DONE
    assert ended.summary is not None
    assert ended.summary.successful == messages, ended.summary
    return took, feed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    ours, peers = [], []
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory() as folder:
            took, feed = processing(Path(folder), options.messages)
            ours.append(took)
            peers.append(seconds(xmllint(feed)))
    print(machine())
    print("| what | feedproc | xmllint | ratio | target | |\n|---|---|---|---|---|---|")
    print(told(f"process, {options.messages} messages, one worker", ours, peers, 5.0))


if __name__ == "__main__":
    main()
