"""An honest client beside a crowd, on loopback: how long it waits while others are silent, slow, many or guessing.

Run as `python -m bench.load`, a minute or two; `--full` is 10,000 silent connections and 100 feeds a second for ten
minutes. Each part has a server of its own, and is bounded in number and time.
"""

import argparse
import resource
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from statistics import quantiles
from threading import Event, Thread
from urllib.parse import urlencode

from msgspec import Struct

from feedproc.serve.room import raise_file_limit
from tests.serve.builders import ACKNOWLEDGEMENT, Running, submitted

BOUND = 1.0
"""Seconds within which 99 of 100 requests of the honest client are to be answered."""
TRICKLING, SIGN_INS, ADDRESSES = 128, 120, 7
SMALL_FEED = b"<AmazonEnvelope/>"


class Size(Struct, frozen=True):
    """How much of it."""

    silent: int
    seconds: float
    """For which the honest client asks beside each crowd."""
    feeds: int
    """A second."""
    steady: float
    """Seconds for which these are sent."""


QUICK, FULL = Size(2_000, 5, 20, 20), Size(10_000, 20, 100, 600)


def main() -> None:
    """Read how much of it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="all of it; twelve minutes")
    measure(FULL if parser.parse_args().full else QUICK)


def measure(size: Size) -> None:
    """Measure each part, and print a line about it."""
    raise_file_limit()
    crowds: dict[str, tuple[Callable[[Running], AbstractContextManager[object]], int | None]] = {
        "nobody else": (lambda _: ExitStack(), None),
        f"{size.silent} silent connections": (lambda server: silent(server, size.silent), None),
        f"{TRICKLING} that trickle headers": (lambda server: trickling(server, b"GET / HTTP/1.1\r\nX-Slow: "), None),
        f"{TRICKLING} that trickle a refused body": (lambda server: trickling(server, refused_head()), None),
        f"{SIGN_INS} sign-ins at once": (guessing, None),
        "256 files, 1000 silent connections": (lambda server: silent(server, 1_000), 256),
    }
    for name, (crowd, files) in crowds.items():
        with serving(files) as server:
            one = submitted(server.client())
            with crowd(server):
                print(f"{name:38} {told(waits(server, one, size.seconds))}  {megabytes(server):5.0f} MB", flush=True)
    with serving(None) as server:
        steady(server, size)


@contextmanager
def serving(files: int | None) -> Iterator[Running]:
    """Start a server with a data directory of its own, which may open so many files."""
    with tempfile.TemporaryDirectory() as folder, Running(Path(folder, "data"), files=files) as server:
        yield server


def waits(server: Running, submission_id: str, seconds: float) -> list[float]:
    """Ask again and again, as an honest client does; return how long each answer took."""
    taken, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        began = time.monotonic()
        server.client().status(submission_id)
        taken.append(time.monotonic() - began)
        time.sleep(0.01)
    return taken


def told(taken: list[float]) -> str:
    """Say how long the answers took."""
    p99 = quantiles(taken, n=100)[98]
    verdict = "ok" if p99 < BOUND else "TOO SLOW"
    return f"{len(taken):5} answers, median {sorted(taken)[len(taken) // 2]:.3f} s, p99 {p99:.3f} s  {verdict}"


def connected(server: Running, address: str = "127.0.0.1") -> socket.socket:
    """Open a connection."""
    port = int(server.endpoint.rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(address, 0))


@contextmanager
def silent(server: Running, count: int) -> Iterator[None]:
    """Connections that send nothing."""
    with ExitStack() as opened:
        for _ in range(count):
            opened.enter_context(connected(server))
        yield


@contextmanager
def trickling(server: Running, begin: bytes) -> Iterator[None]:
    """Connections that send a beginning, and 1,300 bytes a second from then on; who is cut off comes again."""
    stopping = Event()

    def trickle() -> None:
        connections: list[socket.socket | None] = [None] * TRICKLING
        while not stopping.wait(0.1):
            for place in range(TRICKLING):
                try:
                    one = connections[place]
                    if one is None:
                        one = connections[place] = connected(server)
                        one.sendall(begin)
                    one.sendall(b"x" * 130)
                except OSError:
                    connections[place] = None
        for left in connections:
            if left is not None:
                left.close()

    thread = Thread(target=trickle)
    thread.start()
    time.sleep(1)
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def refused_head() -> bytes:
    """Return the head of a request that nobody has signed, and whose body is large."""
    return b"POST /?Action=SubmitFeed HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10485760\r\n\r\n"


@contextmanager
def guessing(server: Running) -> Iterator[None]:
    """Many who try to sign in at once, from several addresses."""

    def guess(number: int) -> int:
        address = f"127.0.0.{2 + number % ADDRESSES}"
        port = int(server.endpoint.rpartition(":")[2])
        connection = HTTPConnection("127.0.0.1", port, timeout=120, source_address=(address, 0))
        connection.request("GET", "/console/sign-in")
        answer = connection.getresponse()
        cookie, page = answer.headers["Set-Cookie"].partition(";")[0], answer.read().decode()
        token = page.partition('name="token" value="')[2].partition('"')[0]
        form = urlencode({"token": token, "seller": f"A{number}", "password": "wrong wrong wrong"})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/console/sign-in", form, headers)
        return connection.getresponse().status

    with ThreadPoolExecutor(SIGN_INS) as pool:
        guesses = [pool.submit(guess, number) for number in range(SIGN_INS)]
        time.sleep(0.5)
        yield
        statuses = [one.result() for one in guesses]
    assert set(statuses) <= {403, 429}, statuses


def steady(server: Running, size: Size) -> None:
    """Send feeds at a steady pace, and look whether memory and files stay level."""
    sent, began, seen = 0, time.monotonic(), []
    with ThreadPoolExecutor(16) as pool:
        while (passed := time.monotonic() - began) < size.steady:
            due = int(passed * size.feeds) - sent
            list(pool.map(lambda _: server.client().submit(BytesIO(SMALL_FEED), ACKNOWLEDGEMENT), range(due)))
            sent += due
            seen.append((passed, megabytes(server), files_of(server)))
            time.sleep(0.2)
    early = next(one for one in seen if one[0] > size.steady / 5)
    print(f"{sent} feeds in {size.steady:.0f} s ({sent / size.steady:.0f} a second, asked for {size.feeds})")
    for when, one in (("after a fifth", early), ("at the end", seen[-1])):
        print(f"  {when:14} {one[1]:5.0f} MB, {one[2]} files")


def megabytes(server: Running) -> float:
    """Return what the server's own process holds in memory."""
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1_000_000


def files_of(server: Running) -> int:
    """Return how many files the server's own process has open."""
    return sum(1 for _ in Path(f"/proc/{server.process.pid}/fd").iterdir())


if __name__ == "__main__":
    main()
