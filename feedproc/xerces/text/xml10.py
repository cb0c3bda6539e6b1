"""XML 1.1 as XML 1.0 that says the same, for parsers that know no other; XML 1.0 stays as it is.

Line ends become line feeds, and comments and processing instructions lose all but those. The control characters that
only XML 1.1 has, written as references, are escaped with a character that stands for nothing, as is that character
itself. What is no XML 1.1 need not become what is no XML 1.0.
"""

import re
from collections.abc import Iterator
from typing import Any

from feedproc.xerces.text.positions import DECLARATION, is_xml_1_1, reads_otherwise

_DECLARATION = b'<?xml version="1.0"?>'
_ESCAPE = 0xE000
"""From the private use area; behind it comes the character so many places on as the one that is meant."""
_LINE_END = re.compile(rb"\r(?:\n|\xc2\x85)?|\n|\xc2\x85|\xe2\x80\xa8")
_SPECIAL = re.compile(
    rb"(<!--.*?-->|<\?.*?\?>)|(<!\[CDATA\[.*?\]\]>)|(\r(?:\n|\xc2\x85)?|\xc2\x85|\xe2\x80\xa8)"
    rb"|&#(?:x0*([0-9A-Fa-f]{1,6})|0*([0-9]{1,7}));|\xee\x80\x80",
    re.DOTALL,
)
_CONTROL = 0x20
_BLANKS = (0x9, 0xA, 0xD)
_ESCAPED = re.compile("\ue000([\ue000-\ue01f])")


def as_xml_1_0(document: bytes) -> bytes:
    """Return a document as XML 1.0."""
    if not is_xml_1_1(document):
        return document
    if document.startswith(DECLARATION) and not reads_otherwise(document):
        return _DECLARATION + document[len(DECLARATION) :]
    return _SPECIAL.sub(_rewrite, document)


def _rewrite(found: "re.Match[bytes]") -> bytes:
    left_out, section, line_end, hexadecimal, decimal = found.groups()
    if left_out is not None:
        return b"<!--" + b"\n" * len(_LINE_END.findall(left_out)) + b"-->"
    if section is not None:
        return _escape_in_section(_LINE_END.sub(b"\n", section))
    if line_end is not None:
        return b"\n"
    if hexadecimal is None and decimal is None:
        return _escape(0)
    point = int(hexadecimal, 16) if hexadecimal is not None else int(decimal)
    if point == _ESCAPE:
        return _escape(0)
    return _escape(point) if 0 < point < _CONTROL and point not in _BLANKS else found[0]


def _escape(point: int) -> bytes:
    return (chr(_ESCAPE) + chr(_ESCAPE + point)).encode()


def _escape_in_section(section: bytes) -> bytes:
    return section.replace(chr(_ESCAPE).encode(), _escape(0))


def _restore(text: str) -> str:
    """Return a text that was escaped as it was."""
    return _ESCAPED.sub(lambda found: chr(ord(found[1]) - _ESCAPE) if found[1] != "\ue000" else found[1], text)


class Restored:
    """An element of a document that was XML 1.1: its name, text, attributes and children as they were."""

    def __init__(self, element: Any) -> None:
        self._element = element
        self.tag: str = element.tag

    @property
    def text(self) -> str | None:
        """The characters before its first child."""
        text = self._element.text
        return None if text is None else _restore(text)

    def get(self, name: str) -> str | None:
        """Return an attribute."""
        value = self._element.get(name)
        return None if value is None else _restore(value)

    def __getitem__(self, number: int) -> "Restored":
        return Restored(self._element[number])

    def __iter__(self) -> Iterator["Restored"]:
        return map(Restored, self._element)
