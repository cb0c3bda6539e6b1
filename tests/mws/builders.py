"""A server with a clock that can be set, and a caller who signs what the test says."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

from msgspec.structs import replace
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.marketplaces import MWS_HOSTS
from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.memory import MemoryStore
from feedproc.mws.app import ORDERS_DELAY, MwsApp, MwsOptions, create_app
from feedproc.mws.throttle import QuotaMode
from feedproc.ports import Backend, Queue, Secret, Seller, Submissions, Waiting
from feedproc.wiring.feed_types import load_feed_types
from tests.builders import new_keys
from tests.mws.clients import Wire, mac, md5, strict

NOON = datetime(2018, 4, 27, 12, 0, 0, 379_000, UTC)
HOST = "localhost:8080"
NS = "{http://mws.amazonaws.com/doc/2009-01-01/}"
ACKNOWLEDGEMENT = "_POST_ORDER_ACKNOWLEDGEMENT_DATA_"
FULFILLMENT = "_POST_ORDER_FULFILLMENT_DATA_"
FEED = b'<?xml version="1.0"?><AmazonEnvelope/>'


def a_seller(seller_id: str = "A1SELLER", access_key: str = "AKIAFAKEFAKEFAKEFAKE", **changes: Any) -> Seller:
    given: dict[str, Any] = {
        "merchant_token": f"M_{seller_id}",
        "secret_key": Secret("fakeSecret/abc+def0123456789ABCDEFGHIJKL"),
        "auth_token": Secret(f"amzn.mws.{seller_id}"),
        "marketplace_ids": ("A1VC38T7YXB528",),
        **changes,
    }
    return Seller(seller_id=seller_id, access_key=access_key, **given)


DECLARED = load_feed_types()
PENDING_CANCELLATION = "_POST_FLAT_FILE_PENDING_ORDER_CANCELLATION_DATA_"
"""Not offered."""
FLAT_FULFILLMENT = "_POST_FLAT_FILE_FULFILLMENT_DATA_"
FEED_TYPES = FeedTypes(
    [DECLARED.look_up(one.strip("_")) for one in (ACKNOWLEDGEMENT, FULFILLMENT, FLAT_FULFILLMENT, PENDING_CANCELLATION)]
)


@dataclass
class Server:
    """The application over a back end in memory."""

    sellers: tuple[Seller, ...] = (a_seller(),)
    quotas: QuotaMode = QuotaMode.OFF
    public_hosts: tuple[str, ...] = MWS_HOSTS
    submits_once: bool = False
    is_well_known: Callable[[Seller], bool] = lambda _: False
    now: datetime = NOON
    orders_delay: timedelta = ORDERS_DELAY
    backend: Backend = field(init=False)
    app: MwsApp = field(init=False)

    def __post_init__(self) -> None:
        self.store = MemoryStore(new_keys())
        self.queue = CountingQueue(self.store.backend.queue)
        self.backend = self.store.backend._replace(queue=self.queue)
        for seller in self.sellers:
            self.backend.sellers.add(seller)
        self._ids = 0
        self.app = create_app(
            self.backend,
            FEED_TYPES,
            lambda: self.now,
            self._new_id,
            MwsOptions(
                quotas=self.quotas,
                public_hosts=self.public_hosts,
                is_well_known=self.is_well_known,
                submits_once=self.submits_once,
                orders_delay=self.orders_delay,
            ),
        )

    def _new_id(self) -> str:
        self._ids += 1
        return str(UUID(int=self._ids << 64, version=4))

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)

    @property
    def submissions(self) -> Submissions:
        return self.backend.submissions

    @property
    def documents(self) -> Mapping[str, bytes]:
        """What is stored, by key."""
        return self.store.documents

    def status_of(self, submission_id: str, seller_id: str = "A1SELLER") -> ProcessingStatus:
        found = self.submissions.get(seller_id, submission_id)
        assert found is not None
        return found.status

    def send(self, wire: Wire, **environ: Any) -> "Reply":
        """Send a request as a client wrote it."""
        builder = EnvironBuilder(path=wire.path, method=wire.method, base_url="http://localhost", headers=wire.headers)
        given = builder.get_environ()
        given.update(QUERY_STRING=wire.query, HTTP_HOST=wire.host or HOST, PATH_INFO=wire.path)
        given["wsgi.input"] = io.BytesIO(wire.body)
        given["CONTENT_LENGTH"] = str(len(wire.body))
        given.update(environ)
        pieces, status, headers = run_wsgi_app(self.app, given)
        try:
            return Reply(int(status.split()[0]), status, headers, b"".join(pieces))
        finally:
            getattr(pieces, "close", lambda: None)()

    def call(self, action: str, *, seller: Seller | None = None, feed: bytes | None = None, **given: str) -> "Reply":
        """Sign and send a well-formed request; parameters' dots are written as double underscores."""
        return self.send(self.wire(action, seller=seller, feed=feed, **given))

    def wire(self, action: str, *, seller: Seller | None = None, feed: bytes | None = None, **given: str) -> Wire:
        who = seller or self.sellers[0]
        digest = {} if feed is None else {"ContentMD5Value": md5(feed)}
        named = {name.replace("__", "."): value for name, value in given.items()}
        params = {**self.common(who), "Action": action, **digest, **named}
        return signed({name: value for name, value in params.items() if value is not None}, who.secret_key, feed)

    def common(self, seller: Seller) -> dict[str, str]:
        return {
            "AWSAccessKeyId": seller.access_key,
            "SellerId": seller.seller_id,
            "SignatureMethod": "HmacSHA256",
            "SignatureVersion": "2",
            "Timestamp": f"{self.now:%Y-%m-%dT%H:%M:%SZ}",
            "Version": "2009-01-01",
        }

    def submit(self, feed: bytes = FEED, feed_type: str = FULFILLMENT, seller: Seller | None = None) -> str:
        """Submit a feed and return its id."""
        reply = self.call("SubmitFeed", feed=feed, FeedType=feed_type, seller=seller)
        assert reply.status == 200, reply.text
        return reply.find("FeedSubmissionId")

    def begin(self, submission_id: str, seller: Seller | None = None, at: datetime | None = None) -> Claim:
        """Take a feed as a worker does; those before it in its line must have ended."""
        who = seller or self.sellers[0]
        claim = self.submissions.claim(who.seller_id, submission_id, "w", at or self.now, timedelta(minutes=1))
        assert claim is not None
        return claim

    def finish(self, submission_id: str, report: bytes, seller: Seller | None = None) -> None:
        """Bring a feed to its end as a worker does."""
        writer = self.backend.documents.create()
        writer.write(report)
        self._end(submission_id, seller, status=ProcessingStatus.DONE, report=writer.commit())

    def give_up(self, submission_id: str, seller: Seller | None = None) -> None:
        """Cancel a feed as a worker does that never gets through it."""
        self._end(submission_id, seller, status=ProcessingStatus.CANCELLED)

    def _end(self, submission_id: str, seller: Seller | None, **ended: Any) -> None:
        claim = self.begin(submission_id, seller)
        begun = self.submissions.get(claim.seller_id, submission_id)
        assert begun is not None
        self.submissions.finish(claim, replace(begun, completed_at=self.now, **ended), [])


class CountingQueue:
    """A queue that remembers what was announced."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self.sent: list[FeedSubmission] = []

    def send(self, submission: FeedSubmission) -> None:
        self.sent.append(submission)
        self._queue.send(submission)

    def receive(self, at: datetime) -> Waiting | None:
        return self._queue.receive(at)

    def leave(self, worker: str, at: datetime) -> None:
        self._queue.leave(worker, at)


def signed(params: Mapping[str, str], secret: str, feed: bytes | None = None, path: str = "/", **parts: str) -> Wire:
    method = parts.get("method", "POST")
    signature = mac(secret, f"{method}\n{HOST}\n{path}\n{strict(params)}")
    query = strict({**params, "Signature": signature})
    return Wire(method, path, query, HOST, feed or b"", {"Content-Type": "text/xml"})


@dataclass(frozen=True)
class Reply:
    """An answer, read."""

    status: int
    status_line: str
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def root(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.body)

    def find(self, name: str) -> str:
        found = self.root.find(f".//{NS}{name}")
        assert found is not None, self.text
        return found.text or ""

    def find_all(self, name: str) -> list[str]:
        return [one.text or "" for one in self.root.iter(f"{NS}{name}")]

    @property
    def error(self) -> tuple[int, str]:
        return self.status, self.find("Code")
