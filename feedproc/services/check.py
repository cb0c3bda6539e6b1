"""Read a feed and say what is wrong with it, applying nothing."""

from collections.abc import Iterator
from typing import BinaryIO

from feedproc.feeds.finding import Inspection
from feedproc.feedtype import Format


def check(form: Format, feed: BinaryIO, any_type: bool) -> Iterator[Inspection]:
    """Yield what is wrong, part by part. With `any_type` the schema alone decides, whatever type the messages have."""
    return form.inspect(feed, any_type)
