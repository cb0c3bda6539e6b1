"""Peak memory of a worker over idle and of its helper, together, while 1 GiB is uploaded, processed and told.

Once with valid messages for orders that do not exist, and once with an XML error in every message.

Two figures are told. RSS counts the pages of a library in each process that uses it, though they are in memory once,
and the peaks of two processes need not be at one time. So the target is judged by PSS, in which a page that several
processes share counts in each by its part: the highest sum of both at any time.
"""

import argparse
import base64
import hashlib
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple
from uuid import uuid4

from feeds import ADJUSTMENT, HEAD, TAIL
from http_feeds import FEED_TYPE, call, feedproc_server, seller, start
from timing import describe_machine

from feedproc.embedded import open_backend
from feedproc.ports import Seller

_SETTLING = 5.0
"""Seconds in which workers load what they need; before that they are not idle."""
_PAUSE = 0.05
"""Seconds between looks at memory."""


class Sum(NamedTuple):
    """What two processes have, in MiB."""

    worker: float = 0
    """Over idle."""
    helper: float = 0
    """In all."""


def feed_of(path: Path, size: int, merchant: str, faulty: bool) -> int:
    """Write a feed of about `size` bytes; return how many messages it has."""
    reason = "NoSuchReason" if faulty else "CustomerReturn"
    number = 0
    with path.open("w", encoding="utf-8") as file:
        written = file.write(HEAD.format(merchant=merchant, message_type="OrderAdjustment"))
        while written < size:
            number += 1
            written += file.write(
                ADJUSTMENT.format(number=number, order_id="250-0000000-0000000", item_code="0" * 14, reason=reason)
            )
        file.write(TAIL)
    return number


def read_mib(process: int, file: str, field: str) -> float:
    """Return a figure that the kernel tells of a process; 0 once that has ended."""
    try:
        lines = Path(f"/proc/{process}/{file}").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def read_pss(process: int) -> float:
    return read_mib(process, "smaps_rollup", "Pss:")


def list_children(process: int) -> list[int]:
    """Return the processes that one has started."""
    children: list[str] = []
    for thread in Path(f"/proc/{process}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            children += (thread / "children").read_text().split()
    return sorted(map(int, children))


class Peaks:
    """What workers take over idle, and their helpers as a whole, in MiB."""

    def __init__(self, workers: Sequence[int]) -> None:
        """Take the processes, which are idle now; one of them is the sender, which stays so."""
        self._idle_rss = {worker: read_mib(worker, "status", "VmRSS:") for worker in workers}
        self._idle_pss = {worker: read_pss(worker) for worker in workers}
        self._helpers: dict[int, float] = {}
        self.together = Sum()
        """PSS when it was highest."""

    def look(self) -> None:
        """Take note of what they have now."""
        helpers = [child for worker in self._idle_pss for child in list_children(worker)]
        for helper in helpers:
            self._helpers[helper] = max(self._helpers.get(helper, 0), read_mib(helper, "status", "VmHWM:"))
        worker = sum(read_pss(one) - idle for one, idle in self._idle_pss.items())
        self.together = max(self.together, Sum(worker, sum(map(read_pss, helpers))), key=sum)

    @property
    def rss(self) -> "Sum":
        """The peaks of RSS, each of its own time."""
        over = [read_mib(one, "status", "VmHWM:") - idle for one, idle in self._idle_rss.items()]
        return Sum(max(over), max(self._helpers.values(), default=0))

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Look all the time."""
        ending = Event()

        def look_on() -> None:
            while not ending.wait(_PAUSE):
                self.look()

        thread = Thread(target=look_on)
        thread.start()
        try:
            yield
        finally:
            ending.set()
            thread.join()


def upload(port: int, feed: Path) -> str:
    digest = hashlib.md5()
    with feed.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    md5 = base64.b64encode(digest.digest()).decode()
    with feed.open("rb") as file:
        answer = call(port, seller(0), "SubmitFeed", file, FeedType=FEED_TYPE, ContentMD5Value=md5)
    return answer.split("<FeedSubmissionId>")[1].split("<")[0]


class Measured(NamedTuple):
    messages: int
    seconds: float
    server: float
    """MiB of RSS over idle."""
    rss: Sum
    pss: Sum


def measure(folder: str, size: int, faulty: bool) -> Measured:
    who = seller(0)
    open_backend(Path(folder), lambda: uuid4().hex).sellers.add(who)
    feed = Path(folder) / "feed.xml"
    messages = feed_of(feed, size, who.merchant_token, faulty)
    server, port = start(feedproc_server(folder))
    try:
        call(port, who, "GetFeedSubmissionCount")
        time.sleep(_SETTLING)
        idle, peaks = read_mib(server.pid, "status", "VmRSS:"), Peaks(list_children(server.pid))
        begin = time.perf_counter()
        with peaks.watch():
            identifier = upload(port, feed)
            wait(port, who, identifier)
        took = time.perf_counter() - begin
        call(port, who, "GetFeedSubmissionResult", FeedSubmissionId=identifier)
        over = read_mib(server.pid, "status", "VmHWM:") - idle
        return Measured(messages, took, over, peaks.rss, peaks.together)
    finally:
        server.terminate()
        server.wait()


def wait(port: int, who: Seller, identifier: str) -> None:
    """Wait until a feed is done."""
    while "_DONE_" not in (
        answer := call(port, who, "GetFeedSubmissionList", **{"FeedSubmissionIdList.Id.1": identifier})
    ):
        if "_CANCELLED_" in answer:
            raise RuntimeError("the feed was cancelled")
        time.sleep(0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, default=1024)
    options = parser.parse_args()
    print(describe_machine(), datetime.now(UTC).date())
    print("| feed | messages | seconds | MiB by | server | worker | helper | together | target | |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for faulty, target in ((False, 60), (True, 120)):
        with tempfile.TemporaryDirectory() as folder:
            told = measure(folder, options.mib << 20, faulty)
        name = f"{options.mib} MiB, {'an error in every message' if faulty else 'valid'}"
        rss, pss = told.rss, told.pss
        verdict = "met" if sum(pss) <= target else "**missed**"
        print(f"| {name} | {told.messages} | {told.seconds:.0f} | RSS | {told.server:.0f} |", *tell(rss), "| | |")
        print("| | | | PSS | |", *tell(pss), f"| ≤ {target} | {verdict} |", flush=True)


def tell(both: Sum) -> tuple[str]:
    return (f"{both.worker:.0f} | {both.helper:.0f} | {sum(both):.0f}",)


if __name__ == "__main__":
    main()
