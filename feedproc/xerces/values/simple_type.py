"""Simple types: what a text means as a value of one, and what Xerces says when it is none."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from feedproc.xerces.text.names import is_ncname, is_nmtoken, is_xml_name
from feedproc.xerces.values.identifiers import Identifiers
from feedproc.xerces.values.patterns import Pattern
from feedproc.xerces.values.value_spaces import (
    READERS,
    Name,
    Number,
    Octets,
    compare,
    is_any_uri,
    make_key_of_value,
    show_value,
)

_FAMILIES = {"integer": "decimal", "anySimpleType": "string"}


class Actual(NamedTuple):
    """What a text means as a value of a type."""

    value: Any
    normal: str
    """The text with its blanks as the type wants them."""
    kind: "SimpleType"
    """The type that it is a value of: of a union the member."""

    @property
    def family(self) -> str:
        """Values of different families are never the same."""
        return _FAMILIES.get(self.kind.primitive, self.kind.primitive)

    @property
    def key(self) -> object:
        """What the same values have in common."""
        if isinstance(self.value, tuple) and self.kind.primitive == "list":
            return self.family, tuple(item.key for item in self.value)
        return self.family, make_key_of_value(self.value)

    def __str__(self) -> str:
        if self.kind.primitive == "list":
            return " ".join(map(str, self.value))
        return show_value(self.value)


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


def check_facets(kind: "SimpleType", actual: Actual | None) -> Complaint | None:
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
        _check_lengths: lengths and kind.primitive not in _NAMES,
        _check_listed: kind.enumeration is not None,
        _check_digits: digits,
        _check_bounds: bool(kind.bounds),
    }
    return tuple(check for check, is_asked in asked.items() if is_asked)


def _check_lengths(kind: "SimpleType", actual: Actual) -> Complaint | None:
    length = _measure_length(actual.value)
    if kind.max_length is not None and length > kind.max_length:
        return _tell_length(kind, "maxLength", actual, length, kind.max_length)
    if kind.min_length is not None and length < kind.min_length:
        return _tell_length(kind, "minLength", actual, length, kind.min_length)
    if kind.length is not None and length != kind.length:
        return _tell_length(kind, "length", actual, length, kind.length)
    return None


def _tell_length(kind: "SimpleType", facet: str, actual: Actual, length: int, limit: int) -> Complaint:
    return f"cvc-{facet}-valid", (actual.normal, str(length), str(limit), kind.name)


def _check_listed(kind: "SimpleType", actual: Actual) -> Complaint | None:
    if kind.enumeration is None or actual.key in kind.enumeration:
        return None
    return "cvc-enumeration-valid", (actual.normal, kind.enumeration_words)


def _check_digits(kind: "SimpleType", actual: Actual) -> Complaint | None:
    value = actual.value
    if not isinstance(value, Number):
        return None
    if kind.fraction_digits is not None and len(value.fraction) > kind.fraction_digits:
        words = (actual.normal, str(len(value.fraction)), str(kind.fraction_digits))
        return "cvc-fractionDigits-valid", words
    if kind.total_digits is not None and value.total_digits > kind.total_digits:
        return "cvc-totalDigits-valid", (actual.normal, str(value.total_digits), str(kind.total_digits))
    return None


def _check_bounds(kind: "SimpleType", actual: Actual) -> Complaint | None:
    for facet, allowed in _ALLOWED.items():
        bound = kind.bounds.get(facet)
        if bound is not None and compare(actual.value, bound) not in allowed:
            return f"cvc-{facet}-valid", (actual.normal, show_value(bound), kind.name)
    return None


def count_utf16_units(text: str) -> int:
    """Return how many UTF-16 units `text` has: Java's length."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def _measure_length(value: Any) -> int:
    if isinstance(value, Octets):
        return len(value.octets)
    return count_utf16_units(value) if isinstance(value, str) else len(value)


Prefixes = Callable[[str], str | None]
"""A namespace prefix becomes its namespace, or None where it is not declared."""

XML_SPACE = "\t\n\r "
PRESERVE, REPLACE, COLLAPSE = range(3)
_REPLACED = str.maketrans("\t\n\r", "   ")
_BLANK = re.compile("[\t\n\r ]").search
_REMEMBERED = 2048
_REMEMBERED_LENGTH = 64
_TOKENS = {"NMTOKEN": is_nmtoken, "Name": is_xml_name, "NCName": is_ncname}
_NORMALIZED = frozenset({"anySimpleType", "base64Binary", "union"})
"""Taken with all their blanks."""
_BY_FACET = frozenset({"string", "list"})


class SimpleType:
    """A simple type with all facets, its own and those it inherits."""

    holds_text = True
    required = 0
    start = None
    """It has neither attributes nor a content model."""

    def __init__(self, name: str, namespace: str | None, base: "SimpleType | None", primitive: str) -> None:
        self.name = name
        self.namespace = namespace
        self.base = base
        self.primitive = primitive
        """"string", "decimal", …, or "list", "union", "anySimpleType"."""
        self.reader = READERS.get(primitive)
        self.item: SimpleType | None = base.item if base else None
        self.members: tuple[SimpleType, ...] = base.members if base else ()
        self.token: str | None = base.token if base else None
        self.identifies: str = base.identifies if base else ""
        """"ID", "IDREF" or "ENTITY" where the value has to do with others in the document."""
        self.white_space: int = base.white_space if base else PRESERVE
        self.patterns: tuple[Pattern, ...] = base.patterns if base else ()
        """In the order in which they are tried."""
        self.enumeration: frozenset[object] | None = base.enumeration if base else None
        self.enumeration_words: str = base.enumeration_words if base else ""
        self.length: int | None = base.length if base else None
        self.min_length: int | None = base.min_length if base else None
        self.max_length: int | None = base.max_length if base else None
        self.total_digits: int | None = base.total_digits if base else None
        self.fraction_digits: int | None = base.fraction_digits if base else None
        self.bounds: dict[str, Any] = dict(base.bounds) if base else {}
        self.values: set[str] = set()
        """Texts that were found to be values."""

    def complain(
        self, text: str, prefixes: Prefixes | None = None, identifiers: Identifiers | None = None
    ) -> Complaint | None:
        """Say what is wrong with `text` as a value of this type, or None."""
        return None if text in self.values else self.judge(text, prefixes, identifiers)[1]

    def judge(
        self, text: str, prefixes: Prefixes | None = None, identifiers: Identifiers | None = None
    ) -> tuple[Actual | None, Complaint | None]:
        """Return what a text means, and what is wrong. Only a facet can be against a text that means something."""
        actual, complaint = self.read(text, prefixes)
        complaint = complaint or check_facets(self, actual)
        if complaint is None and actual is not None and identifiers is not None and self.holds_identifiers:
            complaint = _note_identifiers(actual, identifiers)
        if complaint is None and self.is_lasting:
            self._remember(text)
        return actual, complaint

    def _remember(self, text: str) -> None:
        if len(text) > _REMEMBERED_LENGTH:
            return
        if len(self.values) >= _REMEMBERED:
            self.values.clear()
        self.values.add(text)

    @cached_property
    def facet_checks(self) -> tuple[FacetCheck, ...]:
        """What is to be asked of a value, in Xerces' order: only facets that the type has."""
        return checks_of(self)

    @cached_property
    def holds_identifiers(self) -> bool:
        """Whether a value may be, or hold, one that has to do with others in the document."""
        parts = self.members if self.item is None else (self.item, *self.members)
        return bool(self.identifies) or any(part.holds_identifiers for part in parts)

    @cached_property
    def is_lasting(self) -> bool:
        """Whether a text that is a value once always is: it depends on no prefix and on nothing else in a document."""
        if self.identifies or self.primitive in _NAMES:
            return False
        return (self.item is None or self.item.is_lasting) and all(member.is_lasting for member in self.members)

    @property
    def is_list(self) -> bool:
        """Whether a value may be several: the type is a list, or a union that one is a member of."""
        return self.primitive == "list" or any(member.is_list for member in self.members)

    def read(
        self, text: str, prefixes: Prefixes | None = None, *, is_item: bool = False
    ) -> tuple[Actual | None, Complaint | None]:
        """Return what a text means, or what is wrong; facets but patterns are not asked. Items are trimmed already."""
        normal = text if is_item else self.normalise(text)
        for pattern in self.patterns:
            if not pattern.matches(normal):
                return None, ("cvc-pattern-valid", (text, pattern.source, self.name))
        if self.primitive == "list":
            return self._read_items(normal, prefixes)
        if self.primitive == "union":
            return self._read_member(text, prefixes)
        value, complaint = self._read_atom(normal, prefixes)
        return (None, complaint) if complaint else (Actual(value, normal, self), None)

    def _read_atom(self, normal: str, prefixes: Prefixes | None) -> tuple[Any, Complaint | None]:
        if self.token is not None and not _TOKENS[self.token](normal):
            return None, _tell_no_value(normal, self.token)
        if self.reader is not None:
            value = self.reader(normal)
            return value, (_tell_no_value(normal, self.primitive) if value is None else None)
        if self.primitive in _NAMES:
            return _read_qualified(normal, prefixes)
        if self.primitive == "anyURI" and not is_any_uri(normal):
            return None, _tell_no_value(normal, "anyURI")
        return normal, None

    def _read_items(self, normal: str, prefixes: Prefixes | None) -> tuple[Actual | None, Complaint | None]:
        values = []
        assert self.item is not None  # noqa: S101 - a list type has one
        for word in filter(None, normal.split(" ")):
            actual, complaint = self.item.read(word, prefixes, is_item=True)
            complaint = complaint or check_facets(self.item, actual)
            if complaint:
                return None, complaint
            values.append(actual)
        return Actual(tuple(values), normal, self), None

    def _read_member(self, text: str, prefixes: Prefixes | None) -> tuple[Actual | None, Complaint | None]:
        for member in self.members:
            actual, complaint = member.read(text, prefixes)
            if not (complaint or check_facets(member, actual)):
                return actual, None
        return None, ("cvc-datatype-valid.1.2.3", (text, self.name))

    def normalise(self, text: str) -> str:
        """Return `text` with its blanks as this type wants them."""
        if not self.patterns:
            if self.primitive in _NORMALIZED:
                return text
            if self.primitive not in _BY_FACET:
                return text.strip(XML_SPACE)
        if self.white_space == COLLAPSE:
            return _collapse(text)
        return text.translate(_REPLACED) if self.white_space == REPLACE and _BLANK(text) else text

    def derives_from(self, other: "SimpleType") -> bool:
        """Whether a value of this type is one of `other` by derivation."""
        kind: SimpleType | None = self
        while kind is not None:
            if kind is other or any(kind.derives_from(member) for member in other.members if other is not kind):
                return True
            kind = kind.base
        return False


def _collapse(text: str) -> str:
    if _BLANK(text) is None:
        return text
    return " ".join(filter(None, text.translate(_REPLACED).split(" ")))


def _tell_no_value(text: str, kind: str) -> Complaint:
    return "cvc-datatype-valid.1.2.1", (text, kind)


def _read_qualified(text: str, prefixes: Prefixes | None) -> tuple[Name | None, Complaint | None]:
    prefix, _, local = text.partition(":") if text.find(":") > 0 else ("", "", text)
    if (prefix and not is_ncname(prefix)) or not is_ncname(local):
        return None, _tell_no_value(text, "QName")
    namespace = prefixes(prefix) if prefixes is not None else None
    if prefix and prefixes is not None and namespace is None:
        return None, ("UndeclaredPrefix", (text, prefix))
    return Name(namespace, local, text), None


def _note_identifiers(actual: Actual, identifiers: Identifiers) -> Complaint | None:
    """Note the identifiers in a value; say what is wrong with the first that cannot be one."""
    if isinstance(actual.value, tuple) and actual.kind.primitive == "list":
        found = (_note_identifiers(item, identifiers) for item in reversed(actual.value))
        return next((complaint for complaint in found if complaint is not None), None)
    what = actual.kind.identifies
    return identifiers.note(what, actual.value) if what else None
