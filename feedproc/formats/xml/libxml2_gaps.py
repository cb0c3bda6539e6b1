"""Of which elements libxml2 may take for valid what Xerces does not, by what their types are made of.

Where libxml2 finds a fault it is not simply believed either: the judge then asks for Xerces' word. So only what libxml2
lets pass matters here. What is known to be judged alike is listed; all else is doubted.
"""

import re

from feedproc.xerces.schema.declarations import elements_of
from feedproc.xerces.schema.model import ANY_TYPE, ComplexType, Element, Schema, Type
from feedproc.xerces.schema.particles import Particle
from feedproc.xerces.values.simple_type import SimpleType

_ALIKE = frozenset({"string", "boolean", "decimal", "integer", "dateTime"})
_NUMBERS = frozenset({"decimal", "integer"})
_PLAIN_PATTERN = re.compile(r"(?:[^\\.^$]|\\[dws.\-+*?(){}\[\]|\\/nrt]|(?<=\[)\^)*").fullmatch
"""Without classes that libxml2 and Xerces read in two ways."""
_MOST_TIMES = 100


def doubted(schema: Schema) -> frozenset[str]:
    """Return the names of the elements of which libxml2's word is not enough."""
    return frozenset(element.name for element in elements_of(schema) if not _is_alike(element))


def patterned(schema: Schema) -> frozenset[str]:
    """Return the names of the elements whose values a pattern restricts."""
    values = ((element, _value_type(element.type)) for element in elements_of(schema))
    return frozenset(element.name for element, kind in values if kind is not None and kind.patterns)


def _value_type(kind: Type) -> SimpleType | None:
    return kind if isinstance(kind, SimpleType) else kind.simple


def _is_alike(element: Element) -> bool:
    if element.default is not None or element.constraints or element.members or element.abstract or element.head:
        return False
    kind = element.type
    value = _value_type(kind)
    if element.namespace is not None and value is not None and value.patterns:
        return False  # it may have a prefix, with which it is not looked for among those that a pattern restricts
    if isinstance(kind, SimpleType):
        return _is_plain(kind)
    return kind is not ANY_TYPE and _is_plain_complex(kind)


def _is_plain_complex(kind: ComplexType) -> bool:
    if kind.abstract or kind.wildcard is not None or kind.content == "mixed":
        return False
    if any(use.default is not None or not _is_plain(use.type) or use.type.patterns for use in kind.attributes.values()):
        return False
    if kind.content == "simple":
        return kind.simple is not None and _is_plain(kind.simple)
    return kind.particle is None or _is_plain_particle(kind.particle)


def _is_plain_particle(particle: Particle) -> bool:
    if particle.kind == "all" or particle.maximum > _MOST_TIMES or particle.minimum > _MOST_TIMES:
        return False
    if particle.term is not None:
        # libxml2 takes an abstract element that has no members for nothing at all.
        term = particle.term
        return isinstance(term, Element) and not term.abstract and not term.members
    return bool(particle.parts) and all(map(_is_plain_particle, particle.parts))


def _is_plain(kind: SimpleType) -> bool:
    if kind.primitive not in _ALIKE or kind.identifies or kind.token is not None:
        return False
    if kind.enumeration is not None and kind.primitive != "string":
        return False
    if kind.bounds and kind.primitive not in _NUMBERS:
        return False
    return all(_PLAIN_PATTERN(pattern.source) for pattern in kind.patterns)
