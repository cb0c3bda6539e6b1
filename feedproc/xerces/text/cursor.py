"""A place in a document and the small steps that Xerces' entity scanner takes from it."""

import functools
import re
from collections.abc import Callable
from typing import NoReturn

from feedproc.xerces.text.names import write_name_class, write_name_start_class

Match = Callable[[str, int], "re.Match[str] | None"]

_SPACES = re.compile(r"[\t\n\r ]*").match
_XML_1_1_SPACES = re.compile("[\t\n\r \x85\u2028]*").match
_LINE_END = re.compile("\r\n?")
_XML_1_1_LINE_END = re.compile("\r[\n\x85]?|[\x85\u2028]")
_ASCII_NAME = re.compile(r"(?>[:A-Z_a-z][:A-Z_a-z.\-0-9]*)(?![^\x00-\x7e])").match
_LINE_ENDS = "\r\n"
_XML_1_1_LINE_ENDS = "\r\n\x85\u2028"
# Control characters and the two that are none; a surrogate cannot come out of UTF-8.
INVALID = "\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff"
_XML_1_1_INVALID = INVALID + "\x7f-\x84\x86-\x9f"
_XML_1_1_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    "\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)


class Stop(Exception):
    """The scanner cannot go on: a message key, what stands in its sentence, and the character it stands at."""

    def __init__(self, key: str, arguments: tuple[str, ...], at: int | None, extra: int = 0) -> None:
        super().__init__(key)
        self.key = key
        self.arguments = arguments
        self.at = at
        self.extra = extra
        """Columns beyond that character."""


class Cursor:
    """Reads a text from left to right; `broken` is said where bytes end it that UTF-8 does not allow."""

    def __init__(self, text: str, broken: tuple[str, tuple[str, ...]] | None) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        """Open elements and markup: whether the text may end here."""
        self.invalid = re.compile(f"[{INVALID}]")
        self.is_xml_1_1 = False
        self._broken = broken
        self._name = _make_names()
        self._spaces = _SPACES
        self._line_ends = _LINE_ENDS
        self._line_end = _LINE_END

    def is_character(self, point: int) -> bool:
        """Whether a reference may stand for the character of this number."""
        if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF or point in {0xFFFE, 0xFFFF}:
            return False
        return point > 0 if self.is_xml_1_1 else point >= 0x20 or point in {0x9, 0xA, 0xD}

    def use_xml_1_1(self) -> None:
        """Take names, characters and line ends as XML 1.1 does."""
        self.is_xml_1_1 = True
        self.invalid = re.compile(f"[{_XML_1_1_INVALID}]")
        self._name = _make_xml_1_1_names()
        self._spaces = _XML_1_1_SPACES
        self._line_ends = _XML_1_1_LINE_ENDS
        self._line_end = _XML_1_1_LINE_END

    def with_line_feeds(self, text: str) -> str:
        """Return a text with a line feed for whatever ends a line."""
        return self._line_end.sub("\n", text)

    def stop(self, key: str, *arguments: str) -> NoReturn:
        """Say what is wrong here."""
        raise Stop(key, arguments, self.at)

    def has_more(self) -> None:
        """Make sure that there is another character."""
        if self.at >= len(self.text):
            self._end()

    def _end(self) -> NoReturn:
        if self._broken is not None:
            self.stop(self._broken[0], *self._broken[1])
        self.stop("MarkupEntityMismatch" if self.depth else "PrematureEOF")

    @property
    def is_broken(self) -> bool:
        """Whether the text ends where bytes are broken."""
        return self._broken is not None

    def stop_nowhere(self) -> NoReturn:
        """Say that the text ended where Xerces does not count lines yet."""
        raise Stop(*(self._broken or ("PrematureEOF", ())), None)

    def check_surrogates(self) -> None:
        """Stop at a character beyond Unicode's last, wherever it is: Xerces' reader knows of it first."""
        if self._broken is not None and self._broken[0] == "InvalidHighSurrogate" and self.at:
            self._end()

    def read_text_to(self, start: int, end: int) -> None:
        """Let a run of text that began at `start` reach `end`.

        Where bytes are broken, Xerces wants the last character before them together with the next, in vain.
        """
        self.at = end
        if self._broken is None or end < len(self.text) or end == start:
            return
        is_pair = end > start + 1 and self._line_end.fullmatch(self.text, end - 2, end) is not None
        ends_line = self.text[end - 1] in self._line_ends or self.text[end - 2] in self._line_ends
        if end == start + 1 or (ends_line and not is_pair):
            self.at = end - 1
        self._end()

    def end_of_data(self, start: int, delimiter: str) -> NoReturn:
        """Say that the text ended before `delimiter`, looked for since `start`."""
        self.at = len(self.text)
        if self._broken is None:
            rest = self._read_tail(start, len(delimiter))
            raise Stop("MarkupEntityMismatch", (), self.at - rest, rest)
        self._end()

    def _read_tail(self, start: int, size: int) -> int:
        """Return how many characters at the end Xerces takes without looking for line ends.

        They are less than the delimiter has; in XML 1.1 as many, too.
        """
        text = self.text
        other = 0 if text[-1] in self._line_ends else 1
        end = len(text) - other
        run = end
        while run > start and text[run - 1] in self._line_ends:
            run -= 1
        if run == end:
            return 0
        if len(text) - run < size + self.is_xml_1_1:
            return len(text) - run
        return 0 if other or self._line_end.fullmatch(text, len(text) - 2) else 1

    def must_read(self, end: int) -> None:
        """Let a token that began here reach `end`; where bytes are broken Xerces still stands at its beginning."""
        if self._broken is not None and end >= len(self.text):
            self._end()

    def must_hold(self, size: int) -> None:
        """Make sure that broken bytes are not among the next `size` characters."""
        if self.at + size > len(self.text):
            self.must_read(len(self.text))

    def peek(self) -> str:
        """Return the next character."""
        self.has_more()
        return self.text[self.at]

    def skip(self, char: str) -> bool:
        """Step over `char` if it is next."""
        self.has_more()
        if self.text[self.at] != char:
            return False
        self.at += 1
        return True

    def skip_string(self, string: str) -> bool:
        """Step over `string` if it is next."""
        if self.text.startswith(string, self.at):
            self.at += len(string)
            return True
        self.must_hold(len(string))
        return False

    def skip_spaces(self) -> bool:
        """Step over blanks; tell whether there were any."""
        self.has_more()
        start = self.at
        self.skip_blanks()
        self.has_more()
        return self.at > start

    def skip_blanks(self) -> None:
        """Step over blanks, if need be to the end."""
        match = self._spaces(self.text, self.at)
        self.at = match.end() if match else self.at

    def read_name(self) -> str | None:
        """Step over a name, colons and all, and return it."""
        self.has_more()
        match = _ASCII_NAME(self.text, self.at) or self._name(self.text, self.at)
        if match is None:
            return None
        self.must_read(match.end())
        self.at = match.end()
        return match[0]

    def read_qualified_name(self) -> str:
        """Step over a name with at most one colon and return it; a colon in front does not count."""
        start = self.at
        name = None if self.is_xml_1_1 and self.peek() == ":" else self.read_name()
        if name is None:
            return ""
        colon = name.find(":", 1)
        second = name.find(":", colon + 1) if colon > 0 else -1
        if second > 0:
            name = name[:second]
            self.at = start + second
        if colon > 0 and self.at < len(self.text) and not self._may_begin(name[colon + 1 :]):
            self.stop("IllegalQName", name)
        return name

    def _may_begin(self, local: str) -> bool:
        return bool(local) and local[0] != ":" and self._name(local, 0) is not None

    def is_name_start(self) -> bool:
        """Whether a name may begin here."""
        self.has_more()
        return self._name(self.text, self.at) is not None


@functools.cache
def _make_names() -> Match:
    return re.compile(f"[:{write_name_start_class()}][:{write_name_class()}]*").match


@functools.cache
def _make_xml_1_1_names() -> Match:
    return re.compile(f"[:{_XML_1_1_START}][:{_XML_1_1_START}\\-.0-9\xb7\u0300-\u036f\u203f\u2040]*").match
