"""A clock that can be stopped, moved, and set to another time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock


def read_utc() -> datetime:
    """Return the time of this computer."""
    return datetime.now(UTC)


class SettableClock:
    """Tells the time to all parts of one server. It runs with this computer's until somebody sets it.

    Whatever asks for the time follows: signatures, leases, lists, quotas, and the life of tokens and addresses.
    """

    def __init__(self, source: Callable[[], datetime] = read_utc) -> None:
        """Run as `source` does, which gives an aware time."""
        self._source = source
        self._lock = Lock()
        self._frozen: datetime | None = None
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """Return the time."""
        with self._lock:
            return self._read()

    @property
    def is_frozen(self) -> bool:
        """Whether the time stands still."""
        return self._frozen is not None

    @property
    def is_elsewhere(self) -> bool:
        """Whether it runs, but not with this computer's clock."""
        return self._frozen is None and self._ahead != timedelta()

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stop at a moment, or now; return it.

        Raises:
            ValueError: the moment has no time zone.

        """
        with self._lock:
            self._frozen = self._read() if at is None else _require_aware(at)
            return self._frozen

    def run_from(self, at: datetime | None = None) -> datetime:
        """Run on from a moment, or from where the clock stands; return that.

        Raises:
            ValueError: the moment has no time zone.

        """
        with self._lock:
            start = self._read() if at is None else _require_aware(at)
            self._frozen, self._ahead = None, start - self._source()
            return start

    def move(self, by: timedelta = timedelta(), **duration: float) -> datetime:
        """Move on, or back, by a time such as `hours=1`; return the new time. A clock that stands goes on standing."""
        step = by + timedelta(**duration)
        with self._lock:
            if self._frozen is not None:
                self._frozen += step
            else:
                self._ahead += step
            return self._read()

    def reset(self) -> None:
        """Run with this computer's clock again."""
        with self._lock:
            self._frozen, self._ahead = None, timedelta()

    def _read(self) -> datetime:
        return self._source() + self._ahead if self._frozen is None else self._frozen


def _require_aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone; write datetime(…, tzinfo=UTC)")
    return at.astimezone(UTC)
