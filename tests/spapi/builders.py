"""A shop that speaks SP-API, with a clock that can be set; and a caller who knows nothing of the server's code."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from msgspec.structs import replace
from werkzeug.test import Client, TestResponse

from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Mail, Secret, Seller
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.process.pick import process_at_once, process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing, Outlets, send_pending
from feedproc.spapi.app import OPERATIONS, SpApiOptions, create_sp_api
from feedproc.spapi.call import Operation, Services
from feedproc.spapi.documents.links import SignedLinks
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.writers import load_writers
from tests.builders import Shop, a_seller, feed_types, orders
from tests.spapi import models

BASE = "http://127.0.0.1:9"
JAPAN, GERMANY = "A1VC38T7YXB528", "A1PA6795UKMFR9"
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
XML = "text/xml; charset=UTF-8"


def an_sp_seller(seller_id: str = "A2SHOP", application: str = "") -> Seller:
    name = application or f"app-of-{seller_id}"
    return replace(
        a_seller(seller_id),
        client_id=name,
        client_secret=Secret(f"secret of {name}"),
        refresh_token=Secret(f"Atzr|refresh+{seller_id}"),
        marketplace_ids=(JAPAN,),
    )


class Inbox:
    """Takes what the outbox sends: e-mails, which are dropped, and notifications."""

    def __init__(self) -> None:
        self.came: list[tuple[str, Any]] = []

    def send(self, mail: Mail) -> None:
        """Drop it."""

    def notify(self, destination: str, body: str) -> None:
        notice = json.loads(body)
        assert models.find_notice_faults(notice) == []
        self.came.append((destination, notice))

    @property
    def notices(self) -> list[Any]:
        return [body for _, body in self.came]


@dataclass
class SpShop:
    """An API over a shop, and the time."""

    shop: Shop
    has_quotas: bool = False
    now: datetime = NOON
    well_known: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = OPERATIONS
    packs_documents: bool = False
    calls: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        sellers = self.shop.backend.sellers
        services = Services(
            self.shop.backend,
            feed_types(),
            load_report_types(),
            SignedLinks(lambda: BASE, sellers),
            self._count_id,
            partial(process_at_once, self._begin_work),
            lambda seller: seller.seller_id in self.well_known,
            packs_documents=self.packs_documents,
        )
        options = SpApiOptions(has_quotas=self.has_quotas, operations=self.operations)
        self.client = Client(create_sp_api(services, SignedLinks(lambda: BASE, sellers), lambda: self.now, options))

    def _count_id(self) -> str:
        self.calls += 1
        return str(UUID(int=self.calls, version=4))

    @contextmanager
    def _begin_work(self) -> Iterator[Processing]:
        worker = self._count_id()
        self.shop.workers.join(worker)
        try:
            yield Processing(self.shop.backend, feed_types(), worker, Policy(), lambda: self.now)
        finally:
            self.shop.workers.leave(worker)

    def work(self) -> None:
        """Process feeds and requests for reports until none waits."""
        with self._begin_work() as processing:
            while process_next(processing._replace(report_types=load_report_types())):
                pass

    def deliver(self) -> Inbox:
        """Empty the outbox into a new inbox."""
        inbox = Inbox()
        outlets = Outlets(inbox, inbox, load_writers(load_feed_types()))
        send_pending(Outgoing(self.shop.backend, outlets, lambda: self.now, Patience()))
        return inbox

    def later(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    def ask_token(self, as_json: bool = False, **members: str) -> TestResponse:
        if as_json:
            return self.client.post("/auth/o2/token", json=members)
        return self.client.post("/auth/o2/token", data=members)

    def token(self, seller: Seller | None = None) -> str:
        who = seller or an_sp_seller()
        answer = self.ask_token(
            grant_type="refresh_token",
            client_id=who.client_id,
            client_secret=who.client_secret,
            refresh_token=who.refresh_token,
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json["access_token"])

    def app_token(self, seller: Seller | None = None, scope: str = "sellingpartnerapi::notifications") -> str:
        """A token without a seller, of the seller's application."""
        who = seller or an_sp_seller()
        answer = self.ask_token(
            grant_type="client_credentials", client_id=who.client_id, client_secret=who.client_secret, scope=scope
        )
        return str(answer.json["access_token"])

    def add_destination(self, name: str = "orders", seller: Seller | None = None) -> str:
        body = {"name": name, "resourceSpecification": {"sqs": {"arn": f"arn:aws:sqs:us-east-1:123456789012:{name}"}}}
        made = self.call("POST", "/notifications/v1/destinations", body, self.app_token(seller))
        assert made.status_code == 200, made.text
        return str(made.json["payload"]["destinationId"])

    def subscribe(self, kind: str, destination: str, token: str | None = None, **more: Any) -> TestResponse:
        body = {"payloadVersion": "1.0", "destinationId": destination, **more}
        return self.call("POST", f"/notifications/v1/subscriptions/{kind}", body, token)

    def call(
        self, method: str, path: str, body: Any = None, token: str | None = None, query: Any = None, **headers: str
    ) -> TestResponse:
        given = {"x-amz-access-token": self.token() if token is None else token, **headers}
        if body is not None:
            given.setdefault("Content-Type", "application/json")
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body)
        target = f"{path}?{urlencode(query, doseq=True)}" if query else path
        answer = self.client.open(target, method=method, data=data, headers={k: v for k, v in given.items() if v})
        assert models.find_faults(method, path, answer.status_code, answer.data) == []
        return answer

    def follow(self, method: str, url: str, data: bytes = b"", content_type: str | None = None) -> TestResponse:
        parts = urlsplit(url)
        headers = {} if content_type is None else {"Content-Type": content_type}
        return self.client.open(f"{parts.path}?{parts.query}", method=method, data=data, headers=headers)

    def upload(self, feed: bytes, content_type: str = XML, token: str | None = None) -> str:
        made = self.call("POST", "/feeds/2021-06-30/documents", {"contentType": content_type}, token)
        assert made.status_code == 201, made.text
        assert self.follow("PUT", made.json["url"], feed, content_type).status_code == 200
        return str(made.json["feedDocumentId"])

    def create_feed(self, document: str, feed_type: str, token: str | None = None, **changed: Any) -> TestResponse:
        body = {"feedType": feed_type, "marketplaceIds": [JAPAN], "inputFeedDocumentId": document, **changed}
        return self.call("POST", "/feeds/2021-06-30/feeds", body, token)

    def submit(self, feed: bytes, feed_type: str, content_type: str = XML, token: str | None = None) -> str:
        created = self.create_feed(self.upload(feed, content_type, token), feed_type, token)
        assert created.status_code == 202, created.text
        return str(created.json["feedId"])

    def submission(self, feed_id: str) -> FeedSubmission:
        found = self.shop.backend.submissions.get("A2SHOP", feed_id)
        assert found is not None
        return found

    def feed(self, feed_id: str, token: str | None = None) -> Any:
        return self.call("GET", f"/feeds/2021-06-30/feeds/{feed_id}", token=token).json

    def result(self, feed_id: str) -> TestResponse:
        document = self.feed(feed_id)["resultFeedDocumentId"]
        link = self.call("GET", f"/feeds/2021-06-30/documents/{document}").json
        return self.follow("GET", link["url"])


def a_shop(folder: Path, *sellers: Seller, **options: Any) -> SpShop:
    """A shop with two orders, whose sellers have an application each unless others are given."""
    shop = Shop(folder / "data")
    for seller in sellers or (an_sp_seller(), an_sp_seller("A3RIVAL")):
        shop.backend.sellers.add(seller)
    shop.stocked(*orders(3))
    shop.now = NOON
    return SpShop(shop, **options)


def error_of(answer: TestResponse) -> tuple[int, str, str, str | None]:
    (error,) = answer.json["errors"]
    return answer.status_code, error["code"], error["message"], error.get("details")
