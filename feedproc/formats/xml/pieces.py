"""A feed cut at message boundaries into pieces that libxml2 can parse one at a time.

A cut may only stand where the parser is between messages. It is enough that a piece, put behind the envelope's start
tag and before its end tag, is well-formed: had the cut fallen into an element, something would be left open. So a piece
that is not well-formed is either cut wrongly, and is tried again with more of the feed, or the feed itself is
ill-formed.
"""

import os
import re
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar, cast
from xml.parsers import expat

from lxml import etree
from msgspec import Struct

from feedproc.feeds.progress import Position
from feedproc.feeds.report import NO_MESSAGE
from feedproc.formats.encoding import Undecodable, Utf8Stream
from feedproc.formats.limits import MAX_PIECE_BYTES, MAX_PIECE_MESSAGES, PIECE_BYTES
from feedproc.formats.xml.boundaries import Span, Spans, advance, find_messages, has_only_tags
from feedproc.formats.xml.envelope import END_TAG, Envelope
from feedproc.xerces.text.positions import count_units, is_xml_1_1
from feedproc.xerces.text.xml10 import as_xml_1_0

_ID = re.compile(rb"<Message>\s*<MessageID>[^<]*</MessageID>")
_MESSAGE_ID_DIGITS = 20
_count = etree.XPath("count(Message)")

T = TypeVar("T")
_END = object()
_IN_USE = 2
"""Items that whoever uses them may still hold: the one it has, and the one that it is about to be given."""


def make_parser(recover: bool = False, *, keeps_blanks: bool = True) -> etree.XMLParser:
    """Return a parser that neither fetches nor expands anything and keeps libxml2's own limits.

    It takes bytes as UTF-8 whatever they declare. Comments and processing instructions are dropped. Blanks between tags
    are half of all nodes of most feeds; without `keeps_blanks` those in front of a tag that is not an end tag, and
    behind an end tag, are dropped.
    """
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=not keeps_blanks,
        collect_ids=False,
        recover=recover,
    )


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
    spans: Spans
    """Where the messages of the text seem to stand."""
    last: bool = True
    """Whether the feed ends with this piece."""
    emptied: frozenset[int] = frozenset()
    """Messages, from 0, that libxml2 could not parse: the tree has nothing of them but their ids."""

    @property
    def count(self) -> int:
        """How many messages there are."""
        return int(_count(self.root)) - 1

    @property
    def messages(self) -> list[etree._Element]:
        """The messages, without the one that the wrapper brings along."""
        return list(self.root.iterchildren("Message"))[1:]

    def locate_messages(self) -> Spans | None:
        """Return where the messages stand in the text; None when some of what looks like one is none."""
        if len(self.spans) == self.count:
            return self.spans
        exact, _ = find_messages(self.text, is_exact=True)
        return exact if len(exact) == self.count else None


def read_message_id(message: etree._Element) -> str:
    """Return the message id under which results tell of a message."""
    text = (message[0].text or "").strip() if len(message) else ""
    return text if text.isdecimal() and text.isascii() and len(text) <= _MESSAGE_ID_DIGITS else NO_MESSAGE


class Unparsable(ValueError):
    """The feed is not well-formed in this piece, or holds more than a limit allows."""

    def __init__(self, document: bytes, begin: Position, reason: str, line: int = 1, *, stopped: bool = False) -> None:
        """Take the piece as a document of its own, where it begins, and what libxml2 says at which of its lines.

        When reading `stopped` at the end of the document, the reason is what Amazon's parser says there. The document
        is empty when the piece is too large to look for what is wrong in it.
        """
        self.document = document
        self.begin = begin
        self.reason = reason
        self.line = line
        self.stopped = stopped
        super().__init__(reason)


def read_pieces(
    stream: Utf8Stream,
    envelope: Envelope,
    begin: Position,
    piece_bytes: int = PIECE_BYTES,
    most_messages: int = MAX_PIECE_MESSAGES,
) -> Iterator[Piece]:
    """Yield the feed from `begin`, a message boundary, to its end: nothing when it is there.

    Raises:
        Unparsable: the feed is not well-formed, or a message is larger than `MAX_PIECE_BYTES`.

    """
    stream.seek(begin.offset)
    source = PieceSource(stream)
    cutter = _Cutter(envelope, source, piece_bytes, most_messages)
    if not source.fill(0) and not source.stop:
        return
    number, is_last = 0, False
    while not is_last:
        number += 1
        piece = cutter.grow(number, begin)
        begin, is_last = piece.end, piece.last
        yield piece


def parse_some(text: bytes, kept: Sequence[Span], envelope: Envelope, begin: Position, end: Position) -> Piece | None:
    """Return some messages of a part of a feed in XML 1.0, each on the line and at the column where it stands.

    None where a parser of the whole part is to judge of it. The last of them is not the feed's last.
    """
    parts, at = list[bytes](), 0
    for first, behind in kept:
        left_out, at = text[at:first], behind
        parts += [b"\n" * left_out.count(b"\n"), b" " * count_units(left_out[left_out.rfind(b"\n") + 1 :])]
        parts.append(text[first:behind])
    shortened = b"".join(parts)
    document = envelope.wrapper + shortened + END_TAG
    try:
        root = etree.fromstring(document, make_parser(keeps_blanks=not has_only_tags(shortened)))
    except etree.XMLSyntaxError:
        return None
    spans, _ = find_messages(shortened)
    piece = Piece(1, shortened, document, root, begin, end, spans, last=False)
    return piece if piece.locate_messages() is spans else None


class PieceSource:
    """The part of a stream that is looked at."""

    def __init__(self, stream: Utf8Stream) -> None:
        """Begin where the stream stands."""
        self._stream = stream
        self._buffer = b""
        self._is_at_end = False
        self.stop = ""
        """What Amazon's parser says where it cannot read on."""

    @property
    def is_whole(self) -> bool:
        """Whether all that the stream has left is in the buffer."""
        return self._is_at_end and not self.stop

    def fill(self, want: int) -> bytes:
        """Return more than `want` bytes, or all that are left."""
        parts, size = [self._buffer], len(self._buffer)
        while not self._is_at_end and size <= want:
            chunk = self._read(want + 1 - size)
            self._is_at_end = not chunk
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


class _Cut(NamedTuple):
    """A part of a feed that may be a piece."""

    text: bytes
    document: bytes
    spans: Spans
    is_last: bool


class _Cutter:
    """Cuts pieces off one source."""

    def __init__(self, envelope: Envelope, source: PieceSource, piece_bytes: int, most_messages: int) -> None:
        self._envelope = envelope
        self._source = source
        self._piece_bytes = piece_bytes
        self._most_messages = most_messages
        self._parsers = {keeps_blanks: make_parser(keeps_blanks=keeps_blanks) for keeps_blanks in (False, True)}

    def grow(self, number: int, begin: Position) -> Piece:
        """Take the next piece off the source: the smallest that is well-formed, for it may be cut in the middle."""
        want = self._piece_bytes
        while True:
            buffer = self._source.fill(want)
            tried = -1
            for is_exact in (False, True):
                cut = self._cut(buffer, want, is_exact=is_exact)
                if cut is None or len(cut.text) == tried:
                    continue
                tried = len(cut.text)
                piece = self._parse(cut, number, begin)
                if piece is not None:
                    self._source.drop(len(cut.text))
                    return piece
            self._check_limits(buffer, want, begin)
            want *= 2

    def _cut(self, buffer: bytes, want: int, *, is_exact: bool) -> _Cut | None:
        """Return the messages that end within so many bytes, with all that follows them if the feed ends there."""
        most = self._most_messages * max(1, want // self._piece_bytes)
        spans, has_more = find_messages(buffer, want, most, is_exact=is_exact)
        is_last = self._source.is_whole and len(buffer) <= want and not has_more
        if not spans and not is_last:
            return None
        text = buffer if is_last else buffer[: spans.ends[-1]]
        return _Cut(text, self._envelope.wrapper + (text if is_last else text + END_TAG), spans, is_last)

    def _parse(self, cut: _Cut, number: int, begin: Position) -> Piece | None:
        """Return a cut as a piece; None where it leaves something open, so that more of the feed is needed."""
        readable, emptied = as_xml_1_0(cut.document), frozenset[int]()
        # What libxml2 takes for blanks between tags may stand between a comment, say, and the rest of a value.
        parser = self._parsers[not has_only_tags(cut.text)]
        try:
            root = etree.fromstring(readable, parser)
        except etree.XMLSyntaxError as error:
            found = recover(readable, parser)
            if found is None and not cut.is_last and not _is_faulty(cut.document):
                return None
            if found is None:
                found, emptied = _empty_messages(cut, self._envelope)
            if found is None:
                raise Unparsable(cut.document, begin, say_why(error), error.position[0]) from error
            root = found
        end = advance(begin, cut.text, self._envelope.declaration)
        return Piece(number, cut.text, cut.document, root, begin, end, cut.spans, cut.is_last, emptied)

    def _check_limits(self, buffer: bytes, want: int, begin: Position) -> None:
        """Raise `Unparsable` where more of the feed is not to be had, or does not help."""
        document = self._envelope.wrapper + buffer
        if self._source.stop and len(buffer) <= want:
            raise Unparsable(document, begin, self._source.stop, stopped=True)
        if want >= MAX_PIECE_BYTES:
            reason = f"a message is larger than {MAX_PIECE_BYTES} bytes"
            raise Unparsable(document + END_TAG if _is_faulty(document + END_TAG) else b"", begin, reason)


def recover(document: bytes, failed: etree.XMLParser) -> etree._Element | None:
    """Parse a document in which libxml2 only minds namespaces: whether those are wrong is Amazon's parser to say."""
    faults = (entry for entry in failed.error_log if entry.level > etree.ErrorLevels.WARNING)
    if any(entry.domain != etree.ErrorDomains.NAMESPACE for entry in faults):
        return None
    return etree.fromstring(document, make_parser(recover=True))


def say_why(error: etree.XMLSyntaxError) -> str:
    """Return what libxml2 says, without the place, which is not one of the feed."""
    return (error.msg or "not well-formed").partition(", line ")[0]


def _empty_messages(cut: _Cut, envelope: Envelope) -> tuple[etree._Element | None, frozenset[int]]:
    """Parse a cut without the messages that libxml2 alone cannot read: elements nested too deep, names too long.

    Only their ids are left, and as many lines. Return no tree where Amazon's parser cannot read the cut either.
    """
    from feedproc.xerces.text.scanner import scan  # noqa: PLC0415 - hardly a feed needs it

    if scan(cut.document) is not None:
        return None, frozenset()
    spans, _ = find_messages(cut.text, is_exact=True)
    parts: list[bytes] = []
    emptied: set[int] = set()
    done = 0
    for number, (begin, end) in enumerate(spans):
        message = cut.text[begin:end]
        if _is_readable(envelope.opening + message + END_TAG):
            continue
        emptied.add(number)
        known = _ID.match(message)
        stub = (known[0] if known else b"<Message>") + b"</Message>"
        parts += [cut.text[done:begin], stub, b"\n" * (message.count(b"\n") - stub.count(b"\n"))]
        done = end
    text = b"".join([*parts, cut.text[done:]])
    document = as_xml_1_0(envelope.wrapper + (text if cut.is_last else text + END_TAG))
    return (etree.fromstring(document, make_parser()) if _is_readable(document) else None), frozenset(emptied)


def _is_readable(document: bytes) -> bool:
    """Say whether libxml2 can parse a document."""
    xml, readable = make_parser(), as_xml_1_0(document)
    try:
        etree.fromstring(readable, xml)
    except etree.XMLSyntaxError:
        return recover(readable, xml) is not None
    return True


def _is_faulty(document: bytes) -> bool:
    """Say whether a fault stands in the text itself, rather than something being left open at its end."""
    if is_xml_1_1(document):
        return _is_exactly_faulty(document)
    checker = expat.ParserCreate("utf-8", "}")
    try:
        checker.Parse(document, True)
    except expat.ExpatError as error:
        return error.code not in _LEFT_OPEN and checker.CurrentByteIndex < len(document) - len(END_TAG)
    return True


def _is_exactly_faulty(document: bytes) -> bool:
    from feedproc.xerces.text.scanner import scan  # noqa: PLC0415 - hardly a feed needs it

    fatal = scan(document)
    return fatal is None or fatal.offset is None or fatal.offset < len(document) - len(END_TAG)


_LEFT_OPEN = {
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
}


def has_cores() -> bool:
    """Say whether this process may use more than one core."""
    return (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1) > 1


def compute_ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield the items of an iterator, computing one of them ahead in a thread where there is a core for it.

    It pays where most of the computing is done without Python's lock, as libxml2's parsing is. The thread also lets go
    of the items when they have been used, since to free a tree takes nearly as long as to make it. On one core the two
    would only wait for each other.
    """
    if not has_cores():
        yield from items
        return
    used: deque[T] = deque()

    def step() -> object:
        while len(used) > _IN_USE:
            used.popleft()
        return next(items, _END)

    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(step)
        while (item := coming.result()) is not _END:
            used.append(cast("T", item))
            coming = thread.submit(step)
            yield cast("T", item)
