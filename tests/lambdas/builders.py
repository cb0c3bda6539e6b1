"""A shop behind Lambda: its queue, the events that AWS makes of requests and of entries, and a caller who signs."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from feedproc.feeds.submission import FeedSubmission
from feedproc.lambdas import api, dead_letter, worker
from feedproc.lambdas.watching import watch, wrap_handler
from feedproc.ports import Waiting
from feedproc.services.process.processing import Policy
from feedproc.spapi.documents.links import SignedLinks
from feedproc.wiring.machine import Machine
from tests.builders import ACKNOWLEDGEMENT, Shop, a_seller, feed_types, orders
from tests.mws.clients import mac, md5, strict

BUCKET = "https://documents.example"
HOST = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
FIFTEEN_MINUTES = 900_000
EVENTS = Path(__file__).parent / "events"


@cache
def _kept(name: str) -> dict[str, Any]:
    return json.loads((EVENTS / f"{name}.json").read_text())


def an_event(name: str) -> dict[str, Any]:
    """One of the events that AWS documents."""
    return deepcopy(_kept(name))


def a_request(method: str = "GET", target: str = "/", body: bytes = b"", **headers: str) -> dict[str, Any]:
    """The event that API Gateway makes of a request; a body that is labelled as text stays text."""
    event, url = an_event("http_api"), urlsplit(target)
    event |= {"rawPath": url.path, "rawQueryString": url.query}
    event["requestContext"]["http"] |= {"method": method, "path": url.path}
    event["headers"] |= {name.replace("_", "-"): value for name, value in headers.items()}
    if body and headers.get("content_type", "").startswith("text/"):
        event["body"] = body.decode(errors="replace")
    elif body:
        event |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return event


class Context:
    """What Lambda tells a handler about its own run."""

    function_name = "feedproc-dev-worker"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:feedproc-dev-worker"
    aws_request_id = "52fdfc07-2182-454f-963f-5f0f9a621d72"

    def __init__(self, milliseconds: int = FIFTEEN_MINUTES) -> None:
        self._milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds


class Answer(NamedTuple):
    """What API Gateway sends on."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Entry:
    """An entry of the queue."""

    def __init__(self, group: str, body: str, number: int, at: datetime) -> None:
        self.group, self.body, self.number, self.sent_at, self.visible_at = group, body, number, at, at
        self.times = 0

    def record(self) -> dict[str, Any]:
        record = an_event("sqs_fifo_record")
        attributes = {
            "MessageGroupId": self.group,
            "SequenceNumber": f"{18849496460467696128 + self.number * 256}",
            "ApproximateReceiveCount": str(self.times),
            "SentTimestamp": str(int(self.sent_at.timestamp() * 1000)),
        }
        return {
            **record,
            "messageId": f"message-{self.number}",
            "receiptHandle": f"receipt-{self.number}-{self.times}",
            "body": self.body,
            "attributes": record["attributes"] | attributes,
        }


class FifoQueue:
    """A FIFO queue in memory, with Lambda's poller before it."""

    def __init__(self, shop: "LambdaShop") -> None:
        self._shop = shop
        self._numbers = count(1)
        self.entries: list[Entry] = []
        self.pauses: list[timedelta] = []

    def send(self, submission: FeedSubmission) -> None:
        """Announce a submission (port `Queue`)."""
        body = json.dumps({"seller_id": submission.seller_id, "submission_id": submission.submission_id})
        self.put(f"{submission.seller_id}/{submission.feed_type}", body)

    def receive(self, at: datetime) -> Waiting | None:
        """Nobody asks this queue: it is Lambda that delivers (port `Queue`)."""
        raise NotImplementedError

    def leave(self, worker: str, at: datetime) -> None:
        """Nobody received anything here (port `Queue`)."""

    def read_waiting(self, body: str) -> Waiting:
        """Read an entry (port `PushedQueue`)."""
        told = json.loads(body)
        return Waiting(told["seller_id"], told["submission_id"])

    def read_holder(self, body: str) -> str | None:
        """Read who holds what an entry names (port `PushedQueue`)."""
        holder: str | None = json.loads(body).get("holder")
        return holder

    def replace(self, body: str, holder: str) -> None:
        """Put an entry in the place of another (port `PushedQueue`)."""
        (group,) = {one.group for one in self.entries if one.body == body}
        self.put(group, json.dumps({**json.loads(body), "holder": holder}))

    def put_back(self, receipt: str, after: timedelta) -> None:
        """Let an entry come again (port `PushedQueue`)."""
        _, number, times = receipt.split("-")
        (entry,) = [one for one in self.entries if one.number == int(number) and one.times == int(times)]
        entry.visible_at = self._shop.now + after
        self.pauses.append(after)

    def put(self, group: str, body: str) -> None:
        self.entries.append(Entry(group, body, next(self._numbers), self._shop.now))

    def deliver(self, most: int = 10) -> dict[str, Any]:
        """The event of the entries that are next, each group in order."""
        taken = list(self._next())[:most]
        for entry in taken:
            entry.times += 1
            entry.visible_at = self._shop.now + timedelta(minutes=16)
        return {"Records": [entry.record() for entry in taken]}

    def settle(self, event: dict[str, Any], answer: dict[str, Any]) -> list[str]:
        """Delete what was not reported as failed; return what was."""
        failed = [one["itemIdentifier"] for one in answer["batchItemFailures"]]
        done = {one["messageId"] for one in event["Records"]} - set(failed)
        self.entries = [one for one in self.entries if f"message-{one.number}" not in done]
        return failed

    def _next(self) -> Iterator[Entry]:
        held: set[str] = set()
        for entry in self.entries:
            if entry.visible_at > self._shop.now:
                held.add(entry.group)
            if entry.group not in held:
                yield entry


class LambdaShop(Shop):
    """A shop whose requests and feeds go through the functions."""

    def __init__(self, data_dir: Path, policy: Policy | None = None) -> None:
        super().__init__(data_dir)
        self.fifo = FifoQueue(self)
        self.backend = watch(self.backend._replace(queue=self.fifo))
        ids = count(1)
        self.links = SignedLinks(lambda: BUCKET, self.backend.sellers)
        self.pace = timedelta()
        """How far the clock goes on at each look."""
        self.machine = Machine(
            self.backend, feed_types(), policy or Policy(), self._look, lambda: str(UUID(int=next(ids)))
        )

    def _look(self) -> datetime:
        self.now += self.pace
        return self.now

    @contextmanager
    def workers_alive(self, worker: str) -> Iterator[None]:
        """Let a worker live."""
        self.workers.join(worker)
        yield
        self.workers.leave(worker)

    def event(self, method: str = "GET", target: str = "/", body: bytes = b"", **headers: str) -> dict[str, Any]:
        """The event that API Gateway makes of a request."""
        return a_request(method, target, body, **headers)

    def target(self, action: str, method: str = "GET", path: str = "/", secret: str = "hush", **given: str) -> str:
        """A signed request target."""
        seller = a_seller()
        parameters = {
            "AWSAccessKeyId": seller.access_key, "Action": action, "SellerId": seller.seller_id,
            "SignatureMethod": "HmacSHA256", "SignatureVersion": "2",
            "Timestamp": f"{self.now:%Y-%m-%dT%H:%M:%SZ}", "Version": "2009-01-01", **given,
        }  # fmt: skip
        signature = mac(secret, f"{method}\n{HOST}\n{path}\n{strict(parameters)}")
        return f"{path}?{strict({**parameters, 'Signature': signature})}"

    def answer(self, event: dict[str, Any]) -> Answer:
        """What `api` answers, as API Gateway sends it on."""
        told = wrap_handler(api.make_handler(self.machine, self.links))(event, Context())
        body = base64.b64decode(told["body"]) if told.get("isBase64Encoded") else told["body"].encode()
        return Answer(told["statusCode"], told["headers"], body)

    def call(self, action: str, path: str = "/", secret: str = "hush", **given: str) -> Answer:
        return self.answer(self.event(target=self.target(action, path=path, secret=secret, **given)))

    def sends(self, feed: bytes, path: str = "/", content_type: str = "text/xml", **given: str) -> Answer:
        """Submit a feed over HTTP."""
        given = {"FeedType": f"_{ACKNOWLEDGEMENT}_", **given}
        target = self.target("SubmitFeed", "POST", path, **given)
        return self.answer(self.event("POST", target, feed, content_type=content_type, content_md5=md5(feed)))

    def delivered(self, milliseconds: int = FIFTEEN_MINUTES, most: int = 10) -> list[str]:
        """Deliver what is next to the worker; return what must come again."""
        return self._delivered(worker.respond, milliseconds, most)

    def buried(self) -> list[str]:
        """Deliver what is next to `dead_letter`, as if it stood in its queue."""
        return self._delivered(dead_letter.respond, 60_000, 10)

    def _delivered(self, respond: Any, milliseconds: int, most: int) -> list[str]:
        event = self.fifo.deliver(most)
        if not event["Records"]:
            return []
        handle = wrap_handler(lambda event, context: respond(event, context, self.machine, self.fifo))
        return self.fifo.settle(event, handle(event, Context(milliseconds)))


def a_lambda_shop(data_dir: Path, count: int = 3, policy: Policy | None = None) -> LambdaShop:
    """A shop with a seller and some orders."""
    shop = LambdaShop(data_dir, policy)
    shop.stocked(*orders(count))
    return shop
