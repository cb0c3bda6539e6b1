"""Flat files as sellers write them, and their reports taken apart."""

import io
from collections.abc import Iterable
from typing import NamedTuple

from feedproc.feeds.submission import FeedSubmission
from tests import builders
from tests.builders import GERMANY, SELLER, Shop, a_seller, item_code, order_id

JAPAN = "A1VC38T7YXB528"
CANCELLATION = "POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA"
ADJUSTMENT = "POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA"
FULFILLMENT = "POST_FLAT_FILE_FULFILLMENT_DATA"
PENDING_CANCELLATION = "POST_FLAT_FILE_PENDING_ORDER_CANCELLATION_DATA"
HEADINGS = {
    CANCELLATION: ("order-id", "cancellation-reason-code", "amazon-order-item-code"),
    ADJUSTMENT: (
        "order-id", "order-item-id", "adjustment-reason-code", "currency", "item-price-adj", "item-tax-adj",
        "shipping-price-adj", "shipping-tax-adj", "gift-wrap-price-adj", "gift-wrap-tax-adj", "item-promotion-adj",
        "item-promotion-id", "ship-promotion-adj", "ship-promotion-id", "quantity-cancelled",
    ),
    FULFILLMENT: (
        "order-id", "order-item-id", "quantity", "ship-date", "carrier-code", "carrier-name", "tracking-number",
        "ship-method",
    ),
    PENDING_CANCELLATION: ("order-id", "cancellation-reason-code", "seller-memo"),
}  # fmt: skip
"""As the templates have them."""
INCOMPLETE = (
    "The data you submitted with this item is incomplete or invalid. "
    "Please resubmit the item with all required fields completed with valid data."
)
UNPROCESSABLE = (
    "We are sorry, but we were unable to process this message. "
    "Please review the message and verify that it is accurate. Then, please resubmit the message."
)


def table(*rows: Iterable[object], end: str = "\n") -> str:
    return "".join("\t".join(map(str, row)) + end for row in rows)


def ships(number: int = 1, **changed: object) -> dict[str, object]:
    """A row that ships all of an order."""
    known = {"order-id": order_id(number), "ship-date": "2024-03-03", "carrier-code": "YAMATO", "ship-method": "Std"}
    return known | {name.replace("_", "-"): value for name, value in changed.items()}


def refunds(number: int = 1, **changed: object) -> dict[str, object]:
    """A row that gives 100 yen back."""
    known = {
        "order-id": order_id(number), "order-item-id": item_code(number), "adjustment-reason-code": "CustomerReturn",
        "currency": "JPY", "item-price-adj": "100.00",
    }  # fmt: skip
    return known | {name.replace("_", "-"): value for name, value in changed.items()}


def cancels(number: int = 1, **changed: object) -> dict[str, object]:
    """A row that cancels a whole order."""
    return {"order-id": order_id(number)} | {name.replace("_", "-"): value for name, value in changed.items()}


def a_file(feed_type: str, *rows: dict[str, object], end: str = "\n") -> str:
    """A flat file with the columns of its template, and whatever other columns the rows have."""
    names = list(dict.fromkeys([*HEADINGS[feed_type], *(name for row in rows for name in row)]))
    return table(names, *([row.get(name, "") for name in names] for row in rows), end=end)


class Row(NamedTuple):
    """One row of a report."""

    record: str
    order: str
    item: str
    code: str
    severity: str
    text: str


class Report(NamedTuple):
    """A report of a flat file, taken apart."""

    raw: bytes
    processed: int
    successful: int
    headings: list[str]
    rows: list[Row]

    @property
    def counts(self) -> tuple[int, int]:
        return self.processed, self.successful

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """Record, code and text of each row."""
        return [(row.record, row.code, row.text) for row in self.rows]


def told_by(raw: bytes, codec: str = "cp1252") -> Report:
    """Take a report apart."""
    head, _, rest = raw.decode(codec).partition("\n\n")
    (_, processed, successful) = head.split("\n")
    lines = [line.split("\t") for line in rest.split("\n")[:-1]]
    counts = [int(line.rpartition("\t\t")[2]) for line in (processed, successful)]
    return Report(raw, *counts, lines[0] if lines else [], [Row(*line) for line in lines[1:]])


def hand_in(shop: Shop, feed: str | bytes, feed_type: str, content_type: str | None = None) -> FeedSubmission:
    raw = feed if isinstance(feed, bytes) else feed.encode()
    return builders.hand_in(shop.backend, io.BytesIO(raw), SELLER, feed_type, shop.now, content_type=content_type)


def run(
    shop: Shop, feed: str | bytes, feed_type: str, content_type: str | None = None, codec: str = "cp1252"
) -> Report:
    """Submit a flat file, process it, and return its report."""
    submission = hand_in(shop, feed, feed_type, content_type)
    shop.work()
    return told_by(shop.raw_report(submission), codec)


def a_shop_in(shop: Shop, marketplace_id: str = GERMANY) -> Shop:
    """The same shop on another marketplace."""
    shop.backend.sellers.change(a_seller(marketplace_id=marketplace_id))
    return shop
