"""The lines of a file, read one at a time whatever its size, and none of them larger than allowed."""

from collections.abc import Iterator
from typing import BinaryIO

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_lines(file: BinaryIO, longest: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield the number of each line, from 1, and the line with its end; None for a line of more than `longest` bytes.

    A byte order mark at the beginning of the file is left out. Of a line that is too long no more than `longest` bytes
    are in memory at a time.
    """
    number = 0
    while line := file.readline(longest + 1):
        number += 1
        if len(line) <= longest:
            yield number, line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(longest)
        yield number, None
