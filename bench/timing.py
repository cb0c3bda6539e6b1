"""Run commands in turn and compare them run by run."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

SCHEMA = Path(__file__).parents[1] / "schemas" / "amzn-envelope.xsd"


def seconds(command: Sequence[str]) -> float:
    """Return the wall seconds of one run; what it prints is thrown away."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def xmllint(feed: Path) -> list[str]:
    """Return the peer's command: libxml2's own streaming validator."""
    return ["xmllint", "--stream", "--noout", "--schema", str(SCHEMA), str(feed)]


def feedproc(*arguments: str) -> list[str]:
    """Return our command."""
    return [sys.executable, "-m", "feedproc", *arguments]


def told(name: str, ours: Sequence[float], peers: Sequence[float], target: float) -> str:
    """Return a table row: medians, and the median of the ratios pair by pair."""
    ratio = statistics.median(a / b for a, b in zip(ours, peers, strict=True))
    return (
        f"| {name} | {statistics.median(ours):.2f} s | {statistics.median(peers):.2f} s "
        f"| {ratio:.2f} | ≤ {target} | {'met' if ratio <= target else 'missed'} |"
    )


def machine() -> str:
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


def peak_mib() -> float:
    """Return the largest resident size of any child that ended, in MiB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
