"""What kind of feed a file is, by how it begins."""

from typing import BinaryIO

from feedproc.feedtype import FeedTypes
from feedproc.formats.encoding import utf8
from feedproc.formats.flat import FlatFile, recognition
from feedproc.formats.xml import envelope as envelopes
from feedproc.formats.xml.envelope import Envelope, IllFormed, NotAnEnvelope
from feedproc.formats.xml.format import XmlFormat

_BEGINNING = 4096


def recognised(feed: BinaryIO, feed_types: FeedTypes) -> str | None:
    """Return the feed type, of those offered, whose feeds begin as this one does; None when none do."""
    if looks_like_xml(feed):
        found = _envelope(feed)
        message_type = found.message_type.strip() if found else ""
        return next((name for name in feed_types.offered if _is_of(feed_types, name, message_type)), None)
    template = recognition.recognised(feed)
    forms = ((name, feed_types.named(name).format) for name in feed_types.offered)
    return next((name for name, form in forms if isinstance(form, FlatFile) and template is form.template), None)


def looks_like_xml(feed: BinaryIO) -> bool:
    """Say whether the first thing in a file is a tag, whatever the encoding."""
    feed.seek(0)
    beginning = feed.read(_BEGINNING).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return beginning.startswith(b"<")


def merchant_identifier(feed: BinaryIO) -> str | None:
    """Return whose feed it says it is; None for one that does not say, or cannot be read so far."""
    found = _envelope(feed) if looks_like_xml(feed) else None
    return found.merchant_identifier if found else None


def _envelope(feed: BinaryIO) -> Envelope | None:
    try:
        return envelopes.read(utf8(feed))
    except (NotAnEnvelope, IllFormed):
        return None


def _is_of(feed_types: FeedTypes, name: str, message_type: str) -> bool:
    form = feed_types.named(name).format
    return isinstance(form, XmlFormat) and form.message_type == message_type
