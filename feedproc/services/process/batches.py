"""The messages of one feed applied, a batch at a time, each committed once."""

from collections.abc import Iterable, Sequence

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
from feedproc.ports import Batch, OutboxEntry, OutboxKind
from feedproc.services.news import choose_teller
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


class Application:
    """The messages of one claimed feed, on their way into the order book and the stock."""

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
        self._most_writes = backend.batches.most_writes
        self._room = backend.batches.most_writes
        """How many messages are tried at a time: about as many as fitted before, so few orders are read in vain."""

    def apply(self, portion: Portion, mark: Mark) -> Mark:
        """Apply what is left of a portion behind `mark`, in as many batches as the store needs; return the last mark.

        How many messages are taken is what counts: a portion that is read again need not end where it did.
        """
        if mark.taken > len(portion.messages):
            return replace(mark, end=portion.end, taken=mark.taken - len(portion.messages))
        mark = self._commit(portion, mark)
        while mark.taken:
            mark = self._commit(portion, mark)
        return mark

    def _commit(self, portion: Portion, mark: Mark) -> Mark:
        """Commit one batch of a portion: all that is left of it, or as much as the store takes at a time."""
        messages = portion.messages[mark.taken :][: self._room]
        for _ in range(_CONFLICTS_ENDURED):
            work = self._apply_some(messages, mark)
            batch = self._make_batch(portion, mark, work)
            try:
                self._batches.commit(batch, self._clock(), self._lease)
            except Conflict:
                continue
            except BatchTooLarge:
                self._room = max(1, len(messages) // 2)
                messages = messages[: self._room] if len(messages) > 1 else [_refuse_as_too_large(messages[0])]
                continue
            self._room = self._choose_room(len(messages), work.taken)
            return batch.mark
        batch_of = f"batch {mark.number + 1} of {self._claim.submission_id}"
        raise Conflict(f"{batch_of} met changed orders or levels again and again")

    def _choose_room(self, tried: int, fitted: int) -> int | None:
        if self._most_writes is None or self._room is None:
            return None
        if fitted < tried:
            return max(fitted, 1)
        # The rest of a portion may be few messages, which says nothing against more.
        return min(self._most_writes, max(self._room, tried + tried // 8 + 1))

    def _apply_some(self, messages: Sequence[Message | Result], mark: Mark) -> Work:
        """Apply messages to the orders as they are now, as many as one batch can hold."""
        touched = Touches() if self._context is None else self._gather_touches(messages)
        found = self._look(touched)
        work = self._apply_to(touched, found, messages, mark)
        if work.taken > 1 and work.exceeds(self._most_writes):
            return self._apply_to(touched, found, messages[: work.taken - 1], mark)
        return work

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

    def _apply_to(self, touched: Touches, found: Seen, messages: Sequence[Message | Result], mark: Mark) -> Work:
        """Apply messages to what was found of all that they touch."""
        work = Work(self._feed_type, self._context, self._cause)
        work.start_from(touched, found)
        tolerated = self._most_errors - mark.summary.with_error
        for message in messages:
            if work.with_error >= tolerated:
                work.interrupt(_TOO_MANY)
                break
            work.take(message)
            if work.exceeds(self._most_writes):
                break  # the last message was one too many
        return work

    def _make_batch(self, portion: Portion, mark: Mark, work: Work) -> Batch:
        taken = mark.taken + work.taken
        whole = work.interrupted or taken == len(portion.messages)
        following = Mark(
            number=mark.number + 1,
            end=portion.end if whole else mark.end,
            summary=mark.summary + work.summary,
            results=tuple(work.results),
            taken=0 if whole else taken,
            messages=mark.messages,
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
