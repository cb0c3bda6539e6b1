"""Lend servers to tests: each is made once, kept for the next test of this process, and reset for it."""

import atexit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from inspect import iscoroutinefunction
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

from feedproc.testing.kit import Feedproc

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def use_feedproc() -> Iterator[Feedproc]:
    """Give a server that is empty but for one seller. Two of them at a time are two servers."""
    shelf = _get_shelf()
    kit = shelf.take()
    try:
        yield kit
    finally:
        shelf.put_back(kit)


def with_feedproc(test: Callable[Concatenate[Any, Feedproc, P], R]) -> Callable[Concatenate[Any, P], R]:
    """Decorate a method of a `unittest.TestCase`: it is given a server behind `self`. Coroutines are fine."""
    if iscoroutinefunction(test):

        @wraps(test)
        async def run_async(case: Any, /, *args: P.args, **kwargs: P.kwargs) -> Any:
            with use_feedproc() as kit:
                return await test(case, kit, *args, **kwargs)

        return run_async  # type: ignore[return-value]

    @wraps(test)
    def run(case: Any, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with use_feedproc() as kit:
            return test(case, kit, *args, **kwargs)

    return run


class _Shelf:
    """The servers of this process that no test uses now."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._free: list[Feedproc] = []

    def take(self) -> Feedproc:
        """Return a running server, reset."""
        with self._lock:
            kit = self._free.pop() if self._free else None
        if kit is None:
            kit = Feedproc()
            kit.start()
            atexit.register(kit.stop)
        else:
            kit.reset()
        return kit

    def put_back(self, kit: Feedproc) -> None:
        """Keep a server for the next test."""
        with self._lock:
            self._free.append(kit)


@cache
def _get_shelf() -> _Shelf:
    return _Shelf()
