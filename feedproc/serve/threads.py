"""The threads that answer requests: made when one is missing, and kept for whatever comes next.

A thread has a connection to the database of its own, so few that are used often serve better than many.
"""

from contextlib import suppress
from threading import Lock
from typing import Any

from cheroot.workers.threadpool import ThreadPool


class RequestThreads(ThreadPool):
    """At most so many threads as there may be requests at once."""

    _threads: list[Any]
    _queue: Any
    _spawn_worker: Any

    def __init__(self, server: Any, most: int) -> None:
        """Answer for a server of cheroot."""
        super().__init__(server, min=1, max=most)
        self.get = self._take
        self._lock = Lock()
        self._is_stopping = False
        self._spare = 0
        """Threads that have nothing to do, less requests that no thread has taken."""

    def start(self) -> None:
        """Begin with one."""
        self._threads.append(self._spawn_worker())

    def put(self, obj: Any) -> None:
        """Let a thread answer, which is made if there is none to spare. One thread alone calls this."""
        super().put(obj)
        with self._lock:
            self._spare -= 1
            if self._spare < 0 and len(self._threads) < self.max and not self._is_stopping:
                with suppress(RuntimeError):  # the system gives no more threads; those that there are get to it
                    self._threads.append(self._spawn_worker())

    def stop(self, timeout: int = 5) -> None:
        """End all threads, each by a request of its own; so none may be made that would take another's."""
        with self._lock:
            self._is_stopping = True
        super().stop(timeout)

    def _take(self) -> Any:
        """Wait for what a thread is to do next."""
        with self._lock:
            self._spare += 1
        return self._queue.get()
