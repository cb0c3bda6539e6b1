"""Calls as they come, as server-sent events (HTML standard): a browser, or anything that reads lines, follows them."""

from collections.abc import Callable, Iterator, Sequence
from threading import BoundedSemaphore
from time import monotonic

import msgspec

from feedproc.control.calls import CallLog, RecordedCall

LASTS = 30.0
"""Seconds after which a stream ends; browsers ask again, and say which event they had last."""
BEAT = 5.0
"""Seconds without a call after which something is sent all the same, so that a lost reader is noticed."""
MOST_FOLLOWERS = 4
"""At a time, since each holds a thread; others are told to come again."""
_AGAIN = b"retry: 500\n\n"
_FULL = b"retry: 5000\n\n"
_followers = BoundedSemaphore(MOST_FOLLOWERS)


class SellersCalls:
    """The calls as a seller's person may see them: the seller's own, and those that name no seller."""

    def __init__(self, calls: CallLog) -> None:
        """Tell of a server's calls."""
        self._calls = calls

    def list_last(self, seller_id: str, most: int) -> Sequence[RecordedCall]:
        """Return the last calls, oldest first."""
        return [one for one in self._calls if one.seller in (seller_id, "")][-most:]

    def follow(self, seller_id: str, after: int) -> Iterator[bytes]:
        """Yield an event for each call behind the one with number `after`."""
        return follow_calls(self._calls, after, lambda one: one.seller in (seller_id, ""))


def follow_calls(calls: CallLog, after: int, is_wanted: Callable[[RecordedCall], bool]) -> Iterator[bytes]:
    """Yield an event for each call behind the one with number `after`, first for those that are there.

    An event's id is the call's number. When calls were forgotten meanwhile, an event `forgotten` comes first, and all
    calls there are follow.
    """
    if not _followers.acquire(blocking=False):
        yield _FULL
        return
    try:
        yield _AGAIN
        until = monotonic() + LASTS
        while (left := until - monotonic()) > 0 and not calls.is_closed:
            found = calls.wait_for_more(after, min(left, BEAT))
            if found.were_forgotten:
                yield b"event: forgotten\ndata: {}\n\n"
            yield b"".join(_write(one) for one in found.calls if is_wanted(one)) or b":\n\n"
            after = found.last
    finally:
        _followers.release()


def _write(call: RecordedCall) -> bytes:
    return b"id: %d\ndata: %s\n\n" % (call.number, msgspec.json.encode(call.tell()))
