"""Whole processing of a feed by one worker, from the claim to DONE: in a process of its own, on a store of its own.

Run as a script, with the folder of a prepared store, it processes the feed that waits there, and prints what it took.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from feeds import KINDS, make_feed, write_feed
from timing import Run, Side, measure

from feedproc.embedded import open_backend, workers_of
from feedproc.feeds.submission import NewSubmission, ProcessingStatus
from feedproc.orders.generation import generate_orders
from feedproc.ports import Secret, Seller
from feedproc.serve.helper import help_with
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.submit import store, submit
from feedproc.settings import allows_helpers
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.tuning import collect_rarely, keep_blocks, take_turns_often

SELLER = Seller(
    seller_id="A1BENCHSELLER1",
    merchant_token="M_BENCH_1",
    access_key="AKIABENCHBENCHBENCH1",
    secret_key=Secret("not a secret"),
    auth_token=Secret("none"),
    marketplace_ids=("A1VC38T7YXB528",),
)


def prepare(folder: Path, kind: str, messages: int, faulty: int = 0) -> Path:
    """Make a store with distinct orders, and a feed of one message each that waits in it; return the feed."""
    now = datetime.now(UTC)
    backend = open_backend(folder / "store", lambda: uuid4().hex)
    backend.sellers.add(SELLER)
    bought = now - timedelta(days=10)
    backend.orders.load(SELLER.seller_id, generate_orders(messages, 1, bought))
    names = ((one.amazon_order_id, one.items[0].order_item_code) for one in generate_orders(messages, 1, bought))
    feed = write_feed(folder / "feed", make_feed(kind, names, SELLER.merchant_token, faulty))
    with feed.open("rb") as stream:
        document = store(backend.documents, stream)
    new = NewSubmission(
        seller_id=SELLER.seller_id,
        feed_type=KINDS[kind].feed_type,
        document=document.key,
        size=document.size,
        submitted_at=now,
    )
    submit(backend.submissions, backend.queue, new)
    return feed


@contextmanager
def prepared(kind: str, messages: int, faulty: int = 0) -> Iterator[tuple[Side, Path]]:
    """Give what processes such a feed once, on a copy of the same store each time, and the feed."""
    with tempfile.TemporaryDirectory() as place:
        folder, copy = Path(place, "prepared"), Path(place, "copy")
        folder.mkdir()
        feed = prepare(folder, kind, messages, faulty)

        def process() -> Run:
            shutil.copytree(folder / "store", copy)
            try:
                done = subprocess.run([sys.executable, __file__, copy], check=True, capture_output=True, text=True)
            finally:
                shutil.rmtree(copy)
            *taken, failed = json.loads(done.stdout)
            assert failed == (messages // faulty if faulty else 0), failed
            return Run(*taken)

        yield process, feed


def main() -> None:
    """Process the feed that waits in the store that the command line names."""
    folder = Path(sys.argv[1])
    backend = open_backend(folder, lambda: uuid4().hex)
    processing = Processing(backend, load_feed_types(), "bench", Policy(), lambda: datetime.now(UTC))
    if allows_helpers():
        processing = processing._replace(open_reader=help_with())
    waiting = backend.queue.receive(datetime.now(UTC))
    assert waiting is not None
    workers_of(folder).join("bench")
    collect_rarely()
    keep_blocks()
    take_turns_often()
    run = measure(lambda: process_next(processing))
    ended = backend.submissions.get(*waiting)
    assert ended is not None
    assert ended.status is ProcessingStatus.DONE
    assert ended.summary is not None
    print(json.dumps([*run, ended.summary.with_error]))


if __name__ == "__main__":
    main()
