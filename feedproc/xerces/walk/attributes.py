"""The attributes of an element: what its type allows, and the four of xsi:."""

from collections.abc import Generator, Iterator
from typing import NamedTuple

from feedproc.xerces.schema.model import ANY_TYPE, AttributeUse, ComplexType, ElementDeclaration, Schema, Type
from feedproc.xerces.text.names import INSTANCE, SCHEMA, make_key, split_name
from feedproc.xerces.values.builtin_types import make_built_in_types
from feedproc.xerces.values.identifiers import Identifiers
from feedproc.xerces.values.simple_type import COLLAPSE, XML_SPACE, Actual, Complaint, Prefixes, SimpleType

Pairs = list[tuple[str, str]]
"""The attributes of an element in the order of the document, names as the parser tells them."""

_BUILT_IN = make_built_in_types()


def _check_locations() -> SimpleType:
    kind = SimpleType("#AnonType_schemaLocation", INSTANCE, _BUILT_IN["anySimpleType"], "list")
    kind.item, kind.white_space = _BUILT_IN["anyURI"], COLLAPSE
    return kind


_INSTANCE_TYPES = {
    make_key(INSTANCE, "type"): _BUILT_IN["QName"],
    make_key(INSTANCE, "nil"): _BUILT_IN["boolean"],
    make_key(INSTANCE, "schemaLocation"): _check_locations(),
    make_key(INSTANCE, "noNamespaceSchemaLocation"): _BUILT_IN["anyURI"],
}


def find_value(pairs: Pairs, local: str) -> str | None:
    """Return the value of the xsi: attribute `local`, if there is one."""
    if not pairs:
        return None
    wanted = make_key(INSTANCE, local)
    return next((value for told, value in pairs if split_name(told)[0] == wanted), None)


class Meaning(NamedTuple):
    """What is needed to understand the values in a document."""

    schema: Schema
    prefixes: Prefixes
    identifiers: Identifiers | None


class Found:
    """The attributes of an element: namespace, local name and value; those that have a default are added."""

    def __init__(self, latest: Actual | None) -> None:
        """Take the value that was read last: as with Xerces, it stands for one that cannot be read."""
        self.attributes: list[tuple[str | None, str, Actual | None]] = []
        self.latest = latest

    def add(self, attribute: "_Attribute", *, is_judged: bool, actual: Actual | None) -> None:
        """Add an attribute; one that is not judged has no value."""
        if is_judged and actual is not None:
            self.latest = actual
        self.attributes.append((attribute.namespace, attribute.local, self.latest if is_judged else None))


def check_attributes(
    meaning: Meaning, kind: Type, raw_name: str, pairs: Pairs, found: Found | None = None
) -> Iterator[Complaint]:
    """Yield what is wrong with the attributes of an element of type `kind`; put their values into `found`."""
    keys = set()
    wild: list[str] = []
    for told, value in pairs:
        attribute = _Attribute(*split_name(told), value)
        keys.add(attribute.key)
        is_judged, actual = yield from _check_attribute(meaning, kind, raw_name, attribute, wild)
        if found is not None:
            found.add(attribute, is_judged=is_judged, actual=actual)
    if isinstance(kind, ComplexType):
        own = next((use.name for use in kind.attributes.values() if use.type.identifies == "ID"), None)
        if own is not None and wild:
            yield "cvc-complex-type.5.2", (raw_name, wild[0], own)
        yield from _tell_missing(kind, raw_name, keys, found)


def _tell_missing(kind: ComplexType, raw_name: str, keys: set[str], found: Found | None) -> Iterator[Complaint]:
    for use in kind.attributes.values():
        if use.key in keys:
            continue
        if use.required and use.namespace is not None:
            yield "cvc-complex-type.4_ns", (raw_name, use.name, use.namespace)
        elif use.required:
            yield "cvc-complex-type.4", (raw_name, use.name)
        if found is not None and use.default is not None:
            found.attributes.append((use.namespace, use.name, use.default))


class _Attribute(NamedTuple):
    key: str
    namespace: str | None
    name: str
    value: str

    @property
    def local(self) -> str:
        return self.name.rpartition(":")[2]


def _check_attribute(
    meaning: Meaning, kind: Type, raw_name: str, attribute: _Attribute, wild: list[str]
) -> Generator[Complaint, None, tuple[bool, Actual | None]]:
    """Yield what is wrong with one attribute; return whether its value was looked at, and what it means.

    `wild` holds the identifiers that wildcards let in.
    """
    if attribute.key in _INSTANCE_TYPES:
        return True, (yield from _check_value(meaning, _INSTANCE_TYPES[attribute.key], raw_name, attribute))
    if isinstance(kind, SimpleType):
        yield "cvc-type.3.1.1", (raw_name, attribute.name)
        return False, None
    use = kind.attributes.get(attribute.key)
    if use is None:
        use = yield from _let_in(meaning, kind, raw_name, attribute)
        if use is None:
            return False, None
        if use.type.identifies == "ID":
            if wild:
                yield "cvc-complex-type.5.1", (raw_name, use.name, wild[0])
            else:
                wild.append(use.name)
    return True, (yield from _check_value(meaning, use.type, raw_name, attribute, use))


def _let_in(
    meaning: Meaning, kind: ComplexType, raw_name: str, attribute: _Attribute
) -> Generator[Complaint, None, AttributeUse | None]:
    """Return the declaration of an attribute that a wildcard lets in, if it is to be looked at."""
    if kind.wildcard is None or not kind.wildcard.accepts(attribute.namespace):
        yield "cvc-complex-type.3.2.2", (raw_name, attribute.name)
        return None
    if kind.wildcard.process == "skip":
        return None
    use = meaning.schema.attributes.get(attribute.key)
    if use is None and kind.wildcard.process == "strict":
        yield "cvc-complex-type.3.2.2", (raw_name, attribute.name)
    return use


def _check_value(
    meaning: Meaning, kind: SimpleType, raw_name: str, attribute: _Attribute, use: AttributeUse | None = None
) -> Generator[Complaint, None, Actual | None]:
    actual, complaint = kind.judge(attribute.value, meaning.prefixes, meaning.identifiers)
    if complaint is not None:
        yield complaint
        yield "cvc-attribute.3", (raw_name, attribute.name, attribute.value, kind.name)
        return actual
    if use is not None and actual is not None:
        if use.declared_fixed is not None and use.declared_fixed.key != actual.key:
            yield "cvc-attribute.4", (raw_name, attribute.name, attribute.value, str(use.declared_fixed))
        if use.fixed is not None and use.fixed.key != actual.key:
            yield "cvc-complex-type.3.1", (raw_name, attribute.name, attribute.value, str(use.fixed))
    return actual


def choose_type(
    schema: Schema, declaration: ElementDeclaration | None, raw_name: str, value: str, prefixes: Prefixes
) -> tuple[Type | None, list[Complaint]]:
    """Return the type that xsi:type names, if it names one, and what is wrong with it."""
    complaint = _BUILT_IN["QName"].complain(value, prefixes)
    if complaint is not None:
        return None, [complaint, ("cvc-elt.4.1", (raw_name, value))]
    prefix, _, local = value.strip(XML_SPACE).rpartition(":")
    kind = schema.find_type(prefixes(prefix), local)
    if kind is None:
        return None, [("cvc-elt.4.2", (raw_name, value))]
    if declaration is not None and not _derives(kind, declaration.type, _is_blocked(declaration)):
        return kind, [("cvc-elt.4.3", (raw_name, value, declaration.type.name))]
    return kind, []


def _is_blocked(declaration: ElementDeclaration) -> frozenset[str]:
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
    # From xsd:anySimpleType itself Xerces goes no further up.
    return isinstance(kind, SimpleType) and kind.base is not None and _derives_simply(kind, base, blocked)


def _derives_simply(kind: SimpleType, base: Type, blocked: frozenset[str]) -> bool:
    if isinstance(base, ComplexType):
        return base is ANY_TYPE and (kind.name == "anySimpleType" or "restriction" not in blocked)
    return kind is base or ("restriction" not in blocked and kind.derives_from(base))


def is_true(value: str) -> bool:
    """Whether an xsi:nil says yes."""
    return value.strip(XML_SPACE) in {"true", "1"}


__all__ = ["SCHEMA", "check_attributes", "choose_type", "find_value", "is_true"]
