"""How long what could not be sent waits before it is tried again: longer each time.

Kept in memory: a sender that is started anew tries everything at once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from feedproc.ports import Lane

SHORTEST, LONGEST = timedelta(seconds=1), timedelta(minutes=10)
"""The first pause of an entry, and the longest; each is twice the one before."""
LONGEST_OF_CHANNEL = timedelta(seconds=30)
"""The longest pause of a channel, which begin with the shortest, too."""
MOST_FAILURES = 3
"""Entries of one channel that may fail in a row before all the others on it wait, too."""


class _Wait(Struct):
    failures: int = 0
    until: datetime | None = None
    """When the last pause ends, or ended."""


class Patience:
    """Which entries wait, and which channels: what all e-mail shares, or what goes to one seller's queues."""

    def __init__(self) -> None:
        """Begin without any that waits."""
        self._entries: dict[str, _Wait] = {}
        self._channels: dict[str, _Wait] = {}
        self._reached: dict[str, set[str]] = {}
        self.turn: Lane | None = None
        """The lane that was sent from last."""

    def is_open(self, channel: str, now: datetime) -> bool:
        """Say whether a channel may be tried now."""
        return _is_over(self._channels.get(channel), now)

    def allows(self, channel: str, entry_id: str, now: datetime) -> bool:
        """Say whether an entry may be tried now."""
        return _is_over(self._entries.get(entry_id), now) and _is_over(self._channels.get(channel), now)

    def delay(self, channel: str, entry_id: str, now: datetime) -> timedelta:
        """Let an entry wait; return how long. The whole channel waits once several have failed in a row."""
        shared = self._channels.setdefault(channel, _Wait())
        shared.failures += 1
        pauses, rest = divmod(shared.failures, MOST_FAILURES)
        if not rest:
            shared.until = now + min(_pause(pauses - 1), LONGEST_OF_CHANNEL)
        own = self._entries.setdefault(entry_id, _Wait())
        own.until = now + _pause(own.failures)
        own.failures += 1
        return own.until - now

    @property
    def remembered(self) -> int:
        """How many entries failed and are not done with."""
        return len(self._entries)

    def count_failures(self, entry_id: str) -> int:
        """Return how often an entry failed."""
        wait = self._entries.get(entry_id)
        return wait.failures if wait else 0

    def reset(self, channel: str) -> None:
        """Let a channel be tried without pauses again."""
        self._channels.pop(channel, None)

    def forget(self, entry_id: str) -> None:
        """Drop what is remembered of an entry that is done with."""
        self._entries.pop(entry_id, None)
        self._reached.pop(entry_id, None)

    def note_reached(self, entry_id: str, destination: str) -> None:
        """Remember that one of an entry's destinations needs it no more."""
        self._reached.setdefault(entry_id, set()).add(destination)

    def list_left(self, entry_id: str, destinations: Iterable[str]) -> list[str]:
        """Return those of an entry's destinations that still need it."""
        reached = self._reached.get(entry_id, set())
        return [destination for destination in destinations if destination not in reached]


def _is_over(wait: _Wait | None, now: datetime) -> bool:
    return wait is None or wait.until is None or wait.until <= now


def _pause(failures: int) -> timedelta:
    return min(SHORTEST * (1 << min(failures, 20)), LONGEST)
