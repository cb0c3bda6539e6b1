"""The messages of an XML feed as they stand in it, from any boundary on: to be shown, or sent once more."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from lxml import etree

from feedproc.feeds.extract import Extract, Frame, Stretch
from feedproc.feeds.progress import Position
from feedproc.formats.encoding import Utf8Stream, open_utf8
from feedproc.formats.limits import MAX_PIECE_BYTES
from feedproc.formats.xml.boundaries import Outline, Span, advance, find_messages
from feedproc.formats.xml.envelope import END_TAG, Envelope, read_envelope
from feedproc.formats.xml.pieces import Piece, make_parser, read_message_id, read_pieces
from feedproc.xerces.text.xml10 import as_xml_1_0

_PIECE_BYTES = 64 * 1024
"""A page of messages is read at once with less; more would be parsed for nothing."""
_NAMED = re.compile(rb"<Message>\s*<MessageID>[ \t\r\n]*([0-9]{1,20})[ \t\r\n]*</MessageID>")
_ENCODING = re.compile(rb"""^(<\?xml[^>]*?\sencoding\s*=\s*)(["'])[A-Za-z0-9._-]+\2""")


def find_frame(feed: BinaryIO) -> Frame:
    """Return what stands around the messages. It declares UTF-8, since that is what they are told in."""
    prolog = read_envelope(open_utf8(feed)).prolog
    return Frame(_ENCODING.sub(rb"\1\2UTF-8\2", prolog), b"\n  ", b"\n" + END_TAG + b"\n")


class XmlExtractor:
    """To begin in the middle costs nothing when the feed is in UTF-8; in another encoding all before it is decoded."""

    def __init__(self, feed: BinaryIO) -> None:
        self._stream = open_utf8(feed)
        self._envelope = read_envelope(self._stream)

    def pick(self, stretch: Stretch, places: Sequence[int]) -> Iterator[Extract]:
        """Yield some of the messages."""
        if self._envelope.complete or not places:
            return iter(())
        begin = stretch.begin or self._envelope.start
        quick = cut(self._stream, self._envelope, begin, stretch, places) if stretch.end is not None else None
        return quick if quick is not None else _pick(places, parse(self._stream, self._envelope, begin))


def _pick(places: Sequence[int], extracts: Iterable[Extract]) -> Iterator[Extract]:
    """Yield those at the places, and read no further than the last of them."""
    wanted = set(places)
    upto = islice(extracts, places[-1] + 1) if places else ()
    return (one for place, one in enumerate(upto) if place in wanted)


def cut(
    stream: Utf8Stream, envelope: Envelope, begin: Position, stretch: Stretch, places: Sequence[int]
) -> Iterator[Extract] | None:
    """Return some messages of a stretch without parsing the others; None when it takes a parser to tell them apart."""
    text = _read_stretch(stream, begin, stretch)
    spans, _ = find_messages(text) if text is not None else (None, False)
    if text is None or spans is None or len(spans) != stretch.messages:
        return None
    return _extract(text, [spans[place] for place in places if place < len(spans)], envelope, begin)


def parse(stream: Utf8Stream, envelope: Envelope, begin: Position) -> Iterator[Extract]:
    """Yield all messages behind a boundary."""
    for piece in read_pieces(stream, envelope, begin, _PIECE_BYTES):
        yield from _extract_piece(piece, envelope)


def _read_stretch(stream: Utf8Stream, begin: Position, stretch: Stretch) -> bytes | None:
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


def _extract(text: bytes, spans: Iterable[Span], envelope: Envelope, begin: Position) -> Iterator[Extract]:
    at = begin
    for start, end in spans:
        at = advance(at, text[at.offset - begin.offset : start], envelope.declaration)
        message = text[start:end]
        yield Extract(at.line, _find_id(message, envelope), message)


def _find_id(message: bytes, envelope: Envelope) -> str:
    """Return the message id of one message."""
    plain = _NAMED.match(message)
    if plain:
        return plain[1].decode()
    document = as_xml_1_0(envelope.opening + message + END_TAG)
    return read_message_id(etree.fromstring(document, make_parser(recover=True))[0])


def _extract_piece(piece: Piece, envelope: Envelope) -> Iterator[Extract]:
    elements = piece.messages
    wrapper = len(envelope.wrapper)
    spans: Sequence[Span] = list(piece.locate_messages() or ())
    if not spans:
        spans = [(begin - wrapper, end - wrapper) for begin, end in Outline(piece.document, wrapper).messages]
    if len(spans) != len(elements):
        for one in elements:
            yield Extract(piece.begin.line + one.sourceline - 1, read_message_id(one), b"")
        return
    at = piece.begin
    for (begin, end), element in zip(spans, elements, strict=True):
        at = advance(at, piece.text[at.offset - piece.begin.offset : begin], envelope.declaration)
        yield Extract(at.line, read_message_id(element), piece.text[begin:end])
