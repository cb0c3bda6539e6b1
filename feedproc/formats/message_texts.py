"""The messages of a feed as they stand in it, from any boundary on: to be shown, or sent once more."""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO, Protocol

from feedproc.feeds.extract import Extract, Extractor, Frame, Stretch
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.progress import Position
from feedproc.feedtype import Format, Provenance
from feedproc.formats.encoding import utf8
from feedproc.formats.flat import FlatFile, charset
from feedproc.formats.flat.charset import Source
from feedproc.formats.flat.headings import headings
from feedproc.formats.flat.rows import is_empty, rows
from feedproc.formats.limits import MAX_HEADING_ROWS
from feedproc.formats.xml import envelope as envelopes
from feedproc.formats.xml.envelope import END_TAG
from feedproc.formats.xml.message_spans import cut, parsed

_ENCODING = re.compile(rb"""^(<\?xml[^>]*?\sencoding\s*=\s*)(["'])[A-Za-z0-9._-]+\2""")


class MessageTexts(Protocol):
    """Takes feeds of one format apart. The feeds must have been processed: readable to their end."""

    def extractor(self, feed: BinaryIO) -> Extractor:
        """Return what cuts messages out of a feed, which must stay open."""

    def frame(self, feed: BinaryIO) -> Frame:
        """Return what stands around the messages."""

    def shown(self, text: bytes) -> str:
        """Return a message's text as characters."""


def texts_of(form: Format, provenance: Provenance) -> MessageTexts:
    """Return what takes feeds of a format apart that came with such a content type."""
    return _FlatTexts(form, provenance) if isinstance(form, FlatFile) else _XmlTexts()


class _XmlTexts:
    def extractor(self, feed: BinaryIO) -> Extractor:
        """Return what cuts messages out of a feed."""
        return _XmlExtractor(feed)

    def frame(self, feed: BinaryIO) -> Frame:
        """Return what stands around the messages. It declares UTF-8, since that is what they are told in."""
        envelope = envelopes.read(utf8(feed))
        return Frame(_ENCODING.sub(rb"\1\2UTF-8\2", envelope.prolog), b"\n  ", b"\n" + END_TAG + b"\n")

    def shown(self, text: bytes) -> str:
        """Return a message's text as characters."""
        return text.decode("utf-8", "replace")


class _XmlExtractor:
    """To begin in the middle costs nothing when the feed is in UTF-8; in another encoding all before it is decoded."""

    def __init__(self, feed: BinaryIO) -> None:
        self._stream = utf8(feed)
        self._envelope = envelopes.read(self._stream)

    def picked(self, stretch: Stretch, places: Sequence[int]) -> Iterator[Extract]:
        """Yield some of the messages."""
        if self._envelope.complete or not places:
            return iter(())
        begin = stretch.begin or self._envelope.start
        quick = cut(self._stream, self._envelope, begin, stretch, places) if stretch.end is not None else None
        return quick if quick is not None else _at(places, parsed(self._stream, self._envelope, begin))


class _FlatTexts:
    """The messages are rows, in the file's own encoding; those of UTF-16 in UTF-8."""

    def __init__(self, form: FlatFile, provenance: Provenance) -> None:
        self._form = form
        self._provenance = provenance

    def extractor(self, feed: BinaryIO) -> Extractor:
        """Return what cuts rows out of a file."""
        return _FlatExtractor(self._source(feed), self._form, self._provenance)

    def frame(self, feed: BinaryIO) -> Frame:
        """Return the rows up to the headings. What was in UTF-16 is given the mark of UTF-8."""
        source = self._source(feed)
        behind = _headings(source, self._form, self._provenance)[1]
        source.stream.seek(0)
        head = _read(source, behind.offset)
        ends = b"\r\n" if b"\r\n" in head else b"\n"
        if charset.told(feed, self._provenance.content_type).is_wide:
            head = codecs.BOM_UTF8 + head
        return Frame(head if head.endswith((b"\n", b"\r")) else head + ends, ends, ends)

    def shown(self, text: bytes) -> str:
        """Return a row as characters."""
        try:
            return text.decode()
        except UnicodeDecodeError:
            return text.decode(marketplace_of(self._provenance.marketplace_id).codec, "replace")

    def _source(self, feed: BinaryIO) -> Source:
        encoding = charset.told(feed, self._provenance.content_type)
        return charset.source(feed, encoding, encoding.codec or "")


class _FlatExtractor:
    def __init__(self, source: Source, form: FlatFile, provenance: Provenance) -> None:
        self._source = source
        self._line, self._behind = _headings(source, form, provenance)

    def picked(self, stretch: Stretch, places: Sequence[int]) -> Iterator[Extract]:
        """Yield some of the rows in which something stands."""
        return _at(places, self._rows(stretch.begin or self._behind))

    def _rows(self, begin: Position) -> Iterator[Extract]:
        for part in rows(self._source, begin):
            for line, row in enumerate(part.rows, part.first):
                if not is_empty(row):
                    yield Extract(line, str(line - self._line), row)


def _headings(source: Source, form: FlatFile, provenance: Provenance) -> tuple[int, Position]:
    """Return on which line the headings stand, and where the row behind them begins."""
    position = Position(source.start)
    beginning = [row for part in islice(rows(source, position, 1), MAX_HEADING_ROWS) for row in part.rows]
    found = headings(beginning, source.codec or "ascii", form.template, provenance.marketplace_id)
    for part in islice(rows(source, position, 1), found.line):
        position = part.end
    return found.line, position


def _at(places: Sequence[int], extracts: Iterable[Extract]) -> Iterator[Extract]:
    """Yield those at the places, and read no further than the last of them."""
    wanted = set(places)
    upto = islice(extracts, places[-1] + 1) if places else ()
    return (one for place, one in enumerate(upto) if place in wanted)


def _read(source: Source, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0 and (part := source.stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
