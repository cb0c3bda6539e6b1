"""A document is walked through once, and every schema fault told in Xerces' order.

The walker keeps the state that Xerces' own validator keeps, with its peculiarities: one buffer for the text of
whatever simple element was met last, and no more complaint about a parent's children after the first.
"""

import functools
from collections.abc import Callable

from feedproc.xerces.schema.model import ANY_TYPE, ContentKind, Schema, Type
from feedproc.xerces.schema.wildcards import Wildcard
from feedproc.xerces.text.names import SEPARATOR, split_name
from feedproc.xerces.text.reading import Handlers, Quick, Reading, Scope
from feedproc.xerces.values.identifiers import Identifiers
from feedproc.xerces.values.simple_type import XML_SPACE, SimpleType
from feedproc.xerces.walk.attributes import Found, Meaning, Pairs, check_attributes
from feedproc.xerces.walk.element_checks import Closing, Opening
from feedproc.xerces.walk.findings import Notes, OpenElement, WalkFinding
from feedproc.xerces.walk.identity import Ending, Identity
from feedproc.xerces.walk.root import NOTHING_YET, Continued, Root
from feedproc.xerces.walk.stray import StrayFinder

_quick = functools.partial(Quick, separator=SEPARATOR)


class Doctype(Exception):
    """The document has a document type declaration, which is refused."""


class Walker:
    """One walk through a document: feed it with `walk` and read `findings`."""

    def __init__(
        self,
        schema: Schema,
        document: bytes,
        before: Root = NOTHING_YET,
        *,
        most: int,
        ends: bool = True,
        reading: Callable[[Handlers], Reading] = _quick,
    ) -> None:
        """Take what is known of the root already, and how many findings to keep besides the first of each message.

        Where the document `ends`, the root's end tag is its own.
        """
        self.messages: list[tuple[int, OpenElement]] = []
        """Where the start tag of each child of the root that is called Message begins."""
        self.root = 0
        """Where the root element begins."""
        self.root_frame: OpenElement | None = None
        self.before = before
        """What was known of the root before."""
        self._ends = ends
        continued = before.continued
        self._identity = (continued and continued.identity) or (Identity() if schema.has_constraints else None)
        self._identifiers = (continued and continued.identifiers) or Identifiers()
        scope = Scope()
        self._meaning = Meaning(schema, scope.resolve, self._identifiers)
        self._document = document
        self._frame: OpenElement | None = None
        self._texts: list[str] = []
        self._value = ""
        """Xerces' buffer as the element that ended last left it."""
        start = self._start if before.continued is None else self._start_continued
        handlers = Handlers(start, self._end, self._texts.append, scope.bind, scope.unbind, _refuse_doctype)
        self._reading = reading(handlers)
        self._notes = Notes(document, self._reading, most)
        self._strays = StrayFinder(document)
        self._opening = Opening(schema, self._notes, scope.resolve)
        self._closing = Closing(self._notes, scope.resolve, self._identifiers)

    @property
    def findings(self) -> list[WalkFinding]:
        """What was found so far."""
        return self._notes.findings

    def walk(self) -> None:
        """Walk to the end, or until the document is no longer well-formed (expat.ExpatError) or has a DOCTYPE."""
        self._reading.read(self._document)

    def _start(self, told: str, attributes: list[str]) -> None:
        parent = self._frame
        if parent is None:
            self._open_slowly(None, told, attributes)
            self._continue_root()
            return
        if self._texts:
            self._take_text(parent)
        parent.has_child = True
        move = parent.state.moves.get(told) if parent.state is not None and not parent.wrong else None
        if move is None or self._identity is not None:
            self._open_slowly(parent, told, attributes)
            return
        declaration, state = move
        kind = declaration.type
        if (attributes or kind.required) and not _are_plain(kind, attributes):
            self._open_slowly(parent, told, attributes)
            return
        parent.state = state
        frame = self._frame = OpenElement(told, parent, declaration, kind)
        children = parent.children
        if children is None:
            children = parent.children = []
        frame.index = len(children)
        children.append(told)
        if told == "Message":
            self._meet_message(frame)

    def _start_continued(self, told: str, attributes: list[str]) -> None:
        """Begin the root, or pass over its first child, which is none of the feed's own."""
        root = self._frame
        if root is None:
            self._start(told, attributes)
            return
        self._reading.start_with(self._start)
        root.has_child = True
        frame = self._frame = OpenElement(told, root, None, ANY_TYPE)
        frame.skipped = True
        _append(root, frame)
        self._meet_message(frame)

    def _continue_root(self) -> None:
        """Let the root be as the part of the feed before this document left it."""
        frame = self.root_frame = self._frame
        if frame is not None:
            frame.wrong = frame.wrong or self.before.wrong
            frame.stray = 0 if self.before.stray else -1
            if self.before.continued is not None:
                frame.state, frame.count = self.before.continued[:2]

    @property
    def after(self) -> Root:
        """What is known of the root after this document, but for text in it."""
        frame = self.root_frame
        if frame is None:
            return self.before
        continued = Continued(frame.state, frame.count, self._identifiers, self._identity)
        return Root(frame.wrong, self.before.stray, continued)

    def _take_text(self, frame: OpenElement) -> None:
        """Note for the open element what text it has had since its last tag."""
        texts = self._texts
        text = texts[0] if len(texts) == 1 else "".join(texts)
        texts.clear()
        frame.saw_text = True
        if frame.state is not None and frame.stray < 0 and text.strip(XML_SPACE):
            frame.stray = self._strays.find(self._reading.at)

    def _meet_message(self, frame: OpenElement) -> None:
        if frame.parent is not None and frame.parent.parent is None:
            self._notes.message = frame
            self.messages.append((self._reading.at, frame))

    # An element begins: whatever is not ordinary

    def _open_slowly(self, parent: OpenElement | None, told: str, attributes: list[str]) -> None:
        pairs = list(zip(attributes[::2], attributes[1::2], strict=True))
        key, namespace, raw_name = split_name(told)
        if parent is None:
            self.root = self._reading.at
        self._value = ""
        term = self._opening.find_next_term(parent, key, namespace, raw_name) if parent is not None else None
        frame = OpenElement(told, parent, None, ANY_TYPE)
        if parent is not None:
            _append(parent, frame)
        self._frame = frame
        if told == "Message":
            self._meet_message(frame)
        if (parent is not None and parent.skipped) or (isinstance(term, Wildcard) and term.process == "skip"):
            frame.skipped = True
            return
        self._opening.identify(frame, term, key, raw_name, pairs)
        if self._identity is not None:
            self._watch(self._identity, frame, namespace, raw_name, pairs)
            return
        for complaint in check_attributes(self._meaning, frame.kind, raw_name, pairs):
            self._notes.note_at_start(frame, complaint)

    def _watch(
        self, identity: Identity, frame: OpenElement, namespace: str | None, raw_name: str, pairs: Pairs
    ) -> None:
        """Look at the attributes of an element, and at the identity constraints that it has to do with."""
        continued = self.before.continued
        if frame.parent is None and continued is not None and continued.identity is not None:
            return
        identity.begin(frame.declaration)
        found = Found(self._closing.actual)
        for complaint in check_attributes(self._meaning, frame.kind, raw_name, pairs, found):
            self._notes.note_at_start(frame, complaint)
        self._closing.actual = found.latest
        identity.report = lambda complaint: self._notes.note_at_start(frame, complaint)
        identity.start(namespace, raw_name.rpartition(":")[2], found.attributes)

    # An element ends

    def _end(self, told: str) -> None:
        frame = self._frame
        assert frame is not None  # noqa: S101 - the reader calls in pairs
        if not frame.appends or frame.has_child:
            if self._texts:
                self._take_text(frame)
            if not frame.has_child:
                self._value = ""
            is_done = frame.skipped or self._is_complete(frame)
        else:
            is_done = self._is_ordinary(frame)
        if not is_done:
            declaration = frame.declaration
            if frame.nil or declaration is None or declaration.default is not None:
                self._closing.check(frame, self._value)
            else:
                self._closing.check_type(frame, self._value)
        if self._identity is not None:
            self._end_watched(self._identity, frame)
        parent = self._frame = frame.parent
        if parent is None and self._ends and not frame.skipped:
            for name in self._identifiers.list_missing():
                self._notes.note_at_end(frame, ("cvc-id.1", (name,)))
        if frame is self._notes.message:
            self._notes.message = None
        if told == "MessageID" and parent is not None and parent.message_id is None:
            self._note_message_id(frame)

    def _is_complete(self, frame: OpenElement) -> bool:
        """Tell whether the content of an element is all there, and nothing else is special."""
        state, declaration = frame.state, frame.declaration
        if state is None or declaration is None or declaration.default is not None or self._identity is not None:
            return False
        is_simple = state.ends and state.count is None and state.tally is None
        return is_simple and frame.has_child and frame.stray < 0 and not frame.nil

    def _is_ordinary(self, frame: OpenElement) -> bool:
        """Take the value of an element; tell whether it is one that was seen before, and nothing else is special."""
        texts = self._texts
        value = self._value = texts[0] if len(texts) == 1 else "".join(texts)
        if texts:
            frame.saw_text = True
            if frame.state is not None and frame.stray < 0 and value.strip(XML_SPACE):
                frame.stray = self._strays.find(self._reading.at)
            texts.clear()
        if self._identity is not None:
            return False
        has_default = frame.declaration is not None and frame.declaration.default is not None
        return value in frame.kind.values and not has_default and not frame.nil

    def _end_watched(self, identity: Identity, frame: OpenElement) -> None:
        """Look at the identity constraints that an element has to do with when it ends."""
        if frame.skipped or (frame.parent is None and not self._ends):
            return
        kind = frame.kind
        has_value = isinstance(kind, SimpleType) or kind.content is ContentKind.SIMPLE
        nillable = frame.declaration is not None and frame.declaration.nillable
        identity.report = lambda complaint: self._notes.note_at_end(frame, complaint)
        identity.end(Ending(has_value, nillable, self._closing.actual))

    def _note_message_id(self, frame: OpenElement) -> None:
        """Note the id of a message, if it is one by the type that it is declared with, whatever xsi:type says."""
        parent = frame.parent
        if parent is None or parent.key != "Message" or parent.parent is None or parent.parent.parent is not None:
            return
        kind = frame.declaration.type if frame.declaration is not None else None
        if isinstance(kind, SimpleType) and not frame.has_child and kind.complain(self._value) is None:
            parent.message_id = self._value.strip(XML_SPACE)


def _are_plain(kind: Type, attributes: list[str]) -> bool:
    """Whether nothing can be wrong with the attributes: none is missing, and each has a value that was seen before."""
    if isinstance(kind, SimpleType):
        return False
    missing = kind.required
    for index in range(0, len(attributes), 2):
        use = kind.attributes.get(attributes[index])
        if use is None or use.default is not None or attributes[index + 1] not in use.type.values:
            return False
        missing -= use.required
    return not missing


def _append(parent: OpenElement, frame: OpenElement) -> None:
    if parent.children is None:
        parent.children = []
    frame.index = len(parent.children)
    parent.children.append(frame.key)


def _refuse_doctype(*_: object) -> None:
    raise Doctype
