r"""XSD regular expressions as Python's, with the character classes that Xerces gives `\d`, `\w` and their kin."""

import re
from collections.abc import Callable

from feedproc.xerces.values.character_ranges import Ranges, as_class, complement, joined, named, shorthand, without

_SHORTHANDS = "dwsic"
_WORD_ENDS = ((0x60, 0x7A), (0x7C, 0x7C), (0x7E, 0x7E))
_ASCII: dict[str, Ranges] = {
    "d": ((0x30, 0x39),),
    "s": ((0x9, 0xA), (0xD, 0xD), (0x20, 0x20)),
    "w": ((0x24, 0x24), (0x2B, 0x2B), (0x30, 0x39), (0x3C, 0x3E), (0x41, 0x5A), (0x5E, 0x5E), *_WORD_ENDS),
    "i": ((0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)),
    "c": ((0x2D, 0x2E), (0x30, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)),
}
"""The same in ASCII; to know the rest takes some time, and few texts need it."""
_LITERALS = {"n": "\n", "r": "\r", "t": "\t", **{sign: sign for sign in "\\|.^-?*+{}()[]"}}
_NO_ESCAPES = frozenset("AZzbB<>123456789Xgefuvx")
"""What Xerces refuses behind a backslash; of other signs it takes the backslash off."""
_COUNT = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_QUANTIFIERS = "?*+{"


class UnknownPattern(Exception):
    """What should be a pattern is none."""


class Pattern:
    """One pattern facet: its source as the schema wrote it, and the question whether a text matches."""

    __slots__ = ("_full", "matches_ascii", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self.matches_ascii = _compiled(source, ascii_only=True)
        self._full: Callable[[str], object] | None = None

    def matches(self, text: str) -> bool:
        """Whether the whole `text` matches; the classes of all Unicode are built only for text that needs them."""
        if text.isascii():
            return self.matches_ascii(text) is not None
        if self._full is None:
            self._full = _compiled(self.source, ascii_only=False)
        return self._full(text) is not None


def _compiled(source: str, *, ascii_only: bool) -> Callable[[str], object]:
    try:
        return re.compile(_Translation(source, ascii_only=ascii_only).regex()).fullmatch
    except (re.error, OverflowError) as error:
        raise UnknownPattern(source) from error


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

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _piece(self) -> str:
        char = self._next()
        if char == "(":
            return "(?:"
        if char == "|":
            return char
        atom = char if char == ")" else self._atom(char)
        count = _COUNT.match(self._source, self._at)
        if count is not None:
            self._at = count.end()
            atom += count[0]
        elif self._peek() in {"?", "*", "+"}:
            atom += self._next()
        return atom

    def _atom(self, char: str) -> str:
        if char == "\\":
            escaped = self._escape(is_inside=False)
            return re.escape(escaped) if isinstance(escaped, str) else as_class(escaped)
        if char == "[":
            return as_class(self._class())
        if char == ".":
            return "[^\\n\\r\u2028\u2029]"
        if char in "]}" or char in _QUANTIFIERS:
            raise UnknownPattern(self._source)
        return re.escape(char)

    def _escape(self, *, is_inside: bool) -> "str | Ranges":
        """Return the character that an escape stands for, or the characters."""
        char = self._next()
        if char in "pP":
            ranges = self._property()
            return ranges if char == "p" else complement(ranges)
        if char.lower() in _SHORTHANDS:
            ranges = _ASCII[char.lower()] if self._ascii else shorthand(char.lower())
            return ranges if char.islower() else complement(ranges)
        if char not in _LITERALS and (is_inside or char in _NO_ESCAPES):
            raise UnknownPattern(self._source)
        return _LITERALS.get(char, char)

    def _property(self) -> Ranges:
        end = self._source.find("}", self._at)
        if self._peek() != "{" or end < 0:
            raise UnknownPattern(self._source)
        name, self._at = self._source[self._at + 1 : end], end + 1
        ranges = named(name)
        if ranges is None:
            raise UnknownPattern(self._source)
        return ranges

    def _class(self) -> Ranges:
        is_negated = self._peek() == "^"
        self._at += is_negated
        begin = self._at
        found: list[tuple[int, int]] = []
        while True:
            char = self._next()
            if char == "]" and self._at > begin + 1:
                return self._turned(found, is_negated)
            if char == "-" and self._peek() == "[" and self._at > begin + 1:
                self._at += 1
                ranges = without(self._turned(found, is_negated), self._class())
                if self._next() != "]":
                    raise UnknownPattern(self._source)
                return ranges
            found += self._span(char, is_first=self._at == begin + 1)

    @staticmethod
    def _turned(found: list[tuple[int, int]], is_negated: bool) -> Ranges:
        ranges = joined(found)
        return complement(ranges) if is_negated else ranges

    def _span(self, char: str, *, is_first: bool) -> Ranges:
        """Return one character of a class, a range of them, or a class within."""
        is_escaped = char == "\\"
        if is_escaped:
            escaped = self._escape(is_inside=True)
            if not isinstance(escaped, str):
                return escaped
            char = escaped
        elif char in "[]" or (char == "-" and self._peek() != "]" and not is_first):
            raise UnknownPattern(self._source)
        if self._peek() != "-" or self._source[self._at + 1 : self._at + 2] in {"]", "["}:
            return ((ord(char), ord(char)),)
        if char == "-" and is_first and not is_escaped:
            return ((ord(char), ord(char)),)
        self._at += 1
        return (self._range(ord(char)),)

    def _range(self, first: int) -> tuple[int, int]:
        char = self._next()
        last = self._escape(is_inside=True) if char == "\\" else char
        if not isinstance(last, str) or (char in "[]-") or ord(last) < first:
            raise UnknownPattern(self._source)
        return first, ord(last)
