"""A shop with what its outbox is emptied into: a letterbox for e-mails, and queues for notifications."""

from datetime import datetime, timedelta
from typing import Any

from lxml import etree
from msgspec.structs import replace

from feedproc.orders.order import Buyer, Order
from feedproc.ports import Mail, SentEntry
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing, Outlets, send_pending
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.writers import load_writers
from tests.builders import (
    GERMANY,
    SELLER,
    Shop,
    a_seller,
    an_order,
)

JAPAN = "A1VC38T7YXB528"
QUEUES = ("https://sqs.example/1/first", "https://sqs.example/1/second")
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


class Letterbox:
    """A mailer that keeps what it is given, and breaks down for whom it is told to."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.tried = 0
        self.fails: dict[str, Exception] = {}

    def send(self, mail: Mail) -> None:
        self.tried += 1
        error = self.fails.get(str(mail.recipient)) or self.fails.get("all")
        if error is not None:
            raise error
        self.mails.append(mail)

    @property
    def subjects(self) -> list[str]:
        return [mail.subject for mail in self.mails]

    @property
    def recipients(self) -> list[str]:
        return [str(mail.recipient) for mail in self.mails]


class Queues:
    """A notifier that keeps what it is given, and breaks down for queues it is told to."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, str]] = []
        self.fails: dict[str, Exception] = {}

    def notify(self, destination: str, body: str) -> None:
        if destination in self.fails:
            raise self.fails[destination]
        self.bodies.append((destination, body))

    def said(self, name: str) -> list[str]:
        return [etree.fromstring(body).findtext(f".//{name}") or "" for _, body in self.bodies]


class Post:
    """A shop with what its outbox is emptied into."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.letterbox = Letterbox()
        self.queues = Queues()
        self.patience = Patience()

    def sent(self, limit: int = 100, group: int = 1, until: datetime | None = None) -> int:
        return send_pending(self.outgoing(self.patience), limit, group, until)

    def outgoing(self, patience: Patience) -> Outgoing:
        outlets = Outlets(self.letterbox, self.queues, load_writers(load_feed_types()))
        return Outgoing(self.shop.backend, outlets, self.shop.clock, patience)

    def told(self, seller_id: str = SELLER) -> list[SentEntry]:
        return list(self.shop.backend.outbox.list_recent(seller_id, 1_000))

    @property
    def waiting(self) -> int:
        return len(self.shop.backend.outbox.list_waiting(1_000))


def bought(number: int, **changed: Any) -> Order:
    known: dict[str, Any] = {
        "buyer": Buyer(f"Buyer {number}", f"buyer{number}@marketplace.example"),
        "marketplace_id": GERMANY,
    }
    return an_order(number, **(known | changed))


def notified(post: Post, *destinations: str) -> None:
    post.shop.backend.sellers.change(replace(a_seller(), destinations=destinations))
