"""An element begins: which declaration and type it has."""

from feedproc.xerces.schema.model import ANY_TYPE, SEPARATOR, Element, Schema
from feedproc.xerces.schema.wildcards import Wildcard
from feedproc.xerces.values.simple_type import Prefixes, SimpleType
from feedproc.xerces.walk.attributes import Pairs, chosen_type, is_true, value_of
from feedproc.xerces.walk.findings import Notes
from feedproc.xerces.walk.frames import Frame


class Opening:
    """Looks at elements whose beginning is not ordinary."""

    def __init__(self, schema: Schema, notes: Notes, resolve: Prefixes) -> None:
        self._schema = schema
        self._notes = notes
        self._resolve = resolve

    def next_term(self, parent: Frame, key: str, namespace: str | None, raw_name: str) -> Element | Wildcard | None:
        """Return what the parent's content has for its next child."""
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
            self._notes.at_start(parent, automaton.misplaced(parent.state, parent.count, raw_name, full_name))
        return automaton.find(key, namespace)

    def identify(self, frame: Frame, term: Element | Wildcard | None, key: str, raw_name: str, pairs: Pairs) -> None:
        """Find out which declaration and type the element has."""
        declaration = term if isinstance(term, Element) else self._schema.elements.get(key)
        named = value_of(pairs, "type")
        kind = declaration.type if declaration is not None else None
        if kind is None and named is None:
            if frame.parent is None:
                self._notes.at_start(frame, ("cvc-elt.1", (raw_name,)))
            elif isinstance(term, Wildcard) and term.process == "strict":
                self._notes.at_start(frame, ("cvc-complex-type.2.4.c", (raw_name,)))
        if named is not None:
            chosen, complaints = chosen_type(self._schema, declaration, raw_name, named, self._resolve)
            for complaint in complaints:
                self._notes.at_start(frame, complaint)
            kind = chosen or kind
        frame.become(declaration, kind or ANY_TYPE)
        self._check_abstract(frame, raw_name)
        self._check_nil(frame, raw_name, value_of(pairs, "nil"))

    def _check_abstract(self, frame: Frame, raw_name: str) -> None:
        if frame.declaration is not None and frame.declaration.abstract:
            self._notes.at_start(frame, ("cvc-elt.2", (raw_name,)))
        if not isinstance(frame.kind, SimpleType) and frame.kind.abstract:
            self._notes.at_start(frame, ("cvc-type.2", (raw_name,)))

    def _check_nil(self, frame: Frame, raw_name: str, value: str | None) -> None:
        if value is None or frame.declaration is None:
            return
        if not frame.declaration.nillable:
            self._notes.at_start(frame, ("cvc-elt.3.1", (raw_name,)))
        elif is_true(value):
            frame.nil = True
            if frame.declaration.fixed:
                self._notes.at_start(frame, ("cvc-elt.3.2.2", (raw_name,)))
