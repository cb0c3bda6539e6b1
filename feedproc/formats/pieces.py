"""A feed cut at message boundaries into pieces that libxml2 can parse one at a time.

A cut may only stand where the parser is between messages. It is enough that a piece, put behind the envelope's start
tag and before its end tag, is well-formed: had the cut fallen into a comment, a CDATA section or an element, something
would be left open. So a piece that is not well-formed is either cut wrongly, and is tried again with more of the feed,
or the feed itself is ill-formed.
"""

import re
from collections.abc import Iterator
from xml.parsers import expat

from lxml import etree
from msgspec import Struct

from feedproc.feeds.progress import Position
from feedproc.formats.encoding import Utf8Stream
from feedproc.formats.envelope import END_TAG, Envelope
from feedproc.formats.limits import MAX_PIECE_BYTES, MAX_PIECE_MESSAGES, PIECE_BYTES
from feedproc.formats.schema import parser

_MESSAGE_END = re.compile(rb"""</Message\s*>|<Message(?:\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*+|/)(?<=/)>""")


class Piece(Struct, frozen=True):
    """Some whole messages of a feed."""

    number: int
    """From 1 in one reading; not the same in a reading that began elsewhere."""
    text: bytes
    """UTF-8."""
    document: bytes
    """The text as a document of its own."""
    root: etree._Element
    """That document, parsed."""
    begin: Position
    end: Position
    """Where the next piece begins."""

    @property
    def messages(self) -> list[etree._Element]:
        """The messages, without the one that the wrapper brings along."""
        return list(self.root.iterchildren("Message"))[1:]


class Unparsable(ValueError):
    """The feed is not well-formed in this piece, or holds more than a limit allows."""

    def __init__(self, document: bytes, begin: Position, reason: str, line: int) -> None:
        """Take the piece as a document of its own, where it begins, and what libxml2 says at which of its lines."""
        self.document = document
        self.begin = begin
        self.reason = reason
        self.line = line
        super().__init__(reason)


def pieces(
    stream: Utf8Stream,
    envelope: Envelope,
    begin: Position,
    piece_bytes: int = PIECE_BYTES,
    most_messages: int = MAX_PIECE_MESSAGES,
) -> Iterator[Piece]:
    """Yield the feed from `begin`, a message boundary, to its end: nothing when it is there. Raises `Unparsable`."""
    stream.seek(begin.offset)
    xml = parser()
    number, buffer, at_end, want = 0, b"", False, piece_bytes
    while True:
        buffer, at_end = _filled(stream, buffer, at_end, want)
        if at_end and not buffer and not number:
            return
        cut = _cut(buffer, want, at_end, most_messages * max(1, want // piece_bytes))
        last = at_end and cut == len(buffer)
        text = buffer[:cut]
        document = envelope.wrapper + (text if last else text + END_TAG)
        try:
            root = etree.fromstring(document, xml) if cut or last else None
        except etree.XMLSyntaxError as error:
            if last or want >= MAX_PIECE_BYTES or _faulty(document):
                raise Unparsable(document, begin, reason(error), error.position[0]) from error
            root = None
        if root is None:
            if want >= MAX_PIECE_BYTES:
                raise Unparsable(document, begin, f"a message is larger than {MAX_PIECE_BYTES} bytes", begin.line)
            want *= 2
            continue
        number, want, buffer = number + 1, piece_bytes, buffer[cut:]
        end = advanced(begin, text)
        yield Piece(number, text, document, root, begin, end)
        if last:
            return
        begin = end


def advanced(begin: Position, text: bytes) -> Position:
    """Return the position behind `text`, which begins at `begin`."""
    if b"\r" in text:
        text = text.replace(b"\r\n", b" \n").replace(b"\r", b"\n")
    line_start = text.rfind(b"\n") + 1
    column = len(text[line_start:].decode("utf-8", "replace")) + (1 if line_start else begin.column)
    return Position(begin.offset + len(text), begin.line + text.count(b"\n"), column)


def _filled(stream: Utf8Stream, buffer: bytes, at_end: bool, want: int) -> tuple[bytes, bool]:
    parts, size = [buffer], len(buffer)
    while not at_end and size <= want:
        chunk = stream.read(want + 1 - size)
        at_end = not chunk
        parts.append(chunk)
        size += len(chunk)
    return b"".join(parts), at_end


def _cut(buffer: bytes, want: int, at_end: bool, most_messages: int) -> int:
    """Return the end of the last message that may be in the piece; that of the feed when all of its rest may be."""
    cut = 0
    for count, end in enumerate(_MESSAGE_END.finditer(buffer, 0, want)):
        if count == most_messages:
            return cut
        cut = end.end()
    return len(buffer) if at_end and len(buffer) <= want else cut


def reason(error: etree.XMLSyntaxError) -> str:
    """Return what libxml2 says, without the place, which is not one of the feed."""
    return (error.msg or "not well-formed").partition(", line ")[0]


def _faulty(document: bytes) -> bool:
    """Say whether a fault stands in the text itself, rather than something being left open at its end."""
    checker = expat.ParserCreate("utf-8", "}")
    try:
        checker.Parse(document, True)
    except expat.ExpatError as error:
        return error.code not in _LEFT_OPEN and checker.CurrentByteIndex < len(document) - len(END_TAG)
    return True


_LEFT_OPEN = {
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
}
