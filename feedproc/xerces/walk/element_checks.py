"""An element begins or ends: which declaration and type it has, and what is wrong with it."""

from feedproc.xerces.schema.model import ANY_TYPE, ComplexType, ContentKind, ElementDeclaration, Schema, Type
from feedproc.xerces.schema.wildcards import Wildcard
from feedproc.xerces.text.names import SEPARATOR
from feedproc.xerces.values.identifiers import Identifiers
from feedproc.xerces.values.simple_type import Actual, Prefixes, SimpleType
from feedproc.xerces.walk.attributes import Pairs, choose_type, find_value, is_true
from feedproc.xerces.walk.findings import Notes, OpenElement


class Opening:
    """Looks at elements whose beginning is not ordinary."""

    def __init__(self, schema: Schema, notes: Notes, resolve: Prefixes) -> None:
        self._schema = schema
        self._notes = notes
        self._resolve = resolve

    def find_next_term(
        self, parent: OpenElement, key: str, namespace: str | None, raw_name: str
    ) -> ElementDeclaration | Wildcard | None:
        """Return what the parent's content has for its next child."""
        automaton = None if isinstance(parent.kind, SimpleType) or parent.skipped else parent.kind.automaton
        if automaton is None or parent.state is None:
            return None
        step = None if parent.wrong else parent.state.step(parent.count, key, namespace)
        if step is not None:
            term: ElementDeclaration | Wildcard
            term, parent.state, parent.count = step
            return term
        if not parent.wrong:
            parent.wrong = True
            local = key.rpartition(SEPARATOR)[2]
            full_name = f'{{"{namespace}":{local}}}' if namespace else local
            self._notes.note_at_start(
                parent, automaton.complain_misplaced(parent.state, parent.count, raw_name, full_name)
            )
        elsewhere: ElementDeclaration | Wildcard | None = automaton.find(key, namespace)
        return elsewhere

    def identify(
        self, frame: OpenElement, term: ElementDeclaration | Wildcard | None, key: str, raw_name: str, pairs: Pairs
    ) -> None:
        """Find out which declaration and type the element has."""
        declaration = term if isinstance(term, ElementDeclaration) else self._schema.elements.get(key)
        named = find_value(pairs, "type")
        kind = declaration.type if declaration is not None else None
        if kind is None and named is None:
            if frame.parent is None:
                self._notes.note_at_start(frame, ("cvc-elt.1", (raw_name,)))
            elif isinstance(term, Wildcard) and term.process == "strict":
                self._notes.note_at_start(frame, ("cvc-complex-type.2.4.c", (raw_name,)))
        if named is not None:
            chosen, complaints = choose_type(self._schema, declaration, raw_name, named, self._resolve)
            for complaint in complaints:
                self._notes.note_at_start(frame, complaint)
            kind = chosen or kind
        frame.become(declaration, kind or ANY_TYPE)
        self._check_abstract(frame, raw_name)
        self._check_nil(frame, raw_name, find_value(pairs, "nil"))

    def _check_abstract(self, frame: OpenElement, raw_name: str) -> None:
        if frame.declaration is not None and frame.declaration.abstract:
            self._notes.note_at_start(frame, ("cvc-elt.2", (raw_name,)))
        if not isinstance(frame.kind, SimpleType) and frame.kind.abstract:
            self._notes.note_at_start(frame, ("cvc-type.2", (raw_name,)))

    def _check_nil(self, frame: OpenElement, raw_name: str, value: str | None) -> None:
        if value is None or frame.declaration is None:
            return
        if not frame.declaration.nillable:
            self._notes.note_at_start(frame, ("cvc-elt.3.1", (raw_name,)))
        elif is_true(value):
            frame.nil = True
            if frame.declaration.fixed:
                self._notes.note_at_start(frame, ("cvc-elt.3.2.2", (raw_name,)))


class Closing:
    """Looks at the content of elements."""

    def __init__(self, notes: Notes, resolve: Prefixes, identifiers: Identifiers) -> None:
        self._notes = notes
        self._resolve = resolve
        self._identifiers = identifiers
        self.actual: Actual | None = None
        """What the value of the element that was looked at last means."""

    def check(self, frame: OpenElement, value: str) -> None:
        """Tell what is wrong in an element; `value` is what Xerces' buffer of text holds."""
        if frame.nil and (frame.has_child or frame.saw_text):
            self._notes.note_at_end(frame, ("cvc-elt.3.2.1", (frame.raw_name,)))
        declaration = frame.declaration
        if declaration is None or declaration.default is None:
            self.check_type(frame, value)
        elif frame.has_child or frame.saw_text or frame.nil:
            actual = self.check_type(frame, value)
            if declaration.fixed and not frame.nil:
                self._check_fixed(frame, declaration.default, value, actual)
        else:
            if frame.kind is not declaration.type and not self._takes(frame.kind, declaration.default):
                named = (frame.raw_name, frame.kind.name, declaration.default)
                self._notes.note_at_end(frame, ("cvc-elt.5.1.1", named))
            self.check_type(frame, declaration.default)
            self.actual = declaration.default_value

    def _takes(self, kind: Type, default: str) -> bool:
        """Whether a type that xsi:type names takes the default value of an element."""
        simple = kind if isinstance(kind, SimpleType) else kind.simple if kind.content is ContentKind.SIMPLE else None
        if simple is not None:
            return simple.complain(default, self._resolve) is None
        return not isinstance(kind, SimpleType) and kind.content is ContentKind.MIXED and kind.is_emptiable

    def check_type(self, frame: OpenElement, text: str) -> Actual | None:
        """Check the content of an element by its type alone; return its value if it is valid."""
        self.actual = None
        kind = frame.kind
        if isinstance(kind, SimpleType):
            if frame.has_child:
                self._notes.note_at_end(frame, ("cvc-type.3.1.2", (frame.raw_name,)))
            return None if frame.nil else self._check_value(frame, kind, text)
        if frame.nil:
            return None
        if kind.content is ContentKind.SIMPLE and kind.simple is not None:
            if frame.has_child:
                self._notes.note_at_end(frame, ("cvc-complex-type.2.2", (frame.raw_name,)))
            return self._check_value(frame, kind.simple, text)
        self._check_children(frame, kind)
        return None

    def _check_value(self, frame: OpenElement, kind: SimpleType, text: str) -> Actual | None:
        """Check a value; where it is wrong, a fault of the element is told behind what is wrong with it."""
        self.actual, complaint = kind.judge(text, self._resolve, self._identifiers)
        if complaint is None:
            return self.actual
        self._notes.note_at_end(frame, complaint)
        if kind is frame.kind:
            self._notes.note_at_end(frame, ("cvc-type.3.1.3", (frame.raw_name, text)))
        else:
            self._notes.note_at_end(frame, ("cvc-complex-type.2.2", (frame.raw_name,)))
        return None

    def _check_fixed(self, frame: OpenElement, default: str, value: str, actual: Actual | None) -> None:
        if frame.has_child:
            self._notes.note_at_end(frame, ("cvc-elt.5.2.2.1", (frame.raw_name,)))
        own = frame.declaration.default_value if frame.declaration is not None else None
        if not isinstance(frame.kind, SimpleType) and frame.kind.content is ContentKind.MIXED:
            if value != default:
                self._notes.note_at_end(frame, ("cvc-elt.5.2.2.2.1", (frame.raw_name, value, default)))
        elif actual is not None and (own is None or own.key != actual.key):
            self._notes.note_at_end(frame, ("cvc-elt.5.2.2.2.2", (frame.raw_name, value, default)))

    def _check_children(self, frame: OpenElement, kind: ComplexType) -> None:
        if kind.content is ContentKind.EMPTY:
            if frame.has_child or frame.saw_text:
                self._notes.note_at_end(frame, ("cvc-complex-type.2.1", (frame.raw_name,)))
            return
        if frame.stray >= 0 and kind.content is ContentKind.ELEMENT:
            self._notes.note_at_end(frame, ("cvc-complex-type.2.3", (frame.raw_name,)))
        state, automaton = frame.state, kind.automaton
        if state is None or automaton is None:
            return
        if not frame.wrong and not state.may_end(frame.count):
            self._notes.note_at_end(frame, automaton.complain_incomplete(state, frame.count, frame.raw_name))
        elif automaton.tally is not None:
            for complaint in automaton.tally.complain(frame.raw_name):
                self._notes.note_at_end(frame, complaint)
