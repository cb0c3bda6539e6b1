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
from msgspec import Struct

from feedproc.formats.xml.runs import REFERS, Run, Texts

_TAG = re.compile(r'<(/?)([A-Za-z][A-Za-z0-9_]*)((?: [A-Za-z][A-Za-z0-9_]*="[^"<>&]*")*) ?(/?)>')
_ATTRIBUTE = re.compile(r' ([A-Za-z0-9_]+)="([^"]*)"')
_TOKEN = re.compile(r"<[^<>]*>|[^<]+")
_BLANKS, _TEXT = r"[ \t\n]*+", "[^<]*+"
_START = re.compile(r"<Message(?=[\s/>])")
END_OF_MESSAGE = "</Message>"
MOST_PATTERNS = 8
"""Of one feed. Messages of more kinds are parsed."""
_MOST_TRIES = 100
"""Messages of one feed of which an expression is tried to be made."""
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

    shape: str
    """The regular expression that tells them, whatever their blanks."""
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


class Passage(NamedTuple):
    """Messages of one kind that follow each other in a text, or one that is like none."""

    begin: int
    """Where the message before them ends."""
    end: int
    kind: LikenessPattern | None = None
    rows: Sequence[Texts] = ()

    def split(self, odd: Sequence[int]) -> "Iterator[Passage]":
        """Yield the same messages; some of them, by their places in rising order, as ones that are like none."""
        if self.kind is None or not odd:
            yield self
            return
        if len(self.rows) == 1:  # its blanks may be others than those of its kind
            yield Passage(self.begin, self.end)
            return
        measure, at, done = self.kind.run.measure, self.begin, 0
        for place in (*odd, len(self.rows)):
            alike = self.rows[done:place]
            end = at + sum(map(measure, alike))
            if alike:
                yield Passage(at, end, self.kind, alike)
            at, done = end, place + 1
            if place < len(self.rows):
                at += measure(self.rows[place])
                yield Passage(end, at)


class Kinds:
    """The kinds of messages of one feed, as far as they were seen."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._patterns: list[LikenessPattern] = []
        """First the one that a message was of last."""
        self._tries = 0

    def wants(self, text: str) -> bool:
        """Say whether a message is of no kind that is known, and one more is worth while."""
        is_open = len(self._patterns) < MOST_PATTERNS and self._tries < _MOST_TRIES
        is_wanted = is_open and REFERS not in text and self._find(text, 0) is None
        self._tries += is_wanted
        return is_wanted

    def add(self, pattern: LikenessPattern) -> None:
        """Take note of one more, unless its messages are those of another: one with unusual texts is like none."""
        if all(one.shape != pattern.shape for one in self._patterns):
            self._patterns.append(pattern)

    def divide(self, text: str, most: int) -> list[Passage] | None:
        """Return what stands in a text, which begins and ends where a message does: at most so many messages.

        None where it takes a parser to tell in which messages that is.
        """
        if not self._patterns:
            return None
        found, at = list[Passage](), 0
        likely: LikenessPattern | None = self._patterns[0]
        while at < len(text) and most > 0:
            some = self._read_run(likely, text, at, most) if likely is not None else []
            likely = None  # what was not read at once is not tried again
            if some == []:
                one = self._find(text, at) or _find_odd(text, at)
                if one is None:
                    return None
                if one.kind is None:
                    likely = self._patterns[0]
                elif found and found[-1].kind is one.kind:
                    likely = one.kind
                some = [one]
            if some is None:
                return None
            found += some
            at = found[-1].end
            most -= sum(len(one.rows) or 1 for one in some)
        return found

    def _find(self, text: str, at: int) -> Passage | None:
        """Return the message that stands at a place of a text, whatever its blanks; None if it is like none before."""
        for number, pattern in enumerate(self._patterns):
            read = pattern.run.read_one(text, at)
            if read is not None:
                if number:  # the next is most probably like this one
                    self._patterns.insert(0, self._patterns.pop(number))
                return Passage(at, read[1], pattern, (read[0],))
        for pattern in self._patterns:
            found = pattern.match(text, at)
            if found is not None and text.find(REFERS, at, found.end()) < 0:
                return Passage(at, found.end(), pattern, (found.groups(),))
        return None

    def _read_run(self, kind: LikenessPattern, text: str, at: int, most: int) -> list[Passage] | None:
        """Return the messages of a kind that follow, with others among them; None where it takes a parser."""
        rows, end, odd = kind.run.read(text, at, most)
        if not odd:
            return [Passage(at, end, kind, rows)] if rows else []
        found = list(Passage(at, end, kind, rows).split(odd))
        for place, one in enumerate(found):
            if one.kind is not None:
                continue
            other = self._find(text, one.begin)
            if other is not None and other.end == one.end:
                found[place] = other
            elif not _is_one_message(text, one.begin, one.end):
                return None
        return found


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

    def divide(self, text: str, most: int) -> list[Passage] | None:
        """Return what stands in a text, as `Kinds` does."""
        return self._kinds.divide(text, most)


def _find_odd(text: str, at: int) -> Passage | None:
    """Return the next message, whatever it is; None where that is not certain."""
    end = text.find(END_OF_MESSAGE, at)
    end += len(END_OF_MESSAGE) if end >= 0 else 0
    return Passage(at, end) if _is_one_message(text, at, end) else None


def _is_one_message(text: str, begin: int, end: int) -> bool:
    """Say whether a part of a text is one message, or else not well-formed, even with other such parts beside it.

    A message's only start tag, and the end tag behind it, have nothing but tags and texts between them.
    """
    is_ended = text.find(END_OF_MESSAGE, begin, end) == end - len(END_OF_MESSAGE)
    has_only_tags = text.find("<!", begin, end) < 0 and text.find("<?", begin, end) < 0
    return is_ended and has_only_tags and len(_START.findall(text, begin, end)) == 1


def _write_any(_path: Sequence[str]) -> str:
    return _TEXT


def make_pattern(text: str, write: Callable[[Sequence[str]], str | None] = _write_any) -> LikenessPattern | None:
    """Return the pattern of a message; None where it holds what only a parser should read.

    `write` returns the expression for the text of an element, by the names on the way to it, or None to leave it.
    """
    if REFERS in text or text.count("</") > _MOST_TAGS:
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
    shape = _BLANKS + "".join(parts)
    return LikenessPattern(shape, re.compile(shape).match, top[0], leaves, Run(fixed, texts))


def is_same(like: LikeElement, element: etree._Element) -> bool:
    """Say whether an element is what libxml2 made of the same text."""
    return (
        like.tag == element.tag
        and like.attributes == dict(element.attrib)
        and len(like) == len(element)
        and (len(like) > 0 or like.text == element.text)
        and all(map(is_same, like, element))
    )
