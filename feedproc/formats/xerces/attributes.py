"""The attributes of an element: what its type allows, and the four of xsi:."""

from collections.abc import Iterator

from feedproc.formats.xerces.builtin_types import built_in_types
from feedproc.formats.xerces.model import (
    ANY_TYPE,
    INSTANCE,
    SCHEMA,
    SEPARATOR,
    AttributeUse,
    ComplexType,
    Element,
    Schema,
    Type,
    key_of,
)
from feedproc.formats.xerces.simple import COLLAPSE, XML_SPACE, Complaint, Prefixes, SimpleType

Pairs = list[tuple[str, str]]
"""The attributes of an element in the order of the document, names as the parser tells them."""

_BUILT_IN = built_in_types()


def _locations() -> SimpleType:
    kind = SimpleType("#AnonType_schemaLocation", INSTANCE, _BUILT_IN["anySimpleType"], "list")
    kind.item, kind.white_space = _BUILT_IN["anyURI"], COLLAPSE
    return kind


_INSTANCE_TYPES = {
    key_of(INSTANCE, "type"): _BUILT_IN["QName"],
    key_of(INSTANCE, "nil"): _BUILT_IN["boolean"],
    key_of(INSTANCE, "schemaLocation"): _locations(),
    key_of(INSTANCE, "noNamespaceSchemaLocation"): _BUILT_IN["anyURI"],
}


def split_name(told: str) -> tuple[str, str | None, str]:
    """Return the key, the namespace and the raw name of an element or attribute as the parser tells it."""
    if SEPARATOR not in told:
        return told, None, told
    namespace, local, *prefix = told.split(SEPARATOR)
    return key_of(namespace, local), namespace, f"{prefix[0]}:{local}" if prefix else local


def value_of(pairs: Pairs, local: str) -> str | None:
    """Return the value of the xsi: attribute `local`, if there is one."""
    if not pairs:
        return None
    wanted = key_of(INSTANCE, local)
    return next((value for told, value in pairs if split_name(told)[0] == wanted), None)


def attribute_complaints(
    schema: Schema, kind: Type, raw_name: str, pairs: Pairs, prefixes: Prefixes
) -> Iterator[Complaint]:
    """Yield what is wrong with the attributes of an element of type `kind`."""
    keys = set()
    for told, value in pairs:
        key, namespace, name = split_name(told)
        keys.add(key)
        if key in _INSTANCE_TYPES:
            yield from _value_complaints(_INSTANCE_TYPES[key], raw_name, name, value, prefixes)
        elif isinstance(kind, SimpleType):
            yield "cvc-type.3.1.1", (raw_name, name)
        else:
            yield from _declared(schema, kind, raw_name, (key, namespace, name, value), prefixes)
    if isinstance(kind, ComplexType):
        for use in kind.attributes.values():
            if use.required and use.key not in keys:
                yield "cvc-complex-type.4", (raw_name, use.name)


def _declared(
    schema: Schema, kind: ComplexType, raw_name: str, attribute: tuple[str, str | None, str, str], prefixes: Prefixes
) -> Iterator[Complaint]:
    key, namespace, name, value = attribute
    use = kind.attributes.get(key)
    if use is None:
        if kind.wildcard is None or not kind.wildcard.accepts(key, namespace):
            yield "cvc-complex-type.3.2.2", (raw_name, name)
            return
        use = schema.attributes.get(key) if kind.wildcard.process != "skip" else None
        if use is None:
            if kind.wildcard.process == "strict":
                yield "cvc-complex-type.3.2.2", (raw_name, name)
            return
    yield from _value_complaints(use.type, raw_name, name, value, prefixes, use)


def _value_complaints(
    kind: SimpleType, raw_name: str, name: str, value: str, prefixes: Prefixes, use: AttributeUse | None = None
) -> Iterator[Complaint]:
    complaint = kind.complaint(value, prefixes)
    if complaint is not None:
        yield complaint
        yield "cvc-attribute.3", (raw_name, name, value, kind.name)
    elif use is not None and use.fixed is not None and kind.read(value)[0] != kind.read(use.fixed)[0]:
        yield "cvc-attribute.4", (raw_name, name, value, use.fixed)
        yield "cvc-complex-type.3.1", (raw_name, name, value, use.fixed)


def chosen_type(
    schema: Schema, declaration: Element | None, raw_name: str, value: str, prefixes: Prefixes
) -> tuple[Type | None, list[Complaint]]:
    """Return the type that xsi:type names, if it names one, and what is wrong with it."""
    complaint = _BUILT_IN["QName"].complaint(value, prefixes)
    if complaint is not None:
        return None, [complaint, ("cvc-elt.4.1", (raw_name, value))]
    prefix, _, local = value.strip(XML_SPACE).rpartition(":")
    kind = schema.type_named(prefixes(prefix), local)
    if kind is None:
        return None, [("cvc-elt.4.2", (raw_name, value))]
    if declaration is not None and not _derives(kind, declaration.type, _blocked(declaration)):
        return kind, [("cvc-elt.4.3", (raw_name, value, declaration.type.name))]
    return kind, []


def _blocked(declaration: Element) -> frozenset[str]:
    kind = declaration.type
    return declaration.block | kind.block if isinstance(kind, ComplexType) else declaration.block


def _derives(kind: Type, base: Type, blocked: frozenset[str]) -> bool:
    if kind is ANY_TYPE:
        return base is ANY_TYPE
    if isinstance(kind, SimpleType):
        return _derives_simply(kind, base, blocked)
    while isinstance(kind, ComplexType) and kind is not ANY_TYPE:
        if kind is base:
            return True
        if kind.derivation in blocked or kind.base is None:
            return False
        if kind.base is base:
            return True
        kind = kind.base
    return isinstance(kind, SimpleType) and _derives_simply(kind, base, blocked)


def _derives_simply(kind: SimpleType, base: Type, blocked: frozenset[str]) -> bool:
    if isinstance(base, ComplexType):
        return base is ANY_TYPE and (kind.name == "anySimpleType" or "restriction" not in blocked)
    return kind is base or ("restriction" not in blocked and kind.derives_from(base))


def is_true(value: str) -> bool:
    """Whether an xsi:nil says yes."""
    return value.strip(XML_SPACE) in {"true", "1"}


__all__ = ["SCHEMA", "attribute_complaints", "chosen_type", "is_true", "split_name", "value_of"]
