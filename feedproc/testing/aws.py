"""The functions on AWS under a test's own `mock_aws`: all that they need in one call, events, and a pump.

Tests import it as `feedproc.aws.testing`.

    with mock_aws():
        functions = AwsFunctions()
        functions.answer(make_http_event("GET", "/"))
        functions.pump()

Metrics of the functions want POWERTOOLS_METRICS_NAMESPACE in the environment, here as on AWS.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from feedproc import aws
from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import get_clients
from feedproc.lambdas import api, worker
from feedproc.lambdas.watching import Event, wrap_handler
from feedproc.testing.clients import TEST_SELLER
from feedproc.wiring.aws import open_aws
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.machine import make_machine

MOCKED = AwsSettings(
    region="us-east-1",
    bucket="feedproc-test-documents",
    queue_url="https://sqs.us-east-1.amazonaws.com/123456789012/feedproc-test.fifo",
    kms_key_id="alias/feedproc-test",
    table_prefix="feedproc-test-",
    local_credentials=True,
)
"""Where everything is made unless a test says otherwise."""
_AT_ONCE = 10
"""Entries of a FIFO queue that one delivery holds."""


class FunctionAnswer(NamedTuple):
    """What API Gateway sends on."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class FunctionContext:
    """What Lambda tells a function of its run."""

    function_name = "feedproc-test"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:feedproc-test"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        """Return a quarter of an hour, however late it is."""
        return 900_000


class AwsFunctions:
    """The functions `api` and `worker` over tables, bucket, queue and key, with one seller."""

    def __init__(self, settings: AwsSettings = MOCKED) -> None:
        """Make all that the functions need; `mock_aws` must be on, and stay on."""
        aws.create_all(settings)
        self.settings = settings
        self.backend = open_aws(settings)
        self.backend.sellers.add(TEST_SELLER)
        self._queue = aws.open_lambda_queue(settings)
        self._machine = make_machine(self.backend, load_feed_types())
        self._api = wrap_handler(api.make_handler(self._machine, aws.open_links(settings)))

    def answer(self, event: Event) -> FunctionAnswer:
        """Let the function behind API Gateway answer an event."""
        told = self._api(event, FunctionContext())
        body = told.get("body", "")
        content = b64decode(body) if told.get("isBase64Encoded") else body.encode()
        return FunctionAnswer(told["statusCode"], told["headers"], content)

    def pump(self) -> int:
        """Deliver what is in the queue to the worker until nothing more can be had; return how many were done."""
        sqs, done = get_clients(self.settings).sqs, 0
        while received := sqs.receive_message(
            QueueUrl=self.settings.queue_url, MaxNumberOfMessages=_AT_ONCE, AttributeNames=["All"]
        ).get("Messages"):
            failed = self._deliver([_make_record(one, self.settings) for one in received])
            over = [one for one in received if one["MessageId"] not in failed]
            for one in over:
                sqs.delete_message(QueueUrl=self.settings.queue_url, ReceiptHandle=one["ReceiptHandle"])
            done += len(over)
        return done

    def _deliver(self, records: list[Event]) -> set[str]:
        """Return the ids of what must come again."""
        handle = wrap_handler(lambda event, context: worker.respond(event, context, self._machine, self._queue))
        answer = handle({"Records": records}, FunctionContext())
        return {one["itemIdentifier"] for one in answer["batchItemFailures"]}


def make_http_event(
    method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the event that an HTTP API (payload format 2.0) makes of a request; `target` is path and query."""
    url = urlsplit(target)
    http = {"method": method, "path": url.path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": url.path,
        "rawQueryString": url.query,
        "headers": {"host": "test.execute-api.us-east-1.amazonaws.com", **(headers or {})},
        "requestContext": {"http": http, "stage": "$default", "requestId": "test", "timeEpoch": 0},
        "body": b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def _make_record(message: Mapping[str, Any], settings: AwsSettings) -> dict[str, Any]:
    """Return an entry of a queue as Lambda is given it."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{settings.region}:123456789012:{settings.queue_url.rpartition('/')[2]}",
        "awsRegion": settings.region,
    }
