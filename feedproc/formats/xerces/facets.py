"""Restriction: a simple type and some facets make a narrower one."""

from typing import Any

from lxml import etree

from feedproc.formats.xerces.patterns import Pattern
from feedproc.formats.xerces.simple import COLLAPSE, PRESERVE, REPLACE, SimpleType
from feedproc.formats.xerces.values import Number

_WHITE_SPACE = {"preserve": PRESERVE, "replace": REPLACE, "collapse": COLLAPSE}
_NUMBERS = {
    "length": "length",
    "minLength": "min_length",
    "maxLength": "max_length",
    "totalDigits": "total_digits",
    "fractionDigits": "fraction_digits",
}
_BOUNDS = {"minInclusive", "minExclusive", "maxInclusive", "maxExclusive"}


def restrict(base: SimpleType, name: str, namespace: str | None, nodes: list[Any]) -> SimpleType:
    """Return the type that the facet elements among `nodes` make of `base`."""
    kind = SimpleType(name, namespace, base, base.primitive)
    patterns: list[str] = []
    values: list[str] = []
    for node in nodes:
        facet, value = etree.QName(node).localname, node.get("value")
        if facet == "pattern":
            patterns.append(value)
        elif facet == "enumeration":
            values.append(value)
        else:
            _apply(kind, facet, value)
    if patterns:
        kind.patterns = (*kind.patterns, Pattern("|".join(patterns)))
    if values:
        _enumerate(kind, base, values)
    return kind


def _apply(kind: SimpleType, facet: str, value: str) -> None:
    if facet in _NUMBERS:
        setattr(kind, _NUMBERS[facet], int(value))
    elif facet == "whiteSpace":
        kind.white_space = _WHITE_SPACE[value]
    elif facet in _BOUNDS:
        bound, _ = kind.read(value)
        if isinstance(bound, Number):
            opposite = facet.replace("Inclusive", "*").replace("Exclusive", "Inclusive").replace("*", "Exclusive")
            kind.bounds.pop(opposite, None)
            kind.bounds[facet] = bound


def _enumerate(kind: SimpleType, base: SimpleType, values: list[str]) -> None:
    # Xerces leaves a name out that the base type does not allow; schemas in use have none.
    read = [base.read(value)[0] for value in values]
    kind.enumeration = frozenset(read)
    words = [
        str(each) if isinstance(each, Number) else base.normalized(value)
        for each, value in zip(read, values, strict=True)
    ]
    kind.enumeration_words = f"[{', '.join(words)}]"
