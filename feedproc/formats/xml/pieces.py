"""A feed cut at message boundaries into pieces that libxml2 can parse one at a time.

A cut may only stand where the parser is between messages. It is enough that a piece, put behind the envelope's start
tag and before its end tag, is well-formed: had the cut fallen into a comment, a CDATA section or an element, something
would be left open. So a piece that is not well-formed is either cut wrongly, and is tried again with more of the feed,
or the feed itself is ill-formed.
"""

import re
from collections.abc import Iterator, Sequence
from xml.parsers import expat

from lxml import etree
from msgspec import Struct

from feedproc.feeds.progress import Position
from feedproc.feeds.report import NO_MESSAGE
from feedproc.formats.encoding import Undecodable, Utf8Stream
from feedproc.formats.limits import MAX_PIECE_BYTES, MAX_PIECE_MESSAGES, PIECE_BYTES
from feedproc.formats.xml.envelope import END_TAG, Envelope
from feedproc.formats.xml.schemas import parser
from feedproc.xerces.text.positions import Ruler, units
from feedproc.xerces.text.version import is_xml_1_1, reads_otherwise
from feedproc.xerces.text.xml10 import as_xml_1_0

_BLANK = rb"(?:\s|\xc2\x85|\xe2\x80\xa8)"
_MESSAGE_END = re.compile(
    rb"""</Message%s*>|<Message(?:%s(?:[^<>"']|"[^"<]*"|'[^'<]*')*+|/)(?<=/)>""" % (_BLANK, _BLANK)
)
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_OPENING, _FOLLOWING = b"<AmazonEnvelope>", b"<Message>"
"""For the count of columns, what stands around a part of a feed: the root was begun, and a tag follows."""

_count = etree.XPath("count(Message)")


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
    ends: Sequence[int] = ()
    """Where in the text messages seem to end: something like it may also stand in a comment."""
    last: bool = True
    """Whether the feed ends with this piece."""

    @property
    def count(self) -> int:
        """How many messages there are."""
        return int(_count(self.root)) - 1

    @property
    def messages(self) -> list[etree._Element]:
        """The messages, without the one that the wrapper brings along."""
        return list(self.root.iterchildren("Message"))[1:]


def message_id(message: etree._Element) -> str:
    """Return the message id under which results tell of a message."""
    text = (message[0].text or "").strip() if len(message) else ""
    return text if text.isdecimal() and text.isascii() and len(text) <= _MESSAGE_ID_DIGITS else NO_MESSAGE


_MESSAGE_ID_DIGITS = 20


class Unparsable(ValueError):
    """The feed is not well-formed in this piece, or holds more than a limit allows."""

    def __init__(self, document: bytes, begin: Position, reason: str, line: int = 1, *, stopped: bool = False) -> None:
        """Take the piece as a document of its own, where it begins, and what libxml2 says at which of its lines.

        When reading `stopped` at the end of the document, the reason is what Amazon's parser says there. No document
        at all means that the piece is too large to look for what is wrong in it.
        """
        self.document = document
        self.begin = begin
        self.reason = reason
        self.line = line
        self.stopped = stopped
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
    source = _Source(stream)
    number, want = 0, piece_bytes
    while True:
        buffer = source.filled(want)
        if source.at_end and not buffer and not number:
            return
        whole = source.at_end and not source.stop
        cut, ends = _cut(buffer, want, whole, most_messages * max(1, want // piece_bytes))
        last = whole and cut == len(buffer)
        text = buffer[:cut]
        document = envelope.wrapper + (text if last else text + END_TAG)
        readable = as_xml_1_0(document)
        try:
            root = etree.fromstring(readable, xml) if cut or last else None
        except etree.XMLSyntaxError as error:
            root = recovered(readable, xml)
            if root is None and (last or _faulty(document)):
                raise Unparsable(document, begin, reason(error), error.position[0]) from error
        if root is None:
            if source.stop and len(buffer) <= want:
                raise Unparsable(envelope.wrapper + buffer, begin, source.stop, stopped=True)
            if want >= MAX_PIECE_BYTES:
                raise Unparsable(b"", begin, f"a message is larger than {MAX_PIECE_BYTES} bytes")
            want *= 2
            continue
        number, want = number + 1, piece_bytes
        source.drop(cut)
        end = advanced(begin, text, envelope.declaration)
        yield Piece(number, text, document, root, begin, end, ends, last)
        if last:
            return
        begin = end


class _Source:
    """The part of a stream that is looked at."""

    def __init__(self, stream: Utf8Stream) -> None:
        self._stream = stream
        self._buffer = b""
        self.at_end = False
        self.stop = ""
        """What Amazon's parser says where it cannot read on."""

    def filled(self, want: int) -> bytes:
        """Return more than `want` bytes, or all that are left."""
        parts, size = [self._buffer], len(self._buffer)
        while not self.at_end and size <= want:
            chunk = self._read(want + 1 - size)
            self.at_end = not chunk
            parts.append(chunk)
            size += len(chunk)
        self._buffer = b"".join(parts)
        return self._buffer

    def drop(self, size: int) -> None:
        """Be done with so many bytes."""
        self._buffer = self._buffer[size:]

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except Undecodable as error:
            self.stop = str(error)
            return b""


def recovered(document: bytes, failed: etree.XMLParser) -> etree._Element | None:
    """Parse a document in which libxml2 only minds namespaces: whether those are wrong is Amazon's parser to say."""
    faults = (entry for entry in failed.error_log if entry.level > etree.ErrorLevels.WARNING)
    if any(entry.domain != etree.ErrorDomains.NAMESPACE for entry in faults):
        return None
    return etree.fromstring(document, parser(recover=True))


def advanced(begin: Position, text: bytes, declaration: bytes = b"") -> Position:
    """Return the position behind `text`, which begins at `begin`; columns are those of Amazon's parser.

    The text is part of a root element, in a feed in the version of XML that the `declaration` says.
    """
    if declaration and reads_otherwise(text):
        return _measured(begin, text, declaration)
    if b"\r" in text:
        if _LONE_RETURN.search(text):
            return _measured(begin, text, b"")
        text = text.replace(b"\r\n", b" \n")
    line_start = text.rfind(b"\n") + 1
    column = units(text[line_start:]) + (1 if line_start else begin.column)
    return Position(begin.offset + len(text), begin.line + text.count(b"\n"), column)


def _measured(begin: Position, text: bytes, declaration: bytes) -> Position:
    opening = declaration + _OPENING
    line, column = Ruler(opening + text + _FOLLOWING, len(declaration)).place(len(opening) + len(text))
    if line == 1:
        column += begin.column - 1 - len(opening)
    return Position(begin.offset + len(text), begin.line + line - 1, column)


def _cut(buffer: bytes, want: int, at_end: bool, most_messages: int) -> tuple[int, list[int]]:
    """Return the end of the last message that may be in the piece, or of the feed when all of its rest may be.

    With it go the ends of all messages up to there, as far as can be seen.
    """
    ends: list[int] = []
    for end in _MESSAGE_END.finditer(buffer, 0, want):
        if len(ends) == most_messages:
            return ends[-1] if ends else 0, ends
        ends.append(end.end())
    if at_end and len(buffer) <= want:
        return len(buffer), ends
    return ends[-1] if ends else 0, ends


def reason(error: etree.XMLSyntaxError) -> str:
    """Return what libxml2 says, without the place, which is not one of the feed."""
    return (error.msg or "not well-formed").partition(", line ")[0]


def _faulty(document: bytes) -> bool:
    """Say whether a fault stands in the text itself, rather than something being left open at its end."""
    if is_xml_1_1(document):
        return _faulty_exactly(document)
    checker = expat.ParserCreate("utf-8", "}")
    try:
        checker.Parse(document, True)
    except expat.ExpatError as error:
        return error.code not in _LEFT_OPEN and checker.CurrentByteIndex < len(document) - len(END_TAG)
    return True


def _faulty_exactly(document: bytes) -> bool:
    from feedproc.xerces.text.scanner import scan  # noqa: PLC0415 - hardly a feed needs it

    fatal = scan(document)
    return fatal is None or fatal.offset is None or fatal.offset < len(document) - len(END_TAG)


_LEFT_OPEN = {
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
}
