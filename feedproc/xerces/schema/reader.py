"""Schema documents become a compiled schema: XML Schema 1.0 as far as it decides whether a document is valid.

What makes a schema itself invalid is looked at as far as reading it needs; libxml2 compiles it as well.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from feedproc.xerces.schema.attribute_reader import AttributeReader
from feedproc.xerces.schema.documents import UnknownSchema
from feedproc.xerces.schema.element_reader import ElementReader
from feedproc.xerces.schema.model import ANY_TYPE, ComplexType, ElementDeclaration, Schema, Type
from feedproc.xerces.schema.particle_reader import ParticleReader
from feedproc.xerces.schema.reading import SchemaReading
from feedproc.xerces.schema.type_reader import TypeReader
from feedproc.xerces.text.names import SCHEMA, make_key
from feedproc.xerces.values.builtin_types import make_built_in_types
from feedproc.xerces.values.simple_type import SimpleType

SUBSTITUTION = "substitution"


def join_groups(elements: Mapping[str, ElementDeclaration]) -> None:
    """Tell each head which elements may stand in its place."""
    for element in elements.values():
        for head in _list_heads(element):
            if SUBSTITUTION not in head.block and _may_stand(element.type, head.type, head.block):
                head.members[element.key] = element


def _list_heads(element: ElementDeclaration) -> Iterable[ElementDeclaration]:
    """Yield the heads of the groups that an element belongs to."""
    seen = {element.key}
    head = element.head
    while head is not None and head.key not in seen:
        yield head
        seen.add(head.key)
        head = head.head


def _may_stand(derived: Type, base: Type, blocked: frozenset[str]) -> bool:
    """Whether a type is derived from another in no way that is blocked."""
    ways: set[str] = set()
    stops = set(blocked)
    kind: Type | None = derived
    while kind is not base and kind is not None and kind is not ANY_TYPE:
        ways.add(kind.derivation if isinstance(kind, ComplexType) else "restriction")
        kind = _find_base(kind)
        if isinstance(kind, ComplexType):
            stops |= kind.block
    if kind is not base:
        members = base.members if isinstance(base, SimpleType) and base.primitive == "union" else ()
        return any(_may_stand(derived, member, blocked) for member in members)
    return not ways & stops


def _find_base(kind: Type) -> Type | None:
    return ANY_TYPE if kind.base is None else kind.base


__all__ = ["UnknownSchema", "read_schema"]


def read_schema(path: Path) -> Schema:
    """Read the schema document at `path` and all that belong to it. Raises `UnknownSchema`."""
    try:
        reading = SchemaReading(path)
        _declare(reading)
    except RecursionError:
        raise UnknownSchema(f"{path}: its types or groups are nested too deeply") from None
    return reading.schema


def _declare(reading: SchemaReading) -> None:
    """Read everything that the documents declare at their top."""
    particles, attributes = ParticleReader(reading), AttributeReader(reading)
    types, elements = TypeReader(reading), ElementReader(reading)
    reading.particles, reading.attributes, reading.types, reading.elements = particles, attributes, types, elements
    schema = reading.schema
    for name, built_in in make_built_in_types().items():
        schema.types[make_key(SCHEMA, name)] = built_in
    schema.types[make_key(SCHEMA, "anyType")] = ANY_TYPE
    for (kind, key), node in reading.documents.nodes.items():
        if kind == "element":
            schema.elements[key] = elements.declare(node)
        elif kind == "attribute":
            schema.attributes[key] = attributes.declare(node)
        elif kind in {"complexType", "simpleType"}:
            types.declare(key, node)
        elif kind == "attributeGroup":
            attributes.read_group(node)
        elif kind == "group":
            particles.read_group(node)
    reading.do_deferred()
    join_groups(schema.elements)
    schema.has_constraints = bool(reading.constraints)
