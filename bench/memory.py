"""Peak memory of server and workers over idle, and of a worker's helper, while 1 GiB is uploaded, processed and told.

Once with valid messages for orders that do not exist, and once with an XML error in every message.
"""

import argparse
import base64
import hashlib
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from feeds import ADJUSTMENT, HEAD, TAIL
from http_feeds import FEED_TYPE, call, feedproc_server, seller, start
from timing import describe_machine

from feedproc.embedded import open_backend

_SETTLING = 5.0
"""Seconds in which workers load what they need; before that they are not idle."""


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


def kib(process: int, field: str) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1])
    return 0


def list_children(process: int) -> list[int]:
    """Return the processes that one has started."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return sorted(int(child) for thread in threads for child in (thread / "children").read_text().split())


def upload(port: int, feed: Path) -> str:
    digest = hashlib.md5()
    with feed.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    md5 = base64.b64encode(digest.digest()).decode()
    with feed.open("rb") as file:
        answer = call(port, seller(0), "SubmitFeed", file, FeedType=FEED_TYPE, ContentMD5Value=md5)  # type: ignore[arg-type]
    return answer.split("<FeedSubmissionId>")[1].split("<")[0]


def measured(folder: str, size: int, faulty: bool) -> tuple[dict[str, float], int, float, str]:
    who = seller(0)
    open_backend(Path(folder), lambda: uuid4().hex).sellers.add(who)
    feed = Path(folder) / "feed.xml"
    messages = feed_of(feed, size, who.merchant_token, faulty)
    server, port = start(feedproc_server(folder))
    try:
        call(port, who, "GetFeedSubmissionCount")
        time.sleep(_SETTLING)
        processes = [server.pid, *list_children(server.pid)]
        helpers: dict[int, float] = {}
        idle = {one: kib(one, "VmRSS:") for one in processes}
        begin = time.perf_counter()
        identifier = upload(port, feed)
        while "_DONE_" not in (
            answer := call(port, who, "GetFeedSubmissionList", **{"FeedSubmissionIdList.Id.1": identifier})
        ):
            if "_CANCELLED_" in answer:
                raise RuntimeError("the feed was cancelled")
            for helper in (child for one in processes[1:] for child in list_children(one)):
                with suppress(FileNotFoundError):  # it has ended meanwhile
                    helpers[helper] = max(helpers.get(helper, 0), kib(helper, "VmHWM:") / 1024)
            time.sleep(0.5)
        took = time.perf_counter() - begin
        report = call(port, who, "GetFeedSubmissionResult", FeedSubmissionId=identifier)
        over = {
            ("server" if one == server.pid else f"worker {one}"): (kib(one, "VmHWM:") - idle[one]) / 1024
            for one in processes
        } | {f"helper {one}, in all": peak for one, peak in helpers.items()}
    finally:
        server.terminate()
        server.wait()
    return over, messages, took, report[:1500].split("<ProcessingSummary>")[1].split("</ProcessingSummary>")[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, default=1024)
    options = parser.parse_args()
    print(describe_machine(), datetime.now(UTC).date())
    print("| feed | messages | seconds | process | MiB over idle | target | |\n|---|---|---|---|---|---|---|")
    for faulty in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            over, messages, took, _ = measured(folder, options.mib << 20, faulty)
            most = 120 if faulty else 60
            name = "an error in every message" if faulty else "valid XML"
            for process, mib in over.items():
                print(f"| {options.mib} MiB, {name} | {messages} | {took:.0f} | {process} | {mib:.0f} | | |")
            together = sum(sorted(over.values())[-2:])
            verdict = "met" if together <= most else "**missed**"
            print(f"| | | | worker and helper together | {together:.0f} | ≤ {most} | {verdict} |", flush=True)


if __name__ == "__main__":
    main()
