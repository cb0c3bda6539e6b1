"""Do the next step of an iteration while the last one is being used."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

T = TypeVar("T")
_END = object()


_IN_USE = 2
"""Items that whoever uses them may still hold: the one it has, and the one that it is about to be given."""


def ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield the items of an iterator, computing one of them ahead in a thread.

    It pays where most of the computing is done without Python's lock, as libxml2's parsing is. The thread also lets go
    of the items when they have been used, since to free a tree takes nearly as long as to make it.
    """
    used: deque[T] = deque()

    def step() -> object:
        while len(used) > _IN_USE:
            used.popleft()
        return next(items, _END)

    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(step)
        while (item := coming.result()) is not _END:
            used.append(cast("T", item))
            coming = thread.submit(step)
            yield cast("T", item)
