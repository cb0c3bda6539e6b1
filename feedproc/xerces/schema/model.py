"""The parts of a compiled schema: elements, attributes, wildcards and types."""

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from feedproc.xerces.schema.content import Automaton, State
from feedproc.xerces.schema.particles import Particle
from feedproc.xerces.schema.wildcards import Wildcard
from feedproc.xerces.values.simple_type import Actual, SimpleType

if TYPE_CHECKING:
    from feedproc.xerces.schema.constraints import Constraint

SCHEMA = "http://www.w3.org/2001/XMLSchema"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
SEPARATOR = "\x1f"
"""Stands between namespace and local name in a key; no XML document can hold it."""


def key_of(namespace: str | None, local: str) -> str:
    """Return the name by which an element or attribute is looked up: the one that expat tells."""
    return f"{namespace}{SEPARATOR}{local}" if namespace else local


class Element:
    """An element declaration."""

    is_wildcard = False

    def __init__(self, namespace: str | None, name: str) -> None:
        self.namespace = namespace
        self.name = name
        self.key = key_of(namespace, name)
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
        self.head: Element | None = None
        """The head of the substitution group that it belongs to."""
        self.members: dict[str, Element] = {}
        """The elements that may stand in its place, by key."""
        self.constraints: tuple[Constraint, ...] = ()

    @property
    def is_abstract(self) -> bool:
        """Whether an element cannot be one of these, or not without naming another type."""
        return self.abstract or (isinstance(self.type, ComplexType) and self.type.abstract)

    def match(self, key: str, namespace: str | None) -> "Element | None":
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


class ComplexType:
    """A complex type; `content` is "empty", "simple", "element" or "mixed"."""

    def __init__(self, name: str, namespace: str | None) -> None:
        self.name = name
        self.namespace = namespace
        self.base: Type | None = None
        self.derivation = "restriction"
        self.content = "empty"
        self.simple: SimpleType | None = None
        self.particle: Particle | None = None
        self.attributes: dict[str, AttributeUse] = {}
        self.wildcard: Wildcard | None = None
        self.abstract = False
        self.block: frozenset[str] = frozenset()

    @cached_property
    def automaton(self) -> Automaton | None:
        """The content model, built when the first element of the type is met."""
        if self.content not in {"element", "mixed"}:
            return None
        return Automaton(self.particle or Particle("sequence", 1, 1))

    @cached_property
    def start(self) -> State | None:
        """Where the content model begins."""
        return self.automaton.start if self.automaton is not None else None

    @cached_property
    def holds_text(self) -> bool:
        """Whether what stands in an element of the type is a value."""
        return self.content == "simple"

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
        return self.simple.values if self.content == "simple" and self.simple is not None else ()


Type = SimpleType | ComplexType


def _any_type() -> ComplexType:
    kind = ComplexType("anyType", SCHEMA)
    kind.content = "mixed"
    kind.wildcard = Wildcard("lax", None)
    kind.particle = Particle("leaf", 0, -1, kind.wildcard)
    return kind


ANY_TYPE = _any_type()


class Schema:
    """What a set of schema documents declares at its top."""

    def __init__(self) -> None:
        self.elements: dict[str, Element] = {}
        self.attributes: dict[str, AttributeUse] = {}
        self.types: dict[str, Type] = {}
        self.has_constraints = False
        """Whether any element has identity constraints."""

    def type_named(self, namespace: str | None, local: str) -> "Type | None":
        """Return a type that xsi:type may name."""
        return self.types.get(key_of(namespace, local))
