"""Where the messages of an XML feed begin and end, and where its root ends: to the byte, or as line and column.

Tags are looked for in the bytes themselves, which takes a tenth of a parser's time. A text must begin between two
messages. Comments, CDATA sections and processing instructions in it are passed over, so only real tags are found in a
text that is well-formed. Where messages stand in other elements tags are not enough, and `Outline` asks a parser.
"""

import contextlib
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from feedproc.feeds.progress import Position
from feedproc.formats.encoding import Undecodable, Utf8Stream
from feedproc.formats.limits import MAX_PIECE_BYTES
from feedproc.xerces.text.positions import Ruler, count_units, reads_otherwise

if TYPE_CHECKING:
    from feedproc.xerces.text.reading import Reading

_BLANK = rb"(?:\s|\xc2\x85|\xe2\x80\xa8)"
"""Blanks in a tag; the last two are line ends of XML 1.1."""
_START = re.compile(rb"<Message(?=%s|[/>])" % _BLANK)
_END = rb"""</Message%s*>|<Message(?:%s(?:[^<>"']|"[^"<]*"|'[^'<]*')*+|/)(?<=/)>""" % (_BLANK, _BLANK)
_ENDS = re.compile(_END)
"""An end tag, or an empty element's only tag."""
_TOKENS = re.compile(rb"%s|<Message(?=%s|>)|<!--|<!\[CDATA\[|<\?" % (_END, _BLANK))
_CLOSERS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_OPENING, _FOLLOWING = b"<AmazonEnvelope>", b"<Message>"
"""For the count of columns, what stands around a part of a feed: the root was begun, and a tag follows."""

Span = tuple[int, int]
"""Bytes of a text: where a message begins, and where it ends."""
_CHUNK = 256 * 1024
_LONGEST_TOKEN = 4 * 1024 * 1024
"""Bytes: expat reads an unfinished tag or text from its start again with each part, so that a longer one takes long."""


class Spans:
    """Where the messages of a text stand, in order."""

    def __init__(self, text: bytes, ends: Sequence[int], begins: Sequence[int] | None = None) -> None:
        """Take where the messages end, and where they begin if that is known; else it is looked for when asked."""
        self._text = text
        self._begins = begins
        self.ends = ends

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, number: int) -> Span:
        if self._begins is not None:
            return self._begins[number], self.ends[number]
        start = _START.search(self._text, self.ends[number - 1] if number else 0, self.ends[number])
        return (start.start() if start else self.ends[number]), self.ends[number]

    def __iter__(self) -> Iterator[Span]:
        return (self[number] for number in range(len(self.ends)))


def find_messages(
    text: bytes, end: int | None = None, most: int | None = None, *, is_exact: bool = False
) -> tuple[Spans, bool]:
    """Return where the messages stand that end within so many bytes of a text, and whether there are more than `most`.

    A message within a message is taken for one of its own, unless the search is to be exact, which takes five times as
    long. It always is where something may stand that only looks like a tag.
    """
    if is_exact or not has_only_tags(text):
        return _find_exactly(text, end, most)
    ends: list[int] = []
    for found in _ENDS.finditer(text, 0, len(text) if end is None else end):
        if len(ends) == most:
            return Spans(text, ends), True
        ends.append(found.end())
    return Spans(text, ends), False


def has_only_tags(text: bytes) -> bool:
    """Say whether there are neither comments nor CDATA sections nor processing instructions in a text.

    Single bytes are looked for first, since that takes next to no time.
    """
    return not ((b"!" in text and b"<!" in text) or (b"?" in text and b"<?" in text))


def _find_exactly(text: bytes, end: int | None, most: int | None) -> tuple[Spans, bool]:
    begins: list[int] = []
    ends: list[int] = []
    begin = depth = 0
    for at, token, behind in _read_tags(text, len(text) if end is None else end):
        is_start = token[1:2] != b"/"
        if is_start:
            begin = at if not depth else begin
            depth += 1
        if not is_start or token.endswith(b"/>"):
            depth = max(0, depth - 1)
            if not depth:
                if len(ends) == most:
                    return Spans(text, ends, begins), True
                begins.append(begin)
                ends.append(behind)
    return Spans(text, ends, begins), False


def _read_tags(text: bytes, end: int) -> Iterator[tuple[int, bytes, int]]:
    """Yield the tags of messages with where they begin and end; of a start tag only its beginning."""
    at = 0
    while (found := _TOKENS.search(text, at, end)) is not None:
        token, at = found[0], found.end()
        closer = _CLOSERS.get(token)
        if closer is None:
            yield found.start(), token, at
            continue
        closed = text.find(closer, at, end)
        if closed < 0:
            return
        at = closed + len(closer)


def cut_messages(
    stream: Utf8Stream, begin: Position, place: tuple[int, int], declaration: bytes = b""
) -> tuple[bytes, Position, int]:
    """Return the messages of a feed from a position on up to a line and column, where they end, and how many they are.

    They are looked for no further than a piece reaches.
    """
    text, size, end, count = b"", 0, begin, 0
    stream.seek(begin.offset)
    with contextlib.suppress(Undecodable):
        while len(text) <= MAX_PIECE_BYTES and (chunk := stream.read(_CHUNK)):
            text += chunk
    for _, behind in find_messages(text, is_exact=True)[0]:
        reached = advance(end, text[size:behind], declaration)
        if (reached.line, reached.column) > place:
            break
        end, size, count = reached, behind, count + 1
    return text[:size], end, count


class Outline:
    """What a parser says of where things stand in a well-formed document; all places are bytes of the document."""

    def __init__(self, document: bytes, begin: int = 0) -> None:
        """Look at the messages that begin behind the byte `begin`: in front of it is what was put there."""
        self.root = 0
        """Where the root begins."""
        self.messages: list[Span] = []
        self.payloads: list[int] = []
        """Where the last child of each message begins; of a message without children, where itself does."""
        self._document = document
        self._begin = begin
        self._depth = 0
        self._message: int | None = None
        self._payload = 0
        self._reading: Reading
        self._read()

    def _read(self) -> None:
        from feedproc.xerces.text.reading import Handlers, list_readers  # noqa: PLC0415 - hardly a feed needs it

        for reading in list_readers(self._document):
            self.messages, self.payloads, self._depth, self._message = [], [], 0, None
            self._reading = reading(Handlers(self._start, self._end))
            with contextlib.suppress(expat.ExpatError):
                self._reading.read(self._document)
                return

    def _start(self, name: str, _attributes: object) -> None:
        at = self._reading.at
        if not self._depth:
            self.root = at
        elif self._depth == 1:
            self._message = at if name == "Message" and at >= self._begin else None
            self._payload = at
        elif self._depth == 2:
            self._payload = at
        self._depth += 1

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._depth == 1 and self._message is not None:
            self.messages.append((self._message, self._find_tag_end(self._reading.at)))
            self.payloads.append(self._payload)
            self._message = None

    def _find_tag_end(self, at: int) -> int:
        """Return where a message ends: its end was told before its end tag, or behind it if it is empty."""
        return self._document.index(b">", at) + 1 if self._document.startswith(b"</Message", at) else at


def advance(begin: Position, text: bytes, declaration: bytes = b"") -> Position:
    """Return the position behind `text`, which begins at `begin`; columns are those of Amazon's parser.

    The text is part of a root element, in a feed in the version of XML that the `declaration` says.
    """
    if declaration and reads_otherwise(text):
        return _measure(begin, text, declaration)
    if b"\r" in text:
        if _LONE_RETURN.search(text):
            return _measure(begin, text, b"")
        text = text.replace(b"\r\n", b" \n")
    line_start = text.rfind(b"\n") + 1
    column = count_units(text[line_start:]) + (1 if line_start else begin.column)
    return Position(begin.offset + len(text), begin.line + text.count(b"\n"), column)


def _measure(begin: Position, text: bytes, declaration: bytes) -> Position:
    opening = declaration + _OPENING
    line, column = Ruler(opening + text + _FOLLOWING, len(declaration)).locate(len(opening) + len(text))
    if line == 1:
        column += begin.column - 1 - len(opening)
    return Position(begin.offset + len(text), begin.line + line - 1, column)


class _Refused(Exception):
    """A document type declaration, which could define entities: never taken."""


def find_root_end(stream: Utf8Stream) -> tuple[int, int] | None:
    """Return line and column behind the root's last tag, from 1.

    None for what has no root, or does not end, or has a tag too long to look for its end.
    """
    finder = _RootEndFinder()
    try:
        while (chunk := stream.read(_CHUNK)) and finder.place is None and not finder.is_stuck:
            finder.read(chunk)
    except (expat.ExpatError, Undecodable, _Refused):
        pass
    return finder.place


class _RootEndFinder:
    """Reads until the root ends."""

    def __init__(self) -> None:
        self.place: tuple[int, int] | None = None
        self._depth = self._behind = 0
        self._chunk = b""
        self._expat = parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.StartDoctypeDeclHandler = self._refuse

    def read(self, chunk: bytes) -> None:
        """Take the next part of the document."""
        self._chunk = chunk
        self._expat.Parse(chunk, False)
        self._behind += len(chunk)

    @property
    def is_stuck(self) -> bool:
        """Whether nothing has ended for so many bytes that reading on would cost the more the longer it takes."""
        return self._behind - max(self._expat.CurrentByteIndex, 0) > _LONGEST_TOKEN

    def _start(self, _name: str, _attributes: object) -> None:
        self._depth += 1

    def _end(self, name: str) -> None:
        self._depth -= 1
        if not self._depth:
            begin = self._expat.CurrentByteIndex - self._behind
            end = self._chunk.find(b">", max(begin, 0)) + 1
            length = len(self._chunk[begin:end].decode("utf-8", "replace")) if begin >= 0 and end else len(name) + 3
            self.place = self._expat.CurrentLineNumber, self._expat.CurrentColumnNumber + length + 1

    def _refuse(self, *_: object) -> NoReturn:
        raise _Refused
