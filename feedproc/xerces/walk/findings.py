"""Elements on the way through a document, and what is found in them, with the place at which Xerces tells it."""

import re
from typing import NamedTuple, Protocol

from feedproc.xerces.schema.content import State
from feedproc.xerces.schema.model import ElementDeclaration, Type
from feedproc.xerces.text.names import split_name
from feedproc.xerces.values.simple_type import Complaint


class WalkFinding(NamedTuple):
    """A fault: where (a byte offset), which rule, the words of its sentence, and in which element."""

    offset: int
    rule: str
    arguments: tuple[str, ...]
    element: "OpenElement"
    message: "OpenElement | None"


class OpenElement:
    """An element that is open, or in which a fault was found."""

    __slots__ = (
        "appends",
        "children",
        "count",
        "declaration",
        "faulty",
        "has_child",
        "index",
        "key",
        "kind",
        "message_id",
        "nil",
        "parent",
        "saw_text",
        "skipped",
        "state",
        "stray",
        "wrong",
    )

    def __init__(
        self, key: str, parent: "OpenElement | None", declaration: ElementDeclaration | None, kind: Type
    ) -> None:
        self.key = key
        self.parent = parent
        self.declaration = declaration
        self.kind = kind
        self.children: list[str] | None = None
        self.index = 0
        """Which child of its parent it is."""
        self.has_child = False
        self.saw_text = False
        self.stray = -1
        """The byte at which text other than blanks stands first where only elements may be; -1 where there is none."""
        self.nil = False
        self.skipped = False
        self.message_id: str | None = None
        self.faulty = False
        """Whether anything was found in it; kept for messages."""
        self.wrong = False
        """Whether a child was misplaced: the next are only looked up, no longer complained of."""
        self.count = 0
        self.appends = kind.holds_text or (declaration is not None and declaration.fixed)
        self.state: State | None = kind.start

    def become(self, declaration: ElementDeclaration | None, kind: Type) -> None:
        """Take on a declaration and a type."""
        self.declaration = declaration
        self.kind = kind
        self.appends = kind.holds_text or (declaration is not None and declaration.fixed)
        self.state = kind.start
        if self.state is not None and self.state.tally is not None:
            self.state.tally.begin()

    @property
    def raw_name(self) -> str:
        """The name as the document has it, prefix included."""
        return split_name(self.key)[2]


_START_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")


class Placed(Protocol):
    """What is read, and knows where."""

    @property
    def at(self) -> int:
        """The byte at which an element begins or its end tag does; behind it for an empty one."""


class Notes:
    """The findings of one walk, in Xerces' order."""

    def __init__(self, document: bytes, reading: Placed, most: int) -> None:
        """Take how many findings to keep besides the first of each message."""
        self.findings: list[WalkFinding] = []
        self.message: OpenElement | None = None
        """The message that is open."""
        self._document = document
        self._reading = reading
        self._most = most
        self._tag = (-1, 0)
        """The start tag last complained of: where it begins, and where it ends."""

    def note_at_start(self, frame: OpenElement, complaint: Complaint) -> None:
        """Complain of an element that begins here, just past its start tag."""
        begin = self._reading.at
        if self._tag[0] != begin:
            match = _START_TAG.match(self._document, begin)
            self._tag = begin, match.end() if match else len(self._document)
        self._note(WalkFinding(self._tag[1], *complaint, frame, self.message))

    def note_at_end(self, frame: OpenElement, complaint: Complaint) -> None:
        """Complain of an element that ends here, just past its end tag."""
        at = self._reading.at
        # For an empty-element tag the byte after it is told, else where the end tag begins.
        is_empty_tag = not frame.has_child and not frame.saw_text and self._document[at - 2 : at] == b"/>"
        end = at if is_empty_tag else self._document.find(b">", at) + 1
        self._note(WalkFinding(end, *complaint, frame, self.message))

    def _note(self, finding: WalkFinding) -> None:
        message = finding.message
        if len(self.findings) < self._most or (message is not None and not message.faulty):
            self.findings.append(finding)
        if message is not None:
            message.faulty = True
