"""A feed beyond what a function is given in a request: put to S3, submitted, and processed in little memory.

`FEEDPROC_LARGE_MIB=2047 pytest -s` on this file tells what a feed of that size takes.
"""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
from msgspec.structs import replace

from feedproc import aws
from feedproc.aws import documents, open_links
from feedproc.aws.account import AwsSettings
from feedproc.aws.local_aws import serve_moto
from feedproc.lambdas import api
from feedproc.ports import Secret
from feedproc.settings import as_environment, locate_aws
from feedproc.wiring.aws import open_aws
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.machine import make_machine
from tests.builders import ACKNOWLEDGEMENT, SELLER, a_feed, a_seller, acknowledges, an_order, head, message
from tests.lambdas.builders import Context, a_request

MIB = 1024 * 1024
SIZE = int(os.environ.get("FEEDPROC_LARGE_MIB", "96"))
"""MiB of the feed: as many messages, each nearly all a comment."""
MOST = 64 * MIB
"""Bytes that its worker may take beyond what it takes for a small feed, however large this one is."""
XML = "text/xml; charset=UTF-8"


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator["DeployedShop"]:
    # Of gigabytes moto copies no part within botocore's patience: it reads the whole for each.
    monkeypatch.setattr(documents, "COPY_BYTES", 4 * 1024 * MIB)
    with serve_moto() as endpoint:
        settings = locate_aws(endpoint)
        aws.create_all(settings)
        yield DeployedShop(settings)


class DeployedShop:
    """A seller and an order on a server that speaks AWS, behind the functions."""

    def __init__(self, settings: AwsSettings) -> None:
        self.settings = settings
        machine = make_machine(open_aws(settings), load_feed_types())
        seller = replace(a_seller(), client_id="app", client_secret=Secret("hush"), refresh_token=Secret("Atzr|1"))
        machine.backend.sellers.add(seller)
        machine.backend.orders.load(SELLER, [an_order(1)])
        self._answer = api.make_handler(machine, open_links(settings))
        form = b"grant_type=refresh_token&client_id=app&client_secret=hush&refresh_token=Atzr|1"
        self._token = ""
        self._token = self._send("POST", "/auth/o2/token", form, "application/x-www-form-urlencoded")["access_token"]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self._send(method, f"/feeds/2021-06-30/{path}", json.dumps(body or {}).encode(), "application/json")

    def submit(self, feed: Path) -> str:
        document = self.call("POST", "documents", {"contentType": XML})
        assert document["url"].startswith(f"{self.settings.endpoint_url}/{self.settings.bucket}/uploads/")
        with feed.open("rb") as content:
            put = requests.put(document["url"], data=content, headers={"Content-Type": XML}, timeout=600)
        assert put.status_code == 200
        asked = {"feedType": ACKNOWLEDGEMENT, "marketplaceIds": list(a_seller().marketplace_ids)}
        return str(self.call("POST", "feeds", asked | {"inputFeedDocumentId": document["feedDocumentId"]})["feedId"])

    def work(self, *feed_ids: str) -> list[int]:
        """Deliver feeds to the handler of the worker, in a process of its own; return its peak of bytes after each."""
        told = [
            json.dumps({"seller_id": SELLER, "submission_id": one, "feed_type": ACKNOWLEDGEMENT}) for one in feed_ids
        ]
        given = as_environment(self.settings) | {"POWERTOOLS_METRICS_NAMESPACE": "tests"}
        command = [sys.executable, "-c", _WORKER, *told]
        ran = subprocess.run(command, env=os.environ | given, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr[-4_000:]
        return json.loads(ran.stderr.splitlines()[-1])

    def _send(self, method: str, path: str, body: bytes, content_type: str) -> Any:
        event = a_request(method, path, body, content_type=content_type, x_amz_access_token=self._token)
        told: Mapping[str, Any] = self._answer(event, Context())
        assert told["statusCode"] < 300, told
        return json.loads(base64.b64decode(told["body"]) if told.get("isBase64Encoded") else told["body"])


_WORKER = """
import json, sys
from pathlib import Path
from feedproc.lambdas.worker import handler
from tests.lambdas.builders import Context, an_event

peaks = []
for told in sys.argv[1:]:
    answer = handler({"Records": [an_event("sqs_fifo_record") | {"body": told}]}, Context())
    assert answer == {"batchItemFailures": []}, answer
    # Not what getrusage tells, which begins with the peak of the process that started this one.
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peaks.append(int(lines["VmHWM"].split()[0]) * 1024)
print(json.dumps(peaks), file=sys.stderr)
"""


def write_large(file: Path, messages: int) -> Path:
    """Write a feed of so many messages of a MiB."""
    comment = f"<!--{'x' * (MIB - 1_000)}-->"
    with file.open("w") as feed:
        feed.write(head())
        for number in range(1, messages + 1):
            feed.write(message(comment + acknowledges(1), number))
        feed.write("</AmazonEnvelope>")
    return file


def test_a_large_feed_goes_past_the_api_and_takes_its_worker_little_memory(shop: DeployedShop, tmp_path: Path) -> None:
    (tmp_path / "small.xml").write_bytes(a_feed(acknowledges(1)))
    small = shop.submit(tmp_path / "small.xml")
    large = shop.submit(write_large(tmp_path / "large.xml", SIZE))
    before, after = shop.work(small, large)
    print(f"{SIZE} MiB: {(after - before) / MIB:.0f} MiB beyond the {before / MIB:.0f} MiB of a small feed")
    assert after - before <= MOST
    told = shop.call("GET", f"feeds/{large}")
    assert told["processingStatus"] == "DONE"
    result = requests.get(shop.call("GET", f"documents/{told['resultFeedDocumentId']}")["url"], timeout=60).text
    assert f"<MessagesProcessed>{SIZE}<" in result
