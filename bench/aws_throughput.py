"""How fast one worker processes a feed on AWS: messages a second and processor time a message, by kind of message.

Run as `python -m bench.aws_throughput`; name other work trees of feedproc with `--beside` to measure them in turn. Each
feed is processed once against DynamoDB Local, which judges every statement; its answers are kept and
played back to the runs that are timed, each after the time that DynamoDB takes within a region (`bench/far.py`).
The worker has a processor of its own, apart from what answers it. Documents are in memory, 20 ms away. Where others
are busy, too, read what a quiet machine would show: the thread that works tells its own processor time at each call,
and what would have come when follows from that, from the latencies and from what the sender of batches takes.
"""

import argparse
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.timing import describe_machine, find_spread
from tests.ports.dynamodb_local import DynamoDbLocal, fetch_simulator

ROOT = Path(__file__).parents[1]
KINDS = ("ships", "refunds", "cancels", "names")
NEAR, FAR = min(os.sched_getaffinity(0)), max(os.sched_getaffinity(0))
"""The worker's processor, and that of whatever answers it."""


class Run(NamedTuple):
    """One feed, processed."""

    a_second: float
    quiet: float
    """Messages a second where nothing else runs, by the processor time and the latencies; 0 where it is not told."""
    cpu_ms: float
    calls: dict[str, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="keeps DynamoDB Local; else it is fetched each time")
    parser.add_argument("--beside", type=Path, action="append", default=[], help="another work tree")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    chosen = parser.parse_args()
    trees = [*(one.resolve() for one in chosen.beside), ROOT]
    print(f"{describe_machine()}; {chosen.messages} messages, {chosen.rounds} rounds; reads 5, writes 15, S3 20 ms\n")
    print("| messages that are | tree | a second | spread | on a quiet machine | processor, ms a message | calls |")
    print("|---|---|---|---|---|---|---|")
    os.sched_setaffinity(0, {FAR})
    with _run_dynamodb(chosen.folder) as local, _run_far(f"127.0.0.1:{local.port}") as endpoint:
        for kind in chosen.kinds:
            feeds = [Feed(tree, endpoint, kind, chosen.messages) for tree in trees]
            for feed in feeds:
                feed.record()
            runs: dict[Path, list[Run]] = {tree: [] for tree in trees}
            for _ in range(chosen.rounds):
                for feed in feeds:
                    runs[feed.tree].append(feed.play())
            for tree in trees:
                print(_make_row(kind, tree, runs[tree]), flush=True)


def measure_alone(folder: Path, sizes: Sequence[int]) -> Iterator[tuple[int, float]]:
    """Yield, for a feed of so many ships each, the seconds that it takes on a quiet machine: the median of three."""
    os.sched_setaffinity(0, {FAR})
    with _run_dynamodb(folder) as local, _run_far(f"127.0.0.1:{local.port}") as endpoint:
        for messages in sizes:
            feed = Feed(ROOT, endpoint, "ships", messages)
            feed.record()
            yield messages, statistics.median(messages / feed.play().quiet for _ in range(3))


def _make_row(kind: str, tree: Path, runs: list[Run]) -> str:
    rates, cpu = [one.a_second for one in runs], statistics.median(one.cpu_ms for one in runs)
    calls = ", ".join(f"{count} {name}" for name, count in sorted(runs[-1].calls.items()))
    name = "this one" if tree == ROOT else tree.name
    quiet = statistics.median(one.quiet for one in runs)
    spread = find_spread(rates)
    return f"| {kind} | {name} | {statistics.median(rates):,.0f} | {spread:.0%} | {quiet:,.0f} | {cpu:.3f} | {calls} |"


class Feed:
    """One feed, processed with the code of one tree, each time by a process of its own."""

    def __init__(self, tree: Path, endpoint: str, kind: str, messages: int) -> None:
        self.tree = tree
        self._endpoint = endpoint
        self._given = {
            "endpoint_url": endpoint,
            "prefix": f"{tree.name}-{kind}-{messages}-",
            "kind": kind,
            "messages": messages,
        }

    def record(self) -> None:
        """Process the feed for the first time, at DynamoDB Local's own pace."""
        self._given |= self._run("prepare")
        _tell(self._endpoint, "record")
        self._run("process")
        _tell(self._endpoint, "pass")

    def play(self) -> Run:
        """Process it again, as if it were for the first time."""
        _tell(self._endpoint, "play")
        told, messages = self._run("process"), self._given["messages"]
        quiet = messages / told["quiet"] if "quiet" in told else 0
        return Run(messages / told["wall"], quiet, told["cpu"] * 1000 / messages, _tell(self._endpoint, "pass"))

    def _run(self, what: str) -> dict[str, Any]:
        environ = {**os.environ, "PYTHONPATH": str(self.tree)}
        command = [
            "taskset",
            "--cpu-list",
            str(NEAR),
            sys.executable,
            str(ROOT / "bench" / "aws_worker.py"),
            what,
            json.dumps(self._given),
        ]
        done = subprocess.run(command, env=environ, cwd=self.tree, stdout=subprocess.PIPE, text=True, check=True)
        return dict(json.loads(done.stdout))


def _tell(endpoint: str, mode: str) -> dict[str, int]:
    request = urllib.request.Request(f"{endpoint}/{mode}", method="PUT")
    with urllib.request.urlopen(request) as answer:
        return dict(json.load(answer))


@contextlib.contextmanager
def _run_dynamodb(folder: Path | None) -> Iterator[DynamoDbLocal]:
    with tempfile.TemporaryDirectory() as made, DynamoDbLocal(fetch_simulator(folder or Path(made))) as local:
        yield local


@contextlib.contextmanager
def _run_far(behind: str) -> Iterator[str]:
    port = _find_port()
    process = subprocess.Popen([sys.executable, str(ROOT / "bench" / "far.py"), str(port), behind])
    try:
        _await_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _find_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _await_port(port: int) -> None:
    for _ in range(1_200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens at port {port}")


if __name__ == "__main__":
    main()
