"""Simple and complex types are read from schema documents, with their facets."""

from feedproc.xerces.schema.documents import (
    Node,
    is_true,
    list_parts,
    list_parts_called,
    make_anonymous_name,
    read_name,
    refuse,
    resolve_prefixes_at,
    tell_kind,
)
from feedproc.xerces.schema.element_reader import blocks
from feedproc.xerces.schema.model import ANY_TYPE, ComplexType, ContentKind, Type
from feedproc.xerces.schema.particles import Particle, ParticleKind
from feedproc.xerces.schema.reading import SchemaReading
from feedproc.xerces.text.names import SCHEMA, make_key
from feedproc.xerces.values.patterns import Pattern, UnknownPattern
from feedproc.xerces.values.simple_type import COLLAPSE, PRESERVE, REPLACE, SimpleType

_WHITE_SPACE = {"preserve": PRESERVE, "replace": REPLACE, "collapse": COLLAPSE}
_NUMBERS = {
    "length": "length",
    "minLength": "min_length",
    "maxLength": "max_length",
    "totalDigits": "total_digits",
    "fractionDigits": "fraction_digits",
}
_BOUNDS = {"minInclusive", "minExclusive", "maxInclusive", "maxExclusive"}
_OTHER_PARTS = {"simpleType", "attribute", "attributeGroup", "anyAttribute"}
"""What stands beside facets."""


def restrict(base: SimpleType, name: str, namespace: str | None, nodes: list[Node]) -> SimpleType:
    """Return the type that the facet elements among `nodes` make of `base`."""
    kind = SimpleType(name, namespace, base, base.primitive)
    patterns: list[Node] = []
    values: list[Node] = []
    for node in nodes:
        facet = tell_kind(node)
        if facet not in _OTHER_PARTS and node.get("value") is None:
            raise refuse(node, f"this xsd:{facet} has no value")
        if facet == "pattern":
            patterns.append(node)
        elif facet == "enumeration":
            values.append(node)
        elif facet not in _OTHER_PARTS:
            _apply(kind, base, facet, node)
    if patterns:
        # Xerces turns the order of those that it inherits.
        kind.patterns = (*reversed(kind.patterns), _read_pattern(patterns))
    if values:
        _enumerate(kind, base, values)
    return kind


def _read_pattern(nodes: list[Node]) -> Pattern:
    source = ""
    for node in nodes:
        # As with Xerces, empty ones in front are lost.
        source = f"{source}|{node.get('value')}" if source else node.get("value")
    try:
        return Pattern(source)
    except UnknownPattern as unknown:
        raise refuse(nodes[0], f"{unknown} is no pattern of XML Schema") from unknown


def _apply(kind: SimpleType, base: SimpleType, facet: str, node: Node) -> None:
    value = node.get("value")
    if facet in _NUMBERS:
        setattr(kind, _NUMBERS[facet], _count(node, value))
    elif facet == "whiteSpace":
        if value.strip() not in _WHITE_SPACE:
            raise refuse(node, f"xsd:whiteSpace is preserve, replace or collapse, not {value!r}")
        kind.white_space = _WHITE_SPACE[value.strip()]
    elif facet in _BOUNDS:
        actual, complaint = base.read(value)
        if actual is None or complaint is not None:
            raise refuse(node, f"{value!r} is no value of the type that is restricted")
        opposite = facet.replace("Inclusive", "*").replace("Exclusive", "Inclusive").replace("*", "Exclusive")
        kind.bounds.pop(opposite, None)
        kind.bounds[facet] = actual.value
    else:
        raise refuse(node, f"xsd:{facet} is no facet")


def _count(node: Node, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise refuse(node, f"{value!r} is no number") from None


def _enumerate(kind: SimpleType, base: SimpleType, nodes: list[Node]) -> None:
    read = [_read_listed(base, node) for node in nodes]
    kind.enumeration = frozenset(key for key, _ in read)
    kind.enumeration_words = f"[{', '.join(word for _, word in read)}]"


def _read_listed(base: SimpleType, node: Node) -> tuple[object, str]:
    actual, complaint = base.judge(node.get("value"), resolve_prefixes_at(node))
    if actual is None or complaint is not None:
        raise refuse(node, f"{node.get('value')!r} is no value of the type that is restricted")
    return actual.key, str(actual)


_DERIVATIONS = frozenset({"extension", "restriction"})


class TypeReader:
    """Reads what the documents say of types."""

    def __init__(self, reading: SchemaReading) -> None:
        """Take the reading that this is part of."""
        self._reading = reading
        self._open: set[str] = set()
        """The types that are being read, whose content is not known yet."""

    def declare(self, key: str, node: Node) -> Type:
        """Return a type that is declared at a document's top."""
        done = self._reading.schema.types.get(key)
        if done is not None:
            return done
        if tell_kind(node) == "simpleType":
            self._begin(key, node)
            done = self._reading.schema.types[key] = self._read_simple(node, read_name(node))
        else:
            done = ComplexType(read_name(node), self._find_target(node))
            self._reading.schema.types[key] = done
            self._begin(key, node)
            self._read_complex(node, done)
        self._open.discard(key)
        return done

    def find_type(self, node: Node) -> Type | None:
        """Return the type of an element or attribute; None where it names none."""
        if node.get("type"):
            return self._find_named(node, node.get("type"))
        for part in list_parts_called(node, "simpleType", "complexType"):
            if tell_kind(part) == "simpleType":
                return self._read_simple(part, make_anonymous_name(part))
            kind = ComplexType(make_anonymous_name(part), self._find_target(part))
            return self._read_complex(part, kind)
        return None

    def _begin(self, key: str, node: Node) -> None:
        if key in self._open:
            raise refuse(node, f"the type {read_name(node)!r} is derived from itself")
        self._open.add(key)

    def _find_target(self, node: Node) -> str | None:
        return self._reading.documents.find_document(node).target

    def _find_named(self, node: Node, name: str) -> Type:
        key = self._reading.documents.resolve(node, name)
        found = self._reading.schema.types.get(key)
        if found is not None:
            return found
        for kind in ("simpleType", "complexType"):
            top = self._reading.documents.nodes.get((kind, key))
            if top is not None:
                return self.declare(key, top)
        raise refuse(node, f"there is no type {name.strip()!r}")

    def _find_simple(self, node: Node, name: str) -> SimpleType:
        kind = self._find_named(node, name)
        if not isinstance(kind, SimpleType):
            raise refuse(node, f"{name.strip()!r} is no simple type")
        return kind

    # Simple types

    def _read_simple(self, node: Node, name: str) -> SimpleType:
        derivations = list_parts(node)
        if len(derivations) != 1:
            raise refuse(node, "an xsd:simpleType holds one xsd:restriction, xsd:list or xsd:union")
        derivation = derivations[0]
        kind = tell_kind(derivation)
        parts = list_parts_called(derivation, "simpleType")
        inner = [self._read_simple(part, make_anonymous_name(part)) for part in parts]
        if kind == "restriction":
            base = inner[0] if inner else self._find_simple(derivation, self._read_attribute(derivation, "base"))
            return restrict(base, name, self._find_target(node), list_parts(derivation))
        if kind == "list":
            item = inner[0] if inner else self._find_simple(derivation, self._read_attribute(derivation, "itemType"))
            return self._list(node, name, item)
        if kind != "union":
            raise refuse(derivation, f"xsd:{kind} cannot stand in an xsd:simpleType")
        named_ones = [self._find_simple(derivation, each) for each in (derivation.get("memberTypes") or "").split()]
        return self._make_union(node, name, [*named_ones, *inner])

    @staticmethod
    def _read_attribute(node: Node, attribute: str) -> str:
        said = node.get(attribute)
        if not said:
            raise refuse(node, f"this xsd:{tell_kind(node)} says no {attribute}")
        return str(said)

    def _find_root(self) -> SimpleType:
        root = self._reading.schema.types[make_key(SCHEMA, "anySimpleType")]
        assert isinstance(root, SimpleType)  # noqa: S101 - XML Schema says so
        return root

    def _list(self, node: Node, name: str, item: SimpleType) -> SimpleType:
        if item.is_list:
            raise refuse(node, f"the items of the list {name!r} are lists themselves")
        kind = SimpleType(name, self._find_target(node), self._find_root(), "list")
        kind.item, kind.white_space = item, COLLAPSE
        return kind

    def _make_union(self, node: Node, name: str, members: list[SimpleType]) -> SimpleType:
        if not members:
            raise refuse(node, f"the union {name!r} has no members")
        kind = SimpleType(name, self._find_target(node), self._find_root(), "union")
        kind.white_space = COLLAPSE
        # As with Xerces, facets of unions that are members themselves are lost.
        kind.members = tuple(one for each in members for one in (each.members or (each,)))
        return kind

    # Complex types

    def _read_complex(self, node: Node, kind: ComplexType) -> ComplexType:
        document = self._reading.documents.find_document(node)
        kind.abstract = is_true(node, "abstract")
        kind.block = blocks(node, document.get_default("blockDefault"), _DERIVATIONS)
        inner = list_parts(node)
        first = tell_kind(inner[0]) if inner else ""
        if first == "simpleContent":
            self._read_simple_content(kind, self._find_derivation(inner[0]))
        elif first == "complexContent":
            mixed = is_true(inner[0], "mixed") if inner[0].get("mixed") is not None else is_true(node, "mixed")
            self._read_complex_content(kind, self._find_derivation(inner[0]), mixed=mixed)
        else:
            kind.base = ANY_TYPE
            self._fill(kind, self._reading.particles.read_model(node), mixed=is_true(node, "mixed"))
            self._reading.attributes.give(kind, node)
        return kind

    @staticmethod
    def _find_derivation(content: Node) -> Node:
        found = list_parts(content)
        if len(found) != 1 or tell_kind(found[0]) not in _DERIVATIONS:
            raise refuse(content, f"an xsd:{tell_kind(content)} holds one xsd:extension or xsd:restriction")
        return found[0]

    def _inherit(self, kind: ComplexType, derivation: Node) -> Type:
        kind.derivation = tell_kind(derivation)
        key = self._reading.documents.resolve(derivation, self._read_attribute(derivation, "base"))
        if key in self._open:
            raise refuse(derivation, f"the type {kind.name!r} is derived from one that holds it")
        kind.base = self._find_named(derivation, derivation.get("base"))
        return kind.base

    def _read_simple_content(self, kind: ComplexType, derivation: Node) -> None:
        base = self._inherit(kind, derivation)
        kind.content = ContentKind.SIMPLE
        kind.simple = base if isinstance(base, SimpleType) else base.simple
        for part in list_parts_called(derivation, "simpleType"):
            kind.simple = self._read_simple(part, make_anonymous_name(part))
        if kind.simple is None:
            raise refuse(derivation, f"the type {derivation.get('base')!r} has no simple content")
        if kind.derivation == "restriction":
            content = derivation.getparent()
            kind.simple = restrict(
                kind.simple, make_anonymous_name(content), self._find_target(derivation), list_parts(derivation)
            )
        self._reading.attributes.give(kind, derivation)

    def _read_complex_content(self, kind: ComplexType, derivation: Node, *, mixed: bool) -> None:
        base = self._inherit(kind, derivation)
        if not isinstance(base, ComplexType):
            raise refuse(derivation, f"{derivation.get('base')!r} is no complex type")
        own = self._reading.particles.read_model(derivation)
        if kind.derivation == "restriction" or base.content is ContentKind.EMPTY:
            self._fill(kind, own, mixed=mixed)
        elif own is None and not mixed:
            kind.content, kind.simple, kind.particle = base.content, base.simple, base.particle
        else:
            self._extend(kind, base, own, derivation, mixed=mixed)
        self._reading.attributes.give(kind, derivation)

    def _extend(self, kind: ComplexType, base: ComplexType, own: Particle | None, at: Node, *, mixed: bool) -> None:
        if base.content is ContentKind.SIMPLE or mixed != (base.content is ContentKind.MIXED):
            raise refuse(at, f"{kind.name!r} cannot extend content of another kind")
        pair = [part for part in (base.particle, own or Particle(ParticleKind.SEQUENCE, 1, 1)) if part is not None]
        if len(pair) > 1 and any(part.kind is ParticleKind.ALL for part in pair):
            raise refuse(at, f"{kind.name!r} cannot extend an xsd:all, or with one")
        self._fill(
            kind, Particle(ParticleKind.SEQUENCE, 1, 1, None, tuple(pair)) if len(pair) > 1 else pair[0], mixed=mixed
        )

    @staticmethod
    def _fill(kind: ComplexType, particle: Particle | None, *, mixed: bool) -> None:
        kind.particle = particle
        without_text = ContentKind.EMPTY if particle is None else ContentKind.ELEMENT
        kind.content = ContentKind.MIXED if mixed else without_text
