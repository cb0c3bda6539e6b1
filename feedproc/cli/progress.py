"""A progress bar, on a terminal and only for what takes long."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_T = TypeVar("_T")
LONG = 1.5
"""Seconds after which a person wants to see that something happens."""
_STEP = 1000


class _Bar:
    def __init__(self, what: str, whole: int | None) -> None:
        self._what = what
        self._whole = whole
        self._began = time.monotonic()
        self._drawn: Any = None
        self._task: Any = None

    def advance(self, done: int) -> None:
        if self._drawn is not None:
            self._drawn.update(self._task, completed=done)
        elif time.monotonic() - self._began > LONG:
            self._show(done)

    def end(self) -> None:
        if self._drawn is not None:
            self._drawn.stop()

    def _show(self, done: int) -> None:
        from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
        from rich.progress import Progress  # noqa: PLC0415

        self._drawn = Progress(console=Console(stderr=True), transient=True)
        self._drawn.start()
        self._task = self._drawn.add_task(self._what, total=self._whole, completed=done)


@contextmanager
def show_progress(what: str, whole: int | None) -> Iterator[Callable[[int], None]]:
    """Give a function to tell how much of `whole` is done."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    bar = _Bar(what, whole)
    try:
        yield bar.advance
    finally:
        bar.end()


def show_count(things: Iterable[_T], what: str, whole: int | None = None) -> Iterator[_T]:
    """Yield the things and show how many have been yielded."""
    with show_progress(what, whole) as advance:
        for number, thing in enumerate(things, 1):
            yield thing
            if not number % _STEP:
                advance(number)
