"""Feeds that are stored but not submitted yet: looked at, read, and thrown away."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import BinaryIO

from msgspec import Struct

from feedproc.errors import FeedprocError
from feedproc.feeds.feed_type import FeedType, Format, Provenance
from feedproc.feeds.finding import Finding, Inspection
from feedproc.feeds.report import Severity
from feedproc.ports import Documents, Filter, Submissions
from feedproc.services.check import check, check_as
from feedproc.services.process.processing import Clock

MOST_FINDINGS = 100
"""Places at which something is wrong; a look ends behind so many."""
LONGEST_LOOK = timedelta(seconds=20)
"""After which a look ends, so that a feed of gigabytes holds up nobody for minutes."""
_MOST_LOOKED_THROUGH = 100_000


class FeedGone(FeedprocError):
    """The bytes of a feed are no longer kept."""

    def __init__(self) -> None:
        """There is nothing else to tell."""
        super().__init__("The feed is no longer kept; upload it again")


class Look(Struct, frozen=True):
    """What a look at a feed found."""

    places: Sequence[Sequence[Finding]]
    """The findings, those at one place together, in feed order."""
    messages: int
    """That were looked at."""
    done: int
    """Bytes that were looked at."""
    is_whole: bool
    """The look came to the feed's end."""

    @property
    def errors(self) -> int:
        """Places at which something is wrong that keeps a message, or the feed, from taking effect."""
        return sum(any(one.severity is Severity.ERROR for one in place) for place in self.places)


def open_feed(documents: Documents, key: str) -> BinaryIO:
    """Open a feed for reading.

    Raises:
        FeedGone: it is no longer kept.

    """
    try:
        return documents.open(key)
    except FileNotFoundError:
        raise FeedGone from None


def discard(documents: Documents, key: str) -> None:
    """Forget a feed that was not submitted."""
    documents.delete(key)


def find_sent(submissions: Submissions, seller_id: str, key: str, since: datetime) -> str | None:
    """Return the id of the submission, made at that time or later, whose feed is the one with this key."""
    found = submissions.find(seller_id, Filter(submitted_from=since), _MOST_LOOKED_THROUGH)
    return next((one.submission_id for one in found if one.document == key), None)


def look_at(documents: Documents, key: str, feed_type: FeedType, provenance: Provenance, clock: Clock) -> Look:
    """Look at a feed as it would be if it were submitted now. Nothing but the findings is held in memory.

    Ends early after `MOST_FINDINGS` places or `LONGEST_LOOK`.

    Raises:
        FeedGone: the feed is no longer kept.

    """
    with open_feed(documents, key) as feed:
        return _look(check_as(feed_type, feed, clock(), provenance), clock)


def look_at_any(documents: Documents, key: str, form: Format, provenance: Provenance, clock: Clock) -> Look:
    """Look at a feed of which no type is known, as one of this format. Raises `FeedGone`."""
    with open_feed(documents, key) as feed:
        return _look(check(form, feed, provenance), clock)


def _look(parts: Iterable[Inspection], clock: Clock) -> Look:
    began = clock()
    places: list[list[Finding]] = []
    messages = done = 0
    for part in parts:
        messages += part.messages
        done = max(done, part.done)
        places += [list(group) for _, group in groupby(part.findings, key=_get_place)]
        if len(places) > MOST_FINDINGS or clock() - began > LONGEST_LOOK:
            return Look(places[:MOST_FINDINGS], messages, done, is_whole=False)
    return Look(places, messages, done, is_whole=True)


def _get_place(one: Finding) -> tuple[int, int, str | None]:
    return one.line, one.column, one.message_id
