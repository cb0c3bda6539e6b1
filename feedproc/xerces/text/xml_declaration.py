"""The XML declaration, as Xerces' scanner reads it."""

import re

from feedproc.xerces.text.cursor import Cursor, Stop
from feedproc.xerces.text.encoding_names import CODECS, IN_XML_1_1
from feedproc.xerces.text.positions import put_together

_SPACE = r"[\t\n\r ]"
_BEGINNING = re.compile(rf"<\?xml{_SPACE}").match
# Xerces looks for the version first of all, and here the end of the text has no place.
_CUT_SHORT = re.compile(rf"<\?xml(?:{_SPACE}+(?:version{_SPACE}*(?:={_SPACE}*(?:..{{0,3}})?)?)?)?", re.DOTALL).fullmatch
_CUT_IN_VERSION = re.compile(rf"<\?xml{_SPACE}+.{{0,6}}").fullmatch
_ENCODING_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._\-]*").fullmatch
_WITHOUT_NAMES = {"iso-10646-ucs-2", "iso-10646-ucs-4"}
"""Encodings that Xerces reads itself."""
_LITERALS = {quote: re.compile(f"[^{quote}\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*") for quote in "'\""}
_NEXT = {"version": "encoding", "encoding": "standalone", "standalone": ""}


def scan_declaration(cursor: Cursor) -> None:
    """Step over the XML declaration, if the document begins with one."""
    if _CUT_SHORT(cursor.text) or (cursor.is_broken and _CUT_IN_VERSION(cursor.text)):
        cursor.stop_nowhere()
    if not _BEGINNING(cursor.text):
        return
    cursor.text, is_xml_1_1 = put_together(cursor.text)
    if is_xml_1_1:
        cursor.use_xml_1_1()
    cursor.at = 5
    cursor.depth = 1
    found = _read_pseudo_attributes(cursor)
    cursor.at += 1
    if not cursor.skip(">"):
        cursor.stop("XMLDeclUnterminated")
    cursor.depth = 0
    _check_encoding(cursor, found.get("encoding"))


def _read_pseudo_attributes(cursor: Cursor) -> dict[str, str]:
    found: dict[str, str] = {}
    wanted = "version"
    saw_space = cursor.skip_spaces()
    while cursor.peek() != "?":
        name, value = _read_pseudo_attribute(cursor)
        _check(cursor, wanted, name, value, saw_space)
        found[name] = value
        wanted = _NEXT[name]
        saw_space = cursor.skip_spaces()
    if not found:
        cursor.stop("VersionInfoRequired")
    return found


def _check(cursor: Cursor, wanted: str, name: str, value: str, saw_space: bool) -> None:
    if wanted == "version" and name != "version":
        cursor.stop("VersionInfoRequired")
    if wanted == "encoding" and name == "version":
        cursor.stop("EncodingDeclRequired")
    if wanted == "standalone" and name != "standalone":
        cursor.stop("SDDeclNameInvalid")
    if not wanted:
        cursor.stop("NoMorePseudoAttributes")
    if not saw_space:
        cursor.stop("SpaceRequiredBeforeEncodingInXMLDecl" if name == "encoding" else "SpaceRequiredBeforeStandalone")
    if name == "version" and value not in {"1.0", "1.1"}:
        cursor.stop("VersionNotSupported", value)
    if name == "standalone" and value not in {"yes", "no"}:
        cursor.stop("SDDeclInvalid", value)


def _read_pseudo_attribute(cursor: Cursor) -> tuple[str, str]:
    name = next((each for each in _NEXT if cursor.peek() == each[0] and cursor.skip_string(each)), None)
    if name is None:
        cursor.stop("PseudoAttrNameExpected")
    cursor.skip_spaces()
    if not cursor.skip("="):
        cursor.stop("EqRequiredInXMLDecl", name)
    cursor.skip_spaces()
    quote = cursor.peek()
    if quote not in "'\"":
        cursor.stop("QuoteRequiredInXMLDecl", name)
    cursor.at += 1
    match = _LITERALS[quote].match(cursor.text, cursor.at)
    value = match[0] if match else ""
    unwanted = cursor.invalid.search(value)
    cursor.at += unwanted.start() if unwanted else len(value)
    if cursor.peek() != quote:
        cursor.stop("InvalidCharInXMLDecl", f"{ord(cursor.peek()):x}")
    cursor.at += 1
    return name, cursor.with_line_feeds(value)


def _check_encoding(cursor: Cursor, name: str | None) -> None:
    if name is None:
        return
    if not _ENCODING_NAME(name) or (name.lower() not in IN_XML_1_1 and (cursor.is_xml_1_1 or _is_javas_own(name))):
        cursor.stop("EncodingDeclInvalid", name)
    if not _is_known(name):
        # Java's own exception comes out here: nothing but the name, and no place.
        raise Stop("EncodingNotSupported", (name,), None)


def _is_javas_own(encoding: str) -> bool:
    """Return whether Java alone calls an encoding so, and no register: Apache's Xerces does not take it in XML 1.0.

    The one in the JDK does; Amazon's is Apache's.
    """
    name = encoding.lower()
    return name == "latin-1" or name in CODECS


def _is_known(encoding: str) -> bool:
    name = encoding.lower()
    return name in CODECS or name in _WITHOUT_NAMES
