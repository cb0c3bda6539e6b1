"""The outside world on one page: what the services ask of a back end.

Every port has one contract suite under `tests/ports/`, which runs over every adapter. All methods may raise an error
of the technology beneath when the world is wrong; such errors are left to propagate, and the work is tried again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import BinaryIO, NamedTuple, Protocol

from msgspec import Struct

from feedproc.feeds.progress import Claim, Mark
from feedproc.feeds.report import Result
from feedproc.feeds.submission import FeedSubmission, NewSubmission, ProcessingStatus
from feedproc.feedtype import BuyerNotice
from feedproc.orders.inventory import StockChange, StockLevel
from feedproc.orders.order import Order, OrderKey, OrderStatus


class Secret(str):
    """A text that must not be shown: its `repr` hides it, so that it cannot slip into a log or a traceback."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return a placeholder."""
        return "Secret(…)"


class Seller(Struct, frozen=True, kw_only=True):
    """Who submits, and the credentials that prove it."""

    seller_id: str
    merchant_token: str
    """The other name that a feed's MerchantIdentifier may give."""
    access_key: str
    """May be shared by several sellers when one developer acts for all of them."""
    secret_key: Secret
    auth_token: Secret
    """MWSAuthToken, which a developer sends who acts for this seller."""
    marketplace_ids: tuple[str, ...]


class Sellers(Protocol):
    """Who may submit."""

    def add(self, seller: Seller) -> None:
        """Keep a seller. Raises `SellerExists` when the id is taken, or the access key with another secret."""

    def get(self, seller_id: str) -> Seller | None:
        """Return the seller with this id."""

    def holding(self, access_key: str) -> Sequence[Seller]:
        """Return the sellers for whom this access key signs; empty when nobody knows the key."""

    def all(self) -> Sequence[Seller]:
        """Return every seller, by id."""


class DocumentWriter(Protocol):
    """A document that is being written. Nothing can be read of it before `commit`."""

    def write(self, data: bytes) -> None:
        """Append bytes."""

    def commit(self) -> str:
        """Make it durable and return its key."""

    def discard(self) -> None:
        """Forget what was written. Does nothing after `commit`."""


class Documents(Protocol):
    """Stored bytes under keys that the store chooses."""

    def create(self) -> DocumentWriter:
        """Begin a document."""

    def open(self, key: str) -> BinaryIO:
        """Open a document for reading; it can be sought. Raises `FileNotFoundError`."""

    def delete(self, key: str) -> None:
        """Delete a document, if it is there."""


class Filter(Struct, frozen=True, kw_only=True):
    """Which submissions. Empty tuples and None mean no condition; `submission_ids` overrides all others."""

    submission_ids: tuple[str, ...] = ()
    feed_types: tuple[str, ...] = ()
    statuses: tuple[ProcessingStatus, ...] = ()
    submitted_from: datetime | None = None
    submitted_to: datetime | None = None
    before_counter: int | None = None
    """Only submissions older than the one with this counter: where the page before ended."""


class Submissions(Protocol):
    """What was handed in, and how far it has come."""

    def add(self, new: NewSubmission) -> FeedSubmission:
        """Give it the seller's next counter and keep it, durably, as SUBMITTED."""

    def get(self, seller_id: str, submission_id: str) -> FeedSubmission | None:
        """Return one of this seller's submissions."""

    def find(self, seller_id: str, which: Filter, limit: int) -> Sequence[FeedSubmission]:
        """Return at most `limit` of this seller's submissions, newest first."""

    def count(self, seller_id: str, which: Filter) -> int:
        """Return how many of this seller's submissions match."""

    def cancel(self, seller_id: str, submission_id: str, at: datetime) -> bool:
        """Cancel it if no worker has begun it; say whether it was cancelled now."""

    def claim(self, seller_id: str, submission_id: str, worker: str, at: datetime, lease: timedelta) -> Claim | None:
        """Take it for a worker until `at + lease`: IN_PROGRESS, one more attempt.

        None when it is not to be had: ended, cancelled, held by a living worker, or another feed of the same seller
        and type is being processed or is older and waits.
        """

    def renew(self, claim: Claim, at: datetime, lease: timedelta) -> None:
        """Hold the claim until `at + lease`. Raises `ClaimLost`."""

    def finish(self, claim: Claim, ended: FeedSubmission, notices: Sequence["OutboxEntry"]) -> None:
        """Keep how it ended, with what is to be told about it. Raises `ClaimLost`."""

    def release(self, claim: Claim, reason: str) -> None:
        """Give it up for that reason, so that another worker may claim it at once. Nothing when the claim is lost."""


class Waiting(NamedTuple):
    """A submission that a queue says is to be processed."""

    seller_id: str
    submission_id: str


class Queue(Protocol):
    """What is to be processed. Delivery is at least once; feeds of one seller and type come in order."""

    def send(self, submission: FeedSubmission) -> None:
        """Announce a new submission."""

    def receive(self, at: datetime) -> Waiting | None:
        """Return a submission that can be claimed now, or None. It comes again if nobody ends it."""


class OutboxEntry(Struct, frozen=True, gc=False):
    """Something to be sent once the transaction that wrote it stands."""

    entry_id: str
    """The same however often the cause is repeated, so that a receiver can tell a repetition."""
    kind: str
    """`buyer-notice` or `feed-finished`."""
    seller_id: str
    submission_id: str
    message_id: str | None = None
    notice: BuyerNotice | None = None


class Batch(Struct, frozen=True):
    """What one transaction commits: all of it, or nothing."""

    claim: Claim
    orders: Sequence[Order]
    """Changed orders, each still carrying the version it was read with."""
    stock: Sequence[tuple[str, StockChange]]
    """Changes of stock, each with the id of the message that caused it."""
    outbox: Sequence[OutboxEntry]
    mark: Mark


class Book(Protocol):
    """Where orders live, one book a seller; and the batches that change them."""

    def find(self, seller_id: str, keys: Collection[OrderKey]) -> Mapping[OrderKey, Order]:
        """Return the orders with these keys; a key that names no order is absent.

        Buyer and address are left blank: no rule needs them, and `commit` leaves those that are stored as they are.
        """

    def commit(self, batch: Batch, at: datetime, lease: timedelta) -> None:
        """Commit a batch once, and renew the claim until `at + lease`.

        Raises `ClaimLost` when another worker holds the submission, `Conflict` when an order changed meanwhile;
        then nothing was written.
        """

    def last_mark(self, seller_id: str, submission_id: str) -> Mark | None:
        """Return the mark of the last batch that was committed, without its results."""

    def results(self, seller_id: str, submission_id: str) -> Iterator[Result]:
        """Return the results of all committed batches, in feed order, without holding them all in memory."""

    def load(self, seller_id: str, orders: Iterable[Order]) -> int:
        """Put new orders in, or replace those with the same Amazon id; return how many."""

    def get(self, seller_id: str, amazon_order_id: str) -> Order | None:
        """Return one order."""

    def listed(self, seller_id: str, status: OrderStatus | None, limit: int) -> Iterator[Order]:
        """Return at most `limit` orders, newest purchase first."""


class Stock(Protocol):
    """Units by SKU, one stock a seller. Changed by `Book.commit`, set here."""

    def load(self, seller_id: str, levels: Iterable[StockLevel]) -> int:
        """Set the level of each SKU; return how many."""

    def level(self, seller_id: str, sku: str) -> int:
        """Return the units of a SKU; 0 for one that was never seen."""

    def all(self, seller_id: str) -> Iterator[StockLevel]:
        """Return every SKU, by name."""


class Outbox(Protocol):
    """What waits to be sent."""

    def pending(self, limit: int) -> Sequence[OutboxEntry]:
        """Return the oldest entries that were not sent yet."""

    def sent(self, entry_ids: Collection[str]) -> None:
        """Forget entries that were sent."""


class Backend(NamedTuple):
    """One back end: every port, played by adapters that belong together."""

    sellers: Sellers
    documents: Documents
    submissions: Submissions
    queue: Queue
    book: Book
    stock: Stock
    outbox: Outbox
