"""Simple and complex types are read from schema documents."""

from typing import TYPE_CHECKING

from feedproc.xerces.schema.element_reader import blocks
from feedproc.xerces.schema.facets import restrict
from feedproc.xerces.schema.model import ANY_TYPE, SCHEMA, ComplexType, Type, key_of
from feedproc.xerces.schema.nodes import Node, anonymous_name, is_true, kind_of, named, parts, parts_called, refused
from feedproc.xerces.schema.particles import Particle
from feedproc.xerces.values.simple_type import COLLAPSE, SimpleType

if TYPE_CHECKING:
    from feedproc.xerces.schema.reader import Reading

_DERIVATIONS = frozenset({"extension", "restriction"})


class Types:
    """Reads what the documents say of types."""

    def __init__(self, reading: "Reading") -> None:
        """Take the reading that this is part of."""
        self._reading = reading
        self._open: set[str] = set()
        """The types that are being read, whose content is not known yet."""

    def declared(self, key: str, node: Node) -> Type:
        """Return a type that is declared at a document's top."""
        done = self._reading.schema.types.get(key)
        if done is not None:
            return done
        if kind_of(node) == "simpleType":
            self._begin(key, node)
            done = self._reading.schema.types[key] = self._simple(node, named(node))
        else:
            done = ComplexType(named(node), self._target(node))
            self._reading.schema.types[key] = done
            self._begin(key, node)
            self._complex(node, done)
        self._open.discard(key)
        return done

    def of(self, node: Node) -> Type | None:
        """Return the type of an element or attribute; None where it names none."""
        if node.get("type"):
            return self._named(node, node.get("type"))
        for part in parts_called(node, "simpleType", "complexType"):
            if kind_of(part) == "simpleType":
                return self._simple(part, anonymous_name(part))
            kind = ComplexType(anonymous_name(part), self._target(part))
            return self._complex(part, kind)
        return None

    def _begin(self, key: str, node: Node) -> None:
        if key in self._open:
            raise refused(node, f"the type {named(node)!r} is derived from itself")
        self._open.add(key)

    def _target(self, node: Node) -> str | None:
        return self._reading.documents.of(node).target

    def _named(self, node: Node, name: str) -> Type:
        key = self._reading.documents.key(node, name)
        found = self._reading.schema.types.get(key)
        if found is not None:
            return found
        for kind in ("simpleType", "complexType"):
            top = self._reading.documents.nodes.get((kind, key))
            if top is not None:
                return self.declared(key, top)
        raise refused(node, f"there is no type {name.strip()!r}")

    def _simple_named(self, node: Node, name: str) -> SimpleType:
        kind = self._named(node, name)
        if not isinstance(kind, SimpleType):
            raise refused(node, f"{name.strip()!r} is no simple type")
        return kind

    # Simple types

    def _simple(self, node: Node, name: str) -> SimpleType:
        derivations = parts(node)
        if len(derivations) != 1:
            raise refused(node, "an xsd:simpleType holds one xsd:restriction, xsd:list or xsd:union")
        derivation = derivations[0]
        kind = kind_of(derivation)
        inner = [self._simple(part, anonymous_name(part)) for part in parts_called(derivation, "simpleType")]
        if kind == "restriction":
            base = inner[0] if inner else self._simple_named(derivation, self._said(derivation, "base"))
            return restrict(base, name, self._target(node), parts(derivation))
        if kind == "list":
            item = inner[0] if inner else self._simple_named(derivation, self._said(derivation, "itemType"))
            return self._list(node, name, item)
        if kind != "union":
            raise refused(derivation, f"xsd:{kind} cannot stand in an xsd:simpleType")
        named_ones = [self._simple_named(derivation, each) for each in (derivation.get("memberTypes") or "").split()]
        return self._union(node, name, [*named_ones, *inner])

    @staticmethod
    def _said(node: Node, attribute: str) -> str:
        said = node.get(attribute)
        if not said:
            raise refused(node, f"this xsd:{kind_of(node)} says no {attribute}")
        return str(said)

    def _root(self) -> SimpleType:
        root = self._reading.schema.types[key_of(SCHEMA, "anySimpleType")]
        assert isinstance(root, SimpleType)  # noqa: S101 - XML Schema says so
        return root

    def _list(self, node: Node, name: str, item: SimpleType) -> SimpleType:
        if item.is_list:
            raise refused(node, f"the items of the list {name!r} are lists themselves")
        kind = SimpleType(name, self._target(node), self._root(), "list")
        kind.item, kind.white_space = item, COLLAPSE
        return kind

    def _union(self, node: Node, name: str, members: list[SimpleType]) -> SimpleType:
        if not members:
            raise refused(node, f"the union {name!r} has no members")
        kind = SimpleType(name, self._target(node), self._root(), "union")
        kind.white_space = COLLAPSE
        # As with Xerces, facets of unions that are members themselves are lost.
        kind.members = tuple(one for each in members for one in (each.members or (each,)))
        return kind

    # Complex types

    def _complex(self, node: Node, kind: ComplexType) -> ComplexType:
        document = self._reading.documents.of(node)
        kind.abstract = is_true(node, "abstract")
        kind.block = blocks(node, document.default("blockDefault"), _DERIVATIONS)
        inner = parts(node)
        first = kind_of(inner[0]) if inner else ""
        if first == "simpleContent":
            self._simple_content(kind, self._derivation(inner[0]))
        elif first == "complexContent":
            mixed = is_true(inner[0], "mixed") if inner[0].get("mixed") is not None else is_true(node, "mixed")
            self._complex_content(kind, self._derivation(inner[0]), mixed=mixed)
        else:
            kind.base = ANY_TYPE
            self._fill(kind, self._reading.particles.model(node), mixed=is_true(node, "mixed"))
            self._reading.attributes.give(kind, node)
        return kind

    @staticmethod
    def _derivation(content: Node) -> Node:
        found = parts(content)
        if len(found) != 1 or kind_of(found[0]) not in _DERIVATIONS:
            raise refused(content, f"an xsd:{kind_of(content)} holds one xsd:extension or xsd:restriction")
        return found[0]

    def _inherit(self, kind: ComplexType, derivation: Node) -> Type:
        kind.derivation = kind_of(derivation)
        key = self._reading.documents.key(derivation, self._said(derivation, "base"))
        if key in self._open:
            raise refused(derivation, f"the type {kind.name!r} is derived from one that holds it")
        kind.base = self._named(derivation, derivation.get("base"))
        return kind.base

    def _simple_content(self, kind: ComplexType, derivation: Node) -> None:
        base = self._inherit(kind, derivation)
        kind.content = "simple"
        kind.simple = base if isinstance(base, SimpleType) else base.simple
        for part in parts_called(derivation, "simpleType"):
            kind.simple = self._simple(part, anonymous_name(part))
        if kind.simple is None:
            raise refused(derivation, f"the type {derivation.get('base')!r} has no simple content")
        if kind.derivation == "restriction":
            content = derivation.getparent()
            kind.simple = restrict(kind.simple, anonymous_name(content), self._target(derivation), parts(derivation))
        self._reading.attributes.give(kind, derivation)

    def _complex_content(self, kind: ComplexType, derivation: Node, *, mixed: bool) -> None:
        base = self._inherit(kind, derivation)
        if not isinstance(base, ComplexType):
            raise refused(derivation, f"{derivation.get('base')!r} is no complex type")
        own = self._reading.particles.model(derivation)
        if kind.derivation == "restriction" or base.content == "empty":
            self._fill(kind, own, mixed=mixed)
        elif own is None and not mixed:
            kind.content, kind.simple, kind.particle = base.content, base.simple, base.particle
        else:
            self._extend(kind, base, own, derivation, mixed=mixed)
        self._reading.attributes.give(kind, derivation)

    def _extend(self, kind: ComplexType, base: ComplexType, own: Particle | None, at: Node, *, mixed: bool) -> None:
        if base.content == "simple" or mixed != (base.content == "mixed"):
            raise refused(at, f"{kind.name!r} cannot extend content of another kind")
        pair = [part for part in (base.particle, own or Particle("sequence", 1, 1)) if part is not None]
        if len(pair) > 1 and any(part.kind == "all" for part in pair):
            raise refused(at, f"{kind.name!r} cannot extend an xsd:all, or with one")
        self._fill(kind, Particle("sequence", 1, 1, None, tuple(pair)) if len(pair) > 1 else pair[0], mixed=mixed)

    @staticmethod
    def _fill(kind: ComplexType, particle: Particle | None, *, mixed: bool) -> None:
        kind.particle = particle
        kind.content = "mixed" if mixed else "empty" if particle is None else "element"
