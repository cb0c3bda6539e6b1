"""Messages read by their likeness to others, without a tree.

Most messages of a feed differ in their texts alone, and one regular expression takes those out. A message is like one
that was parsed when its tags are the same to the byte, and nothing in its texts has a meaning in XML. libxml2 would
then make the same tree with other texts. Whether these are valid is not asked here: whoever reads so has surveyed the
feed before.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from lxml import etree

_TAG = re.compile(r'<(/?)([A-Za-z][A-Za-z0-9_]*)((?: [A-Za-z][A-Za-z0-9_]*="[^"<>&]*")*) ?(/?)>')
_ATTRIBUTE = re.compile(r' ([A-Za-z0-9_]+)="([^"]*)"')
_TOKEN = re.compile(r"<[^<>]*>|[^<]+")
_BLANKS, _TEXT = r"[ \t\n]*", "([^<&]*)"
MOST_PATTERNS = 8
"""Of one feed. Feeds whose messages are of more kinds are parsed."""


class LikeElement:
    """An element as decoders know it (`feedtypes.element.Element`), whose text is another message's each time."""

    __slots__ = ("attributes", "children", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin without children."""
        self.tag = tag
        self.attributes = attributes
        self.text: str | None = None
        self.children: list[LikeElement] = []

    def get(self, name: str) -> str | None:
        """Return an attribute."""
        return self.attributes.get(name)

    def __getitem__(self, number: int) -> "LikeElement":
        return self.children[number]

    def __iter__(self) -> Iterator["LikeElement"]:
        return iter(self.children)

    def __len__(self) -> int:
        return len(self.children)


class LikenessPattern(NamedTuple):
    """What messages of one kind look like."""

    match: "Callable[[str, int], re.Match[str] | None]"
    message: LikeElement
    leaves: Sequence[LikeElement]
    """What the groups of the expression are the texts of."""


class Likeness:
    """What the messages of one feed look like, as far as it was seen."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._patterns: list[LikenessPattern] = []

    def learn(self, text: str, message: etree._Element) -> None:
        """Take note of a message, of which the text and the parsed element are given, unless it is an odd one."""
        if len(self._patterns) < MOST_PATTERNS and not any(one.match(text, 0) for one in self._patterns):
            pattern = make_pattern(text)
            if pattern is not None and is_same(pattern.message, message):
                self._patterns.append(pattern)

    def read(self, text: str, at: int) -> tuple[LikeElement, int] | None:
        """Return the message that stands at a place of a text, and where it ends; None if it is like none before.

        The element is good until the next is read.
        """
        for number, pattern in enumerate(self._patterns):
            found = pattern.match(text, at)
            if found is not None:
                for leaf, value in zip(pattern.leaves, found.groups(), strict=True):
                    leaf.text = value or None
                if number:  # the next is most probably like this one
                    self._patterns.insert(0, self._patterns.pop(number))
                return pattern.message, found.end()
        return None


def _write_any(_path: Sequence[str]) -> str:
    return _TEXT


def make_pattern(text: str, write: Callable[[Sequence[str]], str | None] = _write_any) -> LikenessPattern | None:
    """Return the pattern of a message; None where it holds what only a parser should read.

    `write` returns the expression for the text of an element, by the names on the way to it, or None to leave it.
    """
    parts, leaves, top = list[str](), list[LikeElement](), LikeElement("", {})
    open_elements = [top]
    tokens = _TOKEN.findall(text)[::-1]
    while tokens:
        token = tokens.pop()
        if not token.startswith("<"):
            if not token.isspace():
                return None
            parts.append(_BLANKS)
            continue
        tag = _TAG.fullmatch(token)
        if tag is None or "xmlns" in token:
            return None
        parts.append(re.escape(token))
        if tag[1]:
            open_elements.pop()
            continue
        element = LikeElement(tag[2], dict(_ATTRIBUTE.findall(tag[3])))
        open_elements[-1].children.append(element)
        if tag[4]:
            continue
        open_elements.append(element)
        own = tokens.pop() if not tokens[-1].startswith("<") and tokens[-2].startswith("</") else ""
        if tokens[-1].startswith("</"):
            element.text = own or None
            expression = write([one.tag for one in open_elements[1:]])
            if expression is None:
                return None
            parts.append(expression)
            leaves.append(element)
    pattern = re.compile(_BLANKS + "".join(parts))
    return LikenessPattern(pattern.match, top[0], leaves) if len(top) == 1 else None


def is_same(like: LikeElement, element: etree._Element) -> bool:
    """Say whether an element is what libxml2 made of the same text."""
    return (
        like.tag == element.tag
        and like.attributes == dict(element.attrib)
        and len(like) == len(element)
        and (len(like) > 0 or like.text == element.text)
        and all(map(is_same, like, element))
    )
