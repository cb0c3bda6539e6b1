"""What the test kit costs, beside moto's `mock_aws` and `ThreadedMotoServer` in the same run.

Run as `python -m bench.testing`. Each first time is that of a process of its own, in which pytest is loaded already as
in any test run; all other imports are included.
"""

import os
import re
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.request import urlopen

from bench.timing import describe_machine, keep_bytecode
from feedproc.orders.generation import generate_orders
from feedproc.testing import Feedproc, use_feedproc
from tests.builders import hand_in

TESTS, WARM = 1_000, 50
ORDERS = 10_000
RUNS = 5
FIRST = {
    "feedproc": "from feedproc.testing import use_feedproc\nwith use_feedproc(): took()",
    "feedproc and a call": (
        "from feedproc.testing import use_feedproc\nfrom urllib.request import urlopen\n"
        "with use_feedproc() as kit:\n    urlopen(kit.url).read(); took()"
    ),
    "mock_aws and a table": (
        "import boto3\nfrom moto import mock_aws\nwith mock_aws():\n"
        "    boto3.client('sqs', 'eu-west-1', aws_access_key_id='a', aws_secret_access_key='b').list_queues(); took()"
    ),
    "ThreadedMotoServer": (
        "from moto.server import ThreadedMotoServer\nserver = ThreadedMotoServer(port=0); server.start(); took()\n"
        "server.stop()"
    ),
}
CLOCK = """import pytest, _pytest.main
import time
began, worked = time.perf_counter(), time.process_time()
def took():
    print("\\ntook", (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000, flush=True)
"""


def measure(what: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    began = perf_counter()
    what()
    return (perf_counter() - began) * 1000


def measure_first(code: str) -> tuple[float, float]:
    """Medians of some first times, each in a new process: of the clock, and of the processor. The first compiles."""
    told = [
        subprocess.run([sys.executable, "-c", CLOCK + code], capture_output=True, check=True, text=True).stdout
        for _ in range(RUNS + 1)
    ][1:]
    took = [[float(one) for one in re.search("^took (.*)$", text, re.MULTILINE)[1].split()] for text in told]
    return median(one[0] for one in took), median(one[1] for one in took)


def measure_moto() -> tuple[float, float]:
    """Median of a further `mock_aws` with a call, and of a further `ThreadedMotoServer`."""
    import boto3
    from moto import mock_aws
    from moto.server import ThreadedMotoServer

    def mock() -> None:
        with mock_aws():
            boto3.client("sqs", "eu-west-1", aws_access_key_id="a", aws_secret_access_key="b").list_queues()

    def serve() -> None:
        server = ThreadedMotoServer(port=0)
        server.start()
        server.stop()

    mock(), serve()
    return median(measure(mock) for _ in range(20)), median(measure(serve) for _ in range(5))


def count_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def use_once() -> float:
    """Milliseconds until a test is lent the server, with which it then refunds an order."""
    began = perf_counter()
    with use_feedproc() as kit:
        took = (perf_counter() - began) * 1000
        with urlopen(kit.url) as answer:
            answer.read()
        feed = BytesIO(kit.write_refund(kit.orders.add(shipped=True)))
        hand_in(kit.server.backend, feed, kit.spapi.seller_id, "POST_PAYMENT_ADJUSTMENT_DATA", kit.clock())
        kit.drain()
        assert len(kit.mail) == 1
    return took


def fill(kit: Feedproc) -> None:
    kit.orders.put(*generate_orders(ORDERS, 1, kit.clock()))


def run_many() -> str:
    for _ in range(WARM):
        use_once()
    before = count_files(), threading.active_count(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took = [use_once() for _ in range(TESTS)]
    after = count_files(), threading.active_count(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grown = [b - a for a, b in zip(before, after, strict=True)]
    return (
        f"{TESTS} in a row, each a refund: the fixture median {median(took):.2f} ms, worst {max(took):.1f} ms; "
        f"grown by {grown[0]} files, {grown[1]} threads, {grown[2] / 1024:.1f} MiB"
    )


def run_xdist(processes: int) -> float:
    """Seconds of 80 tests under pytest-xdist."""
    with TemporaryDirectory() as folder:
        body = "import pytest\n@pytest.mark.parametrize('n', range(80))\ndef test(feedproc, n): feedproc.orders.add()\n"
        (Path(folder) / "test_many.py").write_text(body)
        options = ["-q", "-n", str(processes), "-p", "xdist", "-p", "feedproc.testing.plugin", "-p", "no:cacheprovider"]
        alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        command = [sys.executable, "-m", "pytest", *options, "test_many.py"]
        return measure(lambda: subprocess.run(command, cwd=folder, env=alone, check=True, capture_output=True)) / 1000


def main() -> None:
    with keep_bytecode():
        compare_with_moto()


def compare_with_moto() -> None:
    print(describe_machine())
    for name, code in FIRST.items():
        took, worked = measure_first(code)
        print(f"first, with imports: {took:8.1f} ms, of them {worked:8.1f} ms of the processor's  {name}", flush=True)
    with use_feedproc() as kit:
        print(f"a second server, imports done: {measure(use_another):8.1f} ms")
        fill(kit)
        print(f"reset with {ORDERS} orders: {measure(kit.reset):8.1f} ms")
    print(run_many())
    mock, serve = measure_moto()
    print(f"next mock_aws with one call: {mock:.1f} ms; next ThreadedMotoServer: {serve:.1f} ms")
    print(f"80 tests under xdist with 2 processes: {run_xdist(2):.1f} s; with 8: {run_xdist(8):.1f} s")


def use_another() -> None:
    with use_feedproc():
        pass


if __name__ == "__main__":
    main()
