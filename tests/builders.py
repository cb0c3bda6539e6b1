"""Sellers, orders, feeds and a shop to run them in, each said in one line with what matters in it."""

import contextlib
import io
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from lxml import etree

from feedproc.embedded import open_backend, workers_of
from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import FeedSubmission, NewSubmission
from feedproc.orders.order import Item, Order, OrderStatus
from feedproc.ports import Backend, Filter, OrderFilter, Secret, Seller
from feedproc.resources import folder
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Clock, Policy, Processing
from feedproc.services.read.submissions import open_report
from feedproc.services.submit import store, submit
from feedproc.wiring.feed_types import load_feed_types

ACKNOWLEDGEMENT = "POST_ORDER_ACKNOWLEDGEMENT_DATA"
ADJUSTMENT = "POST_PAYMENT_ADJUSTMENT_DATA"
FULFILLMENT = "POST_ORDER_FULFILLMENT_DATA"
MESSAGE_TYPES = {
    ACKNOWLEDGEMENT: "OrderAcknowledgement",
    ADJUSTMENT: "OrderAdjustment",
    FULFILLMENT: "OrderFulfillment",
}

SELLER = "A2SHOP"
OTHER_SELLER = "A3RIVAL"
GERMANY = "A1PA6795UKMFR9"
PURCHASED = datetime(2024, 3, 1, 9, tzinfo=UTC)
NOON = datetime(2024, 3, 4, 12, tzinfo=UTC)
LEASE = timedelta(seconds=60)


def feed_types() -> FeedTypes:
    return load_feed_types()


def new_keys(start: int = 1) -> Callable[[], str]:
    """Keys of documents, counted up."""
    numbers = count(start)
    return lambda: f"{next(numbers):032x}"


def a_seller(seller_id: str = SELLER, access_key: str = "", secret: str = "hush", **changed: str) -> Seller:
    return Seller(
        seller_id=seller_id,
        merchant_token=changed.get("merchant_token", f"M_{seller_id}_1"),
        access_key=access_key or f"KEY-{seller_id}",
        secret_key=Secret(secret),
        auth_token=Secret(f"token of {seller_id}"),
        marketplace_ids=(changed.get("marketplace_id", GERMANY),),
    )


def order_id(number: int) -> str:
    return f"250-0000000-{number:07d}"


def item_code(number: int) -> str:
    return f"{number:014d}"


def an_order(number: int = 1, quantity: int = 2, **changed: Any) -> Order:
    """One item of 1000 JPY a unit and 100 tax, from the SKU that has the order's number."""
    known: dict[str, Any] = {
        "amazon_order_id": order_id(number),
        "purchased_at": PURCHASED + timedelta(minutes=number),
        "currency": "JPY",
        "items": (
            Item(
                item_code(number),
                f"SKU-{number}",
                quantity,
                {"Principal": Decimal(1000 * quantity), "Tax": Decimal(100 * quantity)},
            ),
        ),
    }
    return Order(**(known | changed))


def orders(count: int, first: int = 1) -> list[Order]:
    return [an_order(number) for number in range(first, first + count)]


def acknowledges(number: int = 1, as_id: str = "", item_as: str = "") -> str:
    named = f"<MerchantOrderID>{as_id}</MerchantOrderID>" if as_id else ""
    item = f"<Item><AmazonOrderItemCode>{item_code(number)}</AmazonOrderItemCode>"
    item += f"<MerchantOrderItemID>{item_as}</MerchantOrderItemID></Item>"
    return (
        f"<OrderAcknowledgement><AmazonOrderID>{order_id(number)}</AmazonOrderID>{named}"
        f"<StatusCode>Success</StatusCode>{item if item_as else ''}</OrderAcknowledgement>"
    )


def cancels(number: int = 1, reason: str = "BuyerCanceled") -> str:
    return (
        f"<OrderAcknowledgement><AmazonOrderID>{order_id(number)}</AmazonOrderID><StatusCode>Failure</StatusCode>"
        f"<Item><AmazonOrderItemCode>{item_code(number)}</AmazonOrderItemCode>"
        f"<CancelReason>{reason}</CancelReason></Item></OrderAcknowledgement>"
    )


def order_key(number: int, named: str = "") -> str:
    """How a message names its order: by the id that the seller gave it, or else Amazon's."""
    if named:
        return f"<MerchantOrderID>{named}</MerchantOrderID>"
    return f"<AmazonOrderID>{order_id(number)}</AmazonOrderID>"


def ships(number: int = 1, units: int | None = None, named: str = "", on: str = "2024-03-03T10:00:00Z") -> str:
    key = order_key(number, named)
    item = f"<Item><AmazonOrderItemCode>{item_code(number)}</AmazonOrderItemCode><Quantity>{units}</Quantity></Item>"
    carrier = "<FulfillmentData><CarrierCode>Other</CarrierCode><CarrierName>Yamato</CarrierName></FulfillmentData>"
    return (
        f"<OrderFulfillment>{key}<FulfillmentDate>{on}</FulfillmentDate>{carrier}"
        f"{item if units else ''}</OrderFulfillment>"
    )


def refunds(number: int = 1, amount: object = 100, named: str = "", currency: str = "JPY") -> str:
    key = order_key(number, named)
    return (
        f"<OrderAdjustment>{key}<AdjustedItem><AmazonOrderItemCode>{item_code(number)}</AmazonOrderItemCode>"
        f"<AdjustmentReason>CustomerReturn</AdjustmentReason><ItemPriceAdjustments><Component><Type>Principal</Type>"
        f'<Amount currency="{currency}">{amount}</Amount></Component></ItemPriceAdjustments></AdjustedItem>'
        "</OrderAdjustment>"
    )


def message(payload: str, message_id: object = 1) -> str:
    return f"  <Message>\n    <MessageID>{message_id}</MessageID>\n    {payload}\n  </Message>\n"


def head(feed_type: str = ACKNOWLEDGEMENT, merchant: str = SELLER, encoding: str = "UTF-8") -> str:
    return f"""<?xml version="1.0" encoding="{encoding}"?>
<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">
  <Header>
    <DocumentVersion>1.01</DocumentVersion>
    <MerchantIdentifier>{merchant}</MerchantIdentifier>
  </Header>
  <MessageType>{MESSAGE_TYPES.get(feed_type, feed_type)}</MessageType>
"""


TAIL = "</AmazonEnvelope>\n"


def text_of(payloads: Iterable[str], feed_type: str = ACKNOWLEDGEMENT, merchant: str = SELLER) -> str:
    """A feed as text, its messages numbered from 1."""
    return head(feed_type, merchant) + "".join(map(message, payloads, count(1))) + TAIL


def a_feed(*payloads: str, feed_type: str = ACKNOWLEDGEMENT, merchant: str = SELLER) -> bytes:
    return text_of(payloads, feed_type, merchant).encode()


class Told(NamedTuple):
    """A result as its report tells it."""

    message_id: str
    severity: str
    code: int
    description: str
    amazon_order_id: str | None


class Report(NamedTuple):
    """A processing report, taken apart."""

    raw: bytes
    merchant_identifier: str
    summary: Summary
    results: list[Told]

    @property
    def codes(self) -> list[tuple[str, int]]:
        return [(one.message_id, one.code) for one in self.results]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Processed, successful, with error, with warning."""
        told = self.summary
        return told.processed, told.successful, told.with_error, told.with_warning


@cache
def report_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(folder("schemas") / "amzn-envelope.xsd"))


def told_by(raw: bytes) -> Report:
    """Take a report apart; it must be valid."""
    root = etree.fromstring(raw)
    report_schema().assertValid(root)
    counts = [int(one.text or "") for one in root.find(".//ProcessingSummary")]
    results = [
        Told(
            one.findtext("MessageID"), one.findtext("ResultCode"), int(one.findtext("ResultMessageCode")),
            one.findtext("ResultDescription"), one.findtext("AdditionalInfo/AmazonOrderID"),
        )
        for one in root.iter("Result")
    ]  # fmt: skip
    return Report(raw, root.findtext("Header/MerchantIdentifier"), Summary(*counts), results)


def open_files(folder: Path) -> int:
    """How many files within a folder this process has open; 0 where the system does not tell."""
    opened = 0
    if not os.path.isdir("/proc/self/fd"):
        return opened
    for descriptor in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            opened += os.readlink(f"/proc/self/fd/{descriptor}").startswith(str(folder))
    return opened


def hand_in(
    backend: Backend, feed: BinaryIO, seller_id: str, feed_type: str, at: datetime, **further: Any
) -> FeedSubmission:
    """Store a feed and submit it; `further` is what else a NewSubmission may say."""
    document = store(backend.documents, feed)
    new = NewSubmission(
        seller_id=seller_id,
        feed_type=feed_type,
        document=document.key,
        size=document.size,
        submitted_at=at,
        **further,
    )
    return submit(backend.submissions, backend.queue, new)


class Shop:
    """An embedded store with its sellers, and a worker to run by hand."""

    def __init__(self, data_dir: Path, worker: str = "worker-1", first_key: int = 1) -> None:
        self.data_dir = data_dir
        self.backend: Backend = open_backend(data_dir, new_keys(first_key))
        self.workers = workers_of(data_dir)
        self.worker = worker
        self.now = NOON

    @property
    def clock(self) -> Clock:
        return lambda: self.now

    def stocked(self, *stock: Order, seller: Seller | None = None) -> "Shop":
        """Open for a seller, with these orders."""
        seller = seller or a_seller()
        if self.backend.sellers.get(seller.seller_id) is None:
            self.backend.sellers.add(seller)
        self.backend.orders.load(seller.seller_id, stock)
        return self

    def submit(
        self,
        feed: bytes,
        feed_type: str = ACKNOWLEDGEMENT,
        seller_id: str = SELLER,
        at: datetime | None = None,
        *,
        purges: bool = False,
    ) -> FeedSubmission:
        return hand_in(self.backend, io.BytesIO(feed), seller_id, feed_type, at or self.now, purges=purges)

    def spoil(self, submission: FeedSubmission) -> None:
        """Let nobody read its feed again, by no fault of the machine's."""
        self.backend.documents.delete(submission.document)
        (self.data_dir / "documents" / submission.document[:2] / submission.document).mkdir()

    def work(self, policy: Policy | None = None) -> int:
        """Process until nothing waits; say how many turns it took."""
        turns = 0
        while process_next(Processing(self.backend, feed_types(), self.worker, policy or Policy(), self.clock)):
            turns += 1
        return turns

    def struggle(self, policy: Policy | None = None) -> list[Exception]:
        """Process until nothing waits, going on after each error as a worker does; return the errors."""
        errors: list[Exception] = []
        while len(errors) < 1_000:
            try:
                self.work(policy)
            except Exception as error:  # noqa: BLE001 - a worker goes on after every error
                errors.append(error)
            else:
                break
        return errors

    def report(self, of: FeedSubmission) -> Report:
        return told_by(self.raw_report(of))

    def raw_report(self, of: FeedSubmission) -> bytes:
        _, file = open_report(self.backend.submissions, self.backend.documents, of.seller_id, of.submission_id)
        with file:
            return file.read()

    def run(self, feed: bytes, feed_type: str = ACKNOWLEDGEMENT) -> Report:
        """Submit a feed, process it, and return its report."""
        submission = self.submit(feed, feed_type)
        self.work()
        return self.report(submission)

    def again(self, of: FeedSubmission) -> FeedSubmission:
        """A submission as it is now."""
        (found,) = self.backend.submissions.find(of.seller_id, Filter(submission_ids=(of.submission_id,)), 1)
        return found

    def order(self, number: int = 1, seller_id: str = SELLER) -> Order:
        found = self.backend.orders.get(seller_id, order_id(number))
        assert found is not None
        return found

    def statuses(self, seller_id: str = SELLER) -> Iterator[OrderStatus]:
        return (one.status for one in self.backend.orders.list(seller_id, OrderFilter(), 1_000_000))

    def stock_of(self, number: int = 1, seller_id: str = SELLER) -> int:
        return self.backend.stock.get_level(seller_id, f"SKU-{number}")
