"""Which children an element may have, in which order, by the schema that the feed is judged by."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from feedproc.xerces.schema.model import ComplexType, ElementDeclaration, Particle, ParticleKind, Schema

_ROOT, _MESSAGE = "AmazonEnvelope", "Message"
_REPORT = "Report"
"""How the names of the messages end that come from Amazon, and that nobody sends."""
_BESIDE_PAYLOADS = ("MessageID", "OperationType")


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
    """The content of the elements of a schema."""

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
