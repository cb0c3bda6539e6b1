"""Start tags and references, as Xerces' scanner reads them."""

import re
from typing import NamedTuple

from feedproc.xerces.text.cursor import Cursor

_XML = "http://www.w3.org/XML/1998/namespace"
_XMLNS = "http://www.w3.org/2000/xmlns/"
_BUILT_IN = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_DECIMAL = re.compile(r"[0-9]*")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]*")
_LARGEST_INT = 2**31 - 1
_BLANKS = str.maketrans("\t\n", "  ")


class StartTag(NamedTuple):
    """What stands in a start tag."""

    name: str
    attributes: list[tuple[str, str]]
    """Without the declarations of namespaces."""
    declared: dict[str, str]
    """Namespaces by prefix."""
    is_empty: bool


class Bindings:
    """The prefixes in scope."""

    def __init__(self) -> None:
        self._bound: dict[str, list[str]] = {"xml": [_XML], "xmlns": [_XMLNS]}
        self._declared: list[dict[str, str]] = []
        """By each open element."""
        self.last_element = self.last_attribute = "null"
        """The names that Xerces has read last: it tells them where XML 1.1 has no name, but a colon."""

    def open(self, declared: dict[str, str]) -> None:
        """Begin an element that declares these prefixes."""
        self._declared.append(declared)
        for prefix, namespace in declared.items():
            self._bound.setdefault(prefix, []).append(namespace)

    def close(self) -> dict[str, str]:
        """End the last element that began; return what it declared."""
        declared = self._declared.pop()
        for prefix in declared:
            self._bound[prefix].pop()
        return declared

    def find_namespace(self, prefix: str) -> str:
        """Return the namespace of `prefix`, "" where there is none."""
        bound = self._bound.get(prefix)
        return bound[-1] if bound else ""


def scan_start_tag(cursor: Cursor, bindings: Bindings) -> StartTag:
    """Step over a start tag behind its "<"."""
    name = bindings.last_element = cursor.read_qualified_name() or bindings.last_element
    declared: dict[str, str] = {}
    attributes: list[tuple[str, str]] = []
    names: list[str] = []
    while not _closes(cursor, name):
        attribute, value = _scan_attribute(cursor, name, bindings)
        prefix = _find_declared_prefix(attribute)
        if prefix is not None:
            _declare(cursor, name, attribute, (prefix, value), declared)
        if prefix is None or cursor.is_xml_1_1:
            names.append(attribute)
        if prefix is None:
            attributes.append((attribute, value))
    is_empty = cursor.text[cursor.at - 2] == "/"
    bindings.open(declared)
    _check_prefixes(cursor, name, names, bindings)
    return StartTag(name, attributes, declared, is_empty)


def _closes(cursor: Cursor, name: str) -> bool:
    saw_space = cursor.skip_spaces()
    if cursor.skip(">"):
        return True
    if cursor.skip("/"):
        if not cursor.skip(">"):
            cursor.stop("ElementUnterminated", name)
        return True
    if not saw_space or not cursor.is_name_start():
        cursor.stop("ElementUnterminated", name)
    return False


def _scan_attribute(cursor: Cursor, element: str, bindings: Bindings) -> tuple[str, str]:
    name = bindings.last_attribute = cursor.read_qualified_name() or bindings.last_attribute
    cursor.skip_spaces()
    if not cursor.skip("="):
        cursor.stop("EqRequiredInAttribute", element, name)
    cursor.skip_spaces()
    quote = cursor.peek()
    if quote not in "'\"":
        cursor.stop("OpenQuoteExpected", element, name)
    cursor.at += 1
    return name, _scan_value(cursor, element, name, quote)


def _scan_value(cursor: Cursor, element: str, name: str, quote: str) -> str:
    parts: list[str] = []
    plain = _PLAIN[quote]
    while True:
        cursor.has_more()
        start = cursor.at
        match = plain.match(cursor.text, start)
        end = match.end() if match else start
        unwanted = cursor.invalid.search(cursor.text, start, end)
        cursor.read_text_to(start, unwanted.start() if unwanted else end)
        parts.append(_with_blanks(cursor, cursor.text[start : cursor.at]))
        cursor.has_more()
        char = cursor.text[cursor.at]
        if char == quote:
            cursor.at += 1
            return "".join(parts)
        if char == "<":
            cursor.stop("LessthanInAttValue", element, name)
        if char != "&":
            cursor.stop("InvalidCharInAttValue", element, name, f"{ord(char):x}")
        cursor.at += 1
        parts.append(scan_reference(cursor))


_PLAIN = {quote: re.compile(f"[^<&{quote}\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*") for quote in "'\""}


def _with_blanks(cursor: Cursor, text: str) -> str:
    return text if text.isprintable() else cursor.with_line_feeds(text).translate(_BLANKS)


def scan_reference(cursor: Cursor) -> str:
    """Step over a reference behind its "&" and return what it stands for."""
    if cursor.skip("#"):
        return _scan_character_reference(cursor)
    name = cursor.read_name()
    if name is None:
        cursor.stop("NameRequiredInReference")
    if not cursor.skip(";"):
        cursor.stop("SemicolonRequiredInReference", name)
    if name not in _BUILT_IN:
        cursor.stop("EntityNotDeclared", name)
    return _BUILT_IN[name]


def _scan_character_reference(cursor: Cursor) -> str:
    is_hexadecimal = cursor.skip("x")
    match = (_HEXADECIMAL if is_hexadecimal else _DECIMAL).match(cursor.text, cursor.at)
    digits = match[0] if match else ""
    if not digits:
        cursor.has_more()
        cursor.stop("HexdigitRequiredInCharRef" if is_hexadecimal else "DigitRequiredInCharRef")
    cursor.at += len(digits)
    if not cursor.skip(";"):
        cursor.stop("SemicolonRequiredInCharRef")
    significant = digits.lstrip("0")
    point = int(significant or "0", 16 if is_hexadecimal else 10) if len(significant) < 12 else _LARGEST_INT
    if not cursor.is_character(point):
        cursor.stop("InvalidCharRef", f"{'x' if is_hexadecimal else ''}{digits}")
    return chr(point)


# Namespaces


def _find_declared_prefix(attribute: str) -> str | None:
    if attribute == "xmlns":
        return ""
    return attribute[6:] if attribute.startswith("xmlns:") else None


def _declare(cursor: Cursor, element: str, attribute: str, binding: tuple[str, str], declared: dict[str, str]) -> None:
    prefix, namespace = binding
    if prefix == "xmlns" or namespace == _XMLNS:
        cursor.stop("CantBindXMLNS")
    if (prefix == "xml") != (namespace == _XML):
        cursor.stop("CantBindXML")
    if cursor.is_xml_1_1:
        # A prefix may lose its namespace here, and what is declared twice is told as any attribute is.
        declared[prefix] = namespace
        return
    if not namespace and prefix:
        local = attribute.partition(":")[2]
        cursor.stop("EmptyPrefixedAttName", f'prefix="xmlns",localpart="{local}",rawname="{attribute}"')
    if prefix in declared:
        cursor.stop("AttributeNotUnique", element, attribute)
    declared[prefix] = namespace


def _prefix(name: str) -> str:
    return name[: max(name.find(":", 1), 0)]


def _check_prefixes(cursor: Cursor, element: str, attributes: list[str], bindings: Bindings) -> None:
    prefix = _prefix(element)
    if prefix == "xmlns":
        cursor.stop("ElementXMLNSPrefix", element)
    if prefix and not bindings.find_namespace(prefix):
        cursor.stop("ElementPrefixUnbound", prefix, element)
    for attribute in attributes:
        prefix = _prefix(attribute)
        if prefix and not bindings.find_namespace(prefix):
            cursor.stop("AttributePrefixUnbound", element, attribute, prefix)
    if len(attributes) > 1:
        _check_unique(cursor, element, attributes, bindings)


def _check_unique(cursor: Cursor, element: str, attributes: list[str], bindings: Bindings) -> None:
    names: dict[tuple[str, str], list[int]] = {}
    for index, attribute in enumerate(attributes):
        prefix = _prefix(attribute)
        local = attribute[len(prefix) + 1 :] if prefix else attribute
        if attribute == "xmlns":
            prefix = attribute
        names.setdefault((bindings.find_namespace(prefix) if prefix else "", local), []).append(index)
    repeated = [(indexes[0], name, attributes[indexes[1]]) for name, indexes in names.items() if len(indexes) > 1]
    if not repeated:
        return
    _, (namespace, local), second = min(repeated)
    if namespace:
        cursor.stop("AttributeNSNotUnique", element, local, namespace)
    cursor.stop("AttributeNotUnique", element, second)
