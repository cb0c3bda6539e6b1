"""300 small feeds from 3 sellers, submitted over HTTP by 8 clients: from the first submit until all are DONE.

The clients sign with their own few lines and poll GetFeedSubmissionList, as a seller's program does.
"""

import argparse
import base64
import hashlib
import hmac
import http.client
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from feeds import adjustments
from timing import machine

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


def call(port: int, who: Seller, action: str, body: bytes = b"", **parameters: str) -> str:
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


def client(port: int, work: Sequence[tuple[Seller, bytes]]) -> None:
    waiting: dict[str, tuple[Seller, list[str]]] = {}
    for who, feed in work:
        md5 = base64.b64encode(hashlib.md5(feed).digest()).decode()
        answer = call(port, who, "SubmitFeed", feed, FeedType=FEED_TYPE, ContentMD5Value=md5)
        waiting.setdefault(who.seller_id, (who, []))[1].append(
            re.findall("<FeedSubmissionId>(.*?)</FeedSubmissionId>", answer)[0]
        )
    for who, ids in waiting.values():
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    sellers = [seller(number) for number in range(3)]
    with tempfile.TemporaryDirectory() as folder:
        backend = open_backend(Path(folder), lambda: uuid4().hex)
        work: list[tuple[Seller, bytes]] = []
        now = datetime.now(UTC)
        for number, who in enumerate(sellers):
            backend.sellers.add(who)
            orders = list(generate_orders(options.feeds // 3 * MESSAGES, number, now))
            backend.orders.load(who.seller_id, orders)
            for start in range(0, len(orders), MESSAGES):
                names = [
                    (one.amazon_order_id, one.items[0].order_item_code) for one in orders[start : start + MESSAGES]
                ]
                work.append((who, "".join(adjustments(names, who.merchant_token)).encode()))
        server, port = started(folder)
        try:
            begin = time.perf_counter()
            with ThreadPoolExecutor(options.clients) as pool:
                list(pool.map(lambda n: client(port, work[n :: options.clients]), range(options.clients)))
            took = time.perf_counter() - begin
        finally:
            server.terminate()
            server.wait()
    rate = len(work) / took
    print(machine())
    print("| what | feeds | seconds | feeds a second | target | |\n|---|---|---|---|---|---|")
    verdict = "met" if rate >= 100 else "missed"
    print(f"| small feeds over HTTP | {len(work)} | {took:.2f} | {rate:.0f} | ≥ 100 | {verdict} |")


def started(folder: str) -> tuple[subprocess.Popen[str], int]:
    command = [sys.executable, "-u", "-m", "feedproc", "serve", "--port", "0", "--data-dir", folder]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    for line in server.stdout:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if found:
            break
    time.sleep(1.0)
    return server, int(found[1])


if __name__ == "__main__":
    main()
