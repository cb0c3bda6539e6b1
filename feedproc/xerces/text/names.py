"""What Xerces takes for a name."""

import functools
import re

from feedproc.xerces.text.name_tables import LETTERS, OTHER_NAME_CHARACTERS

_ASCII_NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9._\-]*").fullmatch


def ranges_as_class(table: str) -> str:
    """Return a table of ranges as the inside of a regular expression's character class."""
    return "".join("-".join(f"\\U{int(end, 16):08x}" for end in span.split("-")) for span in table.split())


@functools.cache
def name_start_class() -> str:
    """Return the characters that may begin a name, but the colon."""
    return "A-Z_a-z" + ranges_as_class(LETTERS)


@functools.cache
def name_class() -> str:
    """Return the characters that may stand in a name, but the colon."""
    return name_start_class() + "\\-.0-9" + ranges_as_class(OTHER_NAME_CHARACTERS)


@functools.cache
def _unicode_ncname() -> "re.Pattern[str]":
    return re.compile(f"[{name_start_class()}][{name_class()}]*")


@functools.cache
def _unicode_nmtoken() -> "re.Pattern[str]":
    return re.compile(f"[:{name_class()}]+")


def is_ncname(text: str) -> bool:
    """Whether `text` is a name without a colon."""
    if text.isascii():
        return _ASCII_NCNAME(text) is not None
    return _unicode_ncname().fullmatch(text) is not None


def is_nmtoken(text: str) -> bool:
    """Whether `text` is one or more name characters."""
    return _unicode_nmtoken().fullmatch(text) is not None


def is_xml_name(text: str) -> bool:
    """Whether `text` is a name, colons allowed."""
    return is_ncname("_" + text[1:].replace(":", "_")) and (text[:1] == ":" or is_ncname(text[:1]))
