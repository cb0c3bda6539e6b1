"""Many rows for one statement, which SQLite takes without Python's lock.

`executemany` gives the lock up and takes it again at each row: a thread that commits waits then, row by row, for one
that works. With one statement for all rows both go on at once.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate

import msgspec

Value = str | int | None
_encode = msgspec.json.Encoder().encode


def make_rows(rows: Iterable[Sequence[Value]]) -> str:
    """Return rows of texts and numbers as the first parameter of a statement."""
    return _encode(list(rows)).decode()


def make_rows_with_data(rows: Iterable[Sequence[Value]], data: Sequence[bytes]) -> tuple[str, bytes]:
    """Return rows to each of which some bytes belong as well, as the first two parameters of a statement."""
    begins = accumulate(map(len, data), initial=1)
    placed = ((begin, len(part), *row) for begin, part, row in zip(begins, data, rows, strict=False))
    return make_rows(placed), b"".join(data)


def name_rows(*columns: str) -> str:
    """Return what stands for such rows in a statement, behind FROM. The bytes are a column `data`, the first."""
    has_data = columns[0] == "data"
    named = [f"{_read(place + has_data)} AS {name}" for place, name in enumerate(columns)]
    if has_data:
        named[0] = f"substr(?2, {_read(0)}, {_read(1)}) AS data"
    # The limit is none; it keeps SQLite from looking for each row of the list at each row of a table.
    return f"(SELECT {', '.join(named)} FROM json_each(?1) LIMIT -1)"


def _read(place: int) -> str:
    return f"json_extract(value, '$[{place}]')"
