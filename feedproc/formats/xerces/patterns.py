r"""XSD regular expressions as Python's, with the character classes that Xerces gives `\d`, `\w` and their kin."""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator

# Xerces' own table of digits: not the whole of Unicode's Nd, and with the Ethiopic numbers.
_DIGITS = (
    "0-9\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f\u0ae6-\u0aef\u0b66-\u0b6f\u0be7-\u0bef"
    "\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9\u0f20-\u0f29\u1040-\u1049\u1369-\u1371"
    "\u17e0-\u17e9\u1810-\u1819\uff10-\uff19\U0001d7ce-\U0001d7ff"
)
_SPACES = "\\t\\n\\r "
_ASCII_WORD = "$+0-9<-Z^`a-z|~"
_BLOCKS = {"IsBasicLatin": "\\x00-\\x7f", "IsLatin-1Supplement": "\\x80-\\xff"}
_LITERAL = {"n": "\n", "r": "\r", "t": "\t"}
# Beyond the Basic Multilingual Plane only these are punctuation, separators or "other" to Xerces.
_ASTRAL_OTHER = "\U000f0000-\U0010ffff"


class UnknownPattern(Exception):
    """A construct of XSD regular expressions that this translation does not know."""


class Pattern:
    """One pattern facet: its source as the schema wrote it, and the question whether a text matches."""

    __slots__ = ("_full", "matches_ascii", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self.matches_ascii = re.compile(_Translation(source, ascii_only=True).regex()).fullmatch
        self._full: Callable[[str], object] | None = None

    def matches(self, text: str) -> bool:
        """Whether the whole `text` matches; the classes of all Unicode are built only for text that needs them."""
        if text.isascii():
            return self.matches_ascii(text) is not None
        if self._full is None:
            self._full = re.compile(_Translation(self.source, ascii_only=False).regex()).fullmatch
        return self._full(text) is not None


@functools.cache
def _categories(letters: str, *, within: bool) -> str:
    """Return the ranges, below U+10000, of characters whose category starts with (or is) one of `letters`."""
    wanted = tuple(letters.split())
    points = (n for n in range(0x10000) if unicodedata.category(chr(n)).startswith(wanted) is within)
    return "".join(f"{_quoted(first)}-{_quoted(last)}" for first, last in _runs(points))


def _runs(points: Iterator[int]) -> Iterator[tuple[int, int]]:
    first = last = next(points, -1)
    for point in points:
        if point != last + 1:
            yield first, last
            first = point
        last = point
    if first >= 0:
        yield first, last


def _quoted(point: int) -> str:
    return f"\\u{point:04x}"


class _Translation:
    """One reading of a pattern from left to right."""

    def __init__(self, source: str, *, ascii_only: bool) -> None:
        self._source = source
        self._at = 0
        self._ascii = ascii_only

    def regex(self) -> str:
        """Return the Python expression."""
        parts = []
        while self._at < len(self._source):
            parts.append(self._piece())
        return "".join(parts)

    def _next(self) -> str:
        if self._at >= len(self._source):
            raise UnknownPattern(self._source)
        self._at += 1
        return self._source[self._at - 1]

    def _piece(self) -> str:
        char = self._next()
        if char == "\\":
            return self._escape(inside=False)
        if char == "[":
            return self._class()
        if char == ".":
            return "[^\\n\\r\u2028\u2029]"
        if char == "(":
            return "(?:"
        return char if char in ")|*+?{},0123456789" else re.escape(char)

    def _escape(self, *, inside: bool) -> str:
        char = self._next()
        if char in "pP":
            ranges = self._property()
            positive = char == "p"
        elif char.lower() in "dwsic":
            ranges, positive = self._shorthand(char.lower()), char.islower()
        else:
            return re.escape(_LITERAL.get(char, char))
        if positive:
            return ranges if inside else f"[{ranges}]"
        return self._complement(ranges) if inside else f"[^{ranges}]"

    def _complement(self, ranges: str) -> str:
        if ranges == _SPACES:
            return "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f!-\U0010ffff"
        raise UnknownPattern(self._source)

    def _shorthand(self, letter: str) -> str:
        if letter == "d":
            return _DIGITS
        if letter == "s":
            return _SPACES
        if letter == "w":
            return _ASCII_WORD if self._ascii else _categories("P Z C", within=False) + "\U00010000-\U000effff"
        name = ":A-Z_a-z" + ("" if self._ascii else _categories("L Nl", within=True))
        if letter == "i":
            return name
        return name + "\\-.0-9\u00b7" + ("" if self._ascii else _categories("M Nd Lm", within=True))

    def _property(self) -> str:
        end = self._source.find("}", self._at)
        if self._source[self._at : self._at + 1] != "{" or end < 0:
            raise UnknownPattern(self._source)
        name, self._at = self._source[self._at + 1 : end], end + 1
        if name in _BLOCKS:
            return _BLOCKS[name]
        if name.startswith("Is"):
            raise UnknownPattern(self._source)
        return _categories(name, within=True) + (_ASTRAL_OTHER if name == "C" else "")

    def _class(self) -> str:
        negated = self._source.startswith("^", self._at)
        self._at += negated
        parts: list[str] = []
        but = ""
        while (char := self._next()) != "]" or not parts:
            if char == "\\":
                parts.append(self._escape(inside=True))
            elif char == "-" and self._source.startswith("[", self._at):
                self._at += 1
                but = f"(?!{self._class()})"
            elif char == "-":
                parts.append("-" if self._is_range(parts) else "\\-")
            else:
                parts.append(re.escape(char))
        members = f"[{'^' if negated else ''}{''.join(parts)}]"
        return f"(?:{but}{members})" if but else members

    def _is_range(self, parts: list[str]) -> bool:
        return bool(parts) and not self._source.startswith("]", self._at)
