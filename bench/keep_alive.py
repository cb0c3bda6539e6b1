"""Requests on one kept connection beside the same requests on a new connection each, `Connection: close`.

Run as `python -m bench.keep_alive`. One client asks GetFeedSubmissionCount of one server; both ways take turns. Told
are requests a second by the clock, which others on the machine lower on both sides alike, and the processor time of
the server for each.
"""

import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlsplit

from bench.start import PARAMETERS, read_processor
from bench.timing import describe_machine
from feedproc.wiring.clock import read_clock
from feedproc.wiring.local_seller import LOCAL_SELLER
from tests.mws.clients import mac, strict

REQUESTS, TURNS = 1_000, 7


class Taken(NamedTuple):
    """What one turn took, a request."""

    clock: float
    """Microseconds."""
    processor: float
    """The server's, microseconds."""


def ask(connection: HTTPConnection, **headers: str) -> None:
    """Ask one signed question."""
    given = {**PARAMETERS, "Timestamp": f"{read_clock():%Y-%m-%dT%H:%M:%SZ}"}
    host = f"{connection.host}:{connection.port}"
    signature = mac(str(LOCAL_SELLER.secret_key), f"POST\n{host}\n/\n{strict(given)}")
    connection.request("POST", "/", strict({**given, "Signature": signature}), headers)
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(answer.read())
    answer.read()


def ask_on_one(netloc: str) -> None:
    """Ask on one connection that is kept."""
    connection = HTTPConnection(netloc, timeout=60)
    for _ in range(REQUESTS):
        ask(connection)
    connection.close()


def ask_on_many(netloc: str) -> None:
    """Ask on a new connection each time."""
    for _ in range(REQUESTS):
        connection = HTTPConnection(netloc, timeout=60)
        ask(connection, Connection="close")
        connection.close()


def measure(way: Callable[[str], None], netloc: str, server: int) -> Taken:
    """Ask one way, and return what it took."""
    began, used = perf_counter(), read_processor(server)
    way(netloc)
    clock, processor = perf_counter() - began, read_processor(server) - used
    return Taken(clock * 1e6 / REQUESTS, processor * 1e3 / REQUESTS)


def main() -> None:
    """Print a table."""
    print(describe_machine(), "\n")
    with TemporaryDirectory() as place:
        command = [sys.executable, "-m", "feedproc", "serve", "--port", "0", "--data-dir", place]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
            try:
                line = running.stdout.readline() if running.stdout else ""
                netloc = urlsplit(line.rpartition(" ")[2].strip()).netloc
                ask_on_one(netloc)
                turns = [[measure(way, netloc, running.pid) for way in (ask_on_one, ask_on_many)] for _ in range(TURNS)]
            finally:
                running.terminate()
                if running.stdout:
                    running.stdout.read()
    print("| connection | a second | server's processor, µs a request |\n|---|---|---|")
    for name, taken in zip(("kept", "closed each time"), zip(*turns, strict=True), strict=True):
        clock, processor = median(one.clock for one in taken), median(one.processor for one in taken)
        print(f"| {name} | {1e6 / clock:.0f} | {processor:.0f} |")
    ratios = [[closed[place] / kept[place] for kept, closed in turns] for place in (0, 1)]
    print(f"\nkept is {median(ratios[0]):.2f} times as fast; the server spends {1 / median(ratios[1]):.2f} of the time")
    print("ratios by turn:", " ".join(f"{one:.2f}" for one in ratios[0]))


if __name__ == "__main__":
    main()
