"""Schema documents become a compiled schema. What feeds need of XML Schema is read; the rest is refused."""

from pathlib import Path
from typing import Any

from lxml import etree

from feedproc.formats.xerces.builtin_types import built_in_types
from feedproc.formats.xerces.facets import restrict
from feedproc.formats.xerces.model import (
    ANY_TYPE,
    SCHEMA,
    AttributeUse,
    ComplexType,
    Element,
    Schema,
    Type,
    Wildcard,
    key_of,
)
from feedproc.formats.xerces.particles import UNBOUNDED, Particle
from feedproc.formats.xerces.simple import COLLAPSE, SimpleType

Node = Any
"""An element of a schema document."""

_TOP = {"element", "attribute", "complexType", "simpleType", "group", "attributeGroup"}
_GROUPS = {"sequence", "choice", "all"}
_BLOCKS = {"extension", "restriction"}


class UnknownSchema(Exception):
    """The schema uses something that this reader does not know."""


def read_schema(path: Path) -> Schema:
    """Read the schema document at `path` and all that it includes."""
    return _Reader(path).schema


def _kind(node: Node) -> str:
    return str(etree.QName(node).localname)


def _parts(node: Node) -> list[Node]:
    return [part for part in node.iterchildren(f"{{{SCHEMA}}}*") if _kind(part) != "annotation"]


def _words(value: str | None) -> frozenset[str]:
    return frozenset(_BLOCKS) if value == "#all" else frozenset((value or "").split()) & _BLOCKS


class _Reader:
    def __init__(self, path: Path) -> None:
        self.schema = Schema()
        self._nodes: dict[tuple[str, str], Node] = {}
        self._seen: set[Path] = set()
        self._elements: dict[str, Element] = {}
        self._load(path)
        for name, kind in built_in_types().items():
            self.schema.types[key_of(SCHEMA, name)] = kind
        self.schema.types[key_of(SCHEMA, "anyType")] = ANY_TYPE
        self._declare()

    def _load(self, path: Path) -> None:
        if path in self._seen:
            return
        self._seen.add(path)
        root = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
        for node in _parts(root):
            kind = _kind(node)
            if kind in {"include", "import"}:
                self._load(path.parent / node.get("schemaLocation"))
            elif kind in _TOP:
                self._nodes.setdefault((kind, key_of(root.get("targetNamespace"), node.get("name"))), node)
            else:
                raise UnknownSchema(kind)

    def _declare(self) -> None:
        for kind, key in self._nodes:
            if kind == "element":
                self.schema.elements[key] = self._element(key)
            elif kind == "attribute":
                self.schema.attributes[key] = self._attribute(key)
            elif kind in {"complexType", "simpleType"}:
                self.schema.types[key] = self._type(key)

    def _key(self, node: Node, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        return key_of(node.nsmap.get(prefix or None), local)

    def _node(self, kind: str, key: str) -> Node:
        node = self._nodes.get((kind, key))
        if node is None:
            raise UnknownSchema(f"{kind} {key}")
        return node

    # Elements and attributes

    def _element(self, key: str) -> Element:
        done = self._elements.get(key)
        if done is None:
            node = self._node("element", key)
            done = self._elements[key] = Element(_target(node), node.get("name"))
            self._fill_element(done, node)
        return done

    def _local_element(self, node: Node) -> Element:
        if node.get("ref"):
            return self._element(self._key(node, node.get("ref")))
        form = node.get("form") or node.getroottree().getroot().get("elementFormDefault")
        element = Element(_target(node) if form == "qualified" else None, node.get("name"))
        self._fill_element(element, node)
        return element

    def _fill_element(self, element: Element, node: Node) -> None:
        element.type = self._type_of(node) or ANY_TYPE
        element.nillable = node.get("nillable") in {"true", "1"}
        element.abstract = node.get("abstract") in {"true", "1"}
        element.default = node.get("default") if node.get("fixed") is None else node.get("fixed")
        element.fixed = node.get("fixed") is not None
        element.block = _words(node.get("block"))

    def _attribute(self, key: str) -> AttributeUse:
        return self._attribute_use(self._node("attribute", key), _target(self._node("attribute", key)))

    def _attribute_use(self, node: Node, namespace: str | None) -> AttributeUse:
        kind = self._type_of(node) or self.schema.types[key_of(SCHEMA, "anySimpleType")]
        if not isinstance(kind, SimpleType):
            raise UnknownSchema(node.get("name"))
        key = key_of(namespace, node.get("name"))
        return AttributeUse(key, node.get("name"), kind, node.get("use") == "required", node.get("fixed"))

    def _local_attribute(self, node: Node) -> AttributeUse:
        if not node.get("ref"):
            form = node.get("form") or node.getroottree().getroot().get("attributeFormDefault")
            return self._attribute_use(node, _target(node) if form == "qualified" else None)
        use = self._attribute(self._key(node, node.get("ref")))
        return use._replace(required=node.get("use") == "required", fixed=node.get("fixed") or use.fixed)

    def _attributes(self, kind: ComplexType, node: Node) -> None:
        for part in _parts(node):
            name = _kind(part)
            if name == "attribute" and part.get("use") == "prohibited":
                kind.attributes.pop(key_of(None, part.get("name") or ""), None)
            elif name == "attribute":
                use = self._local_attribute(part)
                kind.attributes[use.key] = use
            elif name == "attributeGroup":
                self._attributes(kind, self._node("attributeGroup", self._key(part, part.get("ref"))))
            elif name == "anyAttribute":
                kind.wildcard = _wildcard(part)

    # Types

    def _type_of(self, node: Node) -> Type | None:
        if node.get("type"):
            return self._type(self._key(node, node.get("type")))
        for part in _parts(node):
            if _kind(part) == "simpleType":
                return self._simple(part, _anonymous_name(part))
            if _kind(part) == "complexType":
                return self._complex(part, ComplexType(_anonymous_name(part), _target(part)))
        return None

    def _type(self, key: str) -> Type:
        if key in self.schema.types:
            return self.schema.types[key]
        if ("simpleType", key) in self._nodes:
            node = self._nodes["simpleType", key]
            self.schema.types[key] = self._simple(node, node.get("name"))
        else:
            node = self._node("complexType", key)
            kind = self.schema.types[key] = ComplexType(node.get("name"), _target(node))
            self._complex(node, kind)
        return self.schema.types[key]

    def _simple_type(self, key: str) -> SimpleType:
        kind = self._type(key)
        if not isinstance(kind, SimpleType):
            raise UnknownSchema(key)
        return kind

    def _simple(self, node: Node, name: str) -> SimpleType:
        (derivation,) = _parts(node)
        inner = [
            self._simple(part, _anonymous_name(part)) for part in _parts(derivation) if _kind(part) == "simpleType"
        ]
        if _kind(derivation) == "restriction":
            base = inner[0] if inner else self._simple_type(self._key(derivation, derivation.get("base")))
            return restrict(base, name, _target(node), _parts(derivation))
        root = self._simple_type(key_of(SCHEMA, "anySimpleType"))
        if _kind(derivation) == "list":
            kind = SimpleType(name, _target(node), root, "list")
            kind.item = inner[0] if inner else self._simple_type(self._key(derivation, derivation.get("itemType")))
            kind.white_space = COLLAPSE
            return kind
        kind = SimpleType(name, _target(node), root, "union")
        named = [
            self._simple_type(self._key(derivation, each)) for each in (derivation.get("memberTypes") or "").split()
        ]
        kind.members = tuple(one for each in [*named, *inner] for one in (each.members or (each,)))
        return kind

    def _complex(self, node: Node, kind: ComplexType) -> ComplexType:
        kind.abstract = node.get("abstract") in {"true", "1"}
        kind.block = _words(node.get("block"))
        parts = _parts(node)
        first = _kind(parts[0]) if parts else ""
        if first == "simpleContent":
            self._simple_content(kind, _parts(parts[0])[0])
        elif first == "complexContent":
            mixed = parts[0].get("mixed") or node.get("mixed")
            self._complex_content(kind, _parts(parts[0])[0], mixed in {"true", "1"})
        else:
            kind.base = ANY_TYPE
            self._content(kind, self._model(node), node.get("mixed") in {"true", "1"})
            self._attributes(kind, node)
        return kind

    def _inherit(self, kind: ComplexType, derivation: Node) -> Type:
        kind.derivation = _kind(derivation)
        base = kind.base = self._type(self._key(derivation, derivation.get("base")))
        if isinstance(base, ComplexType) and base is not ANY_TYPE:
            kind.attributes = dict(base.attributes)
            kind.wildcard = base.wildcard if kind.derivation == "extension" else None
        self._attributes(kind, derivation)
        return base

    def _simple_content(self, kind: ComplexType, derivation: Node) -> None:
        base = self._inherit(kind, derivation)
        kind.content = "simple"
        kind.simple = base if isinstance(base, SimpleType) else base.simple
        parts = _parts(derivation)
        for part in parts:
            if _kind(part) == "simpleType":
                kind.simple = self._simple(part, _anonymous_name(part))
        if kind.derivation == "restriction" and kind.simple is not None:
            kind.simple = restrict(kind.simple, _anonymous_name(derivation.getparent()), _target(derivation), parts)

    def _complex_content(self, kind: ComplexType, derivation: Node, mixed: bool) -> None:
        base = self._inherit(kind, derivation)
        own = self._model(derivation)
        if kind.derivation == "extension" and isinstance(base, ComplexType) and base.particle is not None:
            mixed = mixed or base.content == "mixed"
            own = Particle("sequence", 1, 1, None, (base.particle, own)) if own is not None else base.particle
        self._content(kind, own, mixed)

    @staticmethod
    def _content(kind: ComplexType, particle: Particle | None, mixed: bool) -> None:
        kind.particle = particle
        kind.content = "mixed" if mixed else "empty" if particle is None else "element"

    # Content

    def _model(self, node: Node) -> Particle | None:
        for part in _parts(node):
            if _kind(part) in _GROUPS or _kind(part) == "group":
                particle = self._particle(part)
                return None if _is_empty(particle) else particle
        return None

    def _particle(self, node: Node) -> Particle:
        minimum, maximum = _occurs(node)
        kind = _kind(node)
        if kind == "element":
            return Particle("leaf", minimum, maximum, self._local_element(node))
        if kind == "any":
            return Particle("leaf", minimum, maximum, _wildcard(node))
        if kind == "group":
            node = _parts(self._node("group", self._key(node, node.get("ref"))))[0]
            return self._group(node)._replace(minimum=minimum, maximum=maximum)
        if kind in _GROUPS:
            return self._group(node)._replace(minimum=minimum, maximum=maximum)
        raise UnknownSchema(kind)

    def _group(self, node: Node) -> Particle:
        parts = [self._particle(part) for part in _parts(node)]
        return Particle(_kind(node), 1, 1, None, tuple(part for part in parts if part.maximum != 0))


def _is_empty(particle: Particle) -> bool:
    return particle.maximum == 0 or (particle.kind in {"sequence", "all"} and not particle.parts)


def _target(node: Node) -> str | None:
    return node.getroottree().getroot().get("targetNamespace")  # type: ignore[no-any-return]


def _occurs(node: Node) -> tuple[int, int]:
    maximum = node.get("maxOccurs", "1")
    return int(node.get("minOccurs", "1")), UNBOUNDED if maximum == "unbounded" else int(maximum)


def _anonymous_name(node: Node) -> str:
    """Return the name that Xerces gives a type without one: those of all that it stands in, inside out."""
    return "#AnonType_" + "".join(outer.get("name") or "" for outer in list(node.iterancestors())[:-1])


def _wildcard(node: Node) -> Wildcard:
    process = node.get("processContents", "strict")
    said = node.get("namespace", "##any")
    if said == "##any":
        return Wildcard(process, None, negated=False, label="WC[##any]")
    own = _target(node)
    if said == "##other":
        return Wildcard(process, frozenset({own}), negated=True, label=f'WC[##other:"{own or ""}"]')
    named = [own if each == "##targetNamespace" else None if each == "##local" else each for each in said.split()]
    label = ",".join(f'"{each or ""}"' for each in named)
    return Wildcard(process, frozenset(named), negated=False, label=f"WC[{label}]")
