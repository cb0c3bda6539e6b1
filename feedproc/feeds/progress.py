"""How a feed's work is divided, claimed and remembered."""

from datetime import datetime

from msgspec import Struct

from feedproc.feeds.report import Result, Summary


class Position(Struct, frozen=True, gc=False):
    """A place in a feed, at a boundary between messages, from which reading can go on."""

    offset: int = 0
    """Bytes from the beginning of the feed as it is read (in UTF-8)."""
    line: int = 1
    column: int = 1
    """Both from 1, in characters."""


class ReportPart(Struct, frozen=True, gc=False):
    """A part of a report of orders that is kept, so that whoever takes the report up again goes on behind it."""

    document: str
    """Key of what was written of the report since the part before."""
    told: int
    """Orders that the report tells up to the end of this part."""
    after: tuple[datetime, str] | None
    """Time and Amazon id of the last order that was looked at; None where the report ends."""


class Mark(Struct, frozen=True, gc=False):
    """The memory that a batch was applied, with all that the report needs of it."""

    number: int
    """The batch's number in its feed, from 1."""
    end: Position
    """Where the next batch begins."""
    summary: Summary
    """Counts of the feed up to the end of this batch."""
    results: tuple[Result, ...] = ()
    taken: int = 0
    """How many messages behind `end` are already in this or an earlier batch."""
    messages: int = 0
    """How many the whole feed has, as the survey counted them."""
    places: tuple[int, ...] = ()
    """For each result, which message of the batch it is about, from 0; -1 when it is about none."""
    is_last: bool = False
    """Processing was broken off: the rest of the feed is never applied, whoever comes next."""
    purged: str | None = None
    """Up to which SKU, by name, all that the feed does not name is gone; None while its messages are applied."""
    part: ReportPart | None = None
    """Of a report that was asked for: what this batch wrote of it."""


class Claim(Struct, frozen=True, gc=False):
    """A worker's expiring right to a submission."""

    seller_id: str
    submission_id: str
    worker: str
    """Unique to one run of one worker process."""
    expires_at: datetime
