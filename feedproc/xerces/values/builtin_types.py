"""The simple types that XML Schema brings along."""

from feedproc.xerces.text.names import SCHEMA
from feedproc.xerces.values.patterns import Pattern
from feedproc.xerces.values.simple_type import COLLAPSE, PRESERVE, REPLACE, SimpleType
from feedproc.xerces.values.value_spaces import Number, read_integer

_PRIMITIVES = (
    *("boolean", "decimal", "float", "double", "duration", "hexBinary", "base64Binary", "anyURI", "QName", "NOTATION"),
    *("dateTime", "time", "date", "gYearMonth", "gYear", "gMonthDay", "gDay", "gMonth"),
)
_TOKENS = (
    ("normalizedString", "string", REPLACE, None),
    ("token", "normalizedString", COLLAPSE, None),
    ("language", "token", COLLAPSE, None),
    ("NMTOKEN", "token", COLLAPSE, "NMTOKEN"),
    ("Name", "token", COLLAPSE, "Name"),
    ("NCName", "Name", COLLAPSE, "NCName"),
    ("ID", "NCName", COLLAPSE, "NCName"),
    ("IDREF", "NCName", COLLAPSE, "NCName"),
    ("ENTITY", "NCName", COLLAPSE, "NCName"),
)
_IDENTIFYING = frozenset({"ID", "IDREF", "ENTITY"})
_INTEGERS = (
    ("nonPositiveInteger", "integer", None, "0"),
    ("negativeInteger", "nonPositiveInteger", None, "-1"),
    ("long", "integer", "-9223372036854775808", "9223372036854775807"),
    ("int", "long", "-2147483648", "2147483647"),
    ("short", "int", "-32768", "32767"),
    ("byte", "short", "-128", "127"),
    ("nonNegativeInteger", "integer", "0", None),
    ("unsignedLong", "nonNegativeInteger", "0", "18446744073709551615"),
    ("unsignedInt", "unsignedLong", "0", "4294967295"),
    ("unsignedShort", "unsignedInt", "0", "65535"),
    ("unsignedByte", "unsignedShort", "0", "255"),
    ("positiveInteger", "nonNegativeInteger", "1", None),
)


def _make_bound(text: str) -> Number:
    number = read_integer(text)
    assert number is not None  # noqa: S101 - the tables above hold integers
    return number


def _make_strings(types: dict[str, SimpleType]) -> None:
    for name, base, white_space, token in _TOKENS:
        kind = types[name] = SimpleType(name, SCHEMA, types[base], "string")
        kind.white_space, kind.token = white_space, token
        kind.identifies = name if name in _IDENTIFYING else ""
    types["language"].patterns = (Pattern("([a-zA-Z]{1,8})(-[a-zA-Z0-9]{1,8})*"),)
    for name in ("NMTOKENS", "IDREFS", "ENTITIES"):
        kind = types[name] = SimpleType(name, SCHEMA, types["anySimpleType"], "list")
        kind.item, kind.white_space, kind.min_length = types[name.rstrip("S").replace("ENTITIE", "ENTITY")], COLLAPSE, 1


def _make_integers(types: dict[str, SimpleType]) -> None:
    types["integer"] = SimpleType("integer", SCHEMA, types["decimal"], "integer")
    types["integer"].fraction_digits = 0
    for name, base, lowest, highest in _INTEGERS:
        kind = types[name] = SimpleType(name, SCHEMA, types[base], "integer")
        for facet, bound in (("minInclusive", lowest), ("maxInclusive", highest)):
            if bound is not None:
                kind.bounds[facet] = _make_bound(bound)


def make_built_in_types() -> dict[str, SimpleType]:
    """Return the built-in types by name."""
    root = SimpleType("anySimpleType", SCHEMA, None, "anySimpleType")
    types = {"anySimpleType": root, "string": SimpleType("string", SCHEMA, root, "string")}
    types["string"].white_space = PRESERVE
    for name in _PRIMITIVES:
        types[name] = SimpleType(name, SCHEMA, root, name)
        types[name].white_space = COLLAPSE
    _make_strings(types)
    _make_integers(types)
    return types
