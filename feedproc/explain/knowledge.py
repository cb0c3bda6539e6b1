"""What is known of the elements of feeds: by the schema they are judged by, and by what feed types tell of them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from feedproc.explain.elements import UNKNOWN, About
from feedproc.explain.hints import ENVELOPE, Called, Hints, Mend
from feedproc.explain.names import strip_to_letters
from feedproc.xerces.schema.model import ComplexType, ElementDeclaration, Particle, ParticleKind, Schema

_ROOT, _MESSAGE = "AmazonEnvelope", "Message"
_REPORT = "Report"
"""How the names of the messages end that come from Amazon, and that nobody sends."""
_BESIDE_PAYLOADS = ("MessageID", "OperationType")
_PAYLOAD = 2
"""Where in a path the name of the message's content stands."""


class Slot(NamedTuple):
    """One place in the order of children."""

    names: tuple[str, ...]
    """One of these."""
    required: bool
    repeated: bool


def find_place(name: str, model: tuple[Slot, ...]) -> int | None:
    """Return at which place an element of that name stands."""
    return next((at for at, place in enumerate(model) if name in place.names), None)


class Content:
    """Which children an element may have, in which order, by the schema that the feed is judged by."""

    def __init__(self, schema: Schema) -> None:
        """Ask this schema."""
        self._root = schema.elements.get(_ROOT)
        self.model_of = cache(self._read_model)

    def _read_model(self, path: tuple[str, ...]) -> tuple[Slot, ...]:
        """Return the order of the children of the element at `path`; nothing when that is not known."""
        declared = self._find_declaration(path)
        return tuple(_list_places(declared.type)) if declared is not None else ()

    @property
    def payloads(self) -> tuple[str, ...]:
        """The names of the elements of which a message holds one."""
        names = (name for place in self.model_of((_ROOT, _MESSAGE)) for name in place.names)
        return tuple(name for name in names if name not in _BESIDE_PAYLOADS)

    def list_names(self) -> frozenset[str]:
        """Return the names of all elements that may stand in a feed; what reports hold may not."""
        todo = [self._root] if self._root is not None else []
        seen = set(map(id, todo))
        for element in todo:
            for child in () if element.name.endswith(_REPORT) else _list_children(element):
                if id(child) not in seen:
                    seen.add(id(child))
                    todo.append(child)
        return frozenset(element.name for element in todo)

    def _find_declaration(self, path: tuple[str, ...]) -> ElementDeclaration | None:
        found = self._root if path[:1] == (_ROOT,) else None
        for name in path[1:]:
            found = next((child for child in _list_children(found) if child.name == name), None)
        return found


def _list_children(element: ElementDeclaration | None) -> Iterator[ElementDeclaration]:
    if element is not None and isinstance(element.type, ComplexType) and element.type.particle is not None:
        yield from _walk_leaves(element.type.particle)


def _walk_leaves(particle: Particle) -> Iterator[ElementDeclaration]:
    if isinstance(particle.term, ElementDeclaration):
        yield particle.term
    for part in particle.parts:
        yield from _walk_leaves(part)


def _list_places(kind: object) -> Iterator[Slot]:
    if isinstance(kind, ComplexType) and kind.particle is not None and kind.particle.kind is not ParticleKind.ALL:
        yield from _walk_places(kind.particle)


def _walk_places(particle: Particle) -> Iterator[Slot]:
    """Yield the places that a particle is made of; what may stand in any order is one place."""
    if particle.kind is ParticleKind.SEQUENCE and particle.maximum == 1 and particle.minimum == 1:
        for part in particle.parts:
            yield from _walk_places(part)
        return
    names = tuple(dict.fromkeys(element.name for element in _walk_leaves(particle)))
    if names:
        is_repeated = particle.maximum != 1 or particle.kind is ParticleKind.SEQUENCE
        yield Slot(names, particle.least > 0, is_repeated)


class Knowledge:
    """What is known of the elements of feeds."""

    def __init__(self, hints: Iterable[Hints], content: Content) -> None:
        """Take what each feed type tells, and the content of the schema."""
        self._hints = {one.message_type: one for one in hints}
        self._content = content
        self.names = {name.lower(): name for name in content.list_names()}
        """The names of all elements that may stand in a feed, by the same in small letters."""

    @property
    def payloads(self) -> tuple[str, ...]:
        """The names of the elements of which a message holds one."""
        return self._content.payloads

    def get_model(self, path: tuple[str, ...]) -> tuple[Slot, ...]:
        """Return the order of the children of the element at `path`; nothing when that is not known."""
        return self._content.model_of(path)

    def get_element(self, path: tuple[str, ...]) -> About:
        """Return what is known of the element at `path`."""
        for names in (path[-3:], path[-2:], path[-1:]):
            for hints in self._list_hints(path):
                found = hints.elements.get("/".join(names))
                if found is not None:
                    return found
        return UNKNOWN

    def find_place(self, path: tuple[str, ...], found: str) -> str | None:
        """Return where an element belongs that was found in the one at `path`."""
        parent = path[-1] if path else ""
        return next((text for one in self._list_hints(path) if (text := one.in_place.get((parent, found)))), None)

    def find_repeated_advice(self, path: tuple[str, ...], found: str) -> str | None:
        """Return what is mostly wanted where an element stands a second time in the one at `path`."""
        parent = path[-1] if path else ""
        return next((text for one in self._list_hints(path) if (text := one.repeated.get((parent, found)))), None)

    def find_missing_advice(self, path: tuple[str, ...], missing: str) -> str | None:
        """Return what to write where an element is missing in the one at `path`."""
        parent = path[-1] if path else ""
        return next((text for one in self._list_hints(path) if (text := one.missing.get((parent, missing)))), None)

    def find_choice_advice(self, path: tuple[str, ...], name: str) -> str | None:
        """Return which of two elements to keep, of which one may stand in the one at `path`; `name` is the first."""
        return next((text for one in self._list_hints(path) if (text := one.either.get(name))), None)

    def list_called(self, path: tuple[str, ...], holder: str) -> tuple[Called, ...]:
        """Return what people call the names that `holder`, the element at `path` or its attribute, may hold."""
        if holder == "MessageType":
            return (Called(self._list_message_types()),)
        return next((found for one in self._list_hints(path) if (found := one.called.get(holder))), ())

    def find_fallback(self, path: tuple[str, ...], holder: str) -> str | None:
        """Return what to write into `holder` when its list of names does not have what is meant."""
        return next((text for one in self._list_hints(path) if (text := one.otherwise.get(holder))), None)

    def find_mend(self, path: tuple[str, ...]) -> Mend | None:
        """Return what finds out what was meant by a value of the element at `path`."""
        holds = self.get_element(path).holds
        of_name = (one.mend.get(path[-1] if path else "") for one in self._list_hints(path))
        of_kind = (one.mend.get(holds) for one in self._list_hints(path))
        return next((mend for mend in (*of_name, *of_kind) if mend is not None), None)

    def find_feed_type(self, message_type: str) -> str | None:
        """Return as which feed type messages of a type are sent."""
        hints = self._hints.get(message_type)
        return hints.feed_type if hints is not None else None

    def _list_message_types(self) -> Mapping[str, str]:
        """Return the types of messages by what else people call them, the names of their feed types among it."""
        others = {name: one.message_type for one in self._hints.values() for name in one.also_called}
        return {strip_to_letters(one.feed_type): one.message_type for one in self._hints.values()} | others

    def _list_hints(self, path: tuple[str, ...]) -> tuple[Hints, ...]:
        """Return what speaks of the element at `path`: its own feed type first."""
        own = self._hints.get(path[_PAYLOAD]) if len(path) > _PAYLOAD else self._hints.get(path[-1] if path else "")
        return (own, ENVELOPE) if own is not None else (ENVELOPE,)
