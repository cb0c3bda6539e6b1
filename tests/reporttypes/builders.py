"""A shop in memory that asks for reports, and an order as a Japanese one looks."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.report_request import ReportRequest
from feedproc.feeds.report_schedule import ReportExtra
from feedproc.feeds.submission import NewSubmission, ReportAsk
from feedproc.memory import MemoryStore
from feedproc.orders.order import Address, Buyer, Item, Order
from feedproc.ports import Backend
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.reports.requests import get_request, open_requested, request_report
from tests.builders import SELLER, a_seller, new_keys

JAPAN, ITALY, CANADA = "A1VC38T7YXB528", "APJ6JRA9NG5V4", "A2EUQ1WTGCTBG2"
BOUGHT = datetime(2020, 8, 19, 3, 33, 14, tzinfo=UTC)
CHANGED = datetime(2020, 8, 20, 7, 14, 5, tzinfo=UTC)


def towels(**changed: Any) -> Order:
    known: dict[str, Any] = {
        "amazon_order_id": "250-1234567-7654321",
        "purchased_at": BOUGHT,
        "updated_at": CHANGED,
        "currency": "JPY",
        "marketplace_id": JAPAN,
        "items": (
            Item(
                "12345678901234",
                "JP-0001",
                2,
                {"Principal": Decimal(1760), "Shipping": Decimal(410)},
                title="タオル",
                asin="B000000001",
            ),
        ),
        "buyer": Buyer("佐藤 蓮", "a1@example.jp"),
        "ship_to": Address(
            name="佐藤 蓮",
            lines=("丸の内1-9-1",),
            city="千代田区",
            state_or_region="東京都",
            postal_code="100-0005",
            country_code="JP",
            phone_number="03-0000-0000",
        ),
    }
    return Order(**(known | changed))


@dataclass
class Shop:
    """One seller, and what has become of the reports that he asked for."""

    marketplace_id: str = JAPAN
    now: datetime = BOUGHT + timedelta(days=2)
    policy: Policy = field(default_factory=Policy)
    store: MemoryStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = MemoryStore(new_keys())
        self.backend.sellers.add(a_seller(marketplace_id=self.marketplace_id))

    @property
    def backend(self) -> Backend:
        return self.store.backend

    def load(self, *orders: Order) -> None:
        self.backend.orders.load(SELLER, orders)

    def extend(self, *extras: ReportExtra) -> None:
        """Set which columns the seller's reports have besides."""
        seller = self.backend.sellers.get(SELLER)
        assert seller is not None
        self.backend.sellers.change(replace(seller, report_extras=extras))

    def processing(self, worker: str = "w") -> Processing:
        return Processing(self.backend, FeedTypes([]), worker, self.policy, lambda: self.now, load_report_types())

    def ask(self, report_type: str, **asked: Any) -> ReportRequest:
        days = {"start": self.now - timedelta(days=30), "end": self.now}
        new = NewSubmission(
            seller_id=SELLER,
            feed_type=report_type,
            document="",
            size=0,
            submitted_at=self.now,
            asked=ReportAsk(**(days | asked)),
        )
        return request_report(self.backend, load_report_types(), new)

    def produce(self, report_type: str, **asked: Any) -> ReportRequest:
        request = self.ask(report_type, **asked)
        while process_next(self.processing()):
            pass
        return get_request(self.backend.submissions, SELLER, request.request_id)

    def read(self, report_type: str, **asked: Any) -> bytes:
        request = self.produce(report_type, **asked)
        _, report = open_requested(self.backend.submissions, self.backend.documents, SELLER, request.request_id)
        with report:
            return report.read()

    def rows(self, report_type: str, codec: str = "cp932", **asked: Any) -> list[dict[str, str]]:
        """The rows of a flat report, by heading."""
        heading, *rows = [
            line.split("\t") for line in self.read(report_type, **asked).decode(codec).removesuffix("\n").split("\n")
        ]
        return [dict(zip(heading, row, strict=True)) for row in rows]
