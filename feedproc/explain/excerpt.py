"""The line of a feed that a finding is about, with what is wrong in it underlined.

A feed may have 2 GiB, a line of it 100 MB, and a million findings: it is read once, forward, in step with the findings,
and only as much is kept as a finding can lie behind the one before.
"""

import codecs
import os
import re
import unicodedata
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import BinaryIO, NamedTuple, cast

from feedproc.feeds.feed_type import Utf8Source
from feedproc.feeds.finding import Finding
from feedproc.feeds.result_codes import FATAL_XML, ILL_FORMED_ENVELOPE
from feedproc.xerces.text.positions import put_together

_CHUNK = 64 * 1024
_KEPT = 48
"""Chunks: 3 MiB, more than the findings of one piece of a feed spread over."""
_END_OF_LINE = 2**31
_BEFORE = 1000
_AFTER = 400
"""Characters around the column that are looked at."""
_TAB = 4
_DOT = "·"
_ELLIPSIS = "…"
_OF_ELEMENT = re.compile(r"<([^\s<>/!?]+)[^<>]*>([^<]*)</\1\s*>\Z")
_FIRST = re.compile(r"\s*(<[^>]*>|\S)")
_ATTRIBUTE = re.compile(r"""[^\s<>"'=]+\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
_OF_TAGS = ("cvc-complex-type.2.1", "cvc-complex-type.2.3", "cvc-complex-type.2.4", "cvc-complex-type.4", "cvc-elt.1")
"""Rules that are about a tag; the others that are told at an end tag are about the value before it."""
_OF_CELLS = ("flat-file", "missing-column", "unknown-column")
"""Rules of flat files, whose findings stand at the begin of a cell."""
_OF_MERCHANT = "merchant-identifier"
"""The rule whose findings stand at the begin of an element."""
_ELEMENT = re.compile(r"<[^<>]*>(?:[^<]*</[^<>]*>)?")
_OF_TEXT = "misread-text"
"""The rule whose findings stand at the begin of a text."""
_END_OF_TEXT = re.compile(r"[<\t\"]")
_FROM_BRACKET = ("Doctype", "ETag", "InvalidCommentStart", "Markup", "PITarget", "ReservedPI")
_FROM_AMPERSAND = ("DigitRequired", "Entity", "HexdigitRequired", "InvalidCharRef", "NameRequired", "SemicolonRequired")
"""Faults of the scanner, which stands behind what they are about."""


class Excerpt(NamedTuple):
    """What stands in a line around a column."""

    before: str
    after: str
    is_cut: bool
    """There is more in front of it."""

    @property
    def is_blank(self) -> bool:
        """Say whether there is nothing to see."""
        return not self.before.strip() and not self.after.strip()


class Drawing(NamedTuple):
    """A line as it is shown, and what is put under it."""

    text: str
    marks: str

    @property
    def parts(self) -> tuple[str, str, str]:
        """What stands in the text before, within and behind what is marked."""
        begin, end = len(self.marks) - len(self.marks.lstrip()), len(self.marks)
        before = _count_characters(self.text, begin)
        within = _count_characters(self.text[before:], end - begin)
        return self.text[:before], self.text[before : before + within], self.text[before + within :]


class Excerpts:
    """Gives the lines of a feed, asked for in about the order in which they stand in it."""

    def __init__(self, feed: BinaryIO, as_utf8: Callable[[BinaryIO], Utf8Source]) -> None:
        """Read `feed`: a file, in which others stay wherever they stand, or else a stream that nobody else reads.

        `as_utf8` opens it as UTF-8, whatever it is encoded in.
        """
        self._stream: Utf8Source | None
        try:
            self._stream = as_utf8(cast("BinaryIO", _read_apart(feed)))
        except ValueError:
            self._stream = None
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._ends_newer = False
        """Whether lines may end as only those of XML 1.1 do."""
        self._chunks: deque[_Chunk] = deque(maxlen=_KEPT)

    def look_at(self, line: int, column: int) -> Excerpt | None:
        """Return what stands around a place; None when it is not known, or too far back."""
        if line < 1:
            return None
        while (not self._chunks or self._chunks[-1].end <= (line, column + _AFTER)) and self._read():
            pass
        at = bisect_right([chunk.begin for chunk in self._chunks], (line, column)) - 1
        return None if at < 0 else self._look_around(at, line, column)

    def _look_around(self, at: int, line: int, column: int) -> Excerpt:
        chunk = self._chunks[at]
        start, first = chunk.line_start(line)
        end = chunk.line_end(line)
        place = min(start + _find_index(chunk.text[start:end], column - first), end)
        before, after = chunk.text[max(start, place - _BEFORE) : place], chunk.text[place : min(end, place + _AFTER)]
        is_open_before, is_open_after = start == 0 and line == chunk.begin[0], end == len(chunk.text)
        is_cut = place - start > _BEFORE
        if is_open_before and not is_cut and at:
            more = self._chunks[at - 1].text.rpartition("\n")[2]
            is_cut = len(more) + len(before) > _BEFORE
            before = f"{more}{before}"[-_BEFORE:]
        if is_open_after and len(after) < _AFTER and at + 1 < len(self._chunks):
            after += self._chunks[at + 1].text[:_AFTER].partition("\n")[0]
        return Excerpt(before, after, is_cut or (is_open_before and not at and column > len(before) + 1))

    def _read(self) -> bool:
        """Read on; say whether there was anything."""
        try:
            raw = self._stream.read(_CHUNK) if self._stream else b""
        except ValueError:
            raw = b""
        text = self._held + self._decoder.decode(raw, final=not raw)
        self._held = "\r" if raw and text.endswith("\r") else ""
        text = text.removesuffix(self._held)
        if not self._chunks:
            text, self._ends_newer = put_together(text)
        if self._ends_newer:
            text = text.replace("\r\x85", "\n").replace("\x85", "\n").replace("\u2028", "\n")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if text:
            self._chunks.append(_Chunk(text, self._chunks[-1].end if self._chunks else (1, 1)))
        if not raw:
            self._stream = None
        return bool(raw)


class _Chunk:
    """Some text of the feed with the places, line and column from 1, of its begin and its end."""

    def __init__(self, text: str, begin: tuple[int, int]) -> None:
        self.text = text
        self.begin = begin
        lines = text.count("\n")
        behind = _count_units(text[text.rfind("\n") + 1 :])
        self.end = (begin[0] + lines, behind + 1 if lines else begin[1] + behind)

    def line_start(self, line: int) -> tuple[int, int]:
        """Return where a line begins in the text, and at which of its columns that is."""
        if line <= self.begin[0]:
            return 0, self.begin[1]
        return self._starts[min(line - self.begin[0], len(self._starts) - 1)], 1

    def line_end(self, line: int) -> int:
        """Return where a line ends in the text."""
        following = line - self.begin[0] + 1
        return self._starts[following] - 1 if following < len(self._starts) else len(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.text.split("\n")[:-1])]


def _read_apart(feed: BinaryIO) -> "BinaryIO | _Apart":
    try:
        return _Apart(feed.fileno())
    except (AttributeError, OSError):
        return feed


class _Apart:
    """A file read apart from whoever else reads it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._at = 0

    def seek(self, offset: int) -> None:
        self._at = offset

    def read(self, size: int) -> bytes:
        data = os.pread(self._descriptor, size, self._at)
        self._at += len(data)
        return data


class Picture(NamedTuple):
    """The line that findings at one place are about, drawn."""

    line: int
    drawing: Drawing


def draw_group(group: Sequence[Finding], excerpts: Excerpts, width: int) -> Picture | None:
    """Draw the line that the findings at one place are about, in so many columns; None where nothing is to be seen."""
    shown = [one for one in group if one.rule == "cvc-attribute.3" or one.code == ILL_FORMED_ENVELOPE.code]
    one = [*shown, group[0]][0]
    line = one.line
    found = excerpts.look_at(line, one.column)
    if found is not None and found.is_blank and one.code == FATAL_XML.code:
        line, found = line - 1, excerpts.look_at(line - 1, _END_OF_LINE)
    if found is None or found.is_blank:
        return None
    return Picture(line, draw(found, one.rule, one.code in {FATAL_XML.code, ILL_FORMED_ENVELOPE.code}, width))


def select_telling(group: Sequence[Finding]) -> Sequence[Finding]:
    """Return the findings at one place without those that only follow from another one."""
    from feedproc.explain.explanation import FOLLOWING  # noqa: PLC0415 - not before there is a fault

    first = [one for one in group if one.code == ILL_FORMED_ENVELOPE.code]
    return first or [one for one in group if one.rule not in FOLLOWING] or list(group)


def draw(excerpt: Excerpt, rule: str, is_fatal: bool, width: int) -> Drawing:
    """Draw an excerpt in lines of so many columns."""
    line = excerpt.before + excerpt.after
    begin, end = _find_span(excerpt, rule, is_fatal)
    cells = _show_cells(line)
    marked = sum(map(_measure_width, cells[:begin]))
    length = max(1, sum(map(_measure_width, cells[begin:end])))
    left = _find_left(marked, length, sum(map(_measure_width, cells)), width)
    text = _cut_window(cells, left, width, is_cut=excerpt.is_cut)
    return Drawing(text.rstrip(), " " * (marked - left) + "^" * max(1, min(length, width - marked + left)))


def _find_span(excerpt: Excerpt, rule: str, is_fatal: bool) -> tuple[int, int]:
    """Return from which character of the line to which it is at fault."""
    before, after = excerpt.before, excerpt.after
    if (length := _measure_what_begins(after, rule)) is not None:
        return len(before), len(before) + max(1, length)
    if is_fatal and rule != "amazon-envelope":
        return _find_stop(before, after, rule)
    if not before:
        first = _FIRST.match(after)
        return first.span(1) if first else (0, 1)
    if before.endswith(">"):
        return _tag_or_value(before, rule)
    return (len(before), len(before) + 1) if is_fatal else (len(before) - 1, len(before))


def _measure_what_begins(after: str, rule: str) -> int | None:
    """Return how long what begins at the place is, where a rule tells the begin of what it is about."""
    if rule in _OF_CELLS:
        return len(after.partition("\t")[0])
    if rule == _OF_TEXT:
        return len(_END_OF_TEXT.split(after, maxsplit=1)[0].rstrip())
    element = _ELEMENT.match(after) if rule == _OF_MERCHANT else None
    return element.end() if element else None


def _find_stop(before: str, after: str, rule: str) -> tuple[int, int]:
    for keys, sign in ((_FROM_BRACKET, "<"), (_FROM_AMPERSAND, "&")):
        begin = before.rfind(sign)
        if rule.startswith(keys) and begin >= 0:
            return begin, len(before) + (after.find(">") + 1 if rule.startswith("ETag") else 0)
    return len(before), len(before) + 1


def _tag_or_value(before: str, rule: str) -> tuple[int, int]:
    """Return the tag that ends here, or the value of an element that does, or an attribute of it."""
    begin = max(before.rfind("<"), 0)
    tag = before[begin:]
    if rule == "amazon-envelope":
        return begin, begin + len(tag.split()[0].rstrip(">"))
    if rule.startswith("cvc-attribute"):
        attributes = [found.span() for found in _ATTRIBUTE.finditer(before, begin)]
        return attributes[0] if len(attributes) == 1 else (begin, len(before))
    if not rule.startswith(_OF_TAGS):
        found = _OF_ELEMENT.search(before)
        if found:
            return found.span(2) if found[2] else found.span()
    return begin + len(tag) - len(tag.lstrip()), len(before)


def _show_cells(line: str) -> list[str]:
    """Return what is shown for each character: tabs as blanks, and nothing that would move what stands behind it."""
    shown, column = [], 0
    for char in line:
        cell = " " * (_TAB - column % _TAB) if char == "\t" else char if _is_shown(char) else _DOT
        column += _measure_width(cell)
        shown.append(cell)
    return shown


def _is_shown(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _measure_width(cell: str) -> int:
    """Return how many columns a terminal needs for it."""
    if cell.isascii():
        return len(cell)
    if unicodedata.category(cell) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(cell) in {"F", "W"} else 1


def _count_characters(text: str, columns: int) -> int:
    """Return how many characters fill so many columns."""
    ends = accumulate(map(_measure_width, text))
    return next((count for count, end in enumerate(ends, 1) if end >= columns), len(text)) if columns else 0


def _find_left(marked: int, length: int, whole: int, width: int) -> int:
    """Return the first column that is shown, so that the mark is, and some of what stands before it."""
    if whole <= width:
        return 0
    wanted = min(marked + length + width // 4, whole) - width
    return max(0, min(wanted, marked - width // 8))


def _cut_window(cells: list[str], left: int, width: int, *, is_cut: bool) -> str:
    """Return the cells that stand in a window, an ellipsis where it cuts something off."""
    seen, column = list[str](), 0
    for cell in cells:
        after = column + _measure_width(cell)
        if after > left + width:
            seen[-1:] = [_cut(seen[-1])]
            break
        if after > left:
            seen.append(cell if column >= left else " " * (after - left))
        column = after
    if seen and (left or is_cut):
        seen[0] = _cut(seen[0])
    return "".join(seen)


def _cut(cell: str) -> str:
    return _ELLIPSIS.ljust(_measure_width(cell))


def _count_units(text: str) -> int:
    """Return how many UTF-16 units a text has, which is how the parser counts columns."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _find_index(text: str, units: int) -> int:
    """Return which character begins so many UTF-16 units behind the begin of a text."""
    if units <= 0:
        return 0
    if text.isascii():
        return min(units, len(text))
    return len(text.encode("utf-16-le", "surrogatepass")[: units * 2].decode("utf-16-le", "ignore"))
