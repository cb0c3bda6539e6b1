"""Bytes become lines and columns, as Xerces counts them: from 1, columns in UTF-16 units.

Where lines end follows from the version of XML, for which Xerces looks before all else, in a way of its own: a
declaration that begins as it should is put together anew from what was found, with blanks in place of the rest, so that
line ends up to the version do not count.
"""

import codecs
import re
from bisect import bisect_right

from feedproc.xerces.faults import Origin

_LINE_END = re.compile(rb"\r\n?|\n")
_LINE_ENDS_BEHIND = re.compile(rb"[\n\r]*\Z")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_NEXT_LINE, _LINE_SEPARATOR = "\x85".encode(), "\u2028".encode()
_XML_1_1_LINE_END = re.compile(rb"\r(?:\n|\xc2\x85)?|\n|\xc2\x85|\xe2\x80\xa8")
_XML_1_1_LINE_ENDS_BEHIND = re.compile(rb"(?:[\n\r]|\xc2\x85|\xe2\x80\xa8)*\Z")
_XML_1_1_LONE_RETURN = re.compile(rb"\r(?!\n|\xc2\x85)")
_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>?""")
_QUOTED = re.compile(rb""""[^"]*"|'[^']*'""")
_COVER = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_TARGET = re.compile(rb"<\?[^\t\n\r ]*[\t\n\r ]*")
"""What of a processing instruction is in front of its text."""
_DECLARATION = re.compile(rb"<\?xml[\t\n\r ].*?(?:\?>|\Z)", re.DOTALL)
_NO_DECLARATION = re.compile(rb"<\?xml[^\t\n\r ]")
_LONGEST_RUN = 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# Behind the equals sign five characters are looked at: the quotes, and three.
_BEGINNING = r"<\?xml[ \t\r\n]+(?:version[ \t\r\n]*(?:=[ \t\r\n]*(?P<value>(?:\r\n?|.){5}))?)?"
_LOOKED_AT = re.compile(_BEGINNING, re.DOTALL)
_LOOKED_AT_BYTES = re.compile(rb"(?:\xef\xbb\xbf)?" + _BEGINNING.encode(), re.DOTALL)
_XML_1_1 = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*.1\.1", re.DOTALL)
_VERSION_LINE_END = re.compile(rb"[\r\n]|\xc2\x85|\xe2\x80\xa8")
_ANY_RETURN = re.compile("\r\n?")
_OTHERWISE = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xe2\x80\xa8|&#|\xee\x80\x80")
DECLARATION = b'<?xml version="1.1"?>'


def is_xml_1_1(document: bytes) -> bool:
    """Whether Xerces reads a document as XML 1.1."""
    return _XML_1_1.match(document) is not None


def reads_otherwise(text: bytes) -> bool:
    """Whether a part of a document may say something else in XML 1.1 than in XML 1.0.

    The names that only one of them has are left out, and how prefixes are declared: nobody but the scanner says what is
    right of those.
    """
    return _OTHERWISE.search(text) is not None


def measure_looked_at(document: bytes) -> int:
    """Return how many bytes are looked at for the version, but for line ends in that itself; no line ends there."""
    found = _LOOKED_AT_BYTES.match(document)
    if found is None:
        return 0
    return found.start("value") if found["value"] and _VERSION_LINE_END.search(found["value"]) else found.end()


def put_together(text: str) -> tuple[str, bool]:
    """Return a text as Xerces reads it when it has looked for the version, and whether that is 1.1."""
    found = _LOOKED_AT.match(text)
    if found is None:
        return text, False
    value = found["value"]
    if value is not None:
        beginning = "<?xml version=" + _ANY_RETURN.sub("\n", value)
    else:
        beginning = "<?xml version" if "version" in found[0] else "<?xml "
    return beginning.ljust(found.end()) + text[found.end() :], value is not None and value[1:4] == "1.1"


def is_taken_for_utf_16(document: bytes) -> bool:
    """Say whether other parsers would take a document for UTF-16, whatever encoding they are told."""
    return b"\0" in document[:2] or document.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def is_plain(document: bytes) -> bool:
    """Whether expat may be asked: it takes XML 1.1 for 1.0, and some bytes for UTF-16 whatever it is told."""
    return not is_taken_for_utf_16(document) and not is_xml_1_1(document)


class Ruler:
    """Measures places in one document; asked in rising order it costs no more than the document is long."""

    def __init__(self, document: bytes, root: int = 0, end: int | None = None) -> None:
        """Take the `document`, and where its root element begins and ends."""
        self._document = document
        self._root = root
        self._end = len(document) if end is None else end
        self._first = len(_BYTE_ORDER_MARK) if document.startswith(_BYTE_ORDER_MARK) else 0
        self._begin = (measure_looked_at(document), 1, self._first)
        self._line_end, self._line_ends_behind, self._lone_return = _LINE_END, _LINE_ENDS_BEHIND, _LONE_RETURN
        ends_otherwise = b"\r" in document
        if is_xml_1_1(document):
            self._line_end, self._lone_return = _XML_1_1_LINE_END, _XML_1_1_LONE_RETURN
            self._line_ends_behind = _XML_1_1_LINE_ENDS_BEHIND
            ends_otherwise |= _NEXT_LINE in document or _LINE_SEPARATOR in document
        self._starts = self._find_line_starts() if ends_otherwise else None
        self._has_lone_returns = b"\r" in document and self._lone_return.search(document) is not None
        self._counted = self._begin
        """A place, its line, and where that begins."""
        self._last = (-1, self._first, 1)
        declaration = _DECLARATION.match(document, self._first)
        self._declared = declaration.end() if declaration else 0
        """Where the XML declaration ends."""
        self._covers: list[tuple[int, int]] | None = None

    def locate(self, offset: int) -> tuple[int, int]:
        """Return line and column of the byte at `offset`."""
        line, start = self._find_line(offset)
        known_start, known, column = self._last
        if known_start != start or known > offset:
            known, column = start, self._find_first_column(start)
        column += count_units(self._document[known:offset])
        self._last = (start, offset, column)
        return line, column

    def _find_line(self, offset: int) -> tuple[int, int]:
        """Return the line of the byte at `offset`, and where it begins."""
        if self._starts is not None:
            line = max(1, bisect_right(self._starts, offset))
            return line, self._starts[line - 1]
        counted, line, start = self._counted if offset >= self._counted[0] else self._begin
        more = self._document.count(b"\n", counted, offset)
        if more:
            line, start = line + more, self._document.rfind(b"\n", counted, offset) + 1
        self._counted = offset, line, start
        return line, start

    def _find_line_starts(self) -> list[int]:
        found = self._line_end.finditer(self._document, self._begin[0])
        return [self._first, *(each.end() for each in found)]

    def _find_first_column(self, start: int) -> int:
        # Xerces counts the five characters twice that look like the beginning of an XML declaration, and are none.
        if start == self._first and _NO_DECLARATION.match(self._document, start):
            return 6
        return 1 - self._count_lost(start)

    def _count_lost(self, start: int) -> int:
        """Return how many columns Xerces loses on the line that begins at `start`.

        It counts a carriage return without a line feed twice where it reads text, but not where it skips blanks.
        """
        if not self._has_lone_returns or start == self._first or self._is_last(start):
            return 0
        ends = self._line_ends_behind.search(self._document, max(0, start - _LONGEST_RUN), start)
        first = ends.start() if ends else start
        if not self._is_text(first, start):
            return 0
        return len(self._lone_return.findall(self._document[first:start] + self._document[start : start + 1]))

    def _is_text(self, at: int, start: int) -> bool:
        """Whether the line ends from `at` to `start` are text of some kind."""
        if at < self._declared:
            return False
        cover = self._cover(at)
        if cover is not None:
            return _TARGET.fullmatch(self._document, cover, at) is None
        return self._root < start <= self._end and not self._is_between_attributes(at)

    def _cover(self, at: int) -> int | None:
        """Return where the comment, section or processing instruction begins in which a byte stands."""
        if self._covers is None:
            self._covers = [found.span() for found in _COVER.finditer(self._document)]
        index = bisect_right(self._covers, (at, 0)) - 1
        if index < 0 or at >= self._covers[index][1]:
            return None
        return self._covers[index][0]

    def _is_last(self, start: int) -> bool:
        """Whether there is no more than one character, for which Xerces begins anew."""
        rest = self._document[start : start + 4]
        if not rest:
            return self._line_end.fullmatch(self._document, max(0, start - 2)) is None
        return start + len(rest) == len(self._document) and len(rest.decode("utf-8", "replace")) == 1

    def _is_between_attributes(self, at: int) -> bool:
        begin = self._document.rfind(b"<", self._root, at)
        if begin < 0 or self._document[begin + 1 : begin + 2] in {b"!", b"?"}:
            return False
        tag = _TAG.match(self._document, begin)
        if tag is None or tag.end() <= at:
            return False
        return not any(
            quoted.start() < at < quoted.end() for quoted in _QUOTED.finditer(self._document, begin, tag.end())
        )


class Places:
    """Positions in a document as positions in the feed that it was cut from."""

    def __init__(self, origin: Origin, ruler: Ruler) -> None:
        """Take where the document stands in the feed, and what measures it."""
        self._ruler = ruler
        self._origin = origin
        self._line, self._column = ruler.locate(origin.offset) if origin.offset else (1, 1)

    def locate(self, offset: int) -> tuple[int, int]:
        """Return line and column, in the feed, of the document's byte at `offset`."""
        line, column = self._ruler.locate(offset)
        if line == self._line:
            return self._origin.line, column - self._column + self._origin.column
        return line - self._line + self._origin.line, column


def find_tag_end(document: bytes, begin: int) -> int:
    """Return where the tag that begins there has ended."""
    tag = _TAG.match(document, begin)
    return tag.end() if tag else len(document)


def count_units(part: bytes) -> int:
    """Return how many UTF-16 units a piece of UTF-8 has."""
    if part.isascii():
        return len(part)
    text = part.decode("utf-8", "replace")
    return len(text) + sum(char > "\uffff" for char in text)
