"""Messages read by their likeness to others, without a tree.

Most messages of a feed differ in their texts alone, and one regular expression takes those out. A message is like one
that was parsed when its tags are the same to the byte, and nothing in its texts has a meaning in XML. libxml2 would
then make the same tree with other texts. Whether these are valid is not asked here: whoever reads so has surveyed the
feed before.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from lxml import etree
from msgspec import Struct

from feedproc.formats.xml.runs import Mixture, Run, Texts

_TAG = re.compile(r'<(/?)([A-Za-z][A-Za-z0-9_]*)((?: [A-Za-z][A-Za-z0-9_]*="[^"<>&]*")*) ?(/?)>')
_ATTRIBUTE = re.compile(r' ([A-Za-z0-9_]+)="([^"]*)"')
_TOKEN = re.compile(r"<[^<>]*>|[^<]+")
_BLANKS, _TEXT = r"[ \t\n]*+", "[^<]*+"
_REFERS = "&"
"""What a reference begins with."""
T = TypeVar("T")
MOST_PATTERNS = 8
"""Of one feed. Feeds whose messages are of more kinds are parsed."""
_MOST_TAGS = 60
"""End tags of one message. Those with more are parsed: to make an expression for them takes longer than it saves."""


class LikeElement(list["LikeElement"]):
    """An element as decoders know it (`feedtypes.element.Element`), whose text is another message's each time.

    It is a list of its children.
    """

    __slots__ = ("attributes", "get", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin without children."""
        super().__init__()
        self.tag = tag
        self.attributes = attributes
        self.get = attributes.get
        """Returns an attribute."""
        self.text: str | None = None


class LikenessPattern(Struct, frozen=True, eq=False):
    """What messages of one kind look like."""

    match: "Callable[[str, int], re.Match[str] | None]"
    message: LikeElement
    leaves: Sequence[LikeElement]
    """What the groups of the expression are the texts of."""
    run: Run
    """Reads several of them at once."""

    def fill(self, texts: Texts) -> LikeElement:
        """Return the message with other texts."""
        for leaf, text in zip(self.leaves, texts, strict=False):
            leaf.text = text or None
        return self.message


class Alike(NamedTuple):
    """Messages of one kind that follow each other in a text."""

    kind: LikenessPattern
    rows: Sequence[Texts]


class Kinds:
    """The kinds of messages of one feed, as far as they were seen."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._patterns: list[LikenessPattern] = []
        """First the one that a single message was of last."""
        self._mixed: Sequence[LikenessPattern] = ()
        self._mixture: Mixture | None = None
        """Of all of them, once it is needed."""
        self._only: LikenessPattern | None = None
        """The kind that all messages were of that were read together last."""

    def wants(self, text: str) -> bool:
        """Say whether a message is of no kind that is known, and one more is worth while."""
        return len(self._patterns) < MOST_PATTERNS and self.find(text, 0) is None

    def add(self, pattern: LikenessPattern) -> None:
        """Take note of one more."""
        self._patterns.append(pattern)
        self._mixed, self._mixture = tuple(self._patterns), None
        self._only = pattern

    def find(self, text: str, at: int) -> tuple[Alike, int] | None:
        """Return the message that stands at a place of a text, and where it ends; None if it is like none before."""
        for number, pattern in enumerate(self._patterns):
            found = pattern.match(text, at)
            if found is not None and text.find(_REFERS, at, found.end()) < 0:
                if number:  # the next is most probably like this one
                    self._patterns.insert(0, self._patterns.pop(number))
                return Alike(pattern, (found.groups(),)), found.end()
        return None

    def find_all(self, text: str, most: int) -> tuple[Sequence[Alike], int]:
        """Return what stands in a text, at most so many messages, and where these end: in front of one like none.

        Each message is looked at three times at most.
        """
        found, at, is_sure = list[Alike](), 0, bool(self._patterns) and _REFERS not in text
        if is_sure and self._only is not None:
            rows, at = self._only.run.read(text, at, most)
            found, most = [Alike(self._only, rows)], most - len(rows)
        while at < len(text) and most > 0:
            some, at = self._find_some(text, at, most) if is_sure else ((), at)
            is_sure = bool(some)  # what could not be read once is not tried again
            if not some:
                one = self.find(text, at)
                if one is None:
                    break
                some, at = (one[0],), one[1]
            found += some
            most -= sum(len(one.rows) for one in some)
        kinds = {one.kind for one in found if one.rows}
        self._only = kinds.pop() if len(kinds) == 1 else None
        return found, at

    def _find_some(self, text: str, at: int, most: int) -> tuple[Sequence[Alike], int]:
        if self._mixture is None:
            self._mixture = Mixture([one.run for one in self._mixed])
        read, at = self._mixture.read(text, at, most)
        return [Alike(self._mixed[number], rows) for number, rows in read], at


class Likeness:
    """What the messages of one feed look like, as far as it was seen."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kinds = Kinds()

    def learn(self, text: str, message: etree._Element) -> None:
        """Take note of a message, of which the text and the parsed element are given, unless it is an odd one."""
        if self._kinds.wants(text):
            pattern = make_pattern(text)
            if pattern is not None and is_same(pattern.message, message):
                self._kinds.add(pattern)

    def read_all(self, text: str, most: int, decode: Callable[[LikeElement], T]) -> tuple[list[T], int] | None:
        """Return what is made of the messages of a text, at most so many, and where they end; None if one is odd.

        An element is good until the next is made something of.
        """
        found, end = self._kinds.find_all(text, most)
        made = [decode(kind.fill(row)) for kind, rows in found for row in rows]
        return (made, end) if end == len(text) or len(made) == most else None


def _write_any(_path: Sequence[str]) -> str:
    return _TEXT


def make_pattern(text: str, write: Callable[[Sequence[str]], str | None] = _write_any) -> LikenessPattern | None:
    """Return the pattern of a message; None where it holds what only a parser should read.

    `write` returns the expression for the text of an element, by the names on the way to it, or None to leave it.
    """
    if _REFERS in text or text.count("</") > _MOST_TAGS:
        return None
    parts, leaves, top = list[str](), list[LikeElement](), LikeElement("", {})
    fixed, texts = [""], list[str]()
    open_elements = [top]
    tokens = _TOKEN.findall(text)[::-1]
    while tokens:
        token = tokens.pop()
        if not token.startswith("<"):
            if token.strip(" \t\n"):
                return None
            parts.append(_BLANKS)
            fixed[-1] += token
            continue
        tag = _TAG.fullmatch(token)
        if tag is None or "xmlns" in token:
            return None
        parts.append(re.escape(token))
        fixed[-1] += token
        if tag[1]:
            open_elements.pop()
            continue
        element = LikeElement(tag[2], dict(_ATTRIBUTE.findall(tag[3])))
        open_elements[-1].append(element)
        if tag[4]:
            continue
        open_elements.append(element)
        own = tokens.pop() if not tokens[-1].startswith("<") and tokens[-2].startswith("</") else ""
        if tokens[-1].startswith("</"):
            element.text = own or None
            expression = write([one.tag for one in open_elements[1:]])
            if expression is None:
                return None
            parts.append(f"({expression})")
            leaves.append(element)
            fixed.append("")
            texts.append(expression)
    if len(top) != 1 or not leaves:
        return None
    return LikenessPattern(re.compile(_BLANKS + "".join(parts)).match, top[0], leaves, Run(fixed, texts))


def is_same(like: LikeElement, element: etree._Element) -> bool:
    """Say whether an element is what libxml2 made of the same text."""
    return (
        like.tag == element.tag
        and like.attributes == dict(element.attrib)
        and len(like) == len(element)
        and (len(like) > 0 or like.text == element.text)
        and all(map(is_same, like, element))
    )
