"""A message of a feed beside what became of it, and a page of them."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from feedproc.feeds.extract import Extract
from feedproc.feeds.report import Result, Severity

PAGE = 50
"""Messages on a page."""


class Verdict(StrEnum):
    """What became of a message."""

    SUCCESSFUL = "successful"
    WARNING = "warning"
    ERROR = "error"
    WITHHELD = "withheld"
    """Nothing is wrong with it, but the feed is faulty as a whole, so that no message of it took effect."""


class Line(Struct, frozen=True):
    """A message, and what became of it."""

    verdict: Verdict
    number: int | None = None
    """Which message of the feed it is, from 1; None for a result about the feed as a whole."""
    extract: Extract | None = None
    """None where the feed is no longer kept, too."""
    result: Result | None = None


class Lines(Struct, frozen=True):
    """A page of them."""

    lines: Sequence[Line]
    total: int
    """Of messages that were looked at so far; or of errors, on a page of errors alone."""
    number: int
    """Of the page, from 1."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


def verdict_of(result: Result | None, withheld: bool) -> Verdict:
    """Return what became of a message with that result, in a feed that is `withheld` as a whole or not."""
    if result is None:
        return Verdict.WITHHELD if withheld else Verdict.SUCCESSFUL
    return Verdict.ERROR if result.severity is Severity.ERROR else Verdict.WARNING
