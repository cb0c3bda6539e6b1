"""Read a feed and say what is wrong with it, applying nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from feedproc.feeds.feed_type import UNTOLD, FeedType, Format, Provenance
from feedproc.feeds.finding import Finding, Inspection
from feedproc.feeds.message import Message
from feedproc.feeds.report import Result


def check(form: Format, feed: BinaryIO, provenance: Provenance = UNTOLD) -> Iterator[Inspection]:
    """Yield what is wrong, part by part. The schema alone decides, whatever type the messages have."""
    return form.inspect(feed, any_type=True, provenance=provenance)


def check_as(
    feed_type: FeedType, feed: BinaryIO, at: datetime, provenance: Provenance = UNTOLD
) -> Iterator[Inspection]:
    """Yield what is wrong with a feed of this type, part by part, if it were submitted at that time.

    Rules of the feed type are looked at as far as they can be without the orders that the messages are about.
    """
    for part in feed_type.format.inspect(feed, any_type=False, provenance=provenance):
        broken = [
            _make_finding(line, result, part.path)
            for line, message in part.placed
            if (result := _check(feed_type, message, at, provenance.marketplace_id)) is not None
        ]
        yield Inspection(part.messages, sorted([*part.findings, *broken], key=_get_place), part.done, path=part.path)


def _check(feed_type: FeedType, message: Message, at: datetime, marketplace_id: str) -> Result | None:
    return feed_type.check(message.message_id, message.body, at, marketplace_id)


def _make_finding(line: int, result: Result, path: str) -> Finding:
    return Finding(
        line=line,
        column=1,
        message_id=result.message_id,
        code=result.code,
        rule="feed-type",
        path=path,
        description=result.description,
        reason=result.reason,
        severity=result.severity,
    )


def _get_place(finding: Finding) -> tuple[int, int]:
    return finding.line, finding.column
