"""Restriction: a simple type and some facets make a narrower one."""

from feedproc.xerces.schema.nodes import Node, kind_of, prefixes_at, refused
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
        facet = kind_of(node)
        if facet not in _OTHER_PARTS and node.get("value") is None:
            raise refused(node, f"this xsd:{facet} has no value")
        if facet == "pattern":
            patterns.append(node)
        elif facet == "enumeration":
            values.append(node)
        elif facet not in _OTHER_PARTS:
            _apply(kind, base, facet, node)
    if patterns:
        # Xerces turns the order of those that it inherits.
        kind.patterns = (*reversed(kind.patterns), _pattern(patterns))
    if values:
        _enumerate(kind, base, values)
    return kind


def _pattern(nodes: list[Node]) -> Pattern:
    source = ""
    for node in nodes:
        # As with Xerces, empty ones in front are lost.
        source = f"{source}|{node.get('value')}" if source else node.get("value")
    try:
        return Pattern(source)
    except UnknownPattern as unknown:
        raise refused(nodes[0], f"{unknown} is no pattern of XML Schema") from unknown


def _apply(kind: SimpleType, base: SimpleType, facet: str, node: Node) -> None:
    value = node.get("value")
    if facet in _NUMBERS:
        setattr(kind, _NUMBERS[facet], _count(node, value))
    elif facet == "whiteSpace":
        if value.strip() not in _WHITE_SPACE:
            raise refused(node, f"xsd:whiteSpace is preserve, replace or collapse, not {value!r}")
        kind.white_space = _WHITE_SPACE[value.strip()]
    elif facet in _BOUNDS:
        actual, complaint = base.read(value)
        if actual is None or complaint is not None:
            raise refused(node, f"{value!r} is no value of the type that is restricted")
        opposite = facet.replace("Inclusive", "*").replace("Exclusive", "Inclusive").replace("*", "Exclusive")
        kind.bounds.pop(opposite, None)
        kind.bounds[facet] = actual.value
    else:
        raise refused(node, f"xsd:{facet} is no facet")


def _count(node: Node, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise refused(node, f"{value!r} is no number") from None


def _enumerate(kind: SimpleType, base: SimpleType, nodes: list[Node]) -> None:
    read = [_listed(base, node) for node in nodes]
    kind.enumeration = frozenset(key for key, _ in read)
    kind.enumeration_words = f"[{', '.join(word for _, word in read)}]"


def _listed(base: SimpleType, node: Node) -> tuple[object, str]:
    actual, complaint = base.judge(node.get("value"), prefixes_at(node))
    if actual is None or complaint is not None:
        raise refused(node, f"{node.get('value')!r} is no value of the type that is restricted")
    return actual.key, str(actual)
