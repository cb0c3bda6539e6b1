"""Substitution groups: which elements may stand where another one is declared."""

from collections.abc import Iterable, Mapping

from feedproc.xerces.schema.model import ANY_TYPE, ComplexType, Element, Type
from feedproc.xerces.values.simple_type import SimpleType

SUBSTITUTION = "substitution"


def join_groups(elements: Mapping[str, Element]) -> None:
    """Tell each head which elements may stand in its place."""
    for element in elements.values():
        for head in _heads(element):
            if SUBSTITUTION not in head.block and _may_stand(element.type, head.type, head.block):
                head.members[element.key] = element


def _heads(element: Element) -> Iterable[Element]:
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
        kind = _base(kind)
        if isinstance(kind, ComplexType):
            stops |= kind.block
    if kind is not base:
        members = base.members if isinstance(base, SimpleType) and base.primitive == "union" else ()
        return any(_may_stand(derived, member, blocked) for member in members)
    return not ways & stops


def _base(kind: Type) -> Type | None:
    return ANY_TYPE if kind.base is None else kind.base
