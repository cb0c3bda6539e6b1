"""Look around in what a seller has: orders, and what became of a submission."""

import heapq
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from feedproc.errors import FeedprocError
from feedproc.feeds.report import Result
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.orders.order import Order, OrderKey
from feedproc.ports import Book, Documents, OrderFilter, Seller, Sellers, Submissions
from feedproc.services.read.submissions import one

ENDED = frozenset({ProcessingStatus.DONE, ProcessingStatus.CANCELLED})


class OrderUnknown(FeedprocError):
    """The seller has no such order; another seller's counts as unknown."""

    def __init__(self, name: str) -> None:
        """Take the name that was asked for."""
        super().__init__(f"No such order: {name}")


class OrderPage(Struct, frozen=True):
    """Some of the orders that match, newest purchase first."""

    orders: Sequence[Order]
    following: tuple[datetime, str] | None
    """Where the next page begins, for `OrderFilter.after`; None when this is the last."""


class Verdicts(Struct, frozen=True):
    """How a submission ended, or how far it is, and the first of what its report tells."""

    submission: FeedSubmission
    results: Sequence[Result]
    more: bool
    """There are results beyond those."""

    @property
    def ended(self) -> bool:
        """Nothing more will change."""
        return self.submission.status in ENDED


def seller(sellers: Sellers, seller_id: str) -> Seller | None:
    """Return the seller with this id."""
    return sellers.get(seller_id)


def orders(book: Book, seller_id: str, which: OrderFilter, size: int) -> OrderPage:
    """Return the first `size` orders that match, and where the next page begins."""
    found = list(islice(matching(book, seller_id, which, size + 1), size + 1))
    more = len(found) > size
    last = found[size - 1] if more else None
    return OrderPage(found[:size], (last.purchased_at, last.amazon_order_id) if last else None)


def matching(book: Book, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
    """Yield at most `limit` orders that match, newest purchase first.

    Several statuses are asked for one by one and merged: each is a walk along an index, whatever the number of orders.
    """
    if len(which.statuses) < 2:
        return book.listed(seller_id, which, limit)
    walks = [book.listed(seller_id, replace(which, statuses=(status,)), limit) for status in which.statuses]
    return islice(heapq.merge(*walks, key=_place, reverse=True), limit)


def named(book: Book, seller_id: str, name: str) -> str | None:
    """Return the Amazon id of the order with that id, be it Amazon's or the seller's; None when there is none."""
    keys = (OrderKey(name), OrderKey(name, True))
    found = book.find(seller_id, keys)
    return next((found[key].amazon_order_id for key in keys if key in found), None)


def order(book: Book, seller_id: str, amazon_order_id: str) -> Order:
    """Return one order with its recipient, or raise `OrderUnknown`."""
    found = book.get(seller_id, amazon_order_id)
    if found is None:
        raise OrderUnknown(amazon_order_id)
    return found


def known(book: Book, seller_id: str, amazon_order_ids: Sequence[str]) -> list[Order]:
    """Return those of the orders that there are, in the order they are named, without their recipients."""
    found = book.find(seller_id, {OrderKey(name) for name in amazon_order_ids})
    return [found[OrderKey(name)] for name in dict.fromkeys(amazon_order_ids) if OrderKey(name) in found]


def verdicts(submissions: Submissions, book: Book, seller_id: str, submission_id: str, most: int) -> Verdicts:
    """Return a submission with its first `most` results. Raises `SubmissionUnknown`."""
    submission = one(submissions, seller_id, submission_id)
    results = list(islice(book.results(seller_id, submission_id), most + 1))
    return Verdicts(submission, results[:most], len(results) > most)


def beginning(documents: Documents, submission: FeedSubmission, size: int) -> bytes:
    """Return the first `size` bytes of a submission's feed; none when it is no longer kept."""
    try:
        with documents.open(submission.document) as feed:
            return feed.read(size)
    except FileNotFoundError:
        return b""


def _place(order: Order) -> tuple[datetime, str]:
    return order.purchased_at, order.amazon_order_id
