"""The messages of one batch applied in memory: what changed, and what there is to tell."""

from collections.abc import Iterator, Set
from datetime import date, datetime
from itertools import chain, starmap
from typing import Any, NamedTuple

from msgspec.structs import replace

from feedproc.feeds.effects import BuyerNotice, Effects, Seen, Touches
from feedproc.feeds.feed_type import Context, FeedType
from feedproc.feeds.message import Message
from feedproc.feeds.report import Result, Severity, Summary
from feedproc.feeds.saying import say
from feedproc.orders.metrics import count_change, merge_tallies
from feedproc.orders.order import GivenBy, Order, OrderChange, OrderKey, OrderStatus
from feedproc.orders.tally import TallyCounts
from feedproc.stock.change import StockChange


class Cause(NamedTuple):
    """What stands behind each change that a feed makes."""

    at: datetime
    submission_id: str
    memo: str


_Written = tuple[str, str | date]
"""What kind of thing is written, and which."""
_NOTICES: _Written = ("outbox", "notices")
_JOURNAL: _Written = ("ledgers", "journal")


class Work:
    """A batch in the making. Messages for one order act on each other in feed order."""

    def __init__(
        self, feed_type: FeedType, context: Context | None, cause: Cause, most_writes: int | None = None
    ) -> None:
        """Without a context, messages are counted as processed and none takes effect; `cause` is noted in orders.

        `most_writes` is how much the store takes at a time, as `Batches.most_writes` counts it.
        """
        self._feed_type = feed_type
        self._most_writes = most_writes
        self._cause = cause
        self._context = context
        self._successful = self._with_warning = 0
        self.taken = self.with_error = 0
        """How many messages were applied or found faulty, and how many of them failed."""
        self.interrupted = False
        self._before: dict[str, Order] = {}
        self._levels_before: dict[str, int | None] = {}
        self._orders: dict[OrderKey, Order] = {}
        self._levels: dict[str, int] = {}
        self._seen = Seen(self._orders, self._levels)
        """What the next message sees."""
        self.changed: dict[str, Order] = {}
        self.stock: list[tuple[str, StockChange]] = []
        self.skus: set[str] = set()
        """Whose levels change."""
        self._written: set[_Written] = set()
        """What is to be written, where a store takes only so much."""
        self.notices: list[tuple[str, str, BuyerNotice]] = []
        """Place in the batch, message id, and what the buyer is told."""
        self.results: list[Result] = []
        self.places: list[int] = []
        """For each result, which message of the batch it is about, from 0; -1 for none."""

    def start_from(self, touched: Touches, found: Seen) -> None:
        """Take what is touched as it is stored."""
        self._orders.update(found.orders)
        self._levels.update(found.levels)
        self._before = {order.amazon_order_id: order for order in found.orders.values()}
        self._levels_before = {sku: found.levels.get(sku) for sku in touched.skus}

    def take(self, message: Message | Result) -> bool:
        """Apply a message, or note the result that it already has.

        False, and nothing of it is kept, when it would make the batch more than the store takes at a time. The first
        one is taken in any case.
        """
        if not isinstance(message, Message):
            self._tell(message)
        elif self._context is not None:
            effects = self._feed_type.apply(message.message_id, message.body, self._seen, self._context)
            if self._most_writes is not None and not self._has_room_for(effects):
                return False
            if effects.result is not None:
                effects = self._name_cause(message.body, effects, effects.result)
            self._keep(message.message_id, effects)
        self.taken += 1
        return True

    def interrupt(self, result: Result) -> None:
        """Take no more messages, and say why."""
        self.interrupted = True
        self.results.append(result)
        self.places.append(-1)
        self.with_error += 1

    @property
    def writes(self) -> int:
        """How many things are to be written, and never too few, where a store takes only so many."""
        return len(self._written)

    @property
    def changed_keys(self) -> Set[OrderKey]:
        """All names that changed orders had before, or have now."""
        orders = [one for pair in self.changes for one in pair if one is not None]
        given = {OrderKey(one.merchant_order_id, GivenBy.SELLER) for one in orders if one.merchant_order_id is not None}
        return given.union(map(OrderKey, self.changed))

    @property
    def summary(self) -> Summary:
        """Counts of this batch."""
        return Summary(self.taken, self._successful, self.with_error, self._with_warning)

    @property
    def changes(self) -> Iterator[tuple[Order | None, Order]]:
        """The orders that changed, each as it was and as it is."""
        return zip(map(self._before.get, self.changed), self.changed.values(), strict=True)

    @property
    def tallies(self) -> TallyCounts:
        """What counts more, or less, in the seller's metrics."""
        return merge_tallies(chain.from_iterable(starmap(count_change, self.changes)))

    @property
    def levels(self) -> dict[str, int | None]:
        """How the SKUs stood that were looked at and change; None for one that was never seen."""
        return {sku: level for sku, level in self._levels_before.items() if sku in self.skus}

    def _has_room_for(self, effects: Effects) -> bool:
        """Count what effects would write; say whether the store takes them together with what is there."""
        if self._most_writes is None:
            return True
        more = {one for order in effects.orders for one in self._list_written(order)}
        if effects.stock:
            more.update(("level", change.sku) for change in effects.stock)
            more.add(_JOURNAL)
        if effects.notices:
            more.add(_NOTICES)
        more -= self._written
        if self.taken and len(self._written) + len(more) > self._most_writes:
            return False
        self._written |= more
        return True

    def _list_written(self, order: Order) -> Iterator[_Written]:
        """Yield an order, names that it takes or gives up, and days of the tallies.

        A day counts even when what two orders count on it cancels out, a name when a later message gives it back.
        """
        before = self._before.get(order.amazon_order_id)
        old, new = before.merchant_order_id if before else None, order.merchant_order_id
        yield "order", order.amazon_order_id
        if old != new:
            yield from (("name", name) for name in (old, new) if name is not None)
        yield from (("day", tally.day) for tally, _ in count_change(before, order))

    def _name_cause(self, body: Any, effects: Effects, result: Result) -> Effects:
        """Add to the reason of a refusal that an earlier message of this very feed cancelled the order.

        Rows of flat files are about one item each, so that they are told nothing.
        """
        if not result.reason or not self._feed_type.format.declares_encoding:
            return effects
        keys = self._feed_type.touches(body).orders
        order = self._orders.get(keys[0]) if keys else None
        if order is None or order.status is not OrderStatus.CANCELED or not order.changes:
            return effects
        last = order.changes[-1]
        if last.submission_id != self._cause.submission_id:
            return effects
        words = "{}: message {} of this feed cancelled it, and all items of an order belong into one message"
        return replace(effects, result=replace(result, reason=say(words, result.reason, last.message_id)))

    def _keep(self, message_id: str, effects: Effects) -> None:
        if effects.orders:
            at, submission_id, memo = self._cause
            noted = OrderChange(at, submission_id, message_id, memo)
            for order in effects.orders:
                self._remember(replace(order, changes=(*order.changes, noted)))
        for change in effects.stock:
            self.stock.append((message_id, change))
            self.skus.add(change.sku)
            self._levels[change.sku] = change.move.apply_to(self._levels.get(change.sku, 0))
        if effects.notices:
            self.notices += [(f"{self.taken}-{n}", message_id, one) for n, one in enumerate(effects.notices)]
        if effects.result is None:
            self._successful += 1
        else:
            self._tell(effects.result)

    def _tell(self, result: Result) -> None:
        self.results.append(result)
        self.places.append(self.taken)
        if result.severity is Severity.ERROR:
            self.with_error += 1
        else:
            self._with_warning += 1
            self._successful += 1

    def _remember(self, order: Order) -> None:
        self.changed[order.amazon_order_id] = order
        key = OrderKey(order.amazon_order_id)
        before = self._orders.get(key)
        old = before.merchant_order_id if before is not None else None
        if old is not None and old != order.merchant_order_id:
            self._orders.pop(OrderKey(old, GivenBy.SELLER), None)
        self._orders[key] = order
        if order.merchant_order_id is not None:
            self._orders[OrderKey(order.merchant_order_id, GivenBy.SELLER)] = order
