"""The outside world on one page: what the services ask of a back end.

Every port has one contract suite under `tests/ports/`, which runs over every adapter. All methods may raise an error
of the technology beneath when the world is wrong; such errors are left to propagate, and the work is tried again.
What hands something over to others, `Mailer`, `Notifier` and `Queue.send`, raises `DeliveryDelayed` instead: whoever
calls it goes on with the next, and tries that one again later.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from typing import BinaryIO, NamedTuple, Protocol

from msgspec import Struct

from feedproc.feeds.effects import BuyerNotice
from feedproc.feeds.manner import Manner
from feedproc.feeds.marketplaces import Marketplace, marketplace_of
from feedproc.feeds.progress import Claim, Mark
from feedproc.feeds.report import Result
from feedproc.feeds.report_schedule import ReportExtra, ReportSchedule
from feedproc.feeds.submission import FeedSubmission, NewSubmission, ProcessingStatus, SubmissionKind
from feedproc.feeds.subscription import Destination, Subscription
from feedproc.orders.news import OrderNews
from feedproc.orders.order import Order, OrderKey, OrderStatus
from feedproc.orders.tally import TallyCounts
from feedproc.stock.change import StockChange, StockMoves, To
from feedproc.stock.level import StockEntry, StockLevel


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
    destinations: tuple[str, ...] = ()
    """Addresses of the queues that get FeedProcessingFinished notifications."""
    manner: Manner = Manner()
    """Which of Amazon's manners its feeds are judged by, where it is not the server's."""
    report_extras: tuple[ReportExtra, ...] = ()
    """Columns that its flat reports of orders have besides those that every seller's have."""
    client_id: str = ""
    """Of the application that calls SP-API for this seller, and perhaps for others; empty when none does."""
    client_secret: Secret = Secret("")
    """What the application proves itself by (Login with Amazon)."""
    refresh_token: Secret = Secret("")
    """What the application gets access tokens by, for this seller."""
    password_hash: Secret = Secret("")
    """Of the password for the console; empty when there is none, so that nobody can sign in."""

    @property
    def names(self) -> frozenset[str]:
        """What a feed's MerchantIdentifier may be: the id, or the merchant token."""
        return frozenset((self.seller_id, self.merchant_token))

    @property
    def marketplace(self) -> Marketplace:
        """The first of its marketplaces: the one whose language and clock its reports and pages have."""
        return marketplace_of(next(iter(self.marketplace_ids), ""))


class Sellers(Protocol):
    """Who may submit."""

    def add(self, seller: Seller) -> None:
        """Keep a seller.

        Raises:
            SellerExists: the id is taken; or the access key, or the application, with another secret.

        """

    def change(self, seller: Seller) -> None:
        """Keep a seller's particulars in place of those kept so far. Raises `SellerUnknown`, or `SellerExists`."""

    def get(self, seller_id: str) -> Seller | None:
        """Return the seller with this id."""

    def find_by_access_key(self, access_key: str) -> Sequence[Seller]:
        """Return the sellers for whom this access key signs; empty when nobody knows the key."""

    def find_by_client(self, client_id: str) -> Sequence[Seller]:
        """Return the sellers for whom this application calls SP-API; empty when nobody knows it."""

    def list_sellers(self) -> Sequence[Seller]:
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
    """Stored bytes under keys: 32 hexadecimal digits, which nobody can guess."""

    def create(self, key: str | None = None) -> DocumentWriter:
        """Begin a document; under a key that the store chooses, unless an upload's is given.

        What is committed under the key of an upload takes the place of what was committed under it before.
        """

    def adopt(self, key: str) -> str:
        """Take an uploaded document out of its sender's reach; return the key under which it is from now on.

        However often that is asked, the answer is the same, and the document is the one that was adopted first.

        Raises:
            FileNotFoundError: nothing was uploaded under this key.

        """

    def open(self, key: str) -> BinaryIO:
        """Open a document for reading; it can be sought. Raises `FileNotFoundError`."""

    def delete(self, key: str) -> None:
        """Delete a document, if it is there."""


class Link(Struct, frozen=True):
    """A document that is to be uploaded or downloaded without a token."""

    seller_id: str
    key: str
    """Of the document."""
    name: str
    """The id under which the API knows it."""
    content_type: str
    """With which it must be uploaded, or is served."""
    encoding: str = "identity"
    """Content-Encoding of a download."""
    is_packed: bool = False
    """A download is given compressed by gzip, whatever its encoding says."""


LINK_LIFE = timedelta(minutes=5)
"""How long the address of a document is good (recorded, `X-Amz-Expires=300`)."""


class DocumentLinks(Protocol):
    """Makes addresses that are good for one document and `LINK_LIFE`, and need no token."""

    def link_upload(self, link: Link, now: datetime) -> str:
        """Return where the document is to be put."""

    def link_download(self, link: Link, now: datetime) -> str:
        """Return where the document is to be had."""


class Filter(Struct, frozen=True, kw_only=True):
    """Which submissions. Empty tuples and None mean no condition; `submission_ids` overrides all but the kind."""

    kind: SubmissionKind | None = SubmissionKind.FEED
    """None for feeds and requests for reports alike."""
    submission_ids: tuple[str, ...] = ()
    feed_types: tuple[str, ...] = ()
    statuses: tuple[ProcessingStatus, ...] = ()
    submitted_from: datetime | None = None
    submitted_to: datetime | None = None
    before_counter: int | None = None
    """Only submissions older than the one with this counter: where the page before ended."""


LONGEST_PAUSE = timedelta(minutes=2)
"""Between two tries at a submission that the world holds up. One that seems to wait longer waits by a wrong clock."""


class Submissions(Protocol):
    """What was handed in, and how far it has come."""

    def add(self, new: NewSubmission, repetition_key: str | None = None) -> FeedSubmission:
        """Give it the seller's next counter and keep it, durably, as SUBMITTED.

        With a key under which the seller has added one within `REPETITIONS_ARE_KNOWN`, nothing is kept, and that one is
        returned as it was handed in. Key and submission are kept together or not at all.
        """

    def get(self, seller_id: str, submission_id: str) -> FeedSubmission | None:
        """Return one of this seller's submissions."""

    def find(self, seller_id: str, which: Filter, limit: int) -> Sequence[FeedSubmission]:
        """Return at most `limit` of this seller's submissions, newest first."""

    def count(self, seller_id: str, which: Filter) -> int:
        """Return how many of this seller's submissions match."""

    def cancel(self, seller_id: str, submission_id: str, at: datetime, notices: Sequence["OutboxEntry"] = ()) -> bool:
        """Cancel it if no worker has begun it; say whether it was cancelled now.

        What is to be told about that is kept together with it.
        """

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

    def acknowledge(self, seller_id: str, submission_id: str, at: datetime | None) -> FeedSubmission | None:
        """Note when its report was acknowledged, or None that it was not; return it as it is then.

        None, and nothing is noted, for what is not this seller's or has no report.
        """

    def put_off(self, claim: Claim, reason: str, until: datetime) -> None:
        """Let it wait until a moment, since the world does not let it be processed now. Nothing when the claim is lost.

        That was no attempt, but one more setback. `until` is at most `LONGEST_PAUSE` away.
        """

    def find_overdue(self, before: datetime, limit: int) -> Sequence[FeedSubmission]:
        """Return the oldest submissions, of all sellers, that were handed in before a moment and are still open.

        They come oldest first, at most `limit` of them. A store may learn a second late of the newest.
        """


class Schedules(Protocol):
    """When which reports are requested of themselves: of each seller, at most one schedule for a type of report."""

    def put(self, schedule: ReportSchedule) -> None:
        """Keep a schedule in place of the one that the seller has for the same type, if any."""

    def remove(self, seller_id: str, report_type: str) -> None:
        """Forget a schedule, if there is one."""

    def list_schedules(self, seller_id: str) -> Sequence[ReportSchedule]:
        """Return a seller's schedules, by the name of their type."""

    def find_due(self, at: datetime, limit: int) -> Sequence[ReportSchedule]:
        """Return schedules of all sellers whose time has come, the longest due first, at most `limit` of them."""

    def advance(self, schedule: ReportSchedule, next_at: datetime) -> bool:
        """Let a schedule be due next at that moment; False, and nothing changes, if it is not as it was read."""


class Subscriptions(Protocol):
    """Where applications want notifications, and of what."""

    def add_destination(self, destination: Destination) -> bool:
        """Keep a destination; False, and nothing is kept, if its application has one of the same queue."""

    def list_destinations(self, client_id: str) -> Sequence[Destination]:
        """Return an application's destinations, by their ids."""

    def remove_destination(self, destination: Destination) -> None:
        """Forget a destination, if it is there."""

    def add(self, subscription: Subscription) -> bool:
        """Keep a subscription; False, and nothing is kept, if there is one like it.

        That is one of the same application, seller, type and version.
        """

    def list_subscriptions(self, seller_id: str) -> Sequence[Subscription]:
        """Return the subscriptions of all applications about a seller, by their ids."""

    def remove(self, subscription: Subscription) -> None:
        """Forget a subscription, if it is there."""


class Waiting(NamedTuple):
    """A submission that a queue says is to be processed."""

    seller_id: str
    submission_id: str


class Queue(Protocol):
    """What is to be processed. Delivery is at least once; feeds of one seller and type come in order."""

    def send(self, submission: FeedSubmission) -> None:
        """Announce a submission. Raises `DeliveryDelayed`; then it is to be announced again later."""

    def receive(self, at: datetime) -> Waiting | None:
        """Return a submission that can be claimed now, or None. It comes again if nobody ends it."""

    def leave(self, worker: str, at: datetime) -> None:
        """Give up what a worker received here, claimed and did not end, so that another can go on at once."""


class PushedQueue(Protocol):
    """A queue that hands its entries to this process, instead of being asked for them."""

    def read_waiting(self, body: str) -> Waiting:
        """Return the submission that an entry names.

        Raises:
            ValueError: it names none.

        """

    def read_holder(self, body: str) -> str | None:
        """Return which worker was at what an entry names, and could not give it back; None for most."""

    def put_back(self, receipt: str, after: timedelta) -> None:
        """Let an entry that was received come again after a pause; its place in its group is kept."""

    def replace(self, body: str, holder: str) -> None:
        """Put an entry that says the same, and who its holder is, in the place of one that is to be deleted."""


class OutboxKind(StrEnum):
    """What an entry of the outbox becomes."""

    BUYER_NOTICE = "buyer-notice"
    """An e-mail to a buyer."""
    FEED_FINISHED = "feed-finished"
    """A notification to each queue that is told of the seller's feeds."""
    REPORT_FINISHED = "report-finished"
    """The same of a request for a report."""
    ORDER_CHANGED = "order-changed"
    """A notification to each queue that is told of the seller's orders."""
    TEST = "test-notification"
    """A notification about nothing, so that a queue can be tried."""


class OutboxEntry(Struct, frozen=True, omit_defaults=True, gc=False):
    """Something to be sent once the transaction that wrote it stands."""

    entry_id: str
    """The same however often the cause is repeated, so that a receiver can tell a repetition."""
    kind: OutboxKind
    seller_id: str
    submission_id: str
    """Empty when no submission caused it."""
    message_id: str | None = None
    notice: BuyerNotice | None = None
    at: datetime | None = None
    """When processing of the submission began, or what else caused it; the same however often it is repeated."""
    news: OrderNews | None = None
    """Of an order that changed."""
    trial: Subscription | None = None
    """Of a test: as if it were one of this subscription's notifications."""

    @property
    def amazon_order_id(self) -> str | None:
        """Of the order that it is about, if it is about one."""
        about = self.notice or self.news
        return about.amazon_order_id if about else None


OrderTeller = Callable[[Order | None, Order], OutboxEntry | None]
"""Given an order as it was, None for a new one, and as it is now, returns what is to be told of that, if anything."""


class Undelivered(Struct, frozen=True):
    """Why an entry of the outbox that waits no longer did not go out."""

    why: str
    """For whoever runs the shop: a code or a name, and no text of the other side."""
    has_nobody: bool = False
    """There was nobody to tell; else it could not be delivered."""


class SentEntry(Struct, frozen=True):
    """An entry of the outbox, and what became of it."""

    entry: OutboxEntry
    sent_at: datetime | None
    """When it went out, or was given up; None while it waits."""
    undelivered: Undelivered | None = None
    """Why it was given up; None for one that went out, or waits."""


class Batch(Struct, frozen=True):
    """What one transaction commits: all of it, or nothing."""

    claim: Claim
    orders: Sequence[Order]
    """Changed orders, each still carrying the version it was read with."""
    stock: Sequence[tuple[str, StockChange]]
    """Changes of stock, each with the id of the message that caused it, in the order in which they happen."""
    outbox: Sequence[OutboxEntry]
    mark: Mark
    tallies: TallyCounts = {}
    """What counts more, or less, in the seller's metrics."""
    levels: Mapping[str, int | None] = {}
    """How the SKUs stood whose level was looked at before it was changed; None for one that was never seen.

    A SKU that is set to a level is among them; one that only moves by some units need not be.
    """

    @property
    def moves(self) -> StockMoves:
        """What it does to the stock."""
        cause = f"{self.claim.submission_id}/{self.mark.number:08d}"
        return StockMoves(self.stock, self.levels, cause, self.claim.submission_id)

    def __post_init__(self) -> None:
        """Refuse a level that is set without having been looked at: nothing would guard it. Raises `ValueError`."""
        for message_id, change in self.stock:
            if isinstance(change.move, To) and change.sku not in self.levels:
                raise ValueError(f"message {message_id} sets the level of {change.sku!r}, which it does not touch")


class OrderTime(Enum):
    """One of the times of an order, by which a list is bounded and sorted."""

    PURCHASED = "purchased"
    UPDATED = "updated"


class OrderFilter(Struct, frozen=True, kw_only=True):
    """Which orders, and in which order. An empty tuple and None mean no condition."""

    statuses: tuple[OrderStatus, ...] = ()
    by: OrderTime = OrderTime.PURCHASED
    """The time that the bounds and the sorting ask."""
    since: datetime | None = None
    """Inclusive."""
    before: datetime | None = None
    """Exclusive."""
    oldest_first: bool = False
    after: tuple[datetime, str] | None = None
    """Time and Amazon id of the order with which the page before ended."""


class Orders(Protocol):
    """The orders of each seller."""

    def find(self, seller_id: str, keys: Collection[OrderKey]) -> Mapping[OrderKey, Order]:
        """Return the orders with these keys; a key that names no order is absent.

        Buyer and address are left blank: no rule needs them, and `Batches.commit` leaves the stored ones as they are.
        """

    def get(self, seller_id: str, amazon_order_id: str) -> Order | None:
        """Return one order with its buyer and address."""

    def list(self, seller_id: str, which: OrderFilter, limit: int) -> Iterator[Order]:
        """Return at most `limit` orders that match, newest first unless told otherwise; within one moment by id."""

    def load(self, seller_id: str, orders: Iterable[Order], tell: OrderTeller | None = None) -> int:
        """Put new orders in, or replace those with the same Amazon id; return how many were given.

        What `tell` returns of an order is put into the outbox together with it.
        One that does not tell when it was updated last is taken to have been updated by the last event that it tells.
        The tallies of the metrics follow. What was read of a replaced order before can no longer be committed.

        Raises:
            Conflict: another order of the seller has the merchant order id of one of them.

        """

    def place(
        self, seller_id: str, order: Order, moves: StockMoves, at: datetime, tell: OrderTeller | None = None
    ) -> None:
        """Put a new order in and take from the stock what it takes: both, or nothing.

        What `tell` returns of it is put into the outbox together with it.

        Raises:
            Conflict: there is an order with its id, or a level changed since it was looked at.

        """

    def change(self, seller_id: str, orders: Sequence[Order], at: datetime, tell: OrderTeller | None = None) -> None:
        """Keep orders that changed `at` a moment without a feed, say one that was released: all of them, or none.

        What `tell` returns of an order is put into the outbox together with it.
        The tallies of the metrics follow; buyers and addresses stay as they are stored.

        Raises:
            Conflict: one of them changed since it was read.

        """


class Batches(Protocol):
    """The transactions in which a feed takes effect."""

    @property
    def most_writes(self) -> int | None:
        """How many things one batch may write; None for as many as it likes.

        Each changed order is one, each merchant order id that an order takes or gives up, each day of the tallies, each
        kind of entries for the outbox, each level of a SKU, and what all their ledgers get.
        """

    @property
    def commits_beside(self) -> bool:
        """Whether committing is above all waiting for others, or work that leaves Python's lock to others.

        Then another thread commits batches, one at a time, while the next ones are made by the thread that works.
        """

    def prepare(self, batch: Batch, at: datetime, lease: timedelta) -> Callable[[], None]:
        """Do all of `commit` that does not ask the store; return what does the rest, with what it raises.

        Raises:
            Conflict: the batch contradicts itself, so that it cannot fit what is stored.
            BatchTooLarge: the store cannot take so much at once; fewer messages are to be tried.

        """

    def commit(self, batch: Batch, at: datetime, lease: timedelta) -> None:
        """Commit a batch once, and renew the claim until `at + lease`; when it raises, nothing was written.

        The changed orders were updated `at` that moment, or when they were before if the clock went back.

        Raises:
            ClaimLost: another worker holds the submission.
            Conflict: an order, or one of the batch's `levels`, changed since it was read.
            BatchTooLarge: the store cannot take so much at once; fewer messages are to be tried.

        """


class Marks(Protocol):
    """What each committed batch of a submission left behind: how far it came, and its results."""

    def get_last(self, seller_id: str, submission_id: str) -> Mark | None:
        """Return the mark of the last batch that was committed, without its results."""

    def get(self, seller_id: str, submission_id: str, number: int) -> Mark | None:
        """Return the mark of the batch of that number, from 1, with its results."""

    def list_results(self, seller_id: str, submission_id: str) -> Iterator[Result]:
        """Return the results of all committed batches, in feed order, without holding them all in memory."""


class Tallies(Protocol):
    """The counts from which a seller's metrics are made. They follow every change of an order."""

    def count(self, seller_id: str, first: date, last: date) -> TallyCounts:
        """Return the counts of the days from `first` to `last`, both included, without those that are 0."""


class Stock(Protocol):
    """Units by SKU, one stock a seller. Changed by `Batches.commit`, set here."""

    def load(self, seller_id: str, levels: Iterable[StockLevel], at: datetime) -> int:
        """Set the level of each SKU, and note each difference in its ledger; return how many SKUs."""

    def get_level(self, seller_id: str, sku: str) -> int:
        """Return the units of a SKU; 0 for one that was never seen."""

    def get_levels(self, seller_id: str, skus: Collection[str]) -> Mapping[str, int]:
        """Return the units of these SKUs; one that was never seen is absent."""

    def list_levels(self, seller_id: str, after: str = "") -> Iterator[StockLevel]:
        """Return every SKU whose name comes behind `after`, by name."""

    def list_entries(self, seller_id: str, sku: str, limit: int) -> Sequence[StockEntry]:
        """Return the last changes of a SKU's level and their causes, newest first."""


class Lane(NamedTuple):
    """Entries of the outbox that go one way: those of one kind, of one seller. Lanes are sent from in turn."""

    kind: OutboxKind
    seller_id: str


SENT_IS_KEPT = timedelta(days=30)
"""How long entries can be looked at after they were sent."""


class Outbox(Protocol):
    """What is to be sent, and what was. Entries that were sent are kept for `SENT_IS_KEPT`, to be looked at."""

    def add(self, entry: OutboxEntry, at: datetime) -> None:
        """Add an entry with a new id that belongs to no other change."""

    def list_waiting(self, limit: int, lane: Lane | None = None) -> Sequence[OutboxEntry]:
        """Return the oldest entries that were not sent yet, of one lane or of all."""

    def list_lanes(self, limit: int, after: Lane | None = None) -> Sequence[Lane]:
        """Return at most `limit` lanes in which something waits, in order of kind and seller, those behind `after`."""

    def note_sent(self, entries: Collection[OutboxEntry], at: datetime, undelivered: Undelivered | None = None) -> None:
        """Note that entries went out, or why they never will. What was noted before stays as it is."""

    def list_recent(self, seller_id: str, limit: int) -> Sequence[SentEntry]:
        """Return a seller's last entries, newest first."""


class Mail(Struct, frozen=True, kw_only=True):
    """An e-mail to a buyer."""

    mail_id: str
    """The same for the same cause, so that a repetition can be told; good as the left half of a Message-ID."""
    recipient: Secret
    subject: str
    text: str

    def __repr__(self) -> str:
        """Leave out what is in it."""
        return f"Mail({self.mail_id!r})"


class Mailer(Protocol):
    """Sends e-mail."""

    def send(self, mail: Mail) -> None:
        """Hand an e-mail over for delivery; it may be handed over again.

        Raises `Undeliverable` when that can never succeed, and `DeliveryDelayed` when it does not succeed now.
        """


class Notifier(Protocol):
    """Sends notifications to sellers' queues."""

    def notify(self, destination: str, body: str) -> None:
        """Put a notification into the queue at that address.

        Raises `Undeliverable` when that can never succeed, and `DeliveryDelayed` when it does not succeed now.
        """


class Backend(NamedTuple):
    """One back end: every port, played by adapters that belong together."""

    sellers: Sellers
    documents: Documents
    submissions: Submissions
    queue: Queue
    orders: Orders
    batches: Batches
    marks: Marks
    tallies: Tallies
    stock: Stock
    outbox: Outbox
    schedules: Schedules
    subscriptions: Subscriptions
    release: Callable[[], None] = lambda: None
    """Give back what this thread holds of the store, say an open file, until it asks for something again."""
    describe_fault: Callable[[BaseException], str | None] = lambda _: None
    """Say what is wrong with the world around the store, a full disk say, in the system's words and with the place.

    None for an error that has other causes, which no waiting mends.
    """
