"""Sentences divided into lines for a terminal, be they in a language with blanks between its words or without."""

import re
import textwrap
from collections.abc import Iterator
from unicodedata import east_asian_width

_CLOSING = "。、）」』：；？！…"
"""Signs that no line begins with."""
_UNITS = re.compile(rf"`[^`]*`[{_CLOSING}]*\s*|[!-_a-~]+[{_CLOSING}]*\s*|\S[{_CLOSING}]*\s*|\s+")
"""What is not divided: names in backticks, words in Latin letters, any other character by itself."""


def wrap_text(text: str, width: int) -> list[str]:
    """Return the lines of a text, each at most so many columns wide as far as words and names allow."""
    if not any(map(_is_wide, text)):
        return textwrap.wrap(text, width, break_long_words=False)
    return list(_split_lines(text, width))


def count_rows(line: str, width: int) -> int:
    """Return how many rows a line takes on a terminal of so many columns, which breaks what is longer."""
    return max(1, -(-_count_columns(line) // width))


def show_controls(text: str) -> str:
    """Return a text with a dot for each sign that ends a line or steers a terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\u3000" else "·" for char in text)


def _split_lines(text: str, width: int) -> Iterator[str]:
    line = ""
    for unit in _UNITS.findall(text):
        if line and _count_columns(line + unit.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += unit
    if line:
        yield line.rstrip()


def _count_columns(text: str) -> int:
    return sum(1 + _is_wide(char) for char in text)


def _is_wide(char: str) -> bool:
    return east_asian_width(char) in {"F", "W"}
