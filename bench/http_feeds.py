"""300 small feeds from 3 sellers, submitted over HTTP by 8 clients: from the first submit until all are DONE.

The clients sign with their own few lines and poll GetFeedSubmissionList, as a seller's program does. The peer is a bare
HTTP server that stores the same bodies, each on disk before its answer, for the same clients, who do not poll there.
"""

import base64
import hashlib
import hmac
import http.client
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote
from uuid import uuid4

from feeds import make_feed
from timing import HEADINGS, Run, compare, measure, read_options, run_in_turn

from feedproc.embedded import open_backend
from feedproc.orders.generation import generate_orders
from feedproc.ports import Secret, Seller

FEED_TYPE = "_POST_PAYMENT_ADJUSTMENT_DATA_"
MESSAGES = 3


def seller(number: int) -> Seller:
    return Seller(
        seller_id=f"A1BENCHSELLER{number}",
        merchant_token=f"M_BENCH_{number}",
        access_key=f"AKIABENCHBENCHBENCH{number}",
        secret_key=Secret(f"not-a-secret-{number}"),
        auth_token=Secret("none"),
        marketplace_ids=("A1VC38T7YXB528",),
    )


def sign(who: Seller, method: str, host: str, path: str, parameters: dict[str, str]) -> str:
    """Return the path and query of a call, signed now."""
    whole = parameters | {
        "AWSAccessKeyId": who.access_key,
        "SellerId": who.seller_id,
        "SignatureMethod": "HmacSHA256",
        "SignatureVersion": "2",
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    query = "&".join(f"{name}={quote(whole[name], safe='-_.~')}" for name in sorted(whole))
    text = f"{method}\n{host}\n{path}\n{query}"
    signature = base64.b64encode(hmac.new(who.secret_key.encode(), text.encode(), hashlib.sha256).digest()).decode()
    return f"{path}?{query}&Signature={quote(signature, safe='')}"


def call(port: int, who: Seller, action: str, body: bytes | BinaryIO = b"", **parameters: str) -> str:
    given = {"Action": action, "Version": "2009-01-01"} | parameters
    address = sign(who, "POST", f"127.0.0.1:{port}", "/", given)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", address, body, {"Content-Type": "text/xml"})
    answer = connection.getresponse()
    content = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(content)
    return content


def submit_each(port: int, work: Sequence[tuple[Seller, bytes]]) -> dict[str, tuple[Seller, list[str]]]:
    """Submit feeds one after another; return each seller with the ids of the submissions."""
    waiting: dict[str, tuple[Seller, list[str]]] = {}
    for who, feed in work:
        md5 = base64.b64encode(hashlib.md5(feed).digest()).decode()
        answer = call(port, who, "SubmitFeed", feed, FeedType=FEED_TYPE, ContentMD5Value=md5)
        waiting.setdefault(who.seller_id, (who, []))[1].append(
            re.findall("<FeedSubmissionId>(.*?)</FeedSubmissionId>", answer)[0]
        )
    return waiting


def client(port: int, work: Sequence[tuple[Seller, bytes]]) -> None:
    """Submit feeds, and ask until all are DONE."""
    for who, ids in submit_each(port, work).values():
        while ids:
            listed = {f"FeedSubmissionIdList.Id.{n}": one for n, one in enumerate(ids[:100], 1)}
            answer = call(port, who, "GetFeedSubmissionList", MaxCount="100", **listed)
            done = dict(
                re.findall(
                    r"<FeedSubmissionId>(\d+)</FeedSubmissionId>.*?<FeedProcessingStatus>(\w+)</FeedProcessingStatus>",
                    answer,
                    re.DOTALL,
                )
            )
            ids[:] = [one for one in ids if done.get(one) != "_DONE_"]
            time.sleep(0.05 if ids else 0)


Work = Sequence[tuple[Seller, bytes]]
"""Feeds, and who sends them."""
_CLIENTS = 8
_BARE = """
import http.server, itertools, os, sys

numbers = itertools.count()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        with open(os.path.join(sys.argv[1], str(next(numbers))), "wb") as file:
            file.write(self.rfile.read(int(self.headers["Content-Length"])))
            file.flush()
            os.fsync(file.fileno())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<FeedSubmissionId>1</FeedSubmissionId>")

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
"""


def main() -> None:
    """Print the table."""
    options = read_options(__doc__, messages=300)
    runs = run_in_turn(options.runs, lambda: send_to_feedproc(options.messages), lambda: send_to_bare(options.messages))
    print(HEADINGS)
    print(compare(f"{options.messages} small feeds by {_CLIENTS} clients", runs, 2.0, options.clock))


def send_to_feedproc(feeds: int) -> Run:
    """Send feeds to a server of their own, and wait until all are DONE."""
    with tempfile.TemporaryDirectory() as folder:
        work = prepare(Path(folder), feeds)
        with running(feedproc_server(folder)) as port:
            time.sleep(1.0)  # until the workers are there, too
            return measure(lambda: send(work, lambda part: client(port, part)))


def send_to_bare(feeds: int) -> Run:
    """Send feeds to the peer."""
    with tempfile.TemporaryDirectory() as place:
        store, bodies = Path(place, "store"), Path(place, "bodies")
        bodies.mkdir()
        work = prepare(store, feeds)
        with running([sys.executable, "-c", _BARE, str(bodies)]) as port:
            return measure(lambda: send(work, lambda part: submit_each(port, part)))


def prepare(folder: Path, feeds: int) -> Work:
    """Make a store with orders of 3 sellers; return a small feed about every few of them."""
    backend = open_backend(folder, lambda: uuid4().hex)
    work: list[tuple[Seller, bytes]] = []
    for number in range(3):
        who = seller(number)
        backend.sellers.add(who)
        orders = list(generate_orders(feeds // 3 * MESSAGES, number, datetime.now(UTC)))
        backend.orders.load(who.seller_id, orders)
        for start in range(0, len(orders), MESSAGES):
            names = [(one.amazon_order_id, one.items[0].order_item_code) for one in orders[start : start + MESSAGES]]
            work.append((who, "".join(make_feed("adjustments", names, who.merchant_token)).encode()))
    return work


def send(work: Work, send_part: Callable[[Work], object]) -> None:
    """Let each client send its part."""
    with ThreadPoolExecutor(_CLIENTS) as pool:
        list(pool.map(lambda number: send_part(work[number::_CLIENTS]), range(_CLIENTS)))


def feedproc_server(folder: str) -> list[str]:
    """Return the command of our server."""
    return [sys.executable, "-u", "-m", "feedproc", "serve", "--port", "0", "--data-dir", folder]


@contextmanager
def running(command: Sequence[str]) -> Iterator[int]:
    """Start a server that prints its address; give its port."""
    server, port = start(command)
    try:
        yield port
    finally:
        server.terminate()
        server.wait()


def start(command: Sequence[str]) -> tuple[subprocess.Popen[str], int]:
    """Start a server that prints its address; return it and its port."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    for line in server.stdout:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if found:
            return server, int(found[1])
    raise RuntimeError(f"{command} ended")


if __name__ == "__main__":
    main()
