"""Messages cut out of a feed, as they stand in it."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from feedproc.feeds.progress import Position


class Extract(Struct, frozen=True, gc=False):
    """One message."""

    line: int
    """On which it begins, from 1."""
    message_id: str
    """As its results name it."""
    text: bytes
    """Byte for byte, when the feed is in UTF-8; else its characters in UTF-8. Empty where it cannot be told apart."""


class Frame(Struct, frozen=True, gc=False):
    """What stands around the messages of a feed, so that some of them can become a feed of their own."""

    head: bytes
    between: bytes
    """What stands between two messages."""
    tail: bytes


class Stretch(Struct, frozen=True, gc=False):
    """A part of a feed from one boundary between messages on."""

    begin: Position | None
    """None for the first message."""
    end: Position | None = None
    """Where it ends; None when that is not known, or not at a boundary."""
    messages: int = 0
    """How many it has, when its end is known."""


class Extractor(Protocol):
    """Cuts messages out of one open feed."""

    def pick(self, stretch: Stretch, places: Sequence[int]) -> Iterator[Extract]:
        """Yield the messages at these places of a stretch, counted from 0 and rising."""
