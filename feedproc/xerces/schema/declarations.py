"""Everything that a compiled schema declares, however deep."""

from collections.abc import Iterator

from feedproc.xerces.schema.model import ANY_TYPE, ComplexType, Element, Schema, Type
from feedproc.xerces.schema.particles import Particle
from feedproc.xerces.values.simple_type import SimpleType


def elements_of(schema: Schema) -> list[Element]:
    """Return all element declarations: at the top, and in types."""
    todo: list[Type] = list(schema.types.values())
    found: dict[int, Element] = {}
    seen: set[int] = set()
    for element in schema.elements.values():
        found[id(element)] = element
        todo.append(element.type)
    while todo:
        kind = todo.pop()
        if id(kind) in seen or isinstance(kind, SimpleType) or kind is ANY_TYPE:
            continue
        seen.add(id(kind))
        for element in _in_particle(kind.particle):
            found.setdefault(id(element), element)
            todo.append(element.type)
    return list(found.values())


def simple_types_of(schema: Schema) -> Iterator[SimpleType]:
    """Yield the types of all values: of elements, and of attributes."""
    for use in schema.attributes.values():
        yield use.type
    types = (kind for kind in schema.types.values() if isinstance(kind, ComplexType))
    for kind in (*(element.type for element in elements_of(schema)), *types):
        if isinstance(kind, SimpleType):
            yield kind
            continue
        if kind.simple is not None:
            yield kind.simple
        yield from (use.type for use in kind.attributes.values())


def children_of(kind: Type) -> list[Element]:
    """Return the elements that one of this type may hold."""
    return list(_in_particle(kind.particle)) if isinstance(kind, ComplexType) else []


def _in_particle(particle: Particle | None) -> Iterator[Element]:
    if particle is None:
        return
    if isinstance(particle.term, Element):
        yield particle.term
        yield from particle.term.members.values()
    for part in particle.parts:
        yield from _in_particle(part)


def atoms_of(kind: SimpleType) -> Iterator[SimpleType]:
    """Yield the types of which values of this one consist: items of lists, members of unions."""
    if kind.item is not None:
        yield from atoms_of(kind.item)
    elif kind.members:
        for member in kind.members:
            yield from atoms_of(member)
    else:
        yield kind
