"""How long a report over many orders takes to produce over the embedded store, and how much memory the process needs.

python bench/order_reports.py --orders 100000
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from timing import describe_machine
from whole import SELLER

from feedproc.embedded import open_backend
from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.submission import NewSubmission, ReportAsk
from feedproc.orders.generation import generate_orders
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.reports.requests import open_requested, request_report
from feedproc.wiring.tuning import collect_rarely

NOW = datetime(2024, 3, 4, 12, tzinfo=UTC)
TYPES = ("GET_FLAT_FILE_ORDERS_DATA", "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE", "GET_ORDERS_DATA")


def produce(folder: Path, report_type: str) -> None:
    """Ask for a report and work until it is there, in a process of its own; print seconds, bytes and MiB."""
    backend = open_backend(folder, lambda: uuid4().hex)
    asked = ReportAsk(start=NOW - timedelta(days=60), end=NOW, is_scheduled=True)
    new = NewSubmission(
        seller_id=SELLER.seller_id,
        feed_type=report_type,
        document="",
        size=0,
        submitted_at=datetime.now(UTC),
        asked=asked,
    )
    request = request_report(backend, load_report_types(), new)
    processing = Processing(backend, FeedTypes([]), "w", Policy(), lambda: datetime.now(UTC), load_report_types())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    collect_rarely()
    began, worked = time.perf_counter(), time.process_time()
    assert process_next(processing)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    _, document = open_requested(backend.submissions, backend.documents, SELLER.seller_id, request.request_id)
    with document:
        size = document.seek(0, 2)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{report_type:46} {seconds:7.1f} s ({worked:.1f} s of one core) {size / 2**20:7.1f} MiB;"
        f" process {before // 1024} → {peak // 1024} MiB"
    )


def main() -> None:
    """Load the orders, and produce a report of each type in a new process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--produce", nargs=2, metavar=("FOLDER", "TYPE"))
    given = parser.parse_args()
    if given.produce:
        produce(Path(given.produce[0]), given.produce[1])
        return
    print(describe_machine())
    with tempfile.TemporaryDirectory() as folder:
        backend = open_backend(Path(folder), lambda: uuid4().hex)
        backend.sellers.add(SELLER)
        backend.orders.load(SELLER.seller_id, generate_orders(given.orders, 1, NOW))
        for report_type in TYPES:
            subprocess.run([sys.executable, __file__, "--produce", folder, report_type], check=True)


if __name__ == "__main__":
    main()
