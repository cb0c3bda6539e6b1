"""The rows of a flat file as they stand in it, from any boundary on: to be shown, or sent once more."""

import codecs
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from feedproc.feeds.extract import Extract, Frame, Stretch
from feedproc.feeds.feed_type import Provenance
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.progress import Position
from feedproc.formats.flat import charset
from feedproc.formats.flat.charset import Source
from feedproc.formats.flat.columns import Template
from feedproc.formats.flat.headings import read_headings
from feedproc.formats.flat.rows import is_empty, read_rows
from feedproc.formats.limits import MAX_HEADING_ROWS


class FlatExtractor:
    """Cuts rows out of a file, in the file's own encoding; those of UTF-16 in UTF-8."""

    def __init__(self, feed: BinaryIO, template: Template, others: Sequence[Template], provenance: Provenance) -> None:
        self._source = _open_source(feed, provenance)
        self._line, self._behind = _find_headings(self._source, template, others, provenance)

    def pick(self, stretch: Stretch, places: Sequence[int]) -> Iterator[Extract]:
        """Yield some of the rows in which something stands."""
        wanted = set(places)
        upto = islice(self._extract(stretch.begin or self._behind), places[-1] + 1) if places else ()
        return (one for place, one in enumerate(upto) if place in wanted)

    def _extract(self, begin: Position) -> Iterator[Extract]:
        for part in read_rows(self._source, begin):
            for line, row in enumerate(part.rows, part.first):
                if not is_empty(row):
                    yield Extract(line, str(line - self._line), row)


def find_frame(feed: BinaryIO, template: Template, others: Sequence[Template], provenance: Provenance) -> Frame:
    """Return the rows up to the headings. What was in UTF-16 is given the mark of UTF-8."""
    source = _open_source(feed, provenance)
    behind = _find_headings(source, template, others, provenance)[1]
    source.stream.seek(0)
    head = _read(source, behind.offset)
    ends = b"\r\n" if b"\r\n" in head else b"\n"
    if charset.find_encoding(feed, provenance.content_type).is_wide:
        head = codecs.BOM_UTF8 + head
    return Frame(head if head.endswith((b"\n", b"\r")) else head + ends, ends, ends)


def show_row(text: bytes, provenance: Provenance) -> str:
    """Return a row as characters."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode(marketplace_of(provenance.marketplace_id).codec, "replace")


def _open_source(feed: BinaryIO, provenance: Provenance) -> Source:
    encoding = charset.find_encoding(feed, provenance.content_type)
    return charset.open_source(feed, encoding, encoding.codec or "")


def _find_headings(
    source: Source, template: Template, others: Sequence[Template], provenance: Provenance
) -> tuple[int, Position]:
    """Return on which line the headings stand, and where the row behind them begins."""
    position = Position(source.start)
    beginning = [row for part in islice(read_rows(source, position, 1), MAX_HEADING_ROWS) for row in part.rows]
    found = read_headings(beginning, source.codec or "ascii", template, others, provenance)
    for part in islice(read_rows(source, position, 1), found.line):
        position = part.end
    return found.line, position


def _read(source: Source, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0 and (part := source.stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
