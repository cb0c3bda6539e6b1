"""Why a submission was cancelled, or is to be tried again: what is kept with it, and how that is said."""

import re
from functools import cache

from feedproc.feeds.saying import Part, say

BY_SELLER = "cancelled by the seller"
WORKER_DIED = "the worker died"
WORKER_STOPPED = "the worker was stopped"
TIME_IS_UP = "time was up"
GIVEN_UP = "given up after {}"
"""The name of an error."""
HELD_UP = "held up by the world around: {}"
"""What the system says, and where; no fault of the feed."""
FEED_MISSING = "the feed itself is missing in the store"
NO_PROGRESS = "processing failed {} times without progress; the last: {}"
"""How often, and another of these."""
UNDELIVERABLE = "its entry in the queue was delivered too often; the last: {}"
"""Another of these."""
ENDINGS = (
    NO_PROGRESS, UNDELIVERABLE, HELD_UP, FEED_MISSING, BY_SELLER, WORKER_DIED, WORKER_STOPPED, TIME_IS_UP, GIVEN_UP,
)  # fmt: skip


def is_held_up(reason: str | None) -> bool:
    """Say whether that is why: the world around the store, and nothing of the feed."""
    return reason is not None and _compile_pattern(HELD_UP).fullmatch(reason) is not None


def read_ending(kept: str) -> Part:
    """Return what was kept, to be said in any language."""
    for text in ENDINGS:
        found = _compile_pattern(text).fullmatch(kept)
        if found:
            return say(text, *map(read_ending, found.groups()))
    return kept


@cache
def _compile_pattern(text: str) -> re.Pattern[str]:
    return re.compile("(.+)".join(map(re.escape, text.split("{}"))), re.DOTALL)
