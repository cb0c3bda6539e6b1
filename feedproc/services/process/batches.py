"""The messages of one feed applied, a batch at a time, each committed once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple, Self

from msgspec.structs import replace

from feedproc.errors import BatchTooLarge, Conflict
from feedproc.feeds.effects import Seen, Touches
from feedproc.feeds.feed_type import Context, FeedType
from feedproc.feeds.finding import Portion
from feedproc.feeds.message import Message
from feedproc.feeds.progress import Claim, Mark
from feedproc.feeds.report import NO_MESSAGE, Result, shorten
from feedproc.feeds.result_codes import TOO_MANY_ERRORS, UNPROCESSABLE
from feedproc.feeds.saying import say
from feedproc.orders.order import OrderKey
from feedproc.ports import Batch, OutboxEntry, OutboxKind
from feedproc.services.news import choose_teller
from feedproc.services.process.backlog import Backlog
from feedproc.services.process.departures import Departures
from feedproc.services.process.effects import Cause, Work
from feedproc.services.process.processing import Processing

_TOO_MANY = Result(NO_MESSAGE, *TOO_MANY_ERRORS)
_UNPROCESSABLE = Result(
    NO_MESSAGE,
    *UNPROCESSABLE,
    reason=say(
        "What this one message changes is more than the store can change at once; divide it into several messages"
    ),
)
_CONFLICTS_ENDURED = 20
"""How often a batch is applied anew because another feed changed the same orders or levels meanwhile."""


_MOST_FLIGHTS = 2
"""Batches that are made and not known to be committed: one on its way, and one that is sent the moment it arrives."""


class _Unsendable(NamedTuple):
    """A batch of which the store says, without being asked to commit it, that it cannot be."""

    error: Exception

    def commit(self) -> None:
        """Raise what is wrong with it."""
        raise self.error


class _Flight(NamedTuple):
    """A batch on its way into the store; the store alone still holds what it changes."""

    mark: Mark
    """Stands once it is committed."""
    messages: int
    """How many of the backlog it takes."""
    orders: Set[OrderKey]
    """Which it changes, by all the names that they had and will have."""
    skus: Set[str]
    """Whose levels it changes."""
    arrive: Callable[[], object]
    """Waits until it is committed, and raises what came between."""

    def meets(self, touched: Touches) -> bool:
        """Say whether what is touched stands otherwise once it has arrived."""
        return not self.orders.isdisjoint(touched.orders) or not self.skus.isdisjoint(touched.skus)


class Application:
    """The messages of one claimed feed, on their way into the order book and the stock.

    Where a thread of its own commits, it commits one batch while the next one waits, ready to be sent, and the one
    after it is made. Nothing is sent before the batch before it has arrived, and what that one changes is not looked at
    until then: to the store it is as if they came in turn.
    """

    def __init__(
        self, processing: Processing, claim: Claim, feed_type: FeedType, context: Context | None, cause: Cause
    ) -> None:
        """Without a context no message takes effect, and each is counted. The clock may raise when time is up."""
        backend, policy, clock = processing.backend, processing.policy, processing.clock
        self._orders = backend.orders
        self._batches = backend.batches
        self._stock = backend.stock
        self._claim = claim
        self._feed_type = feed_type
        self._context = context
        self._most_errors = policy.most_errors
        self._lease = policy.lease
        self._clock = clock
        self._cause = cause
        self._tell = choose_teller(backend.subscriptions, claim.seller_id, cause.at, claim.submission_id)
        most = backend.batches.most_writes
        self._most_writes = None if most is None else max(most - (self._tell is not None), 1)
        self._room = self._most_writes
        """How many messages are tried at a time: about as many as fitted before, so few orders are read in vain."""
        self._backlog = Backlog()
        self._conflicts = 0
        self._flights: deque[_Flight] = deque()
        """The oldest is on its way; those behind it are sent once it has arrived."""
        self._departures = Departures(backend.release) if backend.batches.commits_beside else None

    @contextmanager
    def begin(self, mark: Mark) -> Iterator[Self]:
        """Go on behind a mark; at the end nothing is on its way any more, whatever ends it."""
        self._committed = mark
        try:
            yield self
        finally:
            if self._departures is not None:
                self._departures.close()

    @property
    def mark(self) -> Mark:
        """The mark of the last batch that was made. It may still be on its way."""
        return self._flights[-1].mark if self._flights else self._committed

    def is_over(self) -> bool:
        """Say whether there were so many errors that no more is applied; the last result says so.

        A batch that would be the last is waited for: applied anew, its messages may have fewer errors.
        """
        while self._flights and self._seems_over:
            self._land()
        return self._seems_over

    @property
    def _seems_over(self) -> bool:
        return self.mark.summary.with_error > self._most_errors

    def apply(self, portion: Portion) -> None:
        """Apply a portion, in as many batches as the store needs; what fills none waits for the next portion.

        How many messages are taken is what counts: a portion that is read again need not end where it did.
        """
        done = 0 if self._backlog.has_portions else self._committed.taken
        if done and done >= len(portion.messages):
            self._committed = replace(self._committed, end=portion.end, taken=done - len(portion.messages))
            return
        self._backlog.add(portion, done)
        while self._has_more and (self._room is None or self._count_waiting() >= self._room):
            self._advance()

    def finish(self) -> Mark:
        """Apply what still waits; return the last mark, with nothing on its way."""
        while self._flights or self._has_more:
            if self._has_more:
                self._advance()
            else:
                self._land()
        return self._committed

    @property
    def _has_more(self) -> bool:
        """Whether there is something to make a batch of: messages, or a portion without any."""
        return not self._seems_over and (
            self._count_waiting() > 0 or (not self._flights and self._backlog.has_portions)
        )

    def _count_waiting(self) -> int:
        return len(self._backlog) - self._count_in_flight()

    def _count_in_flight(self) -> int:
        return sum(one.messages for one in self._flights)

    def _advance(self) -> None:
        """Make one more batch, and send it off. When one before it has failed, that one is made anew instead."""
        messages = self._backlog.list_from(self._count_in_flight(), self._room)
        touched = Touches() if self._context is None else self._gather_touches(messages)
        while any(one.meets(touched) for one in self._flights):
            if not self._land():
                return
        work = self._apply_to(touched, self._look(touched), messages)
        taken = self._count_waiting() if work.interrupted else work.taken
        batch = self._make_batch(work, self._count_in_flight() + taken)
        self._room = self._choose_room(work)
        prepared = self._prepare(batch)
        if len(self._flights) == _MOST_FLIGHTS and not self._land():
            return
        arrive = prepared if self._departures is None else self._departures.send(prepared)
        self._flights.append(_Flight(batch.mark, taken, work.changed_keys, work.skus, arrive))
        if self._departures is None:
            self._land()

    def _prepare(self, batch: Batch) -> Callable[[], None]:
        """Return what commits a batch; what is known to be wrong with it is told in its turn."""
        if self._departures is None:
            return partial(self._batches.commit, batch, self._clock(), self._lease)
        try:
            return self._batches.prepare(batch, self._clock(), self._lease)
        except (BatchTooLarge, Conflict) as error:
            return _Unsendable(error).commit

    def _land(self) -> bool:
        """Wait for the oldest batch on its way; say whether it is committed.

        If not, its messages and those of all behind it, of which none was sent, are to be applied anew.
        """
        if not self._flights:
            return True
        flight = self._flights.popleft()
        try:
            flight.arrive()
        except Conflict as conflict:
            self._call_back()
            self._conflicts += 1
            if self._conflicts == _CONFLICTS_ENDURED:
                batch_of = f"batch {flight.mark.number} of {self._claim.submission_id}"
                raise Conflict(f"{batch_of} met changed orders or levels again and again") from conflict
            return False
        except BatchTooLarge:
            self._call_back()
            if flight.messages > 1:
                self._room = flight.messages // 2
            else:
                self._backlog.refuse_first(_refuse_as_too_large(self._backlog.list_from(0, 1)[0]))
            return False
        self._conflicts = 0
        self._committed = flight.mark
        self._backlog.drop(flight.messages)
        return True

    def _call_back(self) -> None:
        """Forget the batches behind one that has failed."""
        self._flights.clear()
        if self._departures is not None:
            self._departures.call_back()

    def _choose_room(self, work: Work) -> int | None:
        """Return one message more than would fit if each wrote as much as those of the last batch."""
        if self._most_writes is None:
            return None
        return min(self._most_writes, work.taken * self._most_writes // max(work.writes, 1) + 1)

    def _gather_touches(self, messages: Iterable[Message | Result]) -> Touches:
        """Return all that the messages speak of, each thing once."""
        touched = [self._feed_type.touches(one.body) for one in messages if isinstance(one, Message)]
        orders = dict.fromkeys(key for one in touched for key in one.orders)
        return Touches(tuple(orders), tuple(dict.fromkeys(sku for one in touched for sku in one.skus)))

    def _look(self, touched: Touches) -> Seen:
        """Return how all that is touched stands now; only what is touched is asked for."""
        seller_id = self._claim.seller_id
        orders = self._orders.find(seller_id, touched.orders) if touched.orders else {}
        return Seen(orders, self._stock.get_levels(seller_id, touched.skus) if touched.skus else {})

    def _apply_to(self, touched: Touches, found: Seen, messages: Sequence[Message | Result]) -> Work:
        """Apply messages to what was found of all that they touch, as many as one batch can hold."""
        work = Work(self._feed_type, self._context, self._cause, self._most_writes)
        work.start_from(touched, found)
        tolerated = self._most_errors - self.mark.summary.with_error
        for message in messages:
            if work.with_error >= tolerated:
                work.interrupt(_TOO_MANY)
                break
            if not work.take(message):
                break
        return work

    def _make_batch(self, work: Work, count: int) -> Batch:
        """Return the batch that ends so many messages behind the last mark that was committed."""
        before = self.mark
        end, taken = self._backlog.find_end(self._committed, count)
        following = Mark(
            number=before.number + 1,
            end=end,
            summary=before.summary + work.summary,
            results=tuple(work.results),
            taken=taken,
            messages=before.messages,
            places=tuple(work.places),
        )
        return Batch(
            self._claim,
            tuple(work.changed.values()),
            work.stock,
            self._make_entries(work, following.number),
            following,
            work.tallies,
            work.levels,
        )

    def _make_entries(self, work: Work, batch: int) -> list[OutboxEntry]:
        seller_id, submission_id = self._claim.seller_id, self._claim.submission_id
        return [
            OutboxEntry(
                f"{seller_id}/{submission_id}/{batch}-{place}",
                OutboxKind.BUYER_NOTICE,
                seller_id,
                submission_id,
                message_id,
                one,
                self._cause.at,
            )
            for place, message_id, one in work.notices
        ] + self._list_news(work)

    def _list_news(self, work: Work) -> list[OutboxEntry]:
        found = [] if self._tell is None else [self._tell(before, after) for before, after in work.changes]
        return [one for one in found if one is not None]


def _refuse_as_too_large(message: Message | Result) -> Result:
    """Return the result of a message that is too much for the store by itself; a result is cut short.

    Raises:
        BatchTooLarge: the result was cut short already.

    """
    if isinstance(message, Result):
        if (short := shorten(message)) == message:
            raise BatchTooLarge(f"the result of message {message.message_id} is larger than the store can keep")
        return short
    return replace(_UNPROCESSABLE, message_id=message.message_id)
