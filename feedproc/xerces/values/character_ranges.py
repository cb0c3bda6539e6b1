"""Sets of characters as ranges of code points, and those that patterns name."""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator

from feedproc.xerces.text.name_tables import LETTERS, OTHER_NAME_CHARACTERS
from feedproc.xerces.values.blocks import BLOCKS

Ranges = tuple[tuple[int, int], ...]
"""In order, apart from each other."""

LAST = 0x10FFFF
_LAST_OF_PLANE = 0xFFFF
# Xerces' own table of digits: not the whole of Unicode's Nd, and with the Ethiopic numbers.
_DIGITS = (
    "30-39 660-669 6f0-6f9 966-96f 9e6-9ef a66-a6f ae6-aef b66-b6f be7-bef c66-c6f ce6-cef d66-d6f e50-e59 ed0-ed9"
    " f20-f29 1040-1049 1369-1371 17e0-17e9 1810-1819 ff10-ff19 1d7ce-1d7ff"
)
_LETTERS_BEYOND = "1d790-1d7a8 1d7aa-1d7c9 2fa1b-2fa1d"
# Beyond the Basic Multilingual Plane nothing has a category but these, and all is unassigned as well.
_BEYOND = {"C": ((0xF0000, LAST),), "Cn": ((0x10000, LAST),)}
_IS_CATEGORY = re.compile("L[ultmo]?|M[nec]?|N[dlo]?|Z[slp]?|C[cfosn]?|P[dsecoif]?|S[mcko]?").fullmatch
_MORE = {"Specials": "fff0-fffd", "PrivateUse": "f0000-ffffd 100000-10fffd"}


def table(text: str) -> Ranges:
    """Return the ranges of a table in hexadecimal."""
    spans = (span.split("-") for span in text.split())
    return joined((int(span[0], 16), int(span[-1], 16)) for span in spans)


def joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return the union of ranges."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return tuple(found)


def complement(ranges: Ranges) -> Ranges:
    """Return all other characters."""
    found, begin = [], 0
    for first, last in ranges:
        if first > begin:
            found.append((begin, first - 1))
        begin = last + 1
    return (*found, (begin, LAST)) if begin <= LAST else tuple(found)


def without(ranges: Ranges, others: Ranges) -> Ranges:
    """Return the characters of one set that are not in another."""
    return complement(joined((*complement(ranges), *others)))


def as_class(ranges: Ranges) -> str:
    """Return a regular expression for one of these characters."""
    if not ranges:
        return "(?!)"
    return "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]"


def named(name: str) -> Ranges | None:
    r"""Return the characters that `\p{name}` stands for; None where there is no such name."""
    if _IS_CATEGORY(name):
        return _category(name)
    return _blocks().get(name.removeprefix("Is")) if name.startswith("Is") else None


@functools.cache
def _category(name: str) -> Ranges:
    points = (n for n in range(_LAST_OF_PLANE + 1) if unicodedata.category(chr(n)).startswith(name))
    return joined((*_runs(points), *_BEYOND.get(name, ())))


def _runs(points: Iterator[int]) -> Iterator[tuple[int, int]]:
    first = last = next(points, -1)
    for point in points:
        if point != last + 1:
            yield first, last
            first = point
        last = point
    if first >= 0:
        yield first, last


@functools.cache
def _blocks() -> dict[str, Ranges]:
    entries = (entry.split(":") for entry in BLOCKS.split())
    return {name: table(f"{span} {_MORE.get(name, '')}") for name, span in entries}


@functools.cache
def shorthand(letter: str) -> Ranges:
    r"""Return the characters that `\d`, `\w`, `\s`, `\i` and `\c` stand for."""
    if letter == "d":
        return table(_DIGITS)
    if letter == "s":
        return table("9-a d 20")
    if letter == "w":
        return complement(joined((*_category("P"), *_category("Z"), *_category("C"))))
    starts = joined((*table(f"3a 41-5a 5f 61-7a {LETTERS}"), *table(_LETTERS_BEYOND)))
    return (
        starts
        if letter == "i"
        else joined((*table(f"2d-2e 30-39 3a 41-5a 5f 61-7a {LETTERS} {OTHER_NAME_CHARACTERS}"),))
    )
