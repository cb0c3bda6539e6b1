"""Compare commands honestly: on the same cores, in turn, by medians, and not at all where the runs differ too much."""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

SCHEMA = Path(__file__).parents[1] / "schemas" / "amzn-envelope.xsd"
MOST_SPREAD = 0.15
"""Between the quarters of the runs of a side, as a part of their median; no ratio is told above it."""
HEADINGS_OF_WORKERS = "| what | worker | helper | by the clock |\n|---|---|---|---|"
HEADINGS = "| what | feedproc | spread | peer | spread | ratio | target | |\n|---|---|---|---|---|---|---|---|"


class Run(NamedTuple):
    """What one run took."""

    wall: float
    """Seconds by the clock."""
    cpu: float
    """Seconds of processor time, of child processes too."""
    helper: float = 0.0
    """Of these, seconds of child processes: of a worker, those of its helper."""


Side = Callable[[], Run]
"""One of the things that are compared: runs it once."""


def read_options(about: str | None, messages: int, runs: int = 7) -> argparse.Namespace:
    """Read what every comparison can be told, and keep this process and all that it starts on the cores named."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--messages", type=int, default=messages)
    parser.add_argument("--runs", type=int, default=runs, help="of each side, in turn")
    parser.add_argument("--cores", default="0,1", help="that both sides run on, such as 0 or 0,1")
    parser.add_argument(
        "--clock", choices=("wall", "cpu"), default="wall", help="cpu: for a machine that others are busy on, too"
    )
    options = parser.parse_args()
    os.sched_setaffinity(0, {int(core) for core in options.cores.split(",")})
    print(f"{describe_machine()}, cores {options.cores}, {options.clock} seconds\n")
    return options


def measure(task: Callable[[], object]) -> Run:
    """Do something once, and return what it took."""
    begin = _read_clocks()
    task()
    return Run(*(after - before for before, after in zip(begin, _read_clocks(), strict=True)))


def _read_clocks() -> tuple[float, float, float]:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    own, children = (one.ru_utime + one.ru_stime for one in used)
    return time.perf_counter(), own + children, children


def run_command(command: Sequence[str], *, may_fail: bool = False) -> Run:
    """Run a command; what it prints is thrown away."""
    return measure(
        lambda: subprocess.run(command, check=not may_fail, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    )


@contextmanager
def keep_bytecode() -> Iterator[None]:
    """Let every Python that is started here find compiled what one before it compiled, as an installed program does.

    Without that, as where PYTHONDONTWRITEBYTECODE is set, a start takes two to three times as long.
    """
    before = {name: os.environ.pop(name, None) for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")}
    with TemporaryDirectory() as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        yield
    os.environ.pop("PYTHONPYCACHEPREFIX")
    os.environ.update({name: value for name, value in before.items() if value is not None})


def run_in_turn(rounds: int, *sides: Side) -> list[list[Run]]:
    """Return the runs of each side; they take turns, so that what else the machine does meets them alike."""
    return [list(runs) for runs in zip(*([side() for side in sides] for _ in range(rounds)), strict=True)]


def compare(name: str, runs: Sequence[Sequence[Run]], target: float, clock: str = "wall") -> str:
    """Return a row of the table, of ours and the peer's runs: the median of the ratios run by run, if it says much."""
    ours, peers = ([getattr(run, clock) for run in side] for side in runs)
    cells = [name]
    for times in (ours, peers):
        cells += [f"{statistics.median(times):.2f} s", f"{find_spread(times):.0%}"]
    if max(find_spread(ours), find_spread(peers)) > MOST_SPREAD:
        cells += ["–", f"≤ {target}", "runs differ too much"]
    else:
        ratio = statistics.median(a / b for a, b in zip(ours, peers, strict=True))
        cells += [f"{ratio:.2f}", f"≤ {target}", "met" if ratio <= target else "**missed**"]
    return f"| {' | '.join(cells)} |"


def divide(name: str, runs: Sequence[Run]) -> str:
    """Return a row of the table of workers: the medians of what worker and helper took of the processor apart."""
    apart = ([run.cpu - run.helper for run in runs], [run.helper for run in runs])
    cells = [name, *(f"{statistics.median(times):.2f} s" for times in apart)]
    return f"| {' | '.join([*cells, f'{statistics.median(run.wall for run in runs):.2f} s'])} |"


def find_spread(times: Sequence[float]) -> float:
    """Return how far apart the quarters of some times are, as a part of their median."""
    first, median, third = statistics.quantiles(times, n=4, method="inclusive")
    return (third - first) / median


def xmllint(feed: Path) -> list[str]:
    """Return the peer's command: libxml2's own streaming validator."""
    return ["xmllint", "--stream", "--noout", "--schema", str(SCHEMA), str(feed)]


def feedproc(*arguments: str) -> list[str]:
    """Return our command."""
    return [sys.executable, "-m", "feedproc", *arguments]


def describe_machine() -> str:
    """Return one line about this machine."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        "unknown processor",
    )
    return f"{os.cpu_count()} × {model}, Python {sys.version.split()[0]}"
