"""Ports and feed types as a worker sees them when faults are injected. Nothing behind them knows of that."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from feedproc.control.faults import FaultBook, FeedFault, FeedTrouble, MessageFault, get_due
from feedproc.feeds.effects import Effects, Seen
from feedproc.feeds.endings import BY_SELLER
from feedproc.feeds.feed_type import Context, FeedType, FeedTypes
from feedproc.feeds.progress import Claim
from feedproc.feeds.report import Result
from feedproc.feeds.submission import FeedSubmission, NewSubmission, ProcessingStatus
from feedproc.orders.order import Order
from feedproc.ports import Filter, OutboxEntry, Queue, Submissions, Waiting
from feedproc.services.process.ending import finish

_EVER = datetime.max.replace(tzinfo=UTC)
_ALL = 1_000_000
_LEASE = timedelta(days=36_500)
HOLDER = "held-by-a-fault"
"""The worker in whose name feeds are held. Where claims die with their workers, it must be known to live."""
_MOMENT = timedelta(seconds=1)
_FATAL = "ended by an injected fault"
_RELEASED = "an injected fault was removed"
_SHOWN_ONLY = frozenset(
    {
        ProcessingStatus.UNCONFIRMED,
        ProcessingStatus.IN_SAFETY_NET,
        ProcessingStatus.AWAITING_ASYNCHRONOUS_REPLY,
    }
)
"""Statuses that no worker gives a feed; held ones are told to be in them."""


class FaultyQueue:
    """The port `Queue`, which passes over feeds that faults hold, and ends those that faults end."""

    def __init__(self, queue: Queue, submissions: Submissions, faults: FaultBook, announce: Callable[[], None]) -> None:
        """Stand before a queue; `announce` is called whenever something was handed in."""
        self._queue = queue
        self._submissions = submissions
        self._faults = faults
        self._announce = announce
        self._held: dict[tuple[str, str], Claim] = {}
        self._offered: dict[tuple[str, str], tuple[FeedSubmission, datetime]] = {}

    def send(self, submission: FeedSubmission) -> None:
        """Announce a submission."""
        self._queue.send(submission)
        self._announce()

    def receive(self, at: datetime) -> Waiting | None:
        """Return a submission that can be claimed now and that no fault holds."""
        if not self._held and not self._faults.meets_feeds:
            return self._queue.receive(at)
        self._let_go()
        lines: set[tuple[str, str]] = set()
        for submission in self._submissions.find_overdue(_EVER, _ALL):
            line = submission.seller_id, submission.feed_type
            fault = self._faults.choose_for_feed(submission)
            if line in lines or (fault is not None and self._meet(fault, submission, at)):
                lines.add(line)
            elif self._get(submission).status.is_open and not self._was_offered(submission, at):
                return Waiting(submission.seller_id, submission.submission_id)
        return None

    def leave(self, worker: str, at: datetime) -> None:
        """Give up what a worker claimed here."""
        self._queue.leave(worker, at)

    def forget(self) -> None:
        """Forget what is held, as the store was reset."""
        self._held.clear()
        self._offered.clear()

    def _meet(self, fault: FeedFault, submission: FeedSubmission, at: datetime) -> bool:
        """Let a fault happen to the first feed of its line; say whether the line has to wait."""
        if fault.what is FeedTrouble.DELAY:
            return at < get_due(fault, submission)
        if fault.what is FeedTrouble.HOLD:
            if fault.status is ProcessingStatus.IN_PROGRESS:
                self._hold(submission, at)
            return True
        claim = self._hold(submission, at)
        if claim is None:
            return True
        ended = replace(
            self._get(submission),
            status=ProcessingStatus.CANCELLED,
            reason=BY_SELLER if fault.what is FeedTrouble.CANCEL else _FATAL,
        )
        finish(self._submissions, claim, ended, at)
        del self._held[submission.seller_id, submission.submission_id]
        return False

    def _was_offered(self, submission: FeedSubmission, at: datetime) -> bool:
        """Say whether a feed was offered a moment ago and nobody could claim it; else offer it."""
        key = submission.seller_id, submission.submission_id
        before, since = self._offered.get(key, (None, at))
        if before == submission and abs(at - since) < _MOMENT:
            return True
        self._offered[key] = submission, at
        return False

    def _hold(self, submission: FeedSubmission, at: datetime) -> Claim | None:
        key = submission.seller_id, submission.submission_id
        if key not in self._held:
            claim = self._submissions.claim(*key, HOLDER, at, _LEASE)
            if claim is None:
                return None
            self._held[key] = claim
        return self._held[key]

    def _let_go(self) -> None:
        """Give up the feeds whose faults were removed."""
        for key, claim in [*self._held.items()]:
            submission = self._submissions.get(*key)
            if submission is None or self._faults.choose_for_feed(submission) is None:
                self._submissions.release(claim, _RELEASED)
                del self._held[key]

    def _get(self, submission: FeedSubmission) -> FeedSubmission:
        return self._submissions.get(submission.seller_id, submission.submission_id) or submission


class ShownSubmissions:
    """The port `Submissions` as programs see it: feeds that a fault holds are told to be in its status."""

    def __init__(self, submissions: Submissions, faults: FaultBook) -> None:
        """Stand before the submissions of a store."""
        self._submissions = submissions
        self._faults = faults
        self.claim, self.renew = submissions.claim, submissions.renew
        self.finish, self.release = submissions.finish, submissions.release
        self.find_overdue = submissions.find_overdue
        self.acknowledge, self.put_off = submissions.acknowledge, submissions.put_off

    def add(self, new: NewSubmission, repetition_key: str | None = None) -> FeedSubmission:
        """Keep a submission, and count it for the faults."""
        added = self._submissions.add(new, repetition_key)
        self._faults.choose_for_feed(added)
        return added

    def get(self, seller_id: str, submission_id: str) -> FeedSubmission | None:
        """Return one of this seller's submissions, as it is told."""
        found = self._submissions.get(seller_id, submission_id)
        return None if found is None else self._show(found)

    def find(self, seller_id: str, which: Filter, limit: int) -> Sequence[FeedSubmission]:
        """Return at most `limit` of this seller's submissions, as they are told, newest first."""
        if not self._faults.meets_feeds:
            return self._submissions.find(seller_id, which, limit)
        return self._select(seller_id, which)[:limit]

    def count(self, seller_id: str, which: Filter) -> int:
        """Return how many of this seller's submissions match, as they are told."""
        if not self._faults.meets_feeds:
            return self._submissions.count(seller_id, which)
        return len(self._select(seller_id, which))

    def cancel(self, seller_id: str, submission_id: str, at: datetime, notices: Sequence[OutboxEntry] = ()) -> bool:
        """Cancel it if it is told to be SUBMITTED."""
        told = self.get(seller_id, submission_id)
        if told is None or told.status is not ProcessingStatus.SUBMITTED:
            return False
        return self._submissions.cancel(seller_id, submission_id, at, notices)

    def _select(self, seller_id: str, which: Filter) -> Sequence[FeedSubmission]:
        told = map(self._show, self._submissions.find(seller_id, replace(which, statuses=()), _ALL))
        return [one for one in told if which.submission_ids or not which.statuses or one.status in which.statuses]

    def _show(self, submission: FeedSubmission) -> FeedSubmission:
        if not submission.status.is_open:
            return submission
        fault = self._faults.choose_for_feed(submission)
        if fault is None or fault.what is not FeedTrouble.HOLD or fault.status not in _SHOWN_ONLY:
            return submission
        return replace(submission, status=fault.status)


def make_faulty(feed_types: FeedTypes, faults: FaultBook) -> FeedTypes:
    """Return the same feed types, whose messages fail where faults say so."""
    return FeedTypes(
        [_make_faulty_type(feed_types.look_up(name), faults) for name in feed_types.names], feed_types.places
    )


def _make_faulty_type(feed_type: FeedType, faults: FaultBook) -> FeedType:
    def apply(message_id: str, body: Any, seen: Seen, context: Context) -> Effects:
        effects = feed_type.apply(message_id, body, seen, context)
        for fault in faults.of_messages:
            if (order := _find_order(fault, feed_type, body, seen)) or _has_sku(fault, feed_type, body, seen, effects):
                told = order.amazon_order_id if order else None
                return Effects(result=Result(message_id, fault.code, fault.text, amazon_order_id=told))
        return effects

    return replace(feed_type, apply=apply)


def _find_order(fault: MessageFault, feed_type: FeedType, body: Any, seen: Seen) -> Order | None:
    """Return the order of a message if the fault names it."""
    orders = (seen.orders.get(key) for key in feed_type.touches(body).orders)
    named = (one for one in orders if one and fault.order_id in (one.amazon_order_id, one.merchant_order_id))
    return next(named, None) if fault.order_id else None


def _has_sku(fault: MessageFault, feed_type: FeedType, body: Any, seen: Seen, effects: Effects) -> bool:
    """Say whether a message names a SKU, or changes an item of it."""
    if not fault.sku:
        return False
    if fault.sku in feed_type.touches(body).skus or any(change.sku == fault.sku for change in effects.stock):
        return True
    before: Mapping[str, Order] = {one.amazon_order_id: one for one in seen.orders.values()}
    return any(_changes_sku(fault.sku, before.get(one.amazon_order_id), one) for one in effects.orders)


def _changes_sku(sku: str, before: Order | None, after: Order) -> bool:
    """Say whether an order's items of a SKU changed; when no item did, whether it has one."""
    if before is None:
        return any(one.sku == sku for one in after.items)
    held = {refund.order_item_code for refund in after.held_refunds[len(before.held_refunds) :]}
    changed = [new for old, new in zip(before.items, after.items, strict=False) if old != new]
    changed += [one for one in after.items if one.order_item_code in held]
    return any(one.sku == sku for one in changed or after.items)
