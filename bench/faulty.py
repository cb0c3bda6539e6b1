"""What faults cost: a clean feed, one with 1 % of its messages faulty, and one with all of them.

Once for `feedproc validate`, and once for whole processing by one worker, from the claim to DONE. The ratio is that of
the shortest of several runs in turn, since other work on the machine only ever adds.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from feeds import ADJUSTMENT, HEAD, TAIL, numbered, written
from processing import SELLER
from timing import feedproc, machine, seconds

from feedproc.embedded import open_backend, workers_of
from feedproc.feeds.submission import NewSubmission
from feedproc.orders.generation import generate_orders
from feedproc.serve.worker import collect_rarely
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.submit import store, submit
from feedproc.wiring.machine import load_feed_types

FEEDS = {"clean": 0, "1 % of messages faulty": 100, "every message faulty": 1}
TARGETS = {"1 % of messages faulty": 1.3, "every message faulty": 15.0}
_PEAK = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


def feed(orders: Iterable[tuple[str, str]], every: int) -> Iterator[str]:
    """Yield a feed in which each message whose number `every` divides has a reason that there is not."""
    yield HEAD.format(merchant=SELLER.merchant_token)
    for number, (order_id, item_code) in enumerate(orders, 1):
        reason = "NoSuchReason" if every and number % every == 0 else "CustomerReturn"
        yield ADJUSTMENT.format(number=number, order_id=order_id, item_code=item_code, reason=reason)
    yield TAIL


def run(path: Path) -> float:
    """Return the seconds of one `feedproc validate --format json`, whose exit code does not matter here."""
    return seconds([sys.executable, "-c", _QUIET, *feedproc("validate", "--format", "json", str(path))])


_QUIET = "import subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)"


def peak_mib(path: Path) -> float:
    """Return the largest resident size of one run, in MiB."""
    command = [sys.executable, "-c", _PEAK, *feedproc("validate", "--format", "json", str(path))]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / 1024


def processed(messages: int, every: int) -> float:
    """Return the seconds from the claim of a feed to DONE, over a store that has its orders."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        backend = open_backend(folder / "store", lambda: uuid4().hex)
        backend.sellers.add(SELLER)
        now = datetime.now(UTC)
        backend.orders.load(SELLER.seller_id, generate_orders(messages, 1, now))
        names = ((one.amazon_order_id, one.items[0].order_item_code) for one in generate_orders(messages, 1, now))
        with written(folder / "feed.xml", feed(names, every)).open("rb") as stream:
            document = store(backend.documents, stream)
        new = NewSubmission(
            seller_id=SELLER.seller_id,
            feed_type="POST_PAYMENT_ADJUSTMENT_DATA",
            document=document.key,
            size=document.size,
            submitted_at=now,
        )
        submit(backend.submissions, backend.queue, new)
        workers_of(folder / "store").join("bench")
        collect_rarely()
        begin = time.perf_counter()
        process_next(Processing(backend, load_feed_types(), "bench", Policy(), lambda: datetime.now(UTC)))
        return time.perf_counter() - begin


def row(what: str, messages: int, name: str, times: dict[str, list[float]], peak: str) -> str:
    """Return a row of the table: the shortest run, and its ratio to the clean feed's."""
    least = min(times[name])
    ratio, target = least / min(times["clean"]), TARGETS.get(name)
    verdict = "" if target is None else ("met" if ratio <= target else "missed")
    cells = (what, messages, name, f"{least:.2f} s", f"{ratio:.2f}", f"≤ {target}" if target else "", peak, verdict)
    return f"| {' | '.join(map(str, cells))} |"


def validated(messages: int, runs: int) -> None:
    """Print the rows of `feedproc validate`."""
    with tempfile.TemporaryDirectory() as place:
        paths = {name: written(Path(place, f"{n}.xml"), feed(numbered(messages), n)) for name, n in FEEDS.items()}
        empty = min(seconds([sys.executable, "-c", _QUIET, "true"]) for _ in range(5))
        times: dict[str, list[float]] = {name: [] for name in paths}
        for _ in range(runs):
            for name, path in paths.items():
                times[name].append(run(path) - empty)
        for name, path in paths.items():
            print(row("validate", messages, name, times, f"{peak_mib(path):.0f} MiB"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, nargs="*", default=[100_000, 400_000])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(machine())
    print("| what | messages | feed | shortest | to clean | target | peak | |\n|---|---|---|---|---|---|---|---|")
    for messages in options.messages:
        validated(messages, options.runs)
    times = {name: [processed(options.messages[0], every) for _ in range(3)] for name, every in FEEDS.items()}
    for name in FEEDS:
        print(row("process", options.messages[0], name, times, ""))


if __name__ == "__main__":
    main()
