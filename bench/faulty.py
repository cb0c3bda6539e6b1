"""What faults cost `feedproc validate`: a clean feed, one with 1 % of its messages faulty, and with all of them."""

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from feeds import ADJUSTMENT, HEAD, TAIL, numbered, written
from timing import feedproc, machine, seconds

FEEDS = {"clean": 0, "1 % of messages faulty": 100, "every message faulty": 1}
TARGETS = {"1 % of messages faulty": 1.3, "every message faulty": 15.0}
_PEAK = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


def feed(messages: int, every: int) -> Iterator[str]:
    """Yield a feed in which each message whose number `every` divides has a reason that there is not."""
    yield HEAD.format(merchant="M_LOCAL_1234567")
    for number, (order_id, item_code) in enumerate(numbered(messages), 1):
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


def measured(folder: Path, messages: int, runs: int) -> None:
    """Print the table for one size: medians, and the median of the ratios run by run."""
    paths = {name: written(folder / f"{every}.xml", feed(messages, every)) for name, every in FEEDS.items()}
    empty = statistics.median(seconds([sys.executable, "-c", _QUIET, "true"]) for _ in range(5))
    times: dict[str, list[float]] = {name: [] for name in paths}
    for _ in range(runs):
        for name, path in paths.items():
            times[name].append(run(path) - empty)
    for name, path in paths.items():
        ratio = statistics.median(a / b for a, b in zip(times[name], times["clean"], strict=True))
        target = TARGETS.get(name)
        verdict = "" if target is None else ("met" if ratio <= target else "missed")
        print(
            f"| {messages} | {name} | {statistics.median(times[name]):.2f} s | {ratio:.2f} "
            f"| {f'≤ {target}' if target else ''} | {peak_mib(path):.0f} MiB | {verdict} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, nargs="*", default=[100_000, 400_000])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(machine())
    print("| messages | feed | validate | to clean | target | peak | |\n|---|---|---|---|---|---|---|")
    for messages in options.messages:
        with tempfile.TemporaryDirectory() as folder:
            measured(Path(folder), messages, options.runs)


if __name__ == "__main__":
    main()
