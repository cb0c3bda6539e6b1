"""Faults of well-formedness: where Xerces' scanner stops, and with which words.

The steps are those of Xerces' document scanner, because what it says, and where it stands when it says it, follows
from the order in which it looks at things.
"""

import codecs
import itertools
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from feedproc.xerces.text.cursor import Cursor, Stop
from feedproc.xerces.text.scanner_messages import FATALS
from feedproc.xerces.text.tags import Bindings, StartTag, scan_reference, scan_start_tag
from feedproc.xerces.text.xml_declaration import scan_declaration

_TEXT = re.compile(r"[^<&\]\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*")


_STOPPED = "Unreadable"
BROKEN = {_STOPPED, "ExpectedByte", "InvalidByte", "InvalidHighSurrogate"}
"""What is told where bytes are no characters."""
_BEYOND = 32
"""Bytes behind the end of the declaration, for a scanner that looks ahead."""
_BYTE_ORDER_MARK = codecs.BOM_UTF8

Broken = tuple[str, tuple[str, ...]]
"""Xerces' key for bytes that are no UTF-8, and the words of its sentence."""


class Fatal(NamedTuple):
    """Why the scanner stops: Xerces' key, its sentence, and the byte it stands at (None: Xerces tells -1)."""

    key: str
    sentence: str
    offset: int | None
    extra: int = 0
    """Columns beyond that byte."""
    root: int = 0
    """Where the root element begins."""
    end: int = 0
    """Where it ends."""


class Events(Protocol):
    """Takes what is scanned; `at` is the character at which something begins, or has ended."""

    def start(self, at: int, tag: StartTag, bindings: Bindings) -> None:
        """Take note that an element begins."""

    def end(self, at: int, undeclared: Iterable[str]) -> None:
        """Take note that an element ends, and with it some declarations of prefixes."""

    def take_text(self, text: str) -> None:
        """Take note of text."""


def scan(document: bytes, stop: str = "", events: Callable[[str, int], Events] | None = None) -> Fatal | None:
    """Return the first fault of well-formedness, or None; `stop` is said where reading stops at the end.

    What is scanned goes to what `events` makes of the document's text, and of the length of its byte order mark.
    """
    return _scan(document, _Scanner.scan_document, stop, events)


def scan_head(document: bytes) -> Fatal | None:
    """Return what is wrong with the XML declaration, or None."""
    if not document.startswith((b"<?xml", b"\xef\xbb\xbf<?xml")):
        return None
    end = document.find(b"?>")
    fatal = _scan(document[: end + _BEYOND], _Scanner.scan_head_only) if end >= 0 else None
    # A quote that is not closed runs on behind the declaration's end.
    if end < 0 or (fatal is not None and fatal.key == "MarkupEntityMismatch"):
        return _scan(document, _Scanner.scan_head_only)
    return fatal


def _scan(
    document: bytes,
    part: Callable[["_Scanner"], None],
    stop_with: str = "",
    events: Callable[[str, int], Events] | None = None,
) -> Fatal | None:
    if not document and not stop_with:
        return Fatal("PrematureEOF", FATALS["PrematureEOF"], None)
    mark, text, broken = decode(document)
    if broken is None and stop_with:
        broken = _STOPPED, ()
    scanner = _Scanner(Cursor(text, broken), events(text, mark) if events is not None else None)
    try:
        part(scanner)
    except Stop as stop:
        sentence = stop_with if stop.key == _STOPPED else FATALS[stop.key].format(*stop.arguments)
        if stop.at is None:
            return Fatal(stop.key, sentence, None)
        at, root, end = (mark + len(text[:place].encode()) for place in (stop.at, scanner.root, scanner.end))
        return Fatal(stop.key, sentence, at, stop.extra, root, end)
    return None


class _Scanner:
    def __init__(self, cursor: Cursor, events: Events | None) -> None:
        self._cursor = cursor
        self._events = events
        self._open: list[str] = []
        self._bindings = Bindings()
        self.root = self.end = len(cursor.text)

    def scan_document(self) -> None:
        """Scan from end to end."""
        self.scan_head_only()
        while not self._scan_prolog():
            pass
        while self._open:
            self._scan_content()
        self.end = self._cursor.at
        while self._scan_misc():
            pass

    def scan_head_only(self) -> None:
        """Scan the XML declaration."""
        cursor = self._cursor
        if cursor.is_broken and len(cursor.text) < len("<?xml"):
            # It looks for a declaration before all else, and reads as many characters as that needs.
            cursor.stop_nowhere()
        cursor.has_more()
        scan_declaration(cursor)
        cursor.check_surrogates()

    # Before and behind the root element

    def _scan_prolog(self) -> bool:
        """Scan one thing before the root, or the root's start tag; tell whether it was that."""
        cursor = self._cursor
        cursor.skip_spaces()
        if not cursor.skip("<"):
            cursor.stop("ReferenceIllegalInProlog" if cursor.skip("&") else "ContentIllegalInProlog")
        cursor.depth += 1
        if cursor.is_name_start():
            self.root = cursor.at - 1
            self._start_tag()
            return True
        if cursor.skip("?"):
            self._scan_instruction()
        elif not cursor.skip("!"):
            cursor.stop("MarkupNotRecognizedInProlog")
        elif cursor.skip("-"):
            self._scan_comment_after_one_dash()
        else:
            cursor.stop("DoctypeNotAllowed" if cursor.skip_string("DOCTYPE") else "MarkupNotRecognizedInProlog")
        cursor.depth -= 1
        return False

    def _scan_misc(self) -> bool:
        """Scan one thing behind the root; tell whether there was one."""
        cursor = self._cursor
        cursor.skip_blanks()
        if cursor.at == len(cursor.text):
            cursor.must_read(cursor.at)
            return False
        if not cursor.skip("<"):
            cursor.stop("ContentIllegalInTrailingMisc")
        cursor.depth += 1
        if cursor.skip("?"):
            self._scan_instruction()
        elif cursor.skip("!"):
            if not cursor.skip_string("--"):
                cursor.stop("InvalidCommentStart")
            self._scan_comment()
        else:
            cursor.skip("/")
            cursor.stop("MarkupNotRecognizedInMisc")
        cursor.depth -= 1
        return True

    # Inside the root element

    def _scan_content(self) -> None:
        cursor = self._cursor
        char = cursor.peek()
        if char == "<":
            cursor.at += 1
            self._scan_markup()
        elif char == "&":
            cursor.at += 1
            text = scan_reference(cursor)
            if self._events is not None:
                self._events.take_text(text)
        else:
            self._scan_characters()

    def _scan_characters(self) -> None:
        cursor = self._cursor
        start = cursor.at
        cursor.read_text_to(cursor.at, self._end_of_text(cursor.at))
        cursor.has_more()
        char = cursor.text[cursor.at]
        if cursor.invalid.match(char):
            cursor.stop("InvalidCharInContent", f"{ord(char):x}")
        if char == "]":
            cursor.at += 1
            if cursor.skip("]"):
                while cursor.skip("]"):
                    pass
                if cursor.skip(">"):
                    cursor.stop("CDEndInContent")
        self._tell(start, cursor.at)

    def _tell(self, start: int, end: int) -> None:
        """Tell of the text in a part of the document."""
        if self._events is not None and start < end:
            self._events.take_text(self._cursor.with_line_feeds(self._cursor.text[start:end]))

    def _end_of_text(self, at: int) -> int:
        match = _TEXT.match(self._cursor.text, at)
        end = match.end() if match else at
        unwanted = self._cursor.invalid.search(self._cursor.text, at, end)
        return unwanted.start() if unwanted else end

    def _scan_markup(self) -> None:
        cursor = self._cursor
        cursor.has_more()
        if cursor.skip("/"):
            self._end_tag()
        elif cursor.is_name_start():
            self._start_tag()
        elif cursor.skip("?"):
            self._scan_instruction()
        elif not cursor.skip("!"):
            cursor.stop("MarkupNotRecognizedInContent")
        elif cursor.skip("-"):
            self._scan_comment_after_one_dash()
        elif cursor.skip_string("[CDATA["):
            start = cursor.at
            self._skip_until("]]>", "InvalidCharInCDSect")
            self._tell(start, cursor.at - len("]]>"))
        else:
            cursor.stop("DoctypeIllegalInContent" if cursor.skip_string("DOCTYPE") else "MarkupNotRecognizedInContent")

    def _start_tag(self) -> None:
        cursor = self._cursor
        begin = cursor.at - 1
        tag = scan_start_tag(cursor, self._bindings)
        if self._events is not None:
            self._events.start(begin, tag, self._bindings)
        if tag.is_empty:
            self._close(cursor.at)
        else:
            self._open.append(tag.name)
        cursor.depth = len(self._open)

    def _end_tag(self) -> None:
        cursor = self._cursor
        begin = cursor.at - 2
        name = self._open.pop()
        if cursor.is_xml_1_1:
            cursor.has_more()
        if not cursor.skip_string(name):
            cursor.stop("ETagRequired", name)
        cursor.skip_spaces()
        if not cursor.skip(">"):
            cursor.stop("ETagUnterminated", name)
        self._close(begin)
        cursor.depth = len(self._open)

    def _close(self, at: int) -> None:
        declared = self._bindings.close()
        if self._events is not None:
            self._events.end(at, declared)

    # Comments, processing instructions, CDATA

    def _scan_comment_after_one_dash(self) -> None:
        if not self._cursor.skip("-"):
            self._cursor.stop("InvalidCommentStart")
        self._scan_comment()

    def _scan_comment(self) -> None:
        self._skip_until("--", "InvalidCharInComment")
        if not self._cursor.skip(">"):
            self._cursor.stop("DashDashInComment")

    def _scan_instruction(self) -> None:
        cursor = self._cursor
        target = cursor.read_name()
        if target is None:
            cursor.stop("PITargetRequired")
        if target.lower() == "xml":
            cursor.stop("ReservedPITarget")
        if cursor.skip_spaces():
            self._skip_until("?>", "InvalidCharInPI")
        elif not cursor.skip_string("?>"):
            cursor.stop("SpaceRequiredInPI")

    def _skip_until(self, end: str, key: str) -> None:
        """Step behind the next `end`; a character that XML does not have stops with `key`."""
        cursor = self._cursor
        cursor.has_more()
        found = cursor.text.find(end, cursor.at)
        stop = len(cursor.text) if found < 0 else found
        unwanted = cursor.invalid.search(cursor.text, cursor.at, stop)
        if unwanted:
            cursor.at = unwanted.start()
            cursor.stop(key, f"{ord(unwanted[0]):x}")
        if found < 0:
            cursor.end_of_data(cursor.at, end)
        cursor.at = stop + len(end)


def decode(document: bytes) -> tuple[int, str, Broken | None]:
    """Return the length of the byte order mark, the text up to the first broken byte, and what is wrong there."""
    mark = len(_BYTE_ORDER_MARK) if document.startswith(_BYTE_ORDER_MARK) else 0
    try:
        return mark, document[mark:].decode(), None
    except UnicodeDecodeError as error:
        good = document[mark : mark + error.start].decode()
        return mark, good, _describe_broken(document[mark + error.start : mark + error.start + 4])


def _describe_broken(sequence: bytes) -> Broken:
    first, *rest = sequence
    size = _measure_sequence(first)
    if size == 1:
        return "InvalidByte", ("1", "1")
    for number, byte in enumerate(itertools.zip_longest(range(2, size + 1), rest[: size - 1])):
        position, value = byte
        if value is None:
            return "ExpectedByte", (str(position), str(size))
        if value & 0xC0 != 0x80 or (number == 0 and not _may_follow(first, value)):
            return "InvalidByte", (str(position), str(size))
    return "InvalidHighSurrogate", (f"{((first & 0x07) << 2) | ((rest[0] >> 4) & 0x03):x}",)


def _measure_sequence(first: int) -> int:
    """Return how many bytes a sequence has that begins so; 1 where none begins so."""
    if first & 0xE0 == 0xC0 and first & 0x1E:
        return 2
    if first & 0xF0 == 0xE0:
        return 3
    return 4 if first & 0xF8 == 0xF0 else 1


def _may_follow(first: int, second: int) -> bool:
    if first & 0xF0 == 0xE0:
        return not (first == 0xED and second >= 0xA0) and not (first & 0x0F == 0 and second & 0x20 == 0)
    return not (first & 0xF8 == 0xF0 and first & 0x07 == 0 and second & 0x30 == 0)
