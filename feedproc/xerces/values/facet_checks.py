"""The facets of simple types are checked, in Xerces' order."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from feedproc.xerces.values.typed_value import Actual
from feedproc.xerces.values.value_spaces import Number, Octets, compare, shown

if TYPE_CHECKING:
    from feedproc.xerces.values.simple_type import SimpleType

Complaint = tuple[str, tuple[str, ...]]
"""A rule, and what stands in its sentence."""
FacetCheck = Callable[["SimpleType", Actual], Complaint | None]
_NAMES = frozenset({"QName", "NOTATION"})
_ALLOWED = {
    "maxInclusive": {-1, 0},
    "maxExclusive": {-1},
    "minInclusive": {1, 0},
    "minExclusive": {1},
}
"""How a value may compare with the bound."""


def facet_complaint(kind: "SimpleType", actual: Actual | None) -> Complaint | None:
    """Say which facet of a type is against a value, or None."""
    if actual is None:
        return None
    for check in kind.facet_checks:
        complaint = check(kind, actual)
        if complaint is not None:
            return complaint
    return None


def checks_of(kind: "SimpleType") -> tuple[FacetCheck, ...]:
    """Return what is to be asked of the values of a type, in Xerces' order."""
    lengths = (kind.length, kind.max_length, kind.min_length) != (None, None, None)
    digits = (kind.fraction_digits, kind.total_digits) != (None, None)
    asked = {
        _lengths: lengths and kind.primitive not in _NAMES,
        _listed: kind.enumeration is not None,
        _digits: digits,
        _bounded: bool(kind.bounds),
    }
    return tuple(check for check, is_asked in asked.items() if is_asked)


def _lengths(kind: "SimpleType", actual: Actual) -> Complaint | None:
    length = _length(actual.value)
    if kind.max_length is not None and length > kind.max_length:
        return _other_length(kind, "maxLength", actual, length, kind.max_length)
    if kind.min_length is not None and length < kind.min_length:
        return _other_length(kind, "minLength", actual, length, kind.min_length)
    if kind.length is not None and length != kind.length:
        return _other_length(kind, "length", actual, length, kind.length)
    return None


def _other_length(kind: "SimpleType", facet: str, actual: Actual, length: int, limit: int) -> Complaint:
    return f"cvc-{facet}-valid", (actual.normal, str(length), str(limit), kind.name)


def _listed(kind: "SimpleType", actual: Actual) -> Complaint | None:
    if kind.enumeration is None or actual.key in kind.enumeration:
        return None
    return "cvc-enumeration-valid", (actual.normal, kind.enumeration_words)


def _digits(kind: "SimpleType", actual: Actual) -> Complaint | None:
    value = actual.value
    if not isinstance(value, Number):
        return None
    if kind.fraction_digits is not None and len(value.fraction) > kind.fraction_digits:
        words = (actual.normal, str(len(value.fraction)), str(kind.fraction_digits))
        return "cvc-fractionDigits-valid", words
    if kind.total_digits is not None and value.total_digits > kind.total_digits:
        return "cvc-totalDigits-valid", (actual.normal, str(value.total_digits), str(kind.total_digits))
    return None


def _bounded(kind: "SimpleType", actual: Actual) -> Complaint | None:
    for facet, allowed in _ALLOWED.items():
        bound = kind.bounds.get(facet)
        if bound is not None and compare(actual.value, bound) not in allowed:
            return f"cvc-{facet}-valid", (actual.normal, shown(bound), kind.name)
    return None


def utf16_length(text: str) -> int:
    """Return how many UTF-16 units `text` has: Java's length."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def _length(value: Any) -> int:
    if isinstance(value, Octets):
        return len(value.octets)
    return utf16_length(value) if isinstance(value, str) else len(value)
