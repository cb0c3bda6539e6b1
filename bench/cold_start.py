"""What the first event of a fresh container takes: processor time of imports, of the first event, and of the second.

Run as `python -m bench.cold_start`. Each function is imported and called by a process of its own over moto, which runs
in another one, so that only what Lambda would bill shows: `api` answers a signed GetFeedSubmissionList, `worker`
processes a feed of one message, `deadLetter` ends one, `outbox` finds nothing to send.
"""

import io
import json
import os
import statistics
import subprocess
import sys
from typing import Any

from msgspec.structs import replace

from bench.timing import describe_machine
from feedproc import aws, settings
from feedproc.mws import signature
from feedproc.testing.aws import MOCKED, make_http_event
from feedproc.testing.clients import TEST_SELLER
from feedproc.wiring.aws import open_aws
from feedproc.wiring.clock import read_clock
from tests.builders import ACKNOWLEDGEMENT, a_feed, an_order, cancels, hand_in

FUNCTIONS = {"api": "api", "worker": "worker", "deadLetter": "dead_letter", "outbox": "outbox"}
HOST = "test.execute-api.us-east-1.amazonaws.com"
CHILD = """
import json, sys, time
events = json.loads(sys.stdin.read())
from importlib import import_module
class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "x"
    def get_remaining_time_in_millis(self):
        return 55_000 if "outbox" in sys.argv[1] else 900_000
at = [time.process_time()]
handler = import_module("feedproc.lambdas." + sys.argv[1]).handler
at.append(time.process_time())
for event in events:
    told = handler(event, Context())
    at.append(time.process_time())
print("cold " + json.dumps([1000 * (after - before) for before, after in zip(at, at[1:])]))
"""


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{describe_machine()}; ms of processor time, medians of {rounds}\n")
    print("| function | imports | first event | second |\n|---|---|---|---|")
    with aws.run_moto() as endpoint:
        where = replace(MOCKED, endpoint_url=endpoint)
        aws.create_all(where)
        backend = open_aws(where)
        backend.sellers.add(TEST_SELLER)
        backend.orders.load(TEST_SELLER.seller_id, [an_order(1)])
        environ = os.environ | settings.as_environment(where) | {"POWERTOOLS_METRICS_NAMESPACE": "bench"}
        runs: dict[str, list[list[float]]] = {name: [] for name in FUNCTIONS}
        for _ in range(rounds):
            for name, module in FUNCTIONS.items():
                events = [_make_event(name, backend) for _ in range(2)]
                command = [sys.executable, "-c", CHILD, module]
                done = subprocess.run(
                    command, env=environ, input=json.dumps(events), stdout=subprocess.PIPE, text=True, check=True
                )
                line = next(one for one in done.stdout.splitlines() if one.startswith("cold "))
                runs[name].append(json.loads(line.removeprefix("cold ")))
    for name, times in runs.items():
        cells = " | ".join(f"{statistics.median(column):.0f}" for column in zip(*times, strict=True))
        print(f"| `{name}` | {cells} |")


def _make_event(name: str, backend: Any) -> dict[str, Any]:
    if name == "outbox":
        return {"source": "aws.events"}
    if name == "api":
        return _make_request()
    feed = io.BytesIO(a_feed(cancels(1)))
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
    query = signature.canonicalise_query([*pairs, ("Signature", signed)])
    return make_http_event("GET", f"/?{query}", headers={"host": HOST, "user-agent": "bench/1 (Language=Python)"})


if __name__ == "__main__":
    main()
