"""Attribute declarations, attribute groups and attribute wildcards are read from schema documents."""

from feedproc.xerces.schema.documents import Node, list_parts, read_name, refuse, resolve_prefixes_at, tell_kind
from feedproc.xerces.schema.model import AttributeUse, ComplexType
from feedproc.xerces.schema.particle_reader import read_wildcard
from feedproc.xerces.schema.reading import SchemaReading
from feedproc.xerces.schema.wildcards import Wildcard, intersect_wildcards, unite_wildcards
from feedproc.xerces.text.names import SCHEMA, make_key
from feedproc.xerces.values.simple_type import Actual, SimpleType

_GROUP_PARTS = {"attribute", "attributeGroup", "anyAttribute"}


class AttributeGroup:
    """The attributes of a type or of an attribute group, in Xerces' order."""

    def __init__(self) -> None:
        self.uses: dict[str, AttributeUse | None] = {}
        """None for one that is prohibited."""
        self.wildcard: Wildcard | None = None


class AttributeReader:
    """Reads what the documents say of attributes."""

    def __init__(self, reading: SchemaReading) -> None:
        """Take the reading that this is part of."""
        self._reading = reading
        self._groups: dict[Node, AttributeGroup] = {}
        self._open: list[Node] = []

    def declare(self, node: Node) -> AttributeUse:
        """Return an attribute that is declared at a document's top; a fixed value is the declaration's own."""
        target = self._reading.documents.find_document(node).target
        use = self._use(node, target)
        return use._replace(fixed=None, declared_fixed=use.fixed)

    def give(self, kind: ComplexType, node: Node) -> None:
        """Give a type the attributes that stand at its derivation, or at itself, and those of its base."""
        group = AttributeGroup()
        self._collect(group, node)
        base = kind.base
        is_extension = kind.derivation == "extension"
        if isinstance(base, ComplexType):
            if is_extension:
                group.uses = {key: use for key, use in group.uses.items() if use is not None}
            for key, use in base.attributes.items():
                group.uses.setdefault(key, use)
            if is_extension and base.wildcard is not None:
                group.wildcard = self._join(group.wildcard, base.wildcard, node)
        kind.attributes = {key: use for key, use in group.uses.items() if use is not None}
        kind.wildcard = group.wildcard

    def read_group(self, node: Node) -> AttributeGroup:
        """Return what an attribute group at a document's top holds."""
        if node in self._open:
            raise refuse(node, f"xsd:attributeGroup {read_name(node)!r} holds itself")
        found = self._groups.get(node)
        if found is None:
            found = AttributeGroup()
            self._open.append(node)
            self._collect(found, node)
            self._open.pop()
            self._groups[node] = found
        return found

    def _join(self, own: Wildcard | None, base: Wildcard, node: Node) -> Wildcard:
        if own is None:
            return base
        joined = unite_wildcards(own, base)
        if joined is None:
            raise refuse(node, "the union of its attribute wildcards cannot be expressed")
        return joined

    def _collect(self, group: AttributeGroup, node: Node) -> None:
        for part in list_parts(node):
            name = tell_kind(part)
            if name == "attribute":
                self._add(group, part)
            elif name == "attributeGroup":
                self._take(group, part)
            elif name == "anyAttribute":
                own = read_wildcard(part, self._reading.documents)
                group.wildcard = own if group.wildcard is None else self._narrow(own, group.wildcard, part)

    def _take(self, group: AttributeGroup, part: Node) -> None:
        taken = self.read_group(self._reading.find_component("attributeGroup", part, part.get("ref") or ""))
        for key, use in taken.uses.items():
            group.uses.setdefault(key, use)
        if taken.wildcard is not None:
            group.wildcard = (
                taken.wildcard if group.wildcard is None else self._narrow(group.wildcard, taken.wildcard, part)
            )

    @staticmethod
    def _narrow(one: Wildcard, other: Wildcard, node: Node) -> Wildcard:
        narrowed = intersect_wildcards(one, other)
        if narrowed is None:
            raise refuse(node, "the intersection of its attribute wildcards cannot be expressed")
        return narrowed

    def _add(self, group: AttributeGroup, part: Node) -> None:
        use = self._read_local(part)
        if use.key in group.uses and group.uses[use.key] is not None:
            raise refuse(part, f"there are two attributes {use.name!r}")
        group.uses[use.key] = None if (part.get("use") or "").strip() == "prohibited" else use

    def _read_local(self, node: Node) -> AttributeUse:
        if not node.get("ref"):
            document = self._reading.documents.find_document(node)
            form = node.get("form") or document.get_default("attributeFormDefault")
            return self._use(node, document.target if form == "qualified" else None)
        key = self._reading.documents.resolve(node, node.get("ref"))
        use = self._reading.schema.attributes.get(key)
        if use is None:
            use = self.declare(self._reading.find_component("attribute", node, node.get("ref")))
        fixed = _read_value(use.type, node, "fixed")
        default = _read_value(use.type, node, "default") or fixed or use.default
        return use._replace(required=_is_required(node), fixed=fixed, default=default)

    def _use(self, node: Node, namespace: str | None) -> AttributeUse:
        kind = self._find_type(node)
        name = read_name(node)
        fixed = _read_value(kind, node, "fixed")
        default = _read_value(kind, node, "default") or fixed
        return AttributeUse(
            make_key(namespace, name), name, namespace, kind, _is_required(node), fixed=fixed, default=default
        )

    def _find_type(self, node: Node) -> SimpleType:
        kind = self._reading.types.find_type(node) or self._reading.schema.types[make_key(SCHEMA, "anySimpleType")]
        if not isinstance(kind, SimpleType):
            raise refuse(node, "the type of an attribute must be simple")
        return kind


def _is_required(node: Node) -> bool:
    return (node.get("use") or "").strip() == "required"


def _read_value(kind: SimpleType, node: Node, attribute: str) -> Actual | None:
    """Return what a fixed or default value means, if there is one."""
    text = node.get(attribute)
    if text is None:
        return None
    actual, complaint = kind.judge(text, resolve_prefixes_at(node))
    if actual is None or complaint is not None:
        raise refuse(node, f"{text!r} is no value of its type")
    return actual
