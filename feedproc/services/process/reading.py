"""Who reads the messages of a feed that is processed: the worker itself, unless it has a helper."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import BinaryIO

from feedproc.feeds.feed_type import FeedType
from feedproc.feeds.finding import Portion, Survey
from feedproc.feeds.progress import Position

Read = Callable[[BinaryIO, Survey, Position], Iterator[Portion]]
"""Yields a feed from a boundary, as `Format.read` does."""
OpenReader = Callable[[FeedType, BinaryIO], AbstractContextManager[Read]]
"""Called before a feed is surveyed, so that a helper can begin meanwhile. At the end of `with` it has ended, too."""


@contextmanager
def read_alone(feed_type: FeedType, _feed: BinaryIO) -> Iterator[Read]:
    """Let the worker read for itself."""
    yield feed_type.format.read
