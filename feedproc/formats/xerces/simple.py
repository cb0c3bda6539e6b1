"""Simple types: what Xerces says when a text is not a value of one."""

from collections.abc import Callable
from typing import Any

from feedproc.formats.xerces.names import is_ncname, is_nmtoken, is_xml_name
from feedproc.formats.xerces.patterns import Pattern
from feedproc.formats.xerces.uris import is_any_uri
from feedproc.formats.xerces.values import READERS, Number

Complaint = tuple[str, tuple[str, ...]]
"""A rule, and what stands in its sentence."""
Prefixes = Callable[[str], str | None]
"""A namespace prefix becomes its namespace, or None where it is not declared."""

XML_SPACE = "\t\n\r "
PRESERVE, REPLACE, COLLAPSE = range(3)
_REPLACED = str.maketrans("\t\n\r", "   ")
_REMEMBERED = 2048
_REMEMBERED_LENGTH = 64
_TOKENS = {"NMTOKEN": is_nmtoken, "Name": is_xml_name, "NCName": is_ncname}
_OF_PREFIXES = frozenset({"QName", "list", "union"})
"""Kinds of types whose values depend on which prefixes are declared, or may."""
_UNTRIMMED = frozenset({"anySimpleType", "base64Binary"})


class SimpleType:
    """A simple type with all facets, its own and those it inherits."""

    holds_text = True
    required = 0
    start = None
    """It has neither attributes nor a content model."""

    __slots__ = (
        "base",
        "bounds",
        "enumeration",
        "enumeration_words",
        "fraction_digits",
        "item",
        "length",
        "max_length",
        "members",
        "min_length",
        "name",
        "namespace",
        "patterns",
        "primitive",
        "reader",
        "token",
        "total_digits",
        "values",
        "white_space",
    )

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
        self.white_space: int = base.white_space if base else PRESERVE
        self.patterns: tuple[Pattern, ...] = base.patterns if base else ()
        """In the order in which they are tried: the base type's first."""
        self.enumeration: frozenset[Any] | None = base.enumeration if base else None
        self.enumeration_words: str = base.enumeration_words if base else ""
        self.length: int | None = base.length if base else None
        self.min_length: int | None = base.min_length if base else None
        self.max_length: int | None = base.max_length if base else None
        self.total_digits: int | None = base.total_digits if base else None
        self.fraction_digits: int | None = base.fraction_digits if base else None
        self.bounds: dict[str, Any] = dict(base.bounds) if base else {}
        self.values: set[str] = set()
        """Texts that were found to be values."""

    def complaint(self, text: str, prefixes: Prefixes | None = None) -> Complaint | None:
        """Say what is wrong with `text` as a value of this type, or None."""
        if text in self.values:
            return None
        value, complaint = self.read(text, prefixes)
        complaint = complaint or self._facets(text, value)
        if complaint is None and (prefixes is None or self.primitive not in _OF_PREFIXES):
            self._remember(text)
        return complaint

    def _remember(self, text: str) -> None:
        if len(text) > _REMEMBERED_LENGTH:
            return
        if len(self.values) >= _REMEMBERED:
            self.values.clear()
        self.values.add(text)

    def read(self, text: str, prefixes: Prefixes | None = None) -> tuple[Any, Complaint | None]:
        """Return the value of `text` and nothing, or nothing and what is wrong; facets but patterns are not asked."""
        normal = self.normalized(text)
        for pattern in self.patterns:
            if not pattern.matches(normal):
                return None, ("cvc-pattern-valid", (text, pattern.source, self.name))
        if self.primitive == "list":
            return self._read_items(normal, prefixes)
        if self.primitive == "union":
            return self._read_member(text, prefixes)
        return self._read_atom(normal, prefixes)

    def _read_atom(self, normal: str, prefixes: Prefixes | None) -> tuple[Any, Complaint | None]:
        if self.token is not None and not _TOKENS[self.token](normal):
            return None, _not_a(normal, self.token)
        if self.reader is not None:
            value = self.reader(normal)
            return value, (_not_a(normal, self.primitive) if value is None else None)
        if self.primitive == "QName":
            return normal, _qualified(normal, prefixes)
        if self.primitive == "anyURI" and not is_any_uri(normal):
            return None, _not_a(normal, "anyURI")
        return normal, None

    def _read_items(self, normal: str, prefixes: Prefixes | None) -> tuple[Any, Complaint | None]:
        values = []
        assert self.item is not None  # noqa: S101 - a list type has one
        for word in filter(None, normal.split(" ")):
            value, complaint = self.item.read(word, prefixes)
            complaint = complaint or self.item._facets(word, value)
            if complaint:
                return None, complaint
            values.append(value)
        return tuple(values), None

    def _read_member(self, text: str, prefixes: Prefixes | None) -> tuple[Any, Complaint | None]:
        for member in self.members:
            value, complaint = member.read(text, prefixes)
            if not (complaint or member._facets(text, value)):
                return value, None
        return None, ("cvc-datatype-valid.1.2.3", (text, self.name))

    def normalized(self, text: str) -> str:
        """Return `text` with its blanks as this type wants them."""
        if not self.patterns:
            if self.primitive in _UNTRIMMED or self.primitive == "union":
                return text
            if self.primitive not in {"string", "list"}:
                return text.strip(XML_SPACE)
        if self.white_space == COLLAPSE:
            return _collapsed(text)
        return text.translate(_REPLACED) if self.white_space == REPLACE else text

    def _facets(self, text: str, value: Any) -> Complaint | None:
        return self._lengths(text, value) or self._listed(text, value) or self._digits(text, value)

    def _lengths(self, text: str, value: Any) -> Complaint | None:
        if self.length is None and self.max_length is None and self.min_length is None:
            return None
        if self.primitive in {"QName", "NOTATION"}:
            return None
        length = self._length(value)
        if self.max_length is not None and length > self.max_length:
            return self._other_length("maxLength", text, length, self.max_length)
        if self.min_length is not None and length < self.min_length:
            return self._other_length("minLength", text, length, self.min_length)
        if self.length is not None and length != self.length:
            return self._other_length("length", text, length, self.length)
        return None

    def _other_length(self, facet: str, text: str, length: int, limit: int) -> Complaint:
        return f"cvc-{facet}-valid", (self._shown(text), str(length), str(limit), self.name)

    def _length(self, value: str | tuple[Any, ...]) -> int:
        if not isinstance(value, str):
            return len(value)
        if self.primitive == "hexBinary":
            return len(value) // 2
        if self.primitive == "base64Binary":
            return len(value) * 3 // 4 - value.count("=")
        return utf16_length(value)

    def _listed(self, text: str, value: Any) -> Complaint | None:
        if self.enumeration is None or value in self.enumeration:
            return None
        return "cvc-enumeration-valid", (self._shown(text), self.enumeration_words)

    def _digits(self, text: str, value: Any) -> Complaint | None:
        if not isinstance(value, Number):
            return None
        if self.fraction_digits is not None and len(value.fraction) > self.fraction_digits:
            words = (self._shown(text), str(len(value.fraction)), str(self.fraction_digits))
            return "cvc-fractionDigits-valid", words
        if self.total_digits is not None and value.total_digits > self.total_digits:
            return "cvc-totalDigits-valid", (self._shown(text), str(value.total_digits), str(self.total_digits))
        return self._bounded(text, value) if self.bounds else None

    def _bounded(self, text: str, value: Number) -> Complaint | None:
        order = value.order()
        for facet, broken in _BROKEN.items():
            bound = self.bounds.get(facet)
            if bound is not None and broken(order, bound.order()):
                return f"cvc-{facet}-valid", (self._shown(text), str(bound), self.name)
        return None

    def _shown(self, text: str) -> str:
        return text if self.primitive == "union" else self.normalized(text)

    def says_the_same(self, text: str, other: "SimpleType", other_text: str) -> bool:
        """Whether a text is, as a value of this type, what another is as one of `other`."""
        families = {self.primitive, other.primitive}
        comparable = len(families) == 1 or families == {"decimal", "integer"}
        mine, theirs = self.read(text)[0], other.read(other_text)[0]
        if isinstance(mine, Number) and isinstance(theirs, Number):
            return comparable and mine[:3] == theirs[:3]
        return comparable and bool(mine == theirs)

    def derives_from(self, other: "SimpleType") -> bool:
        """Whether a value of this type is one of `other` by derivation."""
        kind: SimpleType | None = self
        while kind is not None:
            if kind is other or kind in other.members:
                return True
            kind = kind.base
        return False


_BROKEN: dict[str, Callable[[Any, Any], bool]] = {
    "maxInclusive": lambda value, bound: value > bound,
    "maxExclusive": lambda value, bound: value >= bound,
    "minInclusive": lambda value, bound: value < bound,
    "minExclusive": lambda value, bound: value <= bound,
}


def utf16_length(text: str) -> int:
    """Return how many UTF-16 units `text` has: Java's length."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def _collapsed(text: str) -> str:
    return " ".join(filter(None, text.translate(_REPLACED).split(" ")))


def _not_a(text: str, kind: str) -> Complaint:
    return "cvc-datatype-valid.1.2.1", (text, kind)


def _qualified(text: str, prefixes: Prefixes | None) -> Complaint | None:
    prefix, _, local = text.partition(":") if text.find(":") > 0 else ("", "", text)
    if (prefix and not is_ncname(prefix)) or not is_ncname(local):
        return _not_a(text, "QName")
    if prefix and prefixes is not None and prefixes(prefix) is None:
        return "UndeclaredPrefix", (text, prefix)
    return None
