"""The processing report of a flat file, byte for byte in the form that Amazon sends (recorded ones of 2011 to 2017).

Rows are sorted by record number as text. A character that the encoding does not have becomes a question mark.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from heapq import merge
from itertools import islice
from typing import NamedTuple

from feedproc.feeds.feed_type import ReportHead
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.report import Result, Severity, Summary
from feedproc.feeds.result_codes import MISSING_COLUMN
from feedproc.formats.flat.columns import RowName

_ROWS_IN_MEMORY = 50_000
"""Rows that are sorted at a time: some 20 MB. 2,000,000 errors make 40 sorted parts."""
_ROWS_A_PIECE = 500
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")


class _Words(NamedTuple):
    processed: str
    number: str
    verdict: tuple[str, str, str]
    severities: dict[str, str]


_ENGLISH = _Words(
    "Feed Processing Summary:\n\tNumber of records processed\t\t{}\n\tNumber of records successful\t\t{}\n\n",
    "original-record-number",
    ("error-code", "error-type", "error-message"),
    {Severity.ERROR: "Error", Severity.WARNING: "Warning", "Fatal": "Fatal"},
)
_JAPANESE = _Words(
    "フィード処理結果：\n\t処理された件数\t\t{}\n\t成功した件数\t\t{}\n\n",
    "処理されたファイルの行番号",
    ("エラーコード", "エラータイプ", "エラーメッセージ"),
    {Severity.ERROR: "エラー", Severity.WARNING: "警告", "Fatal": "エラー"},
)
"""Recorded for inventory feeds. For want of a Japanese word for Fatal it says Error."""


def write_report(
    about: ReportHead, named_by: Sequence[RowName], summary: Summary, results: Iterable[Result]
) -> Iterator[bytes]:
    """Yield the report in pieces, holding a bounded number of results. `named_by` are the columns that name a row."""
    marketplace = marketplace_of(about.marketplace_id)
    is_japanese = marketplace.is_japanese and not about.in_english
    words, codec = _JAPANESE if is_japanese else _ENGLISH, marketplace.codec
    yield words.processed.format(summary.processed, summary.successful).encode(codec)
    rows = _sort(_write_row(result, named_by, words).encode(codec, "replace") for result in results)
    names = [one.japanese if is_japanese else one.heading for one in named_by]
    headings = ("\t".join((words.number, *names, *words.verdict)) + "\n").encode(codec)
    while piece := list(islice(rows, _ROWS_A_PIECE)):
        yield headings + b"".join(piece)
        headings = b""


def _write_row(result: Result, named_by: Sequence[RowName], words: _Words) -> str:
    severity = words.severities["Fatal" if result.code == MISSING_COLUMN.code else result.severity]
    names = [_clean(getattr(result, one.field) or "") for one in named_by]
    return "\t".join((result.message_id, *names, str(result.code), severity, _clean(result.description))) + "\n"


def _clean(text: str) -> str:
    """Return a text that stays within its cell."""
    return _UNPRINTABLE.sub(" ", text)


def _sort(rows: Iterator[bytes]) -> Iterator[bytes]:
    """Sort rows by their first cell as text, those of one record as they come; what is too much for memory in files."""
    with ExitStack() as files:
        parts: list[Iterable[bytes]] = []
        while part := sorted(islice(rows, _ROWS_IN_MEMORY), key=_number):
            if len(part) == _ROWS_IN_MEMORY:
                file = files.enter_context(tempfile.TemporaryFile())
                file.writelines(part)
                file.seek(0)
                parts.append(file)
            else:
                parts.append(part)
        yield from merge(*parts, key=_number)


def _number(row: bytes) -> bytes:
    return row.partition(b"\t")[0]
