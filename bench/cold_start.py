"""What the first event of a fresh container takes: processor time of imports, of the first event, and of the second.

Run as `python -m bench.cold_start [ROUNDS [PACKAGE]]`. Each function is imported and called by a process of its own
over moto, which runs in another one, so that only what Lambda would bill shows: `api` answers a signed
GetFeedSubmissionList, `worker` processes a feed of one message, `deadLetter` ends one, `outbox` sends what these have
left, and an `idle outbox` finds nothing to send.

With a package of code (`osls package --param="python=python3.11" --param="architecture=x86_64"`, for this Python and
processor) they are loaded from it as Lambda loads them, which keeps no bytecode: once with what bytecode it holds, once
without. Python's own modules and botocore, which Lambda brings along, have theirs.
"""

import io
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from http import HTTPStatus
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

from msgspec.structs import replace

from bench.timing import describe_machine, keep_bytecode
from feedproc import aws, settings
from feedproc.mws import signature
from feedproc.ports import Backend
from feedproc.testing.aws import MOCKED, make_http_event
from feedproc.testing.clients import TEST_SELLER
from feedproc.wiring.aws import open_aws
from feedproc.wiring.clock import read_clock
from tests.builders import ACKNOWLEDGEMENT, a_feed, an_order, cancels, hand_in

FUNCTIONS = {"api": "api", "worker": "worker", "deadLetter": "dead_letter", "outbox": "outbox", "idle outbox": "outbox"}
HAS_WORKED: dict[str, Callable[[Any], bool]] = {
    "api": lambda told: told["statusCode"] == HTTPStatus.OK,
    "worker": lambda told: told == {"batchItemFailures": []},
    "deadLetter": lambda told: told == {"batchItemFailures": []},
    "outbox": lambda told: told["sent"] > 0,
    "idle outbox": lambda told: told["sent"] == 0,
}
HOST = "test.execute-api.us-east-1.amazonaws.com"
ROOT = Path(__file__).parents[1]
_numbers = count(1)
CHILD = """
import json, os, sys, time
events = json.loads(sys.stdin.read())
from importlib import import_module
class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "x"
    def get_remaining_time_in_millis(self):
        return 55_000 if "outbox" in sys.argv[1] else 900_000
at, told = [time.process_time()], []
module = import_module("feedproc.lambdas." + sys.argv[1])
at.append(time.process_time())
for event in events:
    told.append(module.handler(event, Context()))
    at.append(time.process_time())
assert module.__file__.startswith(os.getcwd()), module.__file__
print("cold " + json.dumps([told, [1000 * (after - before) for before, after in zip(at, at[1:])]]))
"""


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{describe_machine()}; ms of processor time, medians of {rounds}\n")
    print("| function | loaded from | imports | first event | second |\n|---|---|---|---|---|")
    with ExitStack() as held:
        places = {"here": ROOT}
        if len(sys.argv) > 2:
            places = _unpack(Path(sys.argv[2]), Path(held.enter_context(TemporaryDirectory())))
            os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        else:
            held.enter_context(keep_bytecode())
        where = replace(MOCKED, endpoint_url=held.enter_context(aws.run_moto()))
        aws.create_all(where)
        backend = open_aws(where)
        backend.sellers.add(TEST_SELLER)
        environ = os.environ | settings.as_environment(where) | {"POWERTOOLS_METRICS_NAMESPACE": "bench"}
        runs: dict[tuple[str, str], list[list[float]]] = {(name, place): [] for place in places for name in FUNCTIONS}
        for _ in range(rounds + 1):
            for (name, place), times in runs.items():
                times.append(_run(name, places[place], backend, environ))
    for (name, place), times in sorted(runs.items(), key=lambda run: [*FUNCTIONS].index(run[0][0])):
        cells = " | ".join(f"{statistics.median(column):.0f}" for column in zip(*times[1:], strict=True))
        print(f"| `{name}` | {place} | {cells} |")


def _unpack(package: Path, folder: Path) -> dict[str, Path]:
    """Unpack a package twice, and take the bytecode out of the second."""
    places = {"the package": folder / "whole", "the package without bytecode": folder / "bare"}
    with ZipFile(package) as code:
        for place in places.values():
            code.extractall(place)
    for kept in list(places["the package without bytecode"].rglob("__pycache__")):
        shutil.rmtree(kept)
    return places


def _run(name: str, place: Path, backend: Backend, environ: dict[str, str]) -> list[float]:
    """Import a function and let it handle two events; return how long each took."""
    events = [_make_event(name, backend) for _ in range(2)]
    command = [sys.executable, "-c", CHILD, FUNCTIONS[name]]
    done = subprocess.run(
        command, cwd=place, env=environ, input=json.dumps(events), stdout=subprocess.PIPE, text=True, check=True
    )
    line = next(one for one in done.stdout.splitlines() if one.startswith("cold "))
    told, times = json.loads(line.removeprefix("cold "))
    if not HAS_WORKED[name](told[0]):
        raise RuntimeError(f"{name} answered {told[0]}")
    return list(times)


def _make_event(name: str, backend: Backend) -> dict[str, Any]:
    if FUNCTIONS[name] == "outbox":
        return {"source": "aws.events"}
    if name == "api":
        return _make_request()
    number = next(_numbers)
    backend.orders.load(TEST_SELLER.seller_id, [an_order(number)])
    feed = io.BytesIO(a_feed(cancels(number)))
    made = hand_in(backend, feed, TEST_SELLER.seller_id, ACKNOWLEDGEMENT, read_clock())
    told = {"seller_id": made.seller_id, "submission_id": made.submission_id, "feed_type": made.feed_type}
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": "0", "MessageGroupId": "g"}
    record = {"messageId": made.submission_id, "receiptHandle": "r", "body": json.dumps(told), "attributes": attributes}
    return {"Records": [{**record, "eventSource": "aws:sqs", "messageAttributes": {}}]}


def _make_request() -> dict[str, Any]:
    pairs = sorted(
        {
            "AWSAccessKeyId": TEST_SELLER.access_key,
            "Action": "GetFeedSubmissionList",
            "Merchant": TEST_SELLER.seller_id,
            "SignatureMethod": "HmacSHA256",
            "SignatureVersion": "2",
            "Timestamp": f"{read_clock():%Y-%m-%dT%H:%M:%SZ}",
            "Version": "2009-01-01",
        }.items()
    )
    signed = signature.sign(TEST_SELLER.secret_key, "HmacSHA256", "GET", HOST, "/", pairs)
    query = f"{signature.canonicalise_query(pairs)}&Signature={quote(signed, safe='')}"
    return make_http_event("GET", f"/?{query}", headers={"host": HOST, "user-agent": "bench/1 (Language=Python)"})


if __name__ == "__main__":
    main()
