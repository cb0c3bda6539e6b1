"""Batches on their way into the store, one after another, beside the thread that makes them."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class _Held(Exception):
    """A batch was not sent, since one before it has failed."""


class Departures:
    """A thread that sends batches in turn, each once the one before it has arrived; none behind one that failed."""

    def __init__(self, release: Callable[[], None]) -> None:
        """Begin with nothing on its way; at the end the thread gives back with `release` what it holds of the store."""
        self._thread = ThreadPoolExecutor(1, "commit")
        self._release = release
        self._sent: deque[Future[None]] = deque()
        self._has_failed = False

    def send(self, commit: Callable[[], None]) -> Callable[[], object]:
        """Send a batch in its turn; return what waits until it has arrived, and raises what came between."""
        future = self._thread.submit(self._commit, commit)
        while self._sent and self._sent[0].done():
            self._sent.popleft()
        self._sent.append(future)
        return future.result

    def call_back(self) -> None:
        """Begin anew behind a batch that has failed: those behind it are not sent."""
        while self._sent:
            self._sent.popleft().exception()
        self._has_failed = False

    def close(self) -> None:
        """Wait for the one on its way; send none behind it: time may be up."""
        self._has_failed = True
        self._thread.submit(self._release)
        self._thread.shutdown()

    def _commit(self, commit: Callable[[], None]) -> None:
        if self._has_failed:
            raise _Held
        try:
            commit()
        except BaseException:
            self._has_failed = True
            raise
