"""Identity constraints are watched over while a document is walked through."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from feedproc.xerces.schema.constraints import ATTRIBUTE, CHILD, DESCENDANT, SELF, Constraint, ConstraintPaths, Path
from feedproc.xerces.schema.model import ElementDeclaration
from feedproc.xerces.values.simple_type import Actual, Complaint

Attribute = tuple[str | None, str, Actual | None]
"""Namespace, local name and value; no value where none is known."""


class Ending(NamedTuple):
    """What is known of an element when it ends."""

    has_value: bool
    """Whether its type is simple, or has simple content."""
    nillable: bool
    value: Actual | None


# How far a path has been followed. A bit of one is in all of the others.
_MATCHED, _AT_ATTRIBUTE, _BELOW, _BELOW_BEFORE = 1, 3, 5, 13


class Follower:
    """Follows one path through the document."""

    __slots__ = ("at", "missed", "state", "steps", "trail")

    def __init__(self, steps: Path) -> None:
        """Begin before the first element."""
        self.steps = steps
        self.trail: list[int] = []
        self.at = 0
        self.missed = 0
        """How many elements deep we are beyond where the path went another way."""
        self.state = 0

    def start(self, namespace: str | None, local: str, attributes: list[Attribute]) -> Attribute | None:
        """Take one element more; return the attribute in which the path ends there."""
        before = self.at
        self.trail.append(before)
        if self.state & _BELOW == _MATCHED or self.missed:
            self.missed += 1
            return None
        if self.state & _BELOW == _BELOW:
            self.state = _BELOW_BEFORE
        self._pass(SELF)
        if self.at == len(self.steps):
            self.state = _MATCHED
            return None
        wide = self.at
        self._pass(DESCENDANT)
        may_descend = self.at > wide
        if self.at == len(self.steps):
            self.missed += 1
            return None
        if (self.at == before or may_descend) and self.steps[self.at].axis == CHILD:
            if not self.steps[self.at].accepts(namespace, local):
                self._miss(wide, may_descend=may_descend)
                return None
            self.at += 1
        if self.at == len(self.steps):
            self.state = _BELOW if may_descend else _MATCHED
            self.at = wide if may_descend else self.at
            return None
        return self._find_attribute(attributes, wide) if self.steps[self.at].axis == ATTRIBUTE else None

    def _pass(self, axis: str) -> None:
        while self.at < len(self.steps) and self.steps[self.at].axis == axis:
            self.at += 1

    def _miss(self, wide: int, *, may_descend: bool) -> None:
        if may_descend:
            self.at = wide
        else:
            self.missed += 1

    def _find_attribute(self, attributes: list[Attribute], wide: int) -> Attribute | None:
        step = self.steps[self.at]
        found = next((one for one in attributes if step.accepts(one[0], one[1])), None)
        if found is not None:
            self.at += 1
            self.state = _AT_ATTRIBUTE
            return found
        if not self.state & _MATCHED:
            self._miss(wide, may_descend=self.at > wide)
        return None


class Matcher:
    """Follows all paths of a selector or a field."""

    def __init__(self, paths: ConstraintPaths) -> None:
        """Begin at the element that comes next."""
        self.followers = [Follower(path) for path in paths.paths]

    @property
    def is_matched(self) -> bool:
        """Whether one of the paths ends in the element that was begun last."""
        return any(
            each.state & _MATCHED
            and each.state & _BELOW_BEFORE != _BELOW_BEFORE
            and (not each.missed or each.state & _BELOW == _BELOW)
            for each in self.followers
        )

    def start(self, namespace: str | None, local: str, attributes: list[Attribute]) -> None:
        """Follow the paths into an element."""
        for index, follower in enumerate(self.followers):
            found = follower.start(namespace, local, attributes)
            if found is not None and not any(each.state & _MATCHED for each in self.followers[:index]):
                self.note_match(found[2], nillable=False)

    def end(self, ending: Ending) -> None:
        """Go back to the element around."""
        for index, follower in enumerate(self.followers):
            follower.at = follower.trail.pop()
            if follower.missed:
                follower.missed -= 1
                continue
            first = next((at for at in range(index) if self.followers[at].state & _MATCHED), index)
            if first < index or not follower.state:
                continue
            if follower.state & _AT_ATTRIBUTE != _AT_ATTRIBUTE:
                self.take_value(ending)
            follower.state = 0

    def take_value(self, ending: Ending) -> None:
        """Take an element in which a path ends."""

    def note_match(self, value: Actual | None, *, nillable: bool) -> None:
        """Take a value."""


Report = Callable[[Complaint], None]


class _FieldMatcher(Matcher):
    def __init__(self, index: int, store: "_Store", watch: "Identity") -> None:
        super().__init__(store.constraint.fields[index])
        self._index = index
        self._store = store
        self._watch = watch
        self._is_first = True

    def take_value(self, ending: Ending) -> None:
        constraint = self._store.constraint
        if not ending.has_value:
            self._watch.report(("cvc-id.3", (constraint.name, constraint.element)))
        self.note_match(ending.value, nillable=ending.nillable)

    def note_match(self, value: Actual | None, *, nillable: bool) -> None:
        constraint = self._store.constraint
        if nillable and constraint.category == "key":
            self._watch.report(("cvc-identity-constraint.4.2.3", (constraint.element, constraint.name)))
        self._store.add(self._index, value, self._watch.report, is_first=self._is_first)
        self._is_first = False


class _Store:
    """The values that one constraint has found in its scope."""

    def __init__(self, constraint: Constraint) -> None:
        self.constraint = constraint
        self._local: list[Actual | None] = [None] * len(constraint.fields)
        self._count = 0
        self._values: list[tuple[Actual | None, ...]] = []
        self._keys: set[tuple[object, ...]] = set()
        self._has_own = False
        self.has_value = False

    def begin(self) -> None:
        self._count = 0
        self._local = [None] * len(self._local)

    def end(self, report: Report) -> None:
        if self.constraint.category != "key" or self._count == len(self._local):
            return
        rule = "a" if self._count == 0 else "b"
        report((f"cvc-identity-constraint.4.2.1.{rule}", (self.constraint.element, self.constraint.name)))

    def add(self, index: int, value: Actual | None, report: Report, *, is_first: bool) -> None:
        if is_first:
            self._count += 1
            self.has_value = True
        else:
            words = str(self.constraint.fields[index]), self.constraint.name
            report(("cvc-identity-constraint.3", words))
        self._local[index] = value
        if self._count != len(self._local):
            return
        values = tuple(self._local)
        key = _make_key(values)
        if None not in values and key in self._keys and self.constraint.category != "keyref":
            rule = "4.2.2" if self.constraint.category == "key" else "4.1"
            told = _show(values), self.constraint.element, self.constraint.name
            report((f"cvc-identity-constraint.{rule}", told))
        self._values.append(values)
        self._has_own = True
        self._keys.add(key)

    def take(self, other: "_Store") -> None:
        """Take the values of another store. Xerces loses of which types they are where there were none before."""
        self._values += other._values
        if self._has_own:
            self._keys |= other._keys

    def list_unknown(self, known: "_Store") -> tuple[Actual | None, ...] | None:
        """Return the first values that another store does not have."""
        return next((values for values in self._values if _make_key(values) not in known._keys), None)


def _make_key(values: tuple[Actual | None, ...]) -> tuple[object, ...]:
    """Return what the same values have in common."""
    return tuple(None if each is None else each.key for each in values)


def _show(values: Iterable[Actual | None]) -> str:
    return ",".join("null" if each is None else str(each) for each in values)


class _SelectorMatcher(Matcher):
    def __init__(self, constraint: Constraint, store: _Store, watch: "Identity") -> None:
        super().__init__(constraint.selector)
        self.constraint = constraint
        self.store = store
        self._watch = watch
        self._depth = 0
        self._matched_depth = -1

    def start(self, namespace: str | None, local: str, attributes: list[Attribute]) -> None:
        super().start(namespace, local, attributes)
        self._depth += 1
        if not self.is_matched:
            return
        self._matched_depth = self._depth
        self.store.begin()
        for index in range(len(self.constraint.fields)):
            matcher = _FieldMatcher(index, self.store, self._watch)
            self._watch.matchers.append(matcher)
            matcher.start(namespace, local, attributes)

    def end(self, ending: Ending) -> None:
        super().end(ending)
        if self._depth == self._matched_depth:
            self._matched_depth = -1
            self.store.end(self._watch.report)
        self._depth -= 1


class Identity:
    """Watches over the identity constraints of one document."""

    def __init__(self) -> None:
        self.matchers: list[Matcher] = []
        self.report: Report = lambda _complaint: None
        """Told what is wrong; set before each element begins or ends."""
        self._marks: list[int] = []
        self._known: dict[Constraint, _Store] = {}
        """The keys that may be referred to here."""
        self._outer: list[dict[Constraint, _Store]] = []

    def begin(self, declaration: ElementDeclaration | None) -> None:
        """Begin an element, before its attributes are looked at."""
        self._outer.append(self._known)
        self._known = {}
        self._marks.append(len(self.matchers))
        for constraint in declaration.constraints if declaration is not None else ():
            self.matchers.append(_SelectorMatcher(constraint, _Store(constraint), self))

    def start(self, namespace: str | None, local: str, attributes: list[Attribute]) -> None:
        """Follow all paths into the element."""
        for matcher in self.matchers[:]:
            matcher.start(namespace, local, attributes)

    def end(self, ending: Ending) -> None:
        """End an element: its constraints must be satisfied now."""
        for matcher in reversed(self.matchers):
            matcher.end(ending)
        mark = self._marks.pop()
        ended = [each for each in reversed(self.matchers[mark:]) if isinstance(each, _SelectorMatcher)]
        del self.matchers[mark:]
        for matcher in ended:
            if matcher.constraint.category != "keyref":
                self._offer(matcher.constraint, matcher.store)
        for matcher in ended:
            if matcher.constraint.category == "keyref" and matcher.store.has_value:
                self._refer(matcher.constraint, matcher.store)
        for constraint, store in self._outer.pop().items():
            self._offer(constraint, store)

    def _offer(self, constraint: Constraint, store: _Store) -> None:
        known = self._known.setdefault(constraint, store)
        if known is not store:
            known.take(store)

    def _refer(self, constraint: Constraint, store: _Store) -> None:
        known = self._known.get(constraint.refers) if constraint.refers is not None else None
        if known is None:
            self.report(("Identity Constraint error", ("KeyRef",)))
            return
        missing = store.list_unknown(known)
        if missing is not None:
            self.report(("cvc-identity-constraint.4.3", (constraint.name, _show(missing), constraint.element)))
