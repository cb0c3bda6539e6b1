"""Send what the outbox holds: e-mails to buyers, and notifications to the queues of sellers.

Each entry goes out at least once. It is noted as sent only after it went out, so that one may go out again when the
sender dies between the two; its ids are the same then, by which a receiver tells a repetition.
"""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import takewhile
from typing import NamedTuple
from uuid import UUID, uuid5

from feedproc.errors import DeliveryDelayed, Undeliverable
from feedproc.feeds.effects import BuyerNotice
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.orders.order import Order
from feedproc.ports import Backend, Lane, Mail, Mailer, Notifier, OutboxEntry, OutboxKind, Secret, Seller, Undelivered
from feedproc.services.send.backoff import Patience
from feedproc.services.send.targets import Gone, QueueWriters, find_event, list_targets

Clock = Callable[[], datetime]

A_VISIT = 10
"""Entries of one lane that are sent before the next lane has its turn."""
LANES_AT_ONCE = 20
"""Lanes that the outbox is asked for at a time."""
LOOKS_AHEAD = 10_000
"""Entries of a lane that are looked at for one that need not wait, when those before it must."""
GIVEN_UP = timedelta(days=5)
"""How long an entry is tried, from the time its feed began, as mail servers do (RFC 5321, 4.5.4.1)."""
_NAMESPACE = UUID("5c1f2d0e-6f0b-4c39-9d5e-1f1d6a6c8a55")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")
"""One plain address. Anything else, such as two of them or a line end, must not get into a header."""
_MAIL = "e-mail"
_logger = logging.getLogger(__name__)


class Writers(NamedTuple):
    """What puts into words what is sent."""

    letter: Callable[[Order, BuyerNotice, str], tuple[str, str]]
    """Returns subject and text of what an order's buyer is told, in a language."""
    queues: QueueWriters


class Outlets(NamedTuple):
    """Who takes e-mails and notifications, and who writes them."""

    mailer: Mailer
    notifier: Notifier
    writers: Writers
    may_repeat: bool = False
    """An e-mail that goes out twice does no harm."""


class Outgoing(NamedTuple):
    """What is to be sent, through which outlets; and what failed before and has to wait."""

    backend: Backend
    outlets: Outlets
    clock: Clock
    patience: Patience


def send_pending(outgoing: Outgoing, limit: int = 100, group: int = 1, until: datetime | None = None) -> int:
    """Send at most `limit` of the entries that wait, a few of each lane in turn; return how many were done with.

    Fewer than `limit` are done with only when nothing more may be tried now. Within a lane the oldest come first.

    An entry is done with when it was sent, when there is nobody to send it to, or when it can never arrive: also when
    it could not be sent for `GIVEN_UP`. What fails otherwise waits, and `Outgoing.patience` remembers until when, and
    whose turn it is. `group` is how many entries may be noted as sent together: more than 1 only where
    `Outlets.may_repeat`. At `until` or later none is begun.
    """
    return _Sending(outgoing).run(limit, group, until)


def make_mail_id(entry_id: str) -> str:
    """Return the id of the e-mail that an entry of the outbox leads to."""
    return str(uuid5(_NAMESPACE, entry_id))


def choose_language(order: Order, seller: Seller | None) -> str:
    """Return the language of an order's buyer: that of the marketplace it was made on, else of the seller's first."""
    if order.marketplace_id or seller is None:
        return marketplace_of(order.marketplace_id).language
    return seller.marketplace.language


class _Sending:
    """One round."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._backend, self._outlets, self._clock, self._patience = outgoing

    def run(self, limit: int, group: int, until: datetime | None) -> int:
        """Send, and note what was sent even when something unforeseen ends the round."""
        done, before = 0, -1
        while before < done < limit and not self._is_time_up(until):
            before = done
            for lane in self._list_lanes_in_turn():
                done += self._visit(lane, min(max(A_VISIT, group), limit - done), group, until)
                self._patience.turn = lane
                if done >= limit or self._is_time_up(until):
                    break
        return done

    def _visit(self, lane: Lane, limit: int, group: int, until: datetime | None) -> int:
        """Send some entries of a lane; return how many were done with."""
        done = 0
        out: list[tuple[OutboxEntry, Undelivered | None]] = []
        try:
            for entry in self._find_due(lane, limit):
                if self._is_time_up(until):
                    break
                with suppress(_Waits):
                    out.append((entry, self._end(entry)))
                    done += 1
                if len(out) >= group:
                    self._note(out)
        finally:
            self._note(out)
        return done

    def _is_time_up(self, until: datetime | None) -> bool:
        return until is not None and self._clock() >= until

    def _list_lanes_in_turn(self) -> Iterator[Lane]:
        """Yield every lane whose channel may be tried: those behind the one that had its turn last, then the others."""
        last = self._patience.turn
        for lane in self._list_lanes(last):
            if self._patience.is_open(_get_channel(lane), self._clock()):
                yield lane
        if last is None:
            return
        for lane in takewhile(lambda one: one <= last, self._list_lanes(None)):
            if self._patience.is_open(_get_channel(lane), self._clock()):
                yield lane

    def _list_lanes(self, after: Lane | None) -> Iterator[Lane]:
        while found := self._backend.outbox.list_lanes(LANES_AT_ONCE, after):
            yield from found
            if len(found) < LANES_AT_ONCE:
                return
            after = found[-1]

    def _find_due(self, lane: Lane, limit: int) -> Sequence[OutboxEntry]:
        """Return the oldest entries of a lane that need not wait, and before them those that never failed."""
        look = min(limit + self._patience.remembered, max(limit, LOOKS_AHEAD))
        while True:
            found = self._backend.outbox.list_waiting(look, lane)
            now = self._clock()
            due = [entry for entry in found if self._patience.allows(_get_channel(lane), entry.entry_id, now)]
            if len(due) >= limit or len(found) < look or look >= LOOKS_AHEAD:
                return sorted(due, key=lambda entry: self._patience.count_failures(entry.entry_id))[:limit]
            look = min(look * 8, LOOKS_AHEAD)

    def _note(self, out: list[tuple[OutboxEntry, Undelivered | None]]) -> None:
        """Note how entries ended: those that went out together, and all that were given up for one reason."""
        for undelivered in dict.fromkeys(why for _, why in out):
            self._backend.outbox.note_sent(
                [entry for entry, why in out if why == undelivered], self._clock(), undelivered
            )
        for entry, _ in out:
            self._patience.forget(entry.entry_id)
        out.clear()

    def _end(self, entry: OutboxEntry) -> Undelivered | None:
        """Send one entry; return why that can never be done, if so. A failure is no reason for others to wait.

        Raises:
            _Waits: it is to be tried again later.

        """
        channel = _get_channel(Lane(entry.kind, entry.seller_id))
        if not self._patience.allows(channel, entry.entry_id, self._clock()):
            raise _Waits  # the channel failed several others of this round
        try:
            undelivered = self._send(entry)
        except Undeliverable as error:
            _logger.warning("%s can never be sent: %s", entry.entry_id, error)
            undelivered = Undelivered(str(error))
        except DeliveryDelayed as delay:
            if entry.at is not None and self._clock() - entry.at >= GIVEN_UP:
                _logger.warning("%s is given up, since it could not be sent for days (%s)", entry.entry_id, delay)
                return Undelivered(f"could not be sent for {GIVEN_UP.days} days: {delay}")
            pause = self._patience.delay(channel, entry.entry_id, self._clock())
            _logger.warning("%s was not sent (%s); it is tried again in %d s", entry.entry_id, delay, pause.seconds)
            raise _Waits from delay
        self._patience.reset(channel)
        return undelivered

    def _send(self, entry: OutboxEntry) -> Undelivered | None:
        """Send one entry; return why it did not go out, if there was nobody to tell."""
        if entry.notice is not None:
            return self._mail(entry, entry.notice)
        if entry.kind is OutboxKind.BUYER_NOTICE:
            raise ValueError(f"{entry.entry_id} of the outbox is to tell a buyer something, but not what")
        return self._notify(entry)

    def _mail(self, entry: OutboxEntry, notice: BuyerNotice) -> Undelivered | None:
        order = self._backend.orders.get(entry.seller_id, notice.amazon_order_id)
        if order is None or not order.buyer.email:
            missing = "the order is gone" if order is None else "the order has no e-mail address"
            _logger.info("%s is not sent: %s", entry.entry_id, missing)
            return Undelivered(missing, has_nobody=True)
        if not _ADDRESS.fullmatch(order.buyer.email):
            raise Undeliverable("the order's e-mail address is none")
        seller = None if order.marketplace_id else self._backend.sellers.get(entry.seller_id)
        subject, text = self._outlets.writers.letter(order, notice, choose_language(order, seller))
        self._outlets.mailer.send(
            Mail(mail_id=make_mail_id(entry.entry_id), recipient=Secret(order.buyer.email), subject=subject, text=text)
        )
        return None

    def _notify(self, entry: OutboxEntry) -> Undelivered | None:
        try:
            event = find_event(self._backend, entry)
        except Gone as gone:
            _logger.info("%s is not sent: %s", entry.entry_id, gone)
            return Undelivered(str(gone), has_nobody=True)
        targets = {one.name: one for one in list_targets(self._backend, self._outlets.writers.queues, entry, event)}
        if not targets:
            return Undelivered("the seller has no queue", has_nobody=True)
        failed: Undeliverable | None = None
        delayed: DeliveryDelayed | None = None
        for name in self._patience.list_left(entry.entry_id, targets):
            unique_id = str(uuid5(_NAMESPACE, f"{entry.entry_id} {name}"))
            try:
                self._outlets.notifier.notify(targets[name].queue, targets[name].write(unique_id, self._clock()))
            except Undeliverable as error:
                _logger.warning("%s can never reach one of its queues: %s", entry.entry_id, error)
                failed = error
            except DeliveryDelayed as delay:
                delayed = delay  # the other queues get theirs all the same
                continue
            self._patience.note_reached(entry.entry_id, name)
        if delayed is not None:
            raise delayed
        return None if failed is None else Undelivered(f"one of its queues: {failed}")


class _Waits(Exception):
    """An entry is to be tried again later."""


def _get_channel(lane: Lane) -> str:
    """Return what fails together: all e-mail, or all that goes to one seller's queues."""
    return _MAIL if lane.kind is OutboxKind.BUYER_NOTICE else f"the queues of {lane.seller_id}"
