"""Whole processing of 100,000 adjustments as a flat file, beside the same adjustments as XML.

Timed from the claim to DONE by one worker on the embedded store: survey, apply, commit, report. Both run in turn, each
on a store of its own.
"""

import argparse
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from feeds import adjustments, written
from processing import SELLER
from timing import machine, told

from feedproc.embedded import open_backend, workers_of
from feedproc.feeds.submission import NewSubmission
from feedproc.orders.generation import generate_orders
from feedproc.serve.worker import collect_rarely
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.submit import store, submit
from feedproc.wiring.machine import load_feed_types

COLUMNS = (
    "order-id",
    "order-item-id",
    "adjustment-reason-code",
    "currency",
    "item-price-adj",
    "item-tax-adj",
    "shipping-price-adj",
    "shipping-tax-adj",
    "gift-wrap-price-adj",
    "gift-wrap-tax-adj",
)
XML, FLAT = "POST_PAYMENT_ADJUSTMENT_DATA", "POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA"


def rows(orders: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the text of a flat file that refunds what the XML feed does."""
    yield "\t".join(COLUMNS) + "\r\n"
    for order_id, item_code in orders:
        yield f"{order_id}\t{item_code}\tCustomerReturn\tJPY\t100.00\t10.00\t\t\t\t\r\n"


def processing(folder: Path, messages: int, feed_type: str) -> float:
    """Return the seconds from claim to DONE."""
    backend = open_backend(folder / "store", lambda: uuid4().hex)
    backend.sellers.add(SELLER)
    now = datetime.now(UTC)
    backend.orders.load(SELLER.seller_id, generate_orders(messages, 1, now))
    names = ((one.amazon_order_id, one.items[0].order_item_code) for one in generate_orders(messages, 1, now))
    text = rows(names) if feed_type == FLAT else adjustments(names, SELLER.merchant_token)
    with written(folder / "feed", text).open("rb") as stream:
        document = store(backend.documents, stream)
    new = NewSubmission(
        seller_id=SELLER.seller_id,
        feed_type=feed_type,
        document=document.key,
        size=document.size,
        submitted_at=datetime.now(UTC),
    )
    sent = submit(backend.submissions, backend.queue, new)
    feed_types = load_feed_types()
    workers_of(folder / "store").join("bench")
    collect_rarely()
    begin = time.perf_counter()
    process_next(Processing(backend, feed_types, "bench", Policy(), lambda: datetime.now(UTC)))
    took = time.perf_counter() - begin
    ended = backend.submissions.get(SELLER.seller_id, sent.submission_id)
    assert ended is not None
    assert ended.summary is not None
    assert ended.summary.successful == messages, ended
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    flat, xml = [], []
    for _ in range(options.runs):
        for feed_type, times in ((XML, xml), (FLAT, flat)):
            with tempfile.TemporaryDirectory() as folder:
                times.append(processing(Path(folder), options.messages, feed_type))
    print(machine())
    print("| what | flat file | XML | ratio | target | |\n|---|---|---|---|---|---|")
    print(told(f"process, {options.messages} adjustments, one worker", flat, xml, 1.5))


if __name__ == "__main__":
    main()
