"""Schemas for people: a full check of them, what an element holds, a sample of it, and feeds as JSON.

All of it is `xmlschema`'s work, which reads schemas independently of what judges feeds. It takes a second to load, and
nothing that processes feeds asks for it.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

import xmlschema
from lxml import etree
from xmlschema.validators import XsdElement, XsdGroup

from feedproc.errors import Unusable
from feedproc.formats.encoding import Undecodable, open_utf8
from feedproc.formats.xml.assembly import ENVELOPE

_BLOCK = 1024 * 1024
_DECLARATION = re.compile(rb"\A(?:\xef\xbb\xbf)?<\?xml\s[^>]*\?>")
_MOST_DEPTH = 12
"""Elements within elements of a tree or a sample; the schemas reach 10."""
_MOST_VALUES = 12
"""Allowed values that are named in a table."""
MAX_JSON_BYTES = 64 * 1024 * 1024
"""A feed that is converted is held in memory, at some ten times its size."""
_KNOWN = {
    "AmazonOrderID": "250-1234567-7654321", "AmazonSessionID": "250-1234567-7654321",
    "AmazonOrderItemCode": "12345678901234", "MerchantIdentifier": "M_LOCAL_1234567", "DocumentVersion": "1.01",
    "SKU": "SKU-1", "Quantity": "1", "CarrierCode": "YAMATO", "currency": "JPY", "StatusCode": "Success",
    "ShipperTrackingNumber": "123456789012", "AdjustmentReason": "CustomerCancel",
}  # fmt: skip
_KNOWN_WITHIN = {("ItemPriceAdjustments", "Amount"): "100", ("PromotionAdjustments", "Amount"): "-1"}
"""Values of elements anywhere within another one: what is taken back of a discount is below nothing."""
_NEEDED = frozenset({"FulfillmentData", "CarrierCode", "ItemPriceAdjustments"})
"""What the rules of orders need, where schemas let it be left out."""
_TRIED = (
    "sample", "1", "1234", "1.00", "100", "12345678901234", "2024-03-01T09:00:00+09:00", "2024-03-01", "2024-03",
    "2024", "09:00:00", "P1D", "true", "A", "AB", "ABC", "JPY", "JP", "sample@marketplace.example",
    "https://marketplace.example/", "12345", "250-1234567-7654321",
)  # fmt: skip
"""Values of which one fits nearly every type."""


class SchemaFault(NamedTuple):
    """What is wrong with a schema, and where."""

    file: str
    line: int
    """0 where it cannot be told."""
    problem: str


class TreeRow(NamedTuple):
    """One element, as a row of a table."""

    name: str
    """Set in by its depth; what a choice is among stands below `one of`."""
    occurrence: str
    type: str
    values: str


def check_schemas(place: Path) -> list[SchemaFault]:
    """Return all that is wrong with the schemas of a folder: with the envelope and what it includes, then the others.

    Raises:
        Unusable: there are no schemas.

    """
    files = sorted(place.glob("*.xsd"), key=lambda file: (file.name != ENVELOPE, file.name))
    if not files:
        raise Unusable(f"{place}: has no schemas (*.xsd)")
    faults: dict[SchemaFault, None] = {}
    seen = set[str]()
    for file in files:
        ill_formed = _find_ill_formed(file)
        if ill_formed is not None:
            faults[ill_formed] = None
        elif file.name not in seen:
            schema = _read(file)
            seen |= {Path(one.url or "").name for one in schema.maps.iter_schemas()}
            faults |= dict.fromkeys(map(_tell_fault, schema.maps.all_errors))
    return list(faults)


def list_tree(place: Path, name: str) -> Iterator[TreeRow]:
    """Yield an element of the schemas in a folder and all that it may hold. Raises `Unusable` for an unknown one."""
    yield from _list_rows(_find_element(place, name), 0)


def make_sample(place: Path, name: str, *, is_full: bool) -> str:
    """Return a valid feed of one message, which takes effect: the smallest that may be, or with every element once.

    Raises:
        Unusable: there is no such message type, or no value is known that fits one of its types.

    """
    schema = _read(place / ENVELOPE)
    payload = _find_element(place, name)
    root = Element("AmazonEnvelope")
    root.set("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
    root.set("xsi:noNamespaceSchemaLocation", ENVELOPE)
    header = SubElement(root, "Header")
    for part in ("DocumentVersion", "MerchantIdentifier"):
        SubElement(header, part).text = _KNOWN[part]
    SubElement(root, "MessageType").text = name
    message = SubElement(root, "Message")
    SubElement(message, "MessageID").text = "1"
    message.append(_fill(payload, is_full, ()))
    indent(root)
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"
    fault = next(schema.iter_errors(text), None)
    if fault is not None:
        raise Unusable(f"no sample of {name} can be made: {fault.path}: {fault.reason}")
    return text


def convert_to_json(place: Path, feed: bytes) -> str:
    """Return a valid feed as JSON; amounts and dates stay texts. Raises `Unusable`, which tells what is wrong."""
    schema = _read(place / ENVELOPE)
    try:
        source = xmlschema.XMLResource(BytesIO(_write_utf8(feed)), defuse="always")
        faults = list(schema.iter_errors(source))
        _require_valid(faults)
        told = schema.to_dict(source, decimal_type=str)
    except (ParseError, Undecodable, xmlschema.XMLSchemaException) as error:
        raise Unusable(f"the feed cannot be read: {error}") from None
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def convert_to_xml(place: Path, text: bytes) -> str:
    """Return a feed that was written as JSON. Raises `Unusable`, which tells what is wrong with it."""
    schema = _read(place / ENVELOPE)
    try:
        told = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"no JSON: {error}") from None
    if not isinstance(told, dict):
        raise Unusable("no feed: JSON of a feed is an object with Header, MessageType and Message")
    told = {"@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance"} | _write_scalars(told)
    told.setdefault("@xsi:noNamespaceSchemaLocation", ENVELOPE)
    try:
        root, faults = schema.to_etree(told, path="AmazonEnvelope", validation="lax")  # type: ignore[misc]
    except (xmlschema.XMLSchemaException, TypeError, ValueError, AttributeError) as error:
        raise Unusable(f"no feed: {error}") from None
    _require_valid(faults)
    if not isinstance(root, Element):
        raise Unusable("no feed: JSON of a feed is an object with Header, MessageType and Message")
    indent(root)
    written = '<?xml version="1.0" encoding="UTF-8"?>\n' + str(xmlschema.etree_tostring(root)) + "\n"
    _require_valid(list(schema.iter_errors(written)))
    return written


def _write_utf8(feed: bytes) -> bytes:
    """Return a feed in UTF-8, without the declaration that may say otherwise. Raises `Undecodable`."""
    stream, parts = open_utf8(BytesIO(feed)), list[bytes]()
    while part := stream.read(_BLOCK):
        parts.append(part)
    return _DECLARATION.sub(b"", b"".join(parts), count=1)


def _read(file: Path) -> xmlschema.XMLSchema:
    if not file.is_file():
        raise Unusable(f"{file.parent}: has no {file.name}")
    try:
        return xmlschema.XMLSchema(str(file), validation="lax", allow="local", defuse="always")
    except (ParseError, xmlschema.XMLSchemaException, OSError) as error:
        raise Unusable(f"{file}: {error}") from None


def _find_ill_formed(file: Path) -> SchemaFault | None:
    try:
        etree.parse(str(file), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return SchemaFault(str(file), error.position[0], str(error.msg))
    return None


def _tell_fault(error: Any) -> SchemaFault:
    url = error.schema_url or getattr(error.source, "url", None) or ""
    file = url.removeprefix("file://")
    message = " ".join(str(error.message).split())
    return SchemaFault(file, _find_line(Path(file), error), message)


def _find_line(file: Path, error: Any) -> int:
    """Return the line of the element that an error is about: its place in the tree is found again with libxml2."""
    element, source = getattr(error, "elem", None), getattr(error, "source", None)
    root = getattr(source, "root", None)
    if element is None or root is None or not file.is_file():
        return 0
    places = _find_places(root, element)
    found = etree.parse(str(file), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    for place in places or ():
        found = list(found.iterchildren(etree.Element))[place]
    return found.sourceline if places is not None else 0


def _find_places(root: Any, wanted: Any) -> list[int] | None:
    """Return which child of which leads to an element; None when it is not below the root."""
    if root is wanted:
        return []
    children = [one for one in root if not callable(one.tag)]
    for place, child in enumerate(children):
        below = _find_places(child, wanted)
        if below is not None:
            return [place, *below]
    return None


def _find_element(place: Path, name: str) -> XsdElement:
    schema = _read(place / ENVELOPE)
    found = schema.maps.elements.get(name)
    if found is None and (place / f"{name}.xsd").is_file():
        found = _read(place / f"{name}.xsd").maps.elements.get(name)
    if not isinstance(found, XsdElement):
        known = ", ".join(sorted(schema.elements))
        raise Unusable(f"the schemas declare no element {name}; there are {known}")
    return found


def _list_rows(element: XsdElement, depth: int) -> Iterator[TreeRow]:
    kind = _get_any(element)
    values = "" if kind.has_complex_content() else _describe_values(_get_simple(kind))
    for name, attribute in kind.attributes.items() if kind.is_complex() else ():
        if name and attribute.type is not None:
            values = " ".join(filter(None, (values, f"@{name}: {_describe_values(attribute.type)}")))
    named = kind.local_name or getattr(kind.base_type, "local_name", None) or "elements"
    yield TreeRow("  " * depth + str(element.local_name), _describe_occurrence(element), str(named), values)
    if kind.has_complex_content() and depth < _MOST_DEPTH:
        yield from _list_group(kind.content, depth + 1)


def _list_group(group: XsdGroup, depth: int) -> Iterator[TreeRow]:
    is_choice = group.model == "choice"
    if is_choice:
        yield TreeRow("  " * depth + "one of", _describe_occurrence(group), "", "")
    for part in group:
        if isinstance(part, XsdGroup):
            yield from _list_group(part, depth + is_choice)
        elif isinstance(part, XsdElement):
            yield from _list_rows(part, depth + is_choice)


def _describe_occurrence(part: XsdElement | XsdGroup) -> str:
    least, most = part.occurs
    if least == most:
        return str(least)
    return f"{least}..{'n' if most is None else most}"


def _describe_values(kind: Any) -> str:
    """Say what a value may be, in few words."""
    allowed = [str(one) for one in kind.enumeration or ()]
    if allowed:
        more = f" and {len(allowed) - _MOST_VALUES} more" if len(allowed) > _MOST_VALUES else ""
        return " | ".join(allowed[:_MOST_VALUES]) + more
    words = []
    if kind.patterns is not None:
        words.append(f"pattern {kind.patterns.regexps[0]}")
    least, most = kind.min_length, kind.max_length
    if least is not None or most is not None:
        words.append(f"{least or 0} to {'any number of' if most is None else most} characters")
    bounds = ((">=", kind.min_value), ("<=", kind.max_value))
    words += [f"{sign} {value}" for sign, value in bounds if value is not None]
    root = kind.root_type.local_name if kind.root_type is not None else ""
    return ", ".join(words) or str(root or "")


def _fill(element: XsdElement, is_full: bool, within: tuple[str, ...]) -> Element:
    """Return an element with what it holds; `within` are those around it, from the outermost on."""
    path, kind = (*within, str(element.local_name)), _get_any(element)
    made = Element(path[-1])
    for name, attribute in kind.attributes.items() if kind.is_complex() else ():
        if name and (is_full or attribute.use == "required" or name == "currency"):
            made.set(name, _find_value((*path, name), attribute.type))
    if not kind.has_complex_content():
        made.text = _find_value(path, kind)
    elif len(within) < _MOST_DEPTH:
        made.extend(list(_fill_group(kind.content, is_full, path)))
    return made


def _fill_group(group: XsdGroup, is_full: bool, path: tuple[str, ...]) -> Iterator[Element]:
    least = 1 if is_full and group.occurs[1] != 0 else group.occurs[0]
    parts = list(group)[:1] if group.model == "choice" else list(group)
    for _ in range(least):
        for part in parts:
            if isinstance(part, XsdGroup):
                yield from _fill_group(part, is_full, path)
            elif isinstance(part, XsdElement):
                is_wanted = is_full or part.local_name in _NEEDED
                times = max(1, part.occurs[0]) if is_wanted and part.occurs[1] != 0 else part.occurs[0]
                yield from (_fill(part, is_full, path) for _ in range(times))


def _find_value(path: tuple[str, ...], kind: Any) -> str:
    """Return a value that a type allows. Raises `Unusable` where none of those known fits."""
    simple, name = _get_simple(kind), path[-1]
    within = (_KNOWN_WITHIN.get((outer, name)) for outer in path)
    known = [value for value in (*within, _KNOWN.get(name)) if value is not None]
    allowed = [str(one) for one in simple.enumeration or ()]
    for value in (*known, *allowed, *_TRIED):
        if simple.is_valid(value):
            return value
    raise Unusable(f"no value is known that fits {name}, {_describe_values(simple)}")


def _get_simple(kind: Any) -> Any:
    """Return the type of a type's text."""
    return kind.content if kind.is_complex() and kind.has_simple_content() else kind


def _get_any(element: XsdElement) -> Any:
    """Return an element's type, whichever of `xmlschema`'s classes it is of."""
    return element.type


def _write_scalars(value: Any) -> Any:
    """Return JSON as a schema takes it: amounts as exact texts, `true` and `false` as they are."""
    if isinstance(value, dict):
        return {str(name): _write_scalars(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_write_scalars(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


def _require_valid(faults: list[Any]) -> None:
    if faults:
        first = faults[0]
        more = f" (and {len(faults) - 1} more faults)" if len(faults) > 1 else ""
        raise Unusable(f"{first.path or '/AmazonEnvelope'}: {' '.join(str(first.reason).split())}{more}")
