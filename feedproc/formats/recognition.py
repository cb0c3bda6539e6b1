"""What kind of feed a file is, by how it begins."""

from typing import BinaryIO

from feedproc.feeds.feed_type import FeedTypes
from feedproc.formats.encoding import looks_like_xml
from feedproc.formats.xml.envelope import find_envelope

__all__ = ["find_merchant", "locate_merchant", "looks_like_xml", "recognise"]


def recognise(feed: BinaryIO, feed_types: FeedTypes) -> str | None:
    """Return the feed type, of those offered, whose feeds begin as this one does; None when none do."""
    return next((name for name in feed_types.offered if feed_types.named(name).format.recognises(feed)), None)


def find_merchant(feed: BinaryIO) -> str | None:
    """Return whose feed it says it is; None for one that does not say, or cannot be read so far."""
    envelope = find_envelope(feed)
    return envelope.merchant_identifier if envelope is not None else None


def locate_merchant(feed: BinaryIO) -> tuple[str, int, int] | None:
    """Return whose feed it says it is, and line and column where that begins; None where it does not say it at all."""
    envelope = find_envelope(feed)
    text = envelope.prolog.decode("utf-8", "replace") if envelope is not None else ""
    at = text.find("<MerchantIdentifier")
    if envelope is None or at < 0:
        return None
    return envelope.merchant_identifier, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
