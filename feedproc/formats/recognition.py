"""What kind of feed a file is, by how it begins."""

import re
from typing import BinaryIO

from feedproc.feeds.feed_type import FeedType, FeedTypes
from feedproc.formats.encoding import looks_like_xml
from feedproc.formats.xml.envelope import find_envelope

_HEAD = 4096
_WORD = re.compile(rb"[a-z_]+(?:-[a-z_]+)*")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
__all__ = ["find_merchant", "guess_feed_type", "locate_merchant", "looks_like_xml", "recognise"]


def recognise(feed: BinaryIO, feed_types: FeedTypes) -> str | None:
    """Return the feed type, of those offered, whose feeds begin as this one does; None when none do."""
    return next((name for name in feed_types.offered if feed_types.look_up(name).format.recognises(feed)), None)


def guess_feed_type(feed: BinaryIO, feed_types: FeedTypes) -> FeedType:
    """Return as what a feed is best looked at that is of no type: one of a table, by its headings, or else one of XML.

    What is neither is told to be no XML.
    """
    feed.seek(0)
    head = feed.read(_HEAD)
    feed.seek(0)
    offered = [feed_types.look_up(name) for name in feed_types.offered]
    tables = [one for one in offered if not one.format.declares_encoding]
    if _looks_like_table(head) and tables:
        words = set(_WORD.findall(head.lower()))
        return max(tables, key=lambda one: len(words & _list_headings(one)))
    return next(one for one in offered if one.format.declares_encoding)


def _looks_like_table(head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    first = start.splitlines()[0] if start else b""
    is_text = b"\0" not in head and start[:1] not in (b"<", b"{", b"[", b"%", b"&")
    return is_text and not _BINARY.search(first) and any(sign in first for sign in (b"\t", b",", b";", b"|", b"\\t"))


def _list_headings(feed_type: FeedType) -> set[bytes]:
    template = getattr(feed_type.format, "template", None)
    return {name.encode() for name in template.names} if template is not None else set()


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
