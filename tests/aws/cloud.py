"""AWS as moto plays it, in this process; and what can go wrong on the way there and back."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.botocore_stubber import BotocoreStubber
from moto.sqs.models import sqs_backends

from feedproc import aws
from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import get_clients
from feedproc.aws.dynamo.tables import SUBMISSIONS

SETTINGS = AwsSettings(
    region="eu-west-1",
    bucket="feedproc-documents",
    queue_url="https://sqs.eu-west-1.amazonaws.com/123456789012/feedproc.fifo",
    kms_key_id="alias/feedproc",
    table_prefix="feedproc-test-",
    mail_from="shop@example.com",
    local_credentials=True,
)
Answer = tuple[int, dict[str, str], str | bytes]
Answering = Callable[[Any], Any]
_one_at_a_time = RLock()


@contextmanager
def a_cloud() -> Iterator[AwsSettings]:
    """An account with all that feedproc needs."""
    with mock_aws(), in_turn():
        aws.create_all(SETTINGS)
        yield SETTINGS


@contextmanager
def in_turn() -> Iterator[None]:
    """Answer one request at a time: moto takes a transaction back by putting whole tables back."""

    def one(request: Any, answer: Answering) -> Any:
        with _one_at_a_time:
            return answer(request)

    with between(one):
        yield


@contextmanager
def between(server: Callable[[Any, Answering], Any]) -> Iterator[None]:
    """Let something happen between a client and moto: it gets each request, as it is sent, and who answers it."""
    answered = BotocoreStubber.process_request

    def process(stubber: BotocoreStubber, request: Any) -> Any:
        return server(request, lambda one: answered(stubber, one))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotocoreStubber, "process_request", process)
        yield


def operation(request: Any) -> str:
    """What a request asks for, such as `dynamodb Query` or `s3 GET`."""
    service = (urlsplit(request.url).hostname or "").replace("feedproc-documents.", "").partition(".")[0]
    target = request.headers.get("X-Amz-Target", b"")
    named = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
    return f"{service} {named or request.method}"


@contextmanager
def noted() -> Iterator[list[str]]:
    """Note what is asked for."""
    asked: list[str] = []

    def note(request: Any, answer: Answering) -> Any:
        asked.append(operation(request))
        return answer(request)

    with between(note):
        yield asked


class Killed(BaseException):
    """The process is gone."""


def throttled(request: Any, _answer: Answering) -> Answer:
    return _refused(request, "ThrottlingException", 400, "SlowDown", 503)


def broken(request: Any, _answer: Answering) -> Answer:
    return _refused(request, "InternalServerError", 500, "InternalError", 500)


def timed_out(request: Any, answer: Answering) -> Answer:
    answer(request)
    raise ReadTimeoutError(endpoint_url=request.url)


def killed_before(_request: Any, _answer: Answering) -> Answer:
    raise Killed


def killed_after(request: Any, answer: Answering) -> Answer:
    answer(request)
    raise Killed


FAULTS = (throttled, broken, timed_out, killed_before, killed_after)


def _refused(request: Any, code: str, status: int, s3_code: str, s3_status: int) -> Answer:
    if operation(request).startswith("s3 "):
        return s3_status, {"Content-Type": "application/xml"}, f"<Error><Code>{s3_code}</Code></Error>"
    return status, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps({"__type": code, "message": "later"})


class Fault:
    """Goes wrong at one request; a process that it kills asks for nothing more."""

    def __init__(self, at: int, kind: Callable[[Any, Answering], Any]) -> None:
        self.left = at
        self.kind = kind
        self.where = ""
        self._is_dead = False

    def __call__(self, request: Any, answer: Answering) -> Any:
        if self._is_dead:
            raise Killed
        self.left -= 1
        if self.left != -1:
            return answer(request)
        self.where = operation(request)
        try:
            return self.kind(request, answer)
        except Killed:
            self._is_dead = True
            raise


def time_passes() -> None:
    """Every claim runs out, and every message that nobody deleted comes again."""
    clients = get_clients(SETTINGS)
    table = clients.get_table_name(SUBMISSIONS)
    for item in clients.dynamodb.scan(TableName=table)["Items"]:
        if "lease" in item:
            key = {name: item[name] for name in ("seller_id", "counter")}
            clients.dynamodb.put_item(TableName=table, Item={**item, "lease": {"N": "0"}})
            assert clients.dynamodb.get_item(TableName=table, Key=key)["Item"]["lease"] == {"N": "0"}
    messages_come_again()


def messages_come_again() -> None:
    """Every message that nobody deleted comes again."""
    for queue in sqs_backends[DEFAULT_ACCOUNT_ID][SETTINGS.region].queues.values():
        for message in queue._messages:
            message.visible_at = 0
