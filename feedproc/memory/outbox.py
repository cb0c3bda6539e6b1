"""The outbox in memory, and what it is sent by: e-mails and notifications are kept, to be looked at."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from itertools import islice

from feedproc.errors import Undeliverable
from feedproc.memory.tables import Tables
from feedproc.ports import Lane, Mail, OutboxEntry, SentEntry, Undelivered


class MemoryOutbox:
    """The port `Outbox`."""

    def __init__(self, tables: Tables) -> None:
        """Use the table `outbox`."""
        self._tables = tables

    def add(self, entry: OutboxEntry, at: datetime) -> None:
        """Add an entry with a new id that belongs to no other change."""
        with self._tables.lock:
            put_entries(self._tables, [entry])

    def list_waiting(self, limit: int, lane: Lane | None = None) -> Sequence[OutboxEntry]:
        """Return the oldest entries that were not sent yet, of one lane or of all."""
        with self._tables.lock:
            waiting = self._tables.unsent if lane is None else self._tables.lanes.get(lane, {})
            return [*islice(waiting.values(), limit)]

    def list_lanes(self, limit: int, after: Lane | None = None) -> Sequence[Lane]:
        """Return at most `limit` lanes in which something waits, in order of kind and seller, those behind `after`."""
        with self._tables.lock:
            return sorted(lane for lane in self._tables.lanes if after is None or lane > after)[:limit]

    def note_sent(self, entries: Collection[OutboxEntry], at: datetime, undelivered: Undelivered | None = None) -> None:
        """Note that entries went out, or why they never will."""
        with self._tables.lock:
            for one in entries:
                kept = self._tables.unsent.pop(one.entry_id, None)
                if kept is not None:
                    self._tables.outbox[one.entry_id] = SentEntry(kept, at, undelivered)
                    self._leave_lane(kept)

    def list_recent(self, seller_id: str, limit: int) -> Sequence[SentEntry]:
        """Return a seller's last entries, newest first."""
        with self._tables.lock:
            of_seller = (one for one in reversed(self._tables.outbox.values()) if one.entry.seller_id == seller_id)
            return [*islice(of_seller, limit)]

    def _leave_lane(self, entry: OutboxEntry) -> None:
        lane = _find_lane(entry)
        waiting = self._tables.lanes[lane]
        del waiting[entry.entry_id]
        if not waiting:
            del self._tables.lanes[lane]


class MemoryMailer:
    """The port `Mailer`: keeps e-mails, each once."""

    def __init__(self, tables: Tables) -> None:
        """Use the table `mails`."""
        self._tables = tables

    def send(self, mail: Mail) -> None:
        """Keep an e-mail; nothing when it is there.

        Raises:
            Undeliverable: its address or its subject cannot stand in an e-mail.

        """
        try:
            Address(addr_spec=mail.recipient)
        except (ValueError, IndexError, HeaderParseError):  # all of them Python's, about an address
            raise Undeliverable("its address cannot stand in an e-mail") from None
        if len(mail.subject.splitlines()) > 1:
            raise Undeliverable("its subject cannot stand in an e-mail")
        with self._tables.lock:
            self._tables.mails.setdefault(mail.mail_id, mail)


class MemoryNotifier:
    """The port `Notifier`: keeps notifications."""

    def __init__(self, tables: Tables) -> None:
        """Use the table `notifications`."""
        self._tables = tables

    def notify(self, destination: str, body: str) -> None:
        """Keep a notification."""
        with self._tables.lock:
            self._tables.notifications.append((destination, body))


def put_entries(tables: Tables, entries: Iterable[OutboxEntry]) -> None:
    """Add entries, each once, whatever became of it."""
    for entry in entries:
        if entry.entry_id not in tables.outbox:
            tables.outbox[entry.entry_id] = SentEntry(entry, None)
            tables.unsent[entry.entry_id] = entry
            tables.lanes.setdefault(_find_lane(entry), {})[entry.entry_id] = entry


def _find_lane(entry: OutboxEntry) -> Lane:
    return Lane(entry.kind, entry.seller_id)
