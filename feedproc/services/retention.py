"""For how long things are kept, and how they go: a little at a time, so that others can write in between."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import NamedTuple

from feedproc.ports import SENT_IS_KEPT

DRAFTS_ARE_KEPT = timedelta(days=7)
"""How long a stored feed may wait to be submitted."""


class Forgetting(NamedTuple):
    """How a store forgets what is from before a moment."""

    look_at_clock: Callable[[datetime], Callable[[timedelta], datetime]]
    """Told the time, it returns what gives the moment so much time ago that the store has lived through."""
    try_alone: Callable[[], AbstractContextManager[bool]]
    """Says whether nobody copies the store, and nobody will until the end of `with`."""
    sent: Callable[[datetime], object]
    """Entries of the outbox that were sent before it."""
    ended: Callable[[datetime], Iterator[object]]
    """Submissions that ended before it, with their feeds and reports; a small step with each `next`."""
    unused: Callable[[datetime], object]
    """Documents from before it that belong to no submission."""


def forget_old(forgetting: Forgetting, now: datetime, keep_days: int) -> Iterator[object]:
    """Delete what is old, a small step with each `next`.

    That is: what the outbox sent long ago; submissions that ended `keep_days` ago, with their feeds and reports, unless
    it is 0; and documents that nobody submitted in time. Only time that the store has lived through counts. Nothing
    goes while a copy of the store is made.
    """
    back = forgetting.look_at_clock(now)
    with forgetting.try_alone() as is_alone:
        if not is_alone:
            return
        yield forgetting.sent(back(SENT_IS_KEPT))
        if keep_days:
            yield from forgetting.ended(back(timedelta(days=keep_days)))
        yield forgetting.unused(back(DRAFTS_ARE_KEPT))
