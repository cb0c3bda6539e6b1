"""The pattern language of XML Schema as Xerces reads it: classes of characters, and expressions made of them."""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from feedproc.xerces.text.names import LETTERS, OTHER_NAME_CHARACTERS

BLOCKS = (
    "BasicLatin:0000-007f Latin-1Supplement:0080-00ff LatinExtended-A:0100-017f LatinExtended-B:0180-024f "
    "IPAExtensions:0250-02af SpacingModifierLetters:02b0-02ff CombiningDiacriticalMarks:0300-036f Greek:0370-03ff "
    "Cyrillic:0400-04ff Armenian:0530-058f Hebrew:0590-05ff Arabic:0600-06ff Syriac:0700-074f Thaana:0780-07bf "
    "Devanagari:0900-097f Bengali:0980-09ff Gurmukhi:0a00-0a7f Gujarati:0a80-0aff Oriya:0b00-0b7f Tamil:0b80-0bff "
    "Telugu:0c00-0c7f Kannada:0c80-0cff Malayalam:0d00-0d7f Sinhala:0d80-0dff Thai:0e00-0e7f Lao:0e80-0eff "
    "Tibetan:0f00-0fff Myanmar:1000-109f Georgian:10a0-10ff HangulJamo:1100-11ff Ethiopic:1200-137f "
    "Cherokee:13a0-13ff UnifiedCanadianAboriginalSyllabics:1400-167f Ogham:1680-169f Runic:16a0-16ff Khmer:1780-17ff "
    "Mongolian:1800-18af LatinExtendedAdditional:1e00-1eff GreekExtended:1f00-1fff GeneralPunctuation:2000-206f "
    "SuperscriptsandSubscripts:2070-209f CurrencySymbols:20a0-20cf CombiningMarksforSymbols:20d0-20ff "
    "LetterlikeSymbols:2100-214f NumberForms:2150-218f Arrows:2190-21ff MathematicalOperators:2200-22ff "
    "MiscellaneousTechnical:2300-23ff ControlPictures:2400-243f OpticalCharacterRecognition:2440-245f "
    "EnclosedAlphanumerics:2460-24ff BoxDrawing:2500-257f BlockElements:2580-259f GeometricShapes:25a0-25ff "
    "MiscellaneousSymbols:2600-26ff Dingbats:2700-27bf BraillePatterns:2800-28ff CJKRadicalsSupplement:2e80-2eff "
    "KangxiRadicals:2f00-2fdf IdeographicDescriptionCharacters:2ff0-2fff CJKSymbolsandPunctuation:3000-303f "
    "Hiragana:3040-309f Katakana:30a0-30ff Bopomofo:3100-312f HangulCompatibilityJamo:3130-318f Kanbun:3190-319f "
    "BopomofoExtended:31a0-31bf EnclosedCJKLettersandMonths:3200-32ff CJKCompatibility:3300-33ff "
    "CJKUnifiedIdeographsExtensionA:3400-4db5 CJKUnifiedIdeographs:4e00-9fff YiSyllables:a000-a48f "
    "YiRadicals:a490-a4cf HangulSyllables:ac00-d7a3 PrivateUse:e000-f8ff CJKCompatibilityIdeographs:f900-faff "
    "AlphabeticPresentationForms:fb00-fb4f ArabicPresentationForms-A:fb50-fdff CombiningHalfMarks:fe20-fe2f "
    "CJKCompatibilityForms:fe30-fe4f SmallFormVariants:fe50-fe6f ArabicPresentationForms-B:fe70-fefe "
    "Specials:feff-feff HalfwidthandFullwidthForms:ff00-ffef OldItalic:10300-1032f Gothic:10330-1034f "
    "Deseret:10400-1044f ByzantineMusicalSymbols:1d000-1d0ff MusicalSymbols:1d100-1d1ff "
    "MathematicalAlphanumericSymbols:1d400-1d7ff CJKUnifiedIdeographsExtensionB:20000-2a6d6 "
    "CJKCompatibilityIdeographsSupplement:2f800-2fa1f Tags:e0000-e007f"
)
"""Name, first and last character in hexadecimal."""


Ranges = tuple[tuple[int, int], ...]
"""In order, apart from each other."""

LAST = 0x10FFFF
_LAST_OF_PLANE = 0xFFFF
# Xerces' own table of digits: not the whole of Unicode's Nd, and with the Ethiopic numbers.
_DIGITS = (
    "30-39 660-669 6f0-6f9 966-96f 9e6-9ef a66-a6f ae6-aef b66-b6f be7-bef c66-c6f ce6-cef d66-d6f e50-e59 ed0-ed9"
    " f20-f29 1040-1049 1369-1371 17e0-17e9 1810-1819 ff10-ff19 1d7ce-1d7ff"
)
_LETTERS_BEYOND = "1d790-1d7a8 1d7aa-1d7c9 2fa1b-2fa1d"
# Beyond the Basic Multilingual Plane nothing has a category but these, and all is unassigned as well.
_BEYOND = {"C": ((0xF0000, LAST),), "Cn": ((0x10000, LAST),)}
_IS_CATEGORY = re.compile("L[ultmo]?|M[nec]?|N[dlo]?|Z[slp]?|C[cfosn]?|P[dsecoif]?|S[mcko]?").fullmatch
_MORE = {"Specials": "fff0-fffd", "PrivateUse": "f0000-ffffd 100000-10fffd"}


def make_table(text: str) -> Ranges:
    """Return the ranges of a table in hexadecimal."""
    spans = (span.split("-") for span in text.split())
    return join_ranges((int(span[0], 16), int(span[-1], 16)) for span in spans)


def join_ranges(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return the union of ranges."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return tuple(found)


def complement_ranges(ranges: Ranges) -> Ranges:
    """Return all other characters."""
    found, begin = [], 0
    for first, last in ranges:
        if first > begin:
            found.append((begin, first - 1))
        begin = last + 1
    return (*found, (begin, LAST)) if begin <= LAST else tuple(found)


def subtract_ranges(ranges: Ranges, others: Ranges) -> Ranges:
    """Return the characters of one set that are not in another."""
    return complement_ranges(join_ranges((*complement_ranges(ranges), *others)))


def as_class(ranges: Ranges) -> str:
    """Return a regular expression for one of these characters."""
    if not ranges:
        return "(?!)"
    return "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]"


def find_named(name: str) -> Ranges | None:
    r"""Return the characters that `\p{name}` stands for; None where there is no such name."""
    if _IS_CATEGORY(name):
        return _find_category(name)
    return _blocks().get(name.removeprefix("Is")) if name.startswith("Is") else None


@functools.cache
def _find_category(name: str) -> Ranges:
    points = (n for n in range(_LAST_OF_PLANE + 1) if unicodedata.category(chr(n)).startswith(name))
    return join_ranges((*_runs(points), *_BEYOND.get(name, ())))


def _runs(points: Iterator[int]) -> Iterator[tuple[int, int]]:
    first = last = next(points, -1)
    for point in points:
        if point != last + 1:
            yield first, last
            first = point
        last = point
    if first >= 0:
        yield first, last


@functools.cache
def _blocks() -> dict[str, Ranges]:
    entries = (entry.split(":") for entry in BLOCKS.split())
    return {name: make_table(f"{span} {_MORE.get(name, '')}") for name, span in entries}


@functools.cache
def find_shorthand(letter: str) -> Ranges:
    r"""Return the characters that `\d`, `\w`, `\s`, `\i` and `\c` stand for."""
    if letter == "d":
        return make_table(_DIGITS)
    if letter == "s":
        return make_table("9-a d 20")
    if letter == "w":
        return complement_ranges(join_ranges((*_find_category("P"), *_find_category("Z"), *_find_category("C"))))
    starts = join_ranges((*make_table(f"3a 41-5a 5f 61-7a {LETTERS}"), *make_table(_LETTERS_BEYOND)))
    return (
        starts
        if letter == "i"
        else join_ranges((*make_table(f"2d-2e 30-39 3a 41-5a 5f 61-7a {LETTERS} {OTHER_NAME_CHARACTERS}"),))
    )


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
        self.matches_ascii = _compile(source, ascii_only=True)
        self._full: Callable[[str], object] | None = None

    def matches(self, text: str) -> bool:
        """Whether the whole `text` matches; the classes of all Unicode are built only for text that needs them."""
        if text.isascii():
            return self.matches_ascii(text) is not None
        if self._full is None:
            self._full = _compile(self.source, ascii_only=False)
        return self._full(text) is not None


def _compile(source: str, *, ascii_only: bool) -> Callable[[str], object]:
    try:
        return re.compile(_Translation(source, ascii_only=ascii_only).write_regex()).fullmatch
    except (re.error, OverflowError) as error:
        raise UnknownPattern(source) from error


class _Translation:
    """One reading of a pattern from left to right."""

    def __init__(self, source: str, *, ascii_only: bool) -> None:
        self._source = source
        self._at = 0
        self._ascii = ascii_only

    def write_regex(self) -> str:
        """Return the Python expression."""
        parts = []
        while self._at < len(self._source):
            parts.append(self._parse_piece())
        return "".join(parts)

    def _take_next(self) -> str:
        if self._at >= len(self._source):
            raise UnknownPattern(self._source)
        self._at += 1
        return self._source[self._at - 1]

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _parse_piece(self) -> str:
        char = self._take_next()
        if char == "(":
            return "(?:"
        if char == "|":
            return char
        atom = char if char == ")" else self._parse_atom(char)
        count = _COUNT.match(self._source, self._at)
        if count is not None:
            self._at = count.end()
            atom += count[0]
        elif self._peek() in {"?", "*", "+"}:
            atom += self._take_next()
        return atom

    def _parse_atom(self, char: str) -> str:
        if char == "\\":
            escaped = self._escape(is_inside=False)
            return re.escape(escaped) if isinstance(escaped, str) else as_class(escaped)
        if char == "[":
            return as_class(self._parse_class())
        if char == ".":
            return "[^\\n\\r\u2028\u2029]"
        if char in "]}" or char in _QUANTIFIERS:
            raise UnknownPattern(self._source)
        return re.escape(char)

    def _escape(self, *, is_inside: bool) -> "str | Ranges":
        """Return the character that an escape stands for, or the characters."""
        char = self._take_next()
        if char in "pP":
            ranges = self._parse_property()
            return ranges if char == "p" else complement_ranges(ranges)
        if char.lower() in _SHORTHANDS:
            ranges = _ASCII[char.lower()] if self._ascii else find_shorthand(char.lower())
            return ranges if char.islower() else complement_ranges(ranges)
        if char not in _LITERALS and (is_inside or char in _NO_ESCAPES):
            raise UnknownPattern(self._source)
        return _LITERALS.get(char, char)

    def _parse_property(self) -> Ranges:
        end = self._source.find("}", self._at)
        if self._peek() != "{" or end < 0:
            raise UnknownPattern(self._source)
        name, self._at = self._source[self._at + 1 : end], end + 1
        ranges = find_named(name)
        if ranges is None:
            raise UnknownPattern(self._source)
        return ranges

    def _parse_class(self) -> Ranges:
        is_negated = self._peek() == "^"
        self._at += is_negated
        begin = self._at
        found: list[tuple[int, int]] = []
        while True:
            char = self._take_next()
            if char == "]" and self._at > begin + 1:
                return self._turn(found, is_negated)
            if char == "-" and self._peek() == "[" and self._at > begin + 1:
                self._at += 1
                ranges = subtract_ranges(self._turn(found, is_negated), self._parse_class())
                if self._take_next() != "]":
                    raise UnknownPattern(self._source)
                return ranges
            found += self._parse_span(char, is_first=self._at == begin + 1)

    @staticmethod
    def _turn(found: list[tuple[int, int]], is_negated: bool) -> Ranges:
        ranges = join_ranges(found)
        return complement_ranges(ranges) if is_negated else ranges

    def _parse_span(self, char: str, *, is_first: bool) -> Ranges:
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
        return (self._parse_range(ord(char)),)

    def _parse_range(self, first: int) -> tuple[int, int]:
        char = self._take_next()
        last = self._escape(is_inside=True) if char == "\\" else char
        if not isinstance(last, str) or (char in "[]-") or ord(last) < first:
            raise UnknownPattern(self._source)
        return first, ord(last)
