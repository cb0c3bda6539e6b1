"""The messages of an XML feed as they stand in it, from any boundary on: to be shown, or sent once more."""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO
from xml.parsers import expat

from lxml import etree

from feedproc.feeds.extract import Extract, Frame, Stretch
from feedproc.feeds.progress import Position
from feedproc.formats.encoding import Utf8Stream, utf8
from feedproc.formats.limits import MAX_PIECE_BYTES
from feedproc.formats.xml.envelope import END_TAG, Envelope, read
from feedproc.formats.xml.pieces import Piece, advanced, message_id, pieces
from feedproc.formats.xml.schemas import parser
from feedproc.xerces.text.reading import Handlers, Reading, readers
from feedproc.xerces.text.xml10 import as_xml_1_0

_PIECE_BYTES = 64 * 1024
"""A page of messages is read at once with less; more would be parsed for nothing."""
_ORDINARY_END = re.compile(b"</Message>")
_NAMED = re.compile(rb"<Message>\s*<MessageID>[ \t\r\n]*([0-9]{1,20})[ \t\r\n]*</MessageID>")
_START = re.compile(rb"<Message[\s/>]")
_END = re.compile(rb"""</Message\s*>|<Message(?:\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*+|/)(?<=/)>""")


_ENCODING = re.compile(rb"""^(<\?xml[^>]*?\sencoding\s*=\s*)(["'])[A-Za-z0-9._-]+\2""")


def find_frame(feed: BinaryIO) -> Frame:
    """Return what stands around the messages. It declares UTF-8, since that is what they are told in."""
    prolog = read(utf8(feed)).prolog
    return Frame(_ENCODING.sub(rb"\1\2UTF-8\2", prolog), b"\n  ", b"\n" + END_TAG + b"\n")


class XmlExtractor:
    """To begin in the middle costs nothing when the feed is in UTF-8; in another encoding all before it is decoded."""

    def __init__(self, feed: BinaryIO) -> None:
        self._stream = utf8(feed)
        self._envelope = read(self._stream)

    def picked(self, stretch: Stretch, places: Sequence[int]) -> Iterator[Extract]:
        """Yield some of the messages."""
        if self._envelope.complete or not places:
            return iter(())
        begin = stretch.begin or self._envelope.start
        quick = cut(self._stream, self._envelope, begin, stretch, places) if stretch.end is not None else None
        return quick if quick is not None else _at(places, parsed(self._stream, self._envelope, begin))


def _at(places: Sequence[int], extracts: Iterable[Extract]) -> Iterator[Extract]:
    """Yield those at the places, and read no further than the last of them."""
    wanted = set(places)
    upto = islice(extracts, places[-1] + 1) if places else ()
    return (one for place, one in enumerate(upto) if place in wanted)


def cut(
    stream: Utf8Stream, envelope: Envelope, begin: Position, stretch: Stretch, places: Sequence[int]
) -> Iterator[Extract] | None:
    """Return some messages of a stretch without parsing the others; None when it takes a parser to tell them apart.

    It takes none where there are as many ends of messages as messages, and nothing in which something may stand that
    only looks like one.
    """
    text = _between(stream, begin, stretch)
    if text is None:
        return None
    is_ordinary = _is_ordinary(text, stretch.messages)
    if not is_ordinary and (b"<!" in text or b"<?" in text):
        return None
    ends = [found.end() for found in (_ORDINARY_END if is_ordinary else _END).finditer(text)]
    return _cut(text, ends, envelope, begin, places) if len(ends) == stretch.messages else None


def _is_ordinary(text: bytes, messages: int) -> bool:
    """Say whether all tags of messages are written in the plainest way, which is ten times as quick to look for.

    Whatever only looks like such a tag, or is written otherwise, would make one count larger than the messages.
    """
    return (
        text.count(b"<Message>") == messages
        and text.count(b"</Message>") == messages
        and text.count(b"<Message") - text.count(b"<MessageID>") == messages
        and text.count(b"</Message") - text.count(b"</MessageID>") == messages
    )


def parsed(stream: Utf8Stream, envelope: Envelope, begin: Position) -> Iterator[Extract]:
    """Yield all messages behind a boundary."""
    for piece in pieces(stream, envelope, begin, _PIECE_BYTES):
        yield from _extracts(piece, envelope)


def _between(stream: Utf8Stream, begin: Position, stretch: Stretch) -> bytes | None:
    """Return the bytes of a stretch, unless that is more than one batch can be."""
    size = stretch.end.offset - begin.offset if stretch.end is not None else 0
    if not 0 < size <= MAX_PIECE_BYTES:
        return None
    stream.seek(begin.offset)
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _cut(
    text: bytes, ends: Sequence[int], envelope: Envelope, begin: Position, places: Sequence[int]
) -> Iterator[Extract]:
    at = begin
    for place in places:
        start = _START.search(text, ends[place - 1] if place else 0)
        if start is None or place >= len(ends):
            return
        message = text[start.start() : ends[place]]
        at = advanced(at, text[at.offset - begin.offset : start.start()], envelope.declaration)
        yield Extract(at.line, _named(message, envelope), message)


def _named(message: bytes, envelope: Envelope) -> str:
    """Return the message id of one message."""
    plain = _NAMED.match(message)
    if plain:
        return plain[1].decode()
    root = etree.fromstring(as_xml_1_0(envelope.opening + message + END_TAG), parser(recover=True))
    return message_id(root[0])


def _extracts(piece: Piece, envelope: Envelope) -> Iterator[Extract]:
    elements = piece.messages
    spans = _spans(piece.document, len(envelope.wrapper))
    if len(spans) != len(elements):
        yield from (Extract(piece.begin.line + one.sourceline - 1, message_id(one), b"") for one in elements)
        return
    at = piece.begin
    for (begin, end), element in zip(spans, elements, strict=True):
        at = advanced(at, piece.text[at.offset - piece.begin.offset : begin], envelope.declaration)
        yield Extract(at.line, message_id(element), piece.text[begin:end])


def _spans(document: bytes, start: int) -> Sequence[tuple[int, int]]:
    """Return where the messages of a piece begin and end in its text; none where they cannot be read."""
    for reading in readers(document):
        scanner = _Scanner(start, reading)
        with contextlib.suppress(expat.ExpatError):
            scanner.reading.read(document)
            return [(begin - start, _tag_end(document, last) - start) for begin, last in scanner.spans]
    return ()


def _tag_end(document: bytes, at: int) -> int:
    """Return where a message ends whose end was told at a place: before its end tag, or behind it if it is empty."""
    return document.index(b">", at) + 1 if document.startswith(b"</Message", at) else at


class _Scanner:
    """Notes the places of the root's children that are messages, behind the wrapper's own."""

    def __init__(self, start: int, reading: Callable[[Handlers], Reading]) -> None:
        self.reading = reading(Handlers(self._start, self._end))
        self.spans: list[tuple[int, int]] = []
        """Where each message begins, and where its end is told."""
        self._from = start
        self._depth = 0
        self._begin: int | None = None

    def _start(self, name: str, _attributes: object) -> None:
        self._depth += 1
        if self._depth == 2 and name == "Message":
            place = self.reading.at
            self._begin = place if place >= self._from else None

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._depth == 1 and self._begin is not None:
            self.spans.append((self._begin, self.reading.at))
            self._begin = None
