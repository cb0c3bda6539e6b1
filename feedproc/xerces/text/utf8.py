"""Bytes become text; where UTF-8 does not allow them, Xerces' words for that."""

import codecs
import itertools

_MARK = codecs.BOM_UTF8

Broken = tuple[str, tuple[str, ...]]


def is_taken_for_utf_16(document: bytes) -> bool:
    """Say whether other parsers would take a document for UTF-16, whatever encoding they are told."""
    return b"\0" in document[:2] or document.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def decoded(document: bytes) -> tuple[int, str, Broken | None]:
    """Return the length of the byte order mark, the text up to the first broken byte, and what is wrong there."""
    mark = len(_MARK) if document.startswith(_MARK) else 0
    try:
        return mark, document[mark:].decode(), None
    except UnicodeDecodeError as error:
        good = document[mark : mark + error.start].decode()
        return mark, good, _complaint(document[mark + error.start : mark + error.start + 4])


def _complaint(sequence: bytes) -> Broken:
    first, *rest = sequence
    size = _size(first)
    if size == 1:
        return "InvalidByte", ("1", "1")
    for number, byte in enumerate(itertools.zip_longest(range(2, size + 1), rest[: size - 1])):
        position, value = byte
        if value is None:
            return "ExpectedByte", (str(position), str(size))
        if value & 0xC0 != 0x80 or (number == 0 and not _may_follow(first, value)):
            return "InvalidByte", (str(position), str(size))
    return "InvalidHighSurrogate", (f"{((first & 0x07) << 2) | ((rest[0] >> 4) & 0x03):x}",)


def _size(first: int) -> int:
    """Return how many bytes a sequence has that begins so; 1 where none begins so."""
    if first & 0xE0 == 0xC0 and first & 0x1E:
        return 2
    if first & 0xF0 == 0xE0:
        return 3
    return 4 if first & 0xF8 == 0xF0 else 1


def _may_follow(first: int, second: int) -> bool:
    if first & 0xF0 == 0xE0:
        return not (first == 0xED and second >= 0xA0) and not (first & 0x0F == 0 and second & 0x20 == 0)
    return not (first & 0xF8 == 0xF0 and first & 0x07 == 0 and second & 0x30 == 0)
