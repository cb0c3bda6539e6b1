"""What the processing report of a flat file counts, in either language."""

from typing import IO

_ERRORS = frozenset({b"Error", b"Fatal", "エラー".encode("cp932")})
_WARNINGS = frozenset({b"Warning", "警告".encode("cp932")})


def flat_counts(report: IO[bytes]) -> dict[str, int]:
    """Return the counts of a report: as many errors and warnings as it has rows of them."""
    report.seek(0)
    counts = {"processed": 0, "successful": 0, "with_error": 0, "with_warning": 0}
    names = iter(("processed", "successful"))
    for line in report:
        cells = line.rstrip(b"\n").split(b"\t")
        if len(cells) == 4 and not cells[0] and cells[3].isdigit():
            counts[next(names)] = int(cells[3])
        elif len(cells) == 6:
            counts["with_error"] += cells[4] in _ERRORS
            counts["with_warning"] += cells[4] in _WARNINGS
    return counts
