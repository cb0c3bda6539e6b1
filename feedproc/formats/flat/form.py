"""The format of flat files: rows in, a table of errors out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from feedproc.feeds.extract import Frame
from feedproc.feeds.feed_type import UNTOLD, Format, Provenance, ReportHead, Tick
from feedproc.feeds.finding import Finding, Inspection, Portion, Survey
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.message import Message
from feedproc.feeds.progress import Position
from feedproc.feeds.report import Result, Summary
from feedproc.formats.encoding import Utf8Stream, looks_like_xml
from feedproc.formats.flat import charset
from feedproc.formats.flat.charset import Encoding, Source
from feedproc.formats.flat.columns import Template
from feedproc.formats.flat.extracts import FlatExtractor, find_frame, show_row
from feedproc.formats.flat.headings import Headings, find_template, read_headings
from feedproc.formats.flat.records import Reader
from feedproc.formats.flat.report import write_report
from feedproc.formats.flat.rows import Rows, is_empty, is_too_long, read_rows
from feedproc.formats.limits import MAX_HEADING_ROWS

_SILENT_BYTES = 16 * 1024 * 1024
"""Bytes of empty rows after which a portion without messages shows that the worker lives."""


class _Notes(Struct, frozen=True):
    encoding: Encoding
    codec: str
    headings: Headings


class FlatFile(Struct, frozen=True):
    """Feeds of one template; `decode` turns a row's values, in the template's order, into a body.

    A value is None where its cell is empty or its column missing. `decode` may raise `Unfit`.
    """

    template: Template
    decode: Callable[[Sequence[Any]], Any]
    others: tuple[Template, ...] = ()
    """Those that sellers are offered, this one among them if it is: a file may follow another one by mistake."""

    @property
    def unit(self) -> str:
        """What people call one of the things that a feed consists of."""
        return "record"

    @property
    def suffix(self) -> str:
        """How the name of a report's file ends."""
        return "txt"

    @property
    def declares_encoding(self) -> bool:
        """Whether a feed says itself in which encoding it is."""
        return False

    def recognises(self, feed: BinaryIO) -> bool:
        """Say by its headings whether a file follows the template, and could not follow another one as well."""
        if looks_like_xml(feed):
            return False
        encoding = charset.find_encoding(feed, None)
        source = charset.open_source(feed, encoding, encoding.codec or "")
        beginning = [row for part in islice(read_rows(source, Position(), 1), MAX_HEADING_ROWS) for row in part.rows]
        return find_template(beginning, self.others) is self.template

    def distinguish_from(self, others: Iterable[Format]) -> "FlatFile":
        """Return the same format, which knows the templates of the others."""
        return replace(self, others=tuple(one.template for one in others if isinstance(one, FlatFile)))

    def with_schemas(self, schemas: Any) -> "FlatFile":
        """Return the format itself: flat files are judged by their template alone."""
        return self

    def open_text(self, feed: BinaryIO, provenance: Provenance = UNTOLD) -> Callable[[BinaryIO], Utf8Stream]:
        """Find out in which encoding a file is; return what opens it, or a copy of it, as UTF-8."""
        notes: _Notes = self.survey(feed, lambda _done: None, provenance).notes
        return lambda file: Utf8Stream(file, notes.encoding.mark, notes.codec)

    def open_extractor(self, feed: BinaryIO, provenance: Provenance = UNTOLD) -> FlatExtractor:
        """Return what cuts rows out of a file."""
        return FlatExtractor(feed, self.template, self.others, provenance)

    def find_frame(self, feed: BinaryIO, provenance: Provenance = UNTOLD) -> Frame:
        """Return the rows up to the headings."""
        return find_frame(feed, self.template, self.others, provenance)

    def show(self, text: bytes, provenance: Provenance = UNTOLD) -> str:
        """Return a row as characters."""
        return show_row(text, provenance)

    def skip_id(self, text: str) -> str:
        """Return a row as it is: its number is not in it."""
        return text

    def report_content_type(self, marketplace_id: str) -> str:
        """Return the Content-Type of reports."""
        return f"text/plain;charset={marketplace_of(marketplace_id).report_charset}"

    def survey(self, feed: BinaryIO, tick: Tick, provenance: Provenance = UNTOLD) -> Survey:
        """Look in which encoding the file is, whether it has its columns, and how many records."""
        encoding = charset.find_encoding(feed, provenance.content_type)
        look = _look_through(charset.open_source(feed, encoding, encoding.codec or ""), encoding, tick)
        codec = encoding.codec or ("utf-8" if look.is_utf8 else marketplace_of(provenance.marketplace_id).codec)
        source = charset.open_source(feed, encoding, codec)
        found = read_headings(look.beginning, source.codec, self.template, self.others, provenance)
        return Survey(
            findings=found.findings,
            merchant_identifier=None,
            messages=look.records - sum(not is_empty(row) for row in look.beginning[: found.line]),
            start=_find_behind(source, found.line),
            notes=_Notes(encoding, codec, found),
        )

    def read(self, feed: BinaryIO, survey: Survey, start: Position) -> Iterator[Portion]:
        """Yield the records from `start`. A file that lacks a required column has none."""
        if survey.withheld:
            return
        source, reader = self._open_reader(feed, survey)
        told = start.offset
        for part in read_rows(source, start):
            messages = [reader.read_message(row, line) for line, row in _walk_filled(part)]
            if messages or part.end.offset - told > _SILENT_BYTES:
                told = part.end.offset
                yield Portion(part.end, messages)

    def inspect(self, feed: BinaryIO, any_type: bool, provenance: Provenance = UNTOLD) -> Iterator[Inspection]:
        """Yield what is wrong with headings and records. The template alone decides, whatever `any_type` says."""
        survey = self.survey(feed, lambda _done: None, provenance)
        yield Inspection(0, survey.findings, survey.start.offset, path="")
        if survey.withheld:
            return
        source, reader = self._open_reader(feed, survey)
        for part in read_rows(source, survey.start):
            yield _inspect(part, reader)

    def _open_reader(self, feed: BinaryIO, survey: Survey) -> tuple[Source, Reader]:
        notes: _Notes = survey.notes
        source = charset.open_source(feed, notes.encoding, notes.codec)
        return source, Reader(self.template, notes.headings, source.codec, self.decode)

    def find_misread(self, feed: BinaryIO, provenance: Provenance = UNTOLD) -> Finding | None:
        """Return a warning of text that was encoded twice, or in another encoding than it is read in."""
        from feedproc.formats.misread import find_misread_text  # noqa: PLC0415 - who reads a feed need not ask

        codec = charset.find_encoding(feed, provenance.content_type).codec
        return find_misread_text(feed, codec, marketplace_of(provenance.marketplace_id).codec)

    def report(self, about: ReportHead, summary: Summary, results: Iterable[Result]) -> Iterator[bytes]:
        """Yield the table of errors."""
        return write_report(about, self.template.named_by, summary, results)


class _Look(Struct):
    """What one pass over a file gave."""

    beginning: list[bytes]
    """The rows in which the headings may be."""
    records: int = 0
    """Rows in which something stands, headings too."""
    is_utf8: bool = True


def _look_through(source: Source, encoding: Encoding, tick: Tick) -> _Look:
    look = _Look([])
    for part in read_rows(source, Position()):
        if part.first == len(look.beginning) + 1:
            look.beginning += part.rows[: MAX_HEADING_ROWS - len(look.beginning)]
        look.records += len(part.rows) - sum(map(is_empty, part.rows))
        if encoding.codec is None and look.is_utf8:
            look.is_utf8 = _is_utf8(part)
        tick(part.end.offset)
    return look


def _is_utf8(part: Rows) -> bool:
    """Say whether rows are in UTF-8; those of which only the begin is held do not count."""
    held = b"\n".join(row for row in part.rows if not is_too_long(row))
    if not held.isascii():
        try:
            held.decode()
        except UnicodeDecodeError:
            return False
    return True


def _find_behind(source: Source, lines: int) -> Position:
    """Return where the rows behind so many lines begin."""
    position = Position(source.start)
    for part in islice(read_rows(source, position, 1), lines):
        position = part.end
    return position


def _walk_filled(part: Rows) -> Iterator[tuple[int, bytes]]:
    """Yield each row in which something stands with its line."""
    return ((line, row) for line, row in enumerate(part.rows, part.first) if not is_empty(row))


def _inspect(part: Rows, reader: Reader) -> Inspection:
    found: list[Finding] = []
    placed: list[tuple[int, Message]] = []
    count = 0
    for line, row in _walk_filled(part):
        count += 1
        message = reader.read_message(row, line)
        if isinstance(message, Message):
            placed.append((line, message))
        else:
            found += reader.find_findings(row, line)
    return Inspection(count, found, part.end.offset, placed, path="")
