"""The parts of a compiled schema: elements, attributes, wildcards and types, and everything that one declares."""

from collections.abc import Collection, Iterator
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from feedproc.xerces.schema.content import Automaton, State
from feedproc.xerces.schema.particles import Particle, ParticleKind
from feedproc.xerces.schema.wildcards import Wildcard
from feedproc.xerces.text.names import SCHEMA, make_key
from feedproc.xerces.values.simple_type import Actual, SimpleType

if TYPE_CHECKING:
    from feedproc.xerces.schema.constraints import Constraint

__all__ = [
    "ANY_TYPE",
    "AttributeUse",
    "ComplexType",
    "ContentKind",
    "ElementDeclaration",
    "Particle",
    "ParticleKind",
    "Schema",
    "SimpleType",
    "State",
    "Type",
    "list_atoms",
    "list_children",
    "list_elements",
    "list_simple_types",
]


class ElementDeclaration:
    """An element declaration."""

    is_wildcard = False

    def __init__(self, namespace: str | None, name: str) -> None:
        self.namespace = namespace
        self.name = name
        self.key = make_key(namespace, name)
        self.label = f'"{namespace}":{name}' if namespace else name
        """As lists of expected elements name it."""
        self.type: Type = ANY_TYPE
        self.nillable = False
        self.abstract = False
        self.default: str | None = None
        """The default or fixed value as Xerces shows it."""
        self.default_value: Actual | None = None
        """What it means; None where the element may hold elements as well."""
        self.fixed = False
        self.block: frozenset[str] = frozenset()
        self.head: ElementDeclaration | None = None
        """The head of the substitution group that it belongs to."""
        self.members: dict[str, ElementDeclaration] = {}
        """The elements that may stand in its place, by key."""
        self.constraints: tuple[Constraint, ...] = ()

    @property
    def is_abstract(self) -> bool:
        """Whether an element cannot be one of these, or not without naming another type."""
        return self.abstract or (isinstance(self.type, ComplexType) and self.type.abstract)

    def match(self, key: str, namespace: str | None) -> "ElementDeclaration | None":
        """Return the declaration of an element of this name that may stand here."""
        return self if key == self.key else self.members.get(key)


class AttributeUse(NamedTuple):
    """An attribute that a type allows."""

    key: str
    name: str
    namespace: str | None
    type: SimpleType
    required: bool
    fixed: Actual | None
    """The value that it must have here."""
    declared_fixed: Actual | None = None
    """The value that it must have wherever it stands."""
    default: Actual | None = None
    """The value that it has where it does not stand; a fixed one as well."""


class ContentKind(StrEnum):
    """What an element of a complex type may hold."""

    EMPTY = "empty"
    SIMPLE = "simple"
    """A value."""
    ELEMENT = "element"
    MIXED = "mixed"
    """Elements with text between them."""


class ComplexType:
    """A complex type."""

    def __init__(self, name: str, namespace: str | None) -> None:
        self.name = name
        self.namespace = namespace
        self.base: Type | None = None
        self.derivation = "restriction"
        self.content: ContentKind = ContentKind.EMPTY
        self.simple: SimpleType | None = None
        self.particle: Particle | None = None
        self.attributes: dict[str, AttributeUse] = {}
        self.wildcard: Wildcard | None = None
        self.abstract = False
        self.block: frozenset[str] = frozenset()

    @cached_property
    def automaton(self) -> Automaton | None:
        """The content model, built when the first element of the type is met."""
        if self.content not in {ContentKind.ELEMENT, ContentKind.MIXED}:
            return None
        return Automaton(self.particle or Particle(ParticleKind.SEQUENCE, 1, 1))

    @cached_property
    def start(self) -> State | None:
        """Where the content model begins."""
        return self.automaton.start if self.automaton is not None else None

    @cached_property
    def holds_text(self) -> bool:
        """Whether what stands in an element of the type is a value."""
        return self.content is ContentKind.SIMPLE

    @cached_property
    def is_emptiable(self) -> bool:
        """Whether an element may hold nothing at all."""
        return self.particle is None or self.particle.least == 0

    @cached_property
    def required(self) -> int:
        """How many attributes must be there; more than any where an element of the type is to be looked at slowly."""
        is_tallied = self.automaton is not None and self.automaton.tally is not None
        return sum(use.required for use in self.attributes.values()) + is_tallied

    @cached_property
    def values(self) -> Collection[str]:
        """Texts that were found to be values of the type, if it has any."""
        return self.simple.values if self.content is ContentKind.SIMPLE and self.simple is not None else ()


Type = SimpleType | ComplexType


def _make_any_type() -> ComplexType:
    kind = ComplexType("anyType", SCHEMA)
    kind.content = ContentKind.MIXED
    kind.wildcard = Wildcard("lax", None)
    kind.particle = Particle(ParticleKind.LEAF, 0, -1, kind.wildcard)
    return kind


ANY_TYPE = _make_any_type()


class Schema:
    """What a set of schema documents declares at its top."""

    def __init__(self) -> None:
        self.elements: dict[str, ElementDeclaration] = {}
        self.attributes: dict[str, AttributeUse] = {}
        self.types: dict[str, Type] = {}
        self.has_constraints = False
        """Whether any element has identity constraints."""

    def find_type(self, namespace: str | None, local: str) -> "Type | None":
        """Return a type that xsi:type may name."""
        return self.types.get(make_key(namespace, local))


def list_elements(schema: Schema) -> list[ElementDeclaration]:
    """Return all element declarations: at the top, and in types."""
    todo: list[Type] = list(schema.types.values())
    found: dict[int, ElementDeclaration] = {}
    seen: set[int] = set()
    for element in schema.elements.values():
        found[id(element)] = element
        todo.append(element.type)
    while todo:
        kind = todo.pop()
        if id(kind) in seen or isinstance(kind, SimpleType) or kind is ANY_TYPE:
            continue
        seen.add(id(kind))
        for element in _list_elements_in(kind.particle):
            found.setdefault(id(element), element)
            todo.append(element.type)
    return list(found.values())


def list_simple_types(schema: Schema) -> Iterator[SimpleType]:
    """Yield the types of all values: of elements, and of attributes."""
    for use in schema.attributes.values():
        yield use.type
    types = (kind for kind in schema.types.values() if isinstance(kind, ComplexType))
    for kind in (*(element.type for element in list_elements(schema)), *types):
        if isinstance(kind, SimpleType):
            yield kind
            continue
        if kind.simple is not None:
            yield kind.simple
        yield from (use.type for use in kind.attributes.values())


def list_children(kind: Type) -> list[ElementDeclaration]:
    """Return the elements that one of this type may hold."""
    return list(_list_elements_in(kind.particle)) if isinstance(kind, ComplexType) else []


def _list_elements_in(particle: Particle | None) -> Iterator[ElementDeclaration]:
    if particle is None:
        return
    if isinstance(particle.term, ElementDeclaration):
        yield particle.term
        yield from particle.term.members.values()
    for part in particle.parts:
        yield from _list_elements_in(part)


def list_atoms(kind: SimpleType) -> Iterator[SimpleType]:
    """Yield the types of which values of this one consist: items of lists, members of unions."""
    if kind.item is not None:
        yield from list_atoms(kind.item)
    elif kind.members:
        for member in kind.members:
            yield from list_atoms(member)
    else:
        yield kind
