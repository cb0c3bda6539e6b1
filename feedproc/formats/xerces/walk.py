"""A document is walked through once, and every schema fault told in Xerces' order.

The walker keeps the state that Xerces' own validator keeps, with its peculiarities: one buffer for the text of
whatever simple element was met last, and no more complaint about a parent's children after the first.
"""

import re
from xml.parsers import expat

from feedproc.formats.limits import MAX_PIECE_FINDINGS
from feedproc.formats.xerces.attributes import Pairs, attribute_complaints, chosen_type, is_true, split_name, value_of
from feedproc.formats.xerces.frames import Finding, Frame
from feedproc.formats.xerces.model import ANY_TYPE, SEPARATOR, Element, Schema, Type, Wildcard
from feedproc.formats.xerces.root import NOTHING_YET, Root
from feedproc.formats.xerces.simple import XML_SPACE, Complaint, SimpleType

_START_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")


class Doctype(Exception):
    """The document has a document type declaration, which is refused."""


class Walker:
    """One walk through a document: feed it with `walk` and read `findings`."""

    def __init__(
        self, schema: Schema, document: bytes, before: Root = NOTHING_YET, most: int = MAX_PIECE_FINDINGS
    ) -> None:
        """Take what is known of the root already, and how many findings to keep besides the first of each message."""
        self.findings: list[Finding] = []
        self.messages: list[tuple[int, Frame]] = []
        """Where the start tag of each child of the root that is called Message begins."""
        self.root = 0
        """Where the root element begins."""
        self.is_mended = False
        """Whether the document was changed so that it can be walked through."""
        self.root_frame: Frame | None = None
        self._before = before
        self._most = most
        self._schema = schema
        self._document = document
        self._frame: Frame | None = None
        self._message: Frame | None = None
        """The message that is open."""
        self._texts: list[str] = []
        self._tag = (-1, 0)
        """The start tag last complained of: where it begins, and where it ends."""
        self._value = ""
        """Xerces' buffer as the element that ended last left it."""
        self._prefixes: dict[str, list[str | None]] = {"xml": ["http://www.w3.org/XML/1998/namespace"]}
        self._parser = self._new_parser()

    def walk(self) -> None:
        """Walk to the end, or until the document is no longer well-formed (expat.ExpatError) or has a DOCTYPE."""
        self._parser.Parse(self._document, True)

    def _new_parser(self) -> "expat.XMLParserType":
        parser = expat.ParserCreate("utf-8", SEPARATOR)
        parser.namespace_prefixes = True
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._texts.append
        parser.StartNamespaceDeclHandler = self._bind
        parser.EndNamespaceDeclHandler = self._unbind
        parser.StartDoctypeDeclHandler = _refuse_doctype
        return parser

    def _bind(self, prefix: str | None, namespace: str | None) -> None:
        self._prefixes.setdefault(prefix or "", []).append(namespace or None)

    def _unbind(self, prefix: str | None) -> None:
        self._prefixes[prefix or ""].pop()

    def _resolve(self, prefix: str) -> str | None:
        bound = self._prefixes.get(prefix)
        return bound[-1] if bound else None

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
        if move is None:
            self._open_slowly(parent, told, attributes)
            return
        declaration, state = move
        kind = declaration.type
        if (attributes or kind.required) and not _are_plain(kind, attributes):
            self._open_slowly(parent, told, attributes)
            return
        parent.state = state
        frame = self._frame = Frame(told, parent, declaration, kind)
        children = parent.children
        if children is None:
            children = parent.children = []
        frame.index = len(children)
        children.append(told)
        if told == "Message":
            self._meet_message(frame)

    def _continue_root(self) -> None:
        """Let the root be as the part of the feed before this document left it."""
        frame = self.root_frame = self._frame
        if frame is not None:
            frame.wrong = frame.wrong or self._before.wrong
            frame.stray = self._before.stray

    def _take_text(self, frame: Frame) -> None:
        """Note for the open element what text it has had since its last tag."""
        texts = self._texts
        text = texts[0] if len(texts) == 1 else "".join(texts)
        texts.clear()
        frame.saw_text = True
        if frame.state is not None and text.strip(XML_SPACE):
            frame.stray = True

    def _meet_message(self, frame: Frame) -> None:
        if frame.parent is not None and frame.parent.parent is None:
            self._message = frame
            self.messages.append((self._parser.CurrentByteIndex, frame))

    # An element begins: whatever is not ordinary

    def _open_slowly(self, parent: Frame | None, told: str, attributes: list[str]) -> None:
        pairs = list(zip(attributes[::2], attributes[1::2], strict=True))
        key, namespace, raw_name = split_name(told)
        if parent is None:
            self.root = self._parser.CurrentByteIndex
        self._value = ""
        term = self._next_term(parent, key, namespace, raw_name) if parent is not None else None
        frame = Frame(told, parent, None, ANY_TYPE)
        if parent is not None:
            _append(parent, frame)
        self._frame = frame
        if told == "Message":
            self._meet_message(frame)
        if (parent is not None and parent.skipped) or (isinstance(term, Wildcard) and term.process == "skip"):
            frame.skipped = True
            return
        self._identify(frame, term, key, raw_name, pairs)
        for complaint in attribute_complaints(self._schema, frame.kind, raw_name, pairs, self._resolve):
            self._complain_at_start(frame, complaint)

    def _next_term(self, parent: Frame, key: str, namespace: str | None, raw_name: str) -> "Element | Wildcard | None":
        automaton = None if isinstance(parent.kind, SimpleType) or parent.skipped else parent.kind.automaton
        if automaton is None or parent.state is None:
            return None
        step = None if parent.wrong else parent.state.step(parent.count, key, namespace)
        if step is not None:
            term, parent.state, parent.count = step
            return term
        if not parent.wrong:
            parent.wrong = True
            local = key.rpartition(SEPARATOR)[2]
            full_name = f'{{"{namespace}":{local}}}' if namespace else local
            self._complain_at_start(parent, automaton.misplaced(parent.state, parent.count, raw_name, full_name))
        return automaton.find(key, namespace)

    def _identify(self, frame: Frame, term: "Element | Wildcard | None", key: str, raw_name: str, pairs: Pairs) -> None:
        """Find out which declaration and type the element has."""
        declaration = term if isinstance(term, Element) else self._schema.elements.get(key)
        named = value_of(pairs, "type")
        kind = declaration.type if declaration is not None else None
        if kind is None and named is None:
            if frame.parent is None:
                self._complain_at_start(frame, ("cvc-elt.1", (raw_name,)))
            elif isinstance(term, Wildcard) and term.process == "strict":
                self._complain_at_start(frame, ("cvc-complex-type.2.4.c", (raw_name,)))
        if named is not None:
            chosen, complaints = chosen_type(self._schema, declaration, raw_name, named, self._resolve)
            for complaint in complaints:
                self._complain_at_start(frame, complaint)
            kind = chosen or kind
        frame.become(declaration, kind or ANY_TYPE)
        self._check_abstract(frame, raw_name)
        self._check_nil(frame, raw_name, value_of(pairs, "nil"))

    def _check_abstract(self, frame: Frame, raw_name: str) -> None:
        if frame.declaration is not None and frame.declaration.abstract:
            self._complain_at_start(frame, ("cvc-elt.2", (raw_name,)))
        if not isinstance(frame.kind, SimpleType) and frame.kind.abstract:
            self._complain_at_start(frame, ("cvc-type.2", (raw_name,)))

    def _check_nil(self, frame: Frame, raw_name: str, value: str | None) -> None:
        if value is None or frame.declaration is None:
            return
        if not frame.declaration.nillable:
            self._complain_at_start(frame, ("cvc-elt.3.1", (raw_name,)))
        elif is_true(value):
            frame.nil = True
            if frame.declaration.fixed:
                self._complain_at_start(frame, ("cvc-elt.3.2.2", (raw_name,)))

    # An element ends

    def _end(self, told: str) -> None:
        frame = self._frame
        assert frame is not None  # noqa: S101 - expat calls in pairs
        if not frame.appends or frame.has_child:
            if self._texts:
                self._take_text(frame)
            if not frame.has_child:
                self._value = ""
            if not frame.skipped:
                self._check_content(frame)
        elif not self._is_ordinary(frame):
            self._check_content(frame)
        parent = self._frame = frame.parent
        if frame is self._message:
            self._message = None
        if told == "MessageID" and parent is not None and parent.message_id is None:
            self._note_message_id(frame)

    def _is_ordinary(self, frame: Frame) -> bool:
        """Take the value of an element; tell whether it is one that was seen before, and nothing else is special."""
        texts = self._texts
        value = self._value = texts[0] if len(texts) == 1 else "".join(texts)
        if texts:
            frame.saw_text = True
            texts.clear()
        has_default = frame.declaration is not None and frame.declaration.default is not None
        return value in frame.kind.values and not has_default and not frame.nil

    def _check_content(self, frame: Frame) -> None:
        kind = frame.kind
        if frame.nil and (frame.has_child or frame.saw_text):
            self._complain_at_end(frame, ("cvc-elt.3.2.1", (frame.raw_name,)))
        if isinstance(kind, SimpleType):
            if frame.has_child:
                self._complain_at_end(frame, ("cvc-type.3.1.2", (frame.raw_name,)))
            self._check_value(frame, kind)
        elif not frame.nil:
            self._check_complex(frame)

    def _check_value(self, frame: Frame, kind: SimpleType) -> None:
        text = self._value
        declaration = frame.declaration
        default = declaration.default if declaration is not None else None
        if default is not None and not frame.has_child and not frame.saw_text and not frame.nil:
            text = self._default(frame, kind, default)
        complaint = None if frame.nil else kind.complaint(text, self._resolve if kind.primitive == "QName" else None)
        if complaint is not None:
            self._complain_at_end(frame, complaint)
            if isinstance(frame.kind, SimpleType):
                self._complain_at_end(frame, ("cvc-type.3.1.3", (frame.raw_name, text)))
            else:
                self._complain_at_end(frame, ("cvc-complex-type.2.2", (frame.raw_name,)))
        if declaration is not None and declaration.fixed and not frame.nil:
            self._check_fixed(frame, kind, text, declaration, valid=complaint is None)

    def _default(self, frame: Frame, kind: SimpleType, default: str) -> str:
        if frame.declaration is not None and frame.kind is not frame.declaration.type and kind.complaint(default):
            self._complain_at_end(frame, ("cvc-elt.5.1.1", (frame.raw_name, frame.kind.name, default)))
        return default

    def _check_fixed(self, frame: Frame, kind: SimpleType, text: str, declaration: Element, *, valid: bool) -> None:
        if frame.has_child:
            self._complain_at_end(frame, ("cvc-elt.5.2.2.1", (frame.raw_name,)))
        own = declaration.type if isinstance(declaration.type, SimpleType) else declaration.type.simple
        value = declaration.default or ""
        if valid and own is not None and not kind.says_the_same(text, own, value):
            self._complain_at_end(frame, ("cvc-elt.5.2.2.2.2", (frame.raw_name, text, value)))

    def _check_complex(self, frame: Frame) -> None:
        kind = frame.kind
        assert not isinstance(kind, SimpleType)  # noqa: S101 - its caller has asked
        default = frame.declaration.default if frame.declaration is not None else None
        if default is not None and kind.content == "element" and not frame.has_child and not frame.saw_text:
            self._complain_at_end(frame, ("cvc-elt.5.1.1", (frame.raw_name, kind.name, default)))
        if kind.content == "simple" and kind.simple is not None:
            if frame.has_child:
                self._complain_at_end(frame, ("cvc-complex-type.2.2", (frame.raw_name,)))
            self._check_value(frame, kind.simple)
        elif kind.content == "empty":
            if frame.has_child or frame.saw_text:
                self._complain_at_end(frame, ("cvc-complex-type.2.1", (frame.raw_name,)))
        elif frame.state is not None and kind.automaton is not None:
            if frame.stray and kind.content == "element":
                self._complain_at_end(frame, ("cvc-complex-type.2.3", (frame.raw_name,)))
            if not frame.wrong and not frame.state.may_end(frame.count):
                complaint = kind.automaton.incomplete(frame.state, frame.count, frame.raw_name)
                self._complain_at_end(frame, complaint)

    def _note_message_id(self, frame: Frame) -> None:
        parent = frame.parent
        if parent is None or parent.key != "Message" or parent.parent is None or parent.parent.parent is not None:
            return
        if isinstance(frame.kind, SimpleType) and not frame.has_child and frame.kind.complaint(self._value) is None:
            parent.message_id = self._value.strip(XML_SPACE)

    # Faults

    def _complain_at_start(self, frame: Frame, complaint: Complaint) -> None:
        begin = self._parser.CurrentByteIndex
        if self._tag[0] != begin:
            match = _START_TAG.match(self._document, begin)
            self._tag = begin, match.end() if match else len(self._document)
        self._note(Finding(self._tag[1], *complaint, frame, self._message))

    def _complain_at_end(self, frame: Frame, complaint: Complaint) -> None:
        at = self._parser.CurrentByteIndex
        # For an empty-element tag expat tells the byte after it, else where the end tag begins.
        is_empty_tag = not frame.has_child and not frame.saw_text and self._document[at - 2 : at] == b"/>"
        end = at if is_empty_tag else self._document.find(b">", at) + 1
        self._note(Finding(end, *complaint, frame, self._message))

    def _note(self, finding: Finding) -> None:
        message = finding.message
        if len(self.findings) < self._most or (message is not None and not message.faulty):
            self.findings.append(finding)
        if message is not None:
            message.faulty = True


def _are_plain(kind: Type, attributes: list[str]) -> bool:
    """Whether nothing can be wrong with the attributes: none is missing, and each has a value that was seen before."""
    if isinstance(kind, SimpleType):
        return False
    missing = kind.required
    for index in range(0, len(attributes), 2):
        use = kind.attributes.get(attributes[index])
        if use is None or use.fixed is not None or attributes[index + 1] not in use.type.values:
            return False
        missing -= use.required
    return not missing


def _append(parent: Frame, frame: Frame) -> None:
    if parent.children is None:
        parent.children = []
    frame.index = len(parent.children)
    parent.children.append(frame.key)


def _refuse_doctype(*_: object) -> None:
    raise Doctype
