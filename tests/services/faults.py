"""Stores that break down, or in which something happens at a bad moment: around the real adapters, call by call."""

from collections.abc import Callable
from typing import Any

from feedproc.ports import Backend


class BrokeDown(Exception):
    """The store is gone, as for a worker that dies."""


class Fuse:
    """Lets so many calls of ports through; the next one fails, before or after it took effect, and all after it."""

    def __init__(self, calls: int, takes_effect: bool) -> None:
        self.left = calls
        self._takes_effect = takes_effect

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*arguments: object) -> object:
            self.left -= 1
            if self.left >= 0:
                return call(*arguments)
            if self.left == -1 and self._takes_effect:
                call(*arguments)
            raise BrokeDown

        return guarded


class Wrapped:
    """A port of which some or all methods do more."""

    def __init__(self, port: Any, around: Callable[[Callable[..., Any]], Callable[..., Any]], *names: str) -> None:
        self._port = port
        self._around = around
        self._names = names

    def __getattr__(self, name: str) -> Any:
        if name == "prepare":
            return self._prepare
        method = getattr(self._port, name)
        if not callable(method):
            return method
        return self._around(method) if not self._names or name in self._names else method

    def _prepare(self, *batch: Any) -> Callable[[], None]:
        """Return what commits a batch, as the call that it is."""

        def commit() -> None:
            prepared()

        prepared = self._port.prepare(*batch)
        return self._around(commit) if not self._names or "commit" in self._names else commit


def breaking(backend: Backend, fuse: Fuse) -> Backend:
    ports = {name: Wrapped(port, fuse.around) for name, port in backend._asdict().items() if not callable(port)}
    return backend._replace(**ports)


def after_commits(backend: Backend, happens: Callable[[], object]) -> Backend:
    """Let something happen each time that a batch was committed, before anybody else learns of it."""

    def around(call: Callable[..., Any]) -> Callable[..., Any]:
        def committed(*arguments: object) -> None:
            call(*arguments)
            happens()

        return committed

    return backend._replace(batches=Wrapped(backend.batches, around, "commit"))


def meanwhile(backend: Backend, happens: Callable[[], object], times: int = 1) -> Backend:
    """Let something happen between reading orders and committing them, the first so many times."""
    left = [None] * times

    def around(call: Callable[..., Any]) -> Callable[..., Any]:
        def interrupted(*arguments: object) -> object:
            result = call(*arguments)
            if left:
                left.pop()
                happens()
            return result

        return interrupted

    return backend._replace(orders=Wrapped(backend.orders, around, "find"))
