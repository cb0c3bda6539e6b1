"""Elements on the way through a document, and what is found in them."""

from typing import NamedTuple

from feedproc.xerces.schema.content import State
from feedproc.xerces.schema.model import Element, Type
from feedproc.xerces.walk.attributes import split_name


class Finding(NamedTuple):
    """A fault: where (a byte offset), which rule, the words of its sentence, and in which element."""

    offset: int
    rule: str
    arguments: tuple[str, ...]
    element: "Frame"
    message: "Frame | None"


class Frame:
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

    def __init__(self, key: str, parent: "Frame | None", declaration: Element | None, kind: Type) -> None:
        self.key = key
        self.parent = parent
        self.declaration = declaration
        self.kind = kind
        self.children: list[str] | None = None
        self.index = 0
        """Which child of its parent it is."""
        self.has_child = False
        self.saw_text = False
        self.stray = False
        """Whether there was text other than blanks where only elements may be."""
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

    def become(self, declaration: Element | None, kind: Type) -> None:
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
