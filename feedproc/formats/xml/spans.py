"""Where in a piece of a feed its messages stand."""

import re
from collections.abc import Iterator, Sequence

_START = re.compile(rb"<Message(?=[ \t\r\n/>])")
_TOKENS = re.compile(
    rb"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"""
    rb"""|(</Message[ \t\r\n]*>|<Message(?:[ \t\r\n](?:[^<>"']|"[^"<]*"|'[^'<]*')*+|/)(?<=/)>)""",
    re.DOTALL,
)
_COVERS = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)

Span = tuple[int, int]
"""Where a message begins, and where it ends."""


class Spans:
    """The places of the messages in one piece; each is looked for when it is asked for."""

    def __init__(self, text: bytes, ends: Sequence[int]) -> None:
        """Take a text in which every `<Message` is a tag, and where the messages end."""
        self._text = text
        self._ends = ends

    def __getitem__(self, number: int) -> Span:
        start = _START.search(self._text, self._ends[number - 1] if number else 0, self._ends[number])
        assert start is not None  # noqa: S101 - a message that ends also begins
        return start.start(), self._ends[number]

    def __iter__(self) -> Iterator[Span]:
        return (self[number] for number in range(len(self._ends)))


def message_spans(text: bytes, count: int, ends: Sequence[int]) -> Spans | None:
    """Return where each of the `count` messages stands in a well-formed `text`; `ends` are what looks like their ends.

    None where that is not plain: when messages stand in messages, or in something else.
    """
    if (b"!" in text and b"<!" in text) or (b"?" in text and b"<?" in text):
        ends = [token.end() for token in _TOKENS.finditer(text) if token[1]]
        text = _COVERS.sub(lambda cover: b" " * len(cover[0]), text)
    return Spans(text, ends) if len(ends) == count else None
