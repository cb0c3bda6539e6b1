"""How often somebody may try to sign in."""

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

WINDOW = timedelta(minutes=15)
MOST_OF_BOTH = 5
"""Attempts that failed within the window, for one seller from one address."""
MOST_OF_ADDRESS = 20
"""From one address, whoever it tries to be."""
MOST_OF_SELLER = 100
"""For one seller, from wherever: a guesser who owns many addresses."""
_MOST_KEPT = 10_000
_LONGEST_NAME = 40
"""Characters of a name that count, since anybody can send any name; ids of sellers are shorter."""


class Attempts:
    """Counts attempts in the memory of this process. An attempt counts from its beginning, so none can race."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Count the attempts anew; `clock` gives an aware time."""
        self._clock = clock
        self._lock = Lock()
        self._made: OrderedDict[tuple[str, str], deque[datetime]] = OrderedDict()

    def begin(self, seller_id: str, address: str) -> bool:
        """Count an attempt, unless there were too many; say whether it may go on."""
        now = self._clock()
        with self._lock:
            limits = _limits(seller_id, address)
            if any(len(self._drop_old(key, now)) >= most for key, most in limits):
                return False
            for key, _ in limits:
                self._made.setdefault(key, deque()).append(now)
                self._made.move_to_end(key)
            self._forget(now)
        return True

    def forgive(self, seller_id: str, address: str) -> None:
        """Take the last attempt back: it was the seller."""
        with self._lock:
            for key, _ in _limits(seller_id, address):
                if self._made.get(key):
                    self._made[key].pop()

    @property
    def remembered(self) -> int:
        """How many sellers, addresses and pairs of them are remembered."""
        return len(self._made)

    def _drop_old(self, key: tuple[str, str], now: datetime) -> deque[datetime]:
        made = self._made.get(key, deque[datetime]())
        while made and made[0] <= now - WINDOW:
            made.popleft()
        return made

    def _forget(self, now: datetime) -> None:
        """Keep the table small, whatever names are tried: those whose last attempt is longest ago go first."""
        while self._made and (len(self._made) > _MOST_KEPT or not self._drop_old(next(iter(self._made)), now)):
            self._made.popitem(last=False)


def _limits(seller_id: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
    seller_id = seller_id[:_LONGEST_NAME]
    return (
        ((seller_id, address), MOST_OF_BOTH),
        (("", address), MOST_OF_ADDRESS),
        ((seller_id, ""), MOST_OF_SELLER),
    )
