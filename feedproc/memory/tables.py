"""All that a store in memory holds, and the lock under which it is read and changed."""

from collections import deque
from datetime import datetime
from operator import attrgetter
from threading import RLock

from msgspec import Struct

from feedproc.feeds.progress import Mark
from feedproc.feeds.report_schedule import ReportSchedule
from feedproc.feeds.submission import FeedSubmission
from feedproc.feeds.subscription import Destination, Subscription
from feedproc.orders.order import Order
from feedproc.orders.tally import Tally
from feedproc.ports import Lane, Mail, OrderTime, OutboxEntry, Seller, SentEntry
from feedproc.stock.level import StockEntry


class SubmissionRow(Struct, gc=False):
    """A submission, and who holds it until when."""

    submission: FeedSubmission
    worker: str | None = None
    lease_until: datetime | None = None
    """Of one that was given up, when the lease would have ended."""


Place = tuple[datetime, str]
"""A time of an order, and its Amazon id."""


class OrderBook:
    """The orders of one seller."""

    def __init__(self) -> None:
        """Begin without orders."""
        self.by_id: dict[str, Order] = {}
        self.owners: dict[str, str] = {}
        """Merchant order ids, and the Amazon ids of their orders."""
        self.tallies: dict[Tally, int] = {}
        self._places: dict[OrderTime, list[Place]] = {}

    def list_places(self, by: OrderTime) -> list[Place]:
        """Return the places of all orders by one of their times, in rising order."""
        if by not in self._places:
            times = attrgetter("purchased_at" if by is OrderTime.PURCHASED else "last_updated_at")
            self._places[by] = sorted((times(one), name) for name, one in self.by_id.items())
        return self._places[by]

    def forget_places(self) -> None:
        """Note that orders were put in, or changed."""
        self._places = {}


class Tables:
    """What the adapters of one store share. Whoever reads or changes it holds the lock."""

    sellers: dict[str, Seller]
    documents: dict[str, bytes]
    submissions: dict[str, dict[int, SubmissionRow]]
    """By seller and counter, in rising order."""
    counters: dict[tuple[str, str], int]
    """By seller and id of the submission."""
    lines: dict[tuple[str, str], deque[int]]
    """Counters of open submissions by seller and feed type, oldest first."""
    repetition_keys: dict[tuple[str, str], tuple[datetime, int]]
    """By seller and key: when a submission was handed in under it, and its counter."""
    marks: dict[tuple[str, str], dict[int, Mark]]
    """By seller and id of the submission, then by number, in rising order."""
    books: dict[str, OrderBook]
    """By seller."""
    levels: dict[str, dict[str, int]]
    """Units by seller and SKU."""
    ledgers: dict[tuple[str, str], list[StockEntry]]
    """By seller and SKU, oldest first."""
    outbox: dict[str, SentEntry]
    """By id of the entry, oldest first."""
    unsent: dict[str, OutboxEntry]
    """Those of the entries that wait."""
    lanes: dict[Lane, dict[str, OutboxEntry]]
    """The same, lane by lane; each has some."""
    schedules: dict[tuple[str, str], ReportSchedule]
    """By seller and type of report."""
    destinations: dict[tuple[str, str], Destination]
    """By application and queue."""
    subscriptions: dict[tuple[str, str, str, str], Subscription]
    """By seller, application, type and version."""
    mails: dict[str, Mail]
    """What was sent to buyers, by id."""
    notifications: list[tuple[str, str]]
    """What was sent to sellers' queues: address and body."""

    def __init__(self) -> None:
        """Begin empty."""
        self.lock = RLock()
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        with self.lock:
            self.sellers, self.documents = {}, {}
            self.submissions, self.counters, self.lines, self.repetition_keys = {}, {}, {}, {}
            self.marks, self.books = {}, {}
            self.levels, self.ledgers, self.schedules = {}, {}, {}
            self.destinations, self.subscriptions = {}, {}
            self.outbox, self.unsent, self.lanes, self.mails, self.notifications = {}, {}, {}, {}, []


def require_text(*texts: str) -> None:
    """Refuse what no other store takes either: characters that cannot be written, such as half a pair of surrogates.

    Raises:
        UnicodeEncodeError: there is such a character.

    """
    for text in texts:
        text.encode()
