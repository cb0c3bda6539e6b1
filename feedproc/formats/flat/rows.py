"""Bytes cut into rows, and a row into cells, in bounded memory.

A row ends at CR, LF or both, in quotes as well: a quote that is never closed would otherwise take the rest of the file.
"""

import csv
from collections.abc import Iterator
from typing import NamedTuple

from feedproc.feeds.progress import Position
from feedproc.formats.flat.charset import Source
from feedproc.formats.limits import MAX_PIECE_MESSAGES, MAX_ROW_BYTES, PIECE_BYTES

_EMPTY = b' \t\r\n"'
_BLANKS = " \xa0\u3000"


class Rows(NamedTuple):
    """Some rows, and where they end."""

    first: int
    """The line of the first of them, from 1."""
    rows: list[bytes]
    """Without their line ends; none where many follow each other in which nothing stands. Of a row that is too long as
    much as shows that it is."""
    end: Position


def read_rows(source: Source, start: Position, at_a_time: int = MAX_PIECE_MESSAGES) -> Iterator[Rows]:
    """Yield the feed from a row's begin, some rows at a time: no more than are applied in one transaction."""
    line = start.line
    for block, end in _read_blocks(source, start):
        if is_empty(block):
            first, line = line, line + len(block.splitlines())
            yield Rows(first, [], Position(end, line))
            continue
        lines = block.splitlines(keepends=True)
        behind = len(block)
        for at in range(0, len(lines), at_a_time):
            part = lines[at : at + at_a_time]
            behind -= sum(map(len, part))
            yield Rows(line, [one.rstrip(b"\r\n") for one in part], Position(end - behind, line + len(part)))
            line += len(part)


def is_empty(row: bytes) -> bool:
    """Say whether nothing stands in any cell of a row."""
    return not row.strip(_EMPTY)


def is_too_long(row: bytes) -> bool:
    """Say whether a row is beyond the limit."""
    return len(row) > MAX_ROW_BYTES


def split_cells(row: str) -> list[str]:
    """Return the cells of a row, trimmed; those that a spreadsheet has put into quotes without them."""
    if '"' not in row:
        return [cell.strip(_BLANKS) for cell in row.split("\t")]
    try:
        read = next(csv.reader([row], dialect="excel-tab", strict=True))
    except csv.Error:  # the quotes are not a spreadsheet's
        return [cell.strip(_BLANKS) for cell in row.split("\t")]
    return [cell.replace("\t", " ").strip(_BLANKS) for cell in read]


def find_column(row: str, cell: int) -> int:
    """Return at which character, from 1, a cell of a row begins; one that the row lacks, behind its end."""
    before = row.split("\t")[:cell]
    return min(sum(len(each) + 1 for each in before), len(row)) + 1


def _read_blocks(source: Source, start: Position) -> Iterator[tuple[bytes, int]]:
    """Yield whole rows as one piece of bytes, and where it ends."""
    at = max(start.offset, source.start)
    source.stream.seek(at)
    left = b""
    while raw := source.stream.read(PIECE_BYTES):
        at += len(raw)
        data = left + raw
        end = _end_of_rows(data)
        if end:
            left = data[end:]
            yield data[:end], at - len(left)
        else:
            left = _shorten(data)
    if left:
        yield left, at


def _end_of_rows(data: bytes) -> int:
    """Return where the last row ends; a CR at the very end may be half of a line end, so it waits."""
    end = len(data) - 1 if data.endswith(b"\r") else len(data)
    return max(data.rfind(b"\n", 0, end), data.rfind(b"\r", 0, end)) + 1


def _shorten(row: bytes) -> bytes:
    """Return as much of the begin of a row as shows whether it is too long, and a CR at its end."""
    if not is_too_long(row):
        return row
    return row[: MAX_ROW_BYTES + 1] + (b"\r" if row.endswith(b"\r") else b"")
