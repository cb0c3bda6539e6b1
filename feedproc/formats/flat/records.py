"""One row: a message of what it says, or what is wrong with it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from feedproc.feeds.finding import Finding
from feedproc.feeds.message import Message
from feedproc.feeds.report import Result
from feedproc.feeds.result_codes import NO_ORDER_ID
from feedproc.feeds.saying import Saying, quote_value, say
from feedproc.formats.flat import hints
from feedproc.formats.flat.columns import Template, Unfit
from feedproc.formats.flat.headings import Headings
from feedproc.formats.flat.rows import find_column, is_too_long, split_cells
from feedproc.formats.flat.values import require_readable
from feedproc.formats.limits import MAX_ROW_BYTES

_LONGEST_ID = 50
"""Characters of an id that a report repeats when it is no such id."""
_MOST_HINTS = 100
"""Rows whose result says what was probably meant, which takes milliseconds; the reason is said of all."""


class RowFault(NamedTuple):
    """What is wrong with a row."""

    unfit: Unfit
    column: str = ""
    """The heading, where one cell is at fault."""
    cell: int = 0


class Reader:
    """Reads the rows of one file."""

    def __init__(
        self, template: Template, headings: Headings, codec: str, decode: Callable[[Sequence[Any]], Any]
    ) -> None:
        """Take how the file is to be read, as its survey found it."""
        self._template = template
        self._headings = headings
        self._codec = codec
        self._decode = decode
        self._hints_left = _MOST_HINTS
        places = [(cell, place) for cell, place in enumerate(headings.places) if place is not None]
        self._cells = {place: cell for cell, place in places}
        self._plan = [
            (cell, place, column.read, column.is_required and not column.may_be_empty)
            for cell, place in places
            for column in (template.columns[place],)
        ]

    def read_message(self, row: bytes, line: int) -> Message | Result:
        """Return the record on a line as a message, or the result that says what is wrong with it first."""
        try:
            return Message(self.number(line), self._read_body(row))
        except (Unfit, UnicodeDecodeError):
            fault = next(self.find_faults(row))
        code, text = fault.unfit.verdict
        result = Result(self.number(line), code, text, reason=self._tell_where(fault))
        return replace(result, **self._find_names(row))

    def _tell_where(self, fault: RowFault) -> Saying:
        """Say what is wrong, in which column, and what was probably meant."""
        reason = fault.unfit.reason
        if fault.column:
            is_named = fault.column in self._template.names
            reason = say("{}: {}", fault.column if is_named else say("column {}", fault.cell + 1), reason)
        self._hints_left -= 1
        hint = fault.unfit.hint if self._hints_left >= 0 else None
        return say("{}. Hint: {}", reason, hint) if hint else reason

    def number(self, line: int) -> str:
        """Return the number of the record on a line: the first row behind the headings is 1, empty ones count."""
        return str(line - self._headings.line)

    def find_findings(self, row: bytes, line: int) -> Iterator[Finding]:
        """Yield all that is wrong with the record on a line."""
        text = row[: MAX_ROW_BYTES + 1].decode(self._codec, "replace")
        for unfit, column, cell in self.find_faults(row):
            yield Finding(
                line=line,
                column=find_column(text, cell) if column else 1,
                message_id=self.number(line),
                code=unfit.verdict.code,
                rule="flat-file",
                path=column,
                description=unfit.verdict.text,
                reason=unfit.reason,
                hint=unfit.hint,
            )

    def find_faults(self, row: bytes) -> Iterator[RowFault]:
        """Yield all that is wrong with a row: with its cells, or else with them together."""
        try:
            found = split_cells(self._read_text(row))
        except Unfit as unfit:
            yield self._place_bytes(row, unfit)
            return
        values, wrong = self._read_values(found)
        yield from wrong
        if wrong:
            return
        try:
            self._decode(values)
        except Unfit as unfit:
            yield self._place_row(unfit)

    def _read_body(self, row: bytes) -> Any:
        """Decode a row in which nothing is wrong, the quick way; raise `Unfit` for others."""
        if is_too_long(row):
            raise Unfit("")
        text = row.decode(self._codec)
        require_readable(text)
        found = split_cells(text)
        if len(found) > self._headings.width and any(found[self._headings.width :]):
            raise Unfit("")
        values: list[Any] = [None] * len(self._template.columns)
        count = len(found)
        for cell, place, read, is_required in self._plan:
            value = found[cell] if cell < count else ""
            if value:
                values[place] = read(value)
            elif is_required:
                raise Unfit("")
        return self._decode(values)

    def _read_text(self, row: bytes) -> str:
        """Return the characters of a row."""
        if is_too_long(row):
            reason = say("The row is longer than {} bytes", MAX_ROW_BYTES)
            raise Unfit(reason, "Each record must stand on a line of its own.")
        try:
            return row.decode(self._codec)
        except UnicodeDecodeError as error:
            words = "Byte {} of the row (0x{}) is no character in the file's encoding, {}"
            reason = say(words, error.start + 1, f"{row[error.start]:02X}", _tell_codec(self._codec))
            raise Unfit(reason, hints.ENCODING) from error

    def _read_values(self, found: Sequence[str]) -> tuple[list[Any], list[RowFault]]:
        """Read each cell by itself."""
        values: list[Any] = [None] * len(self._template.columns)
        wrong: list[RowFault] = []
        for cell, place, read, is_required in self._plan:
            value = found[cell] if cell < len(found) else ""
            try:
                if value:
                    require_readable(value)
                    values[place] = read(value)
                elif is_required:
                    raise _miss_value(self._template.columns[place].name)
            except Unfit as unfit:
                wrong.append(RowFault(unfit, self._template.columns[place].name, cell))
        wrong += self._find_beyond(found)
        return values, sorted(wrong, key=lambda fault: fault.cell)

    def _find_beyond(self, found: Sequence[str]) -> Iterator[RowFault]:
        """Yield what stands where it cannot be read: beyond the headings, or in columns that mean nothing."""
        width = self._headings.width
        surplus = next((cell for cell in range(width, len(found)) if found[cell]), None)
        if surplus is not None:
            words = "The row has {} cells, the headings {}; {} has no column"
            reason = say(words, len(found), width, quote_value(found[surplus]))
            yield RowFault(Unfit(reason, "Perhaps a tab has slipped into a value."), f"column {surplus + 1}", surplus)
        for cell, value in enumerate(found[:width]):
            if self._headings.places[cell] is None:
                try:
                    require_readable(value)
                except Unfit as unfit:
                    yield RowFault(unfit, f"column {cell + 1}", cell)

    def _place_bytes(self, row: bytes, unfit: Unfit) -> RowFault:
        """Say in which cell stands what cannot be decoded."""
        error = unfit.__cause__
        if not isinstance(error, UnicodeDecodeError):
            return RowFault(unfit)
        cell = row[: error.start].count(b"\t")
        place = self._headings.places[cell] if cell < len(self._headings.places) else None
        return RowFault(unfit, f"column {cell + 1}" if place is None else self._template.names[place], cell)

    def _place_row(self, unfit: Unfit) -> RowFault:
        """Say to which cell belongs what is wrong with several together."""
        if unfit.column is None:
            return RowFault(unfit)
        return RowFault(
            unfit, unfit.column, self._cells.get(self._template.place(unfit.column), len(self._headings.places))
        )

    def _find_names(self, row: bytes) -> dict[str, str | None]:
        """Return what the report names a row by, as the row has it."""
        found = split_cells(row[: MAX_ROW_BYTES + 1].decode(self._codec, "replace"))
        return {one.field: self._read_cell(found, one.column) for one in self._template.named_by if one.column}

    def _read_cell(self, found: Sequence[str], column: str) -> str | None:
        cell = self._cells.get(self._template.place(column), len(found))
        value = found[cell][:_LONGEST_ID] if cell < len(found) else ""
        return value or None


def _miss_value(column: str) -> Unfit:
    """Say that a value is missing; a missing order id has a text of its own."""
    if column == "order-id":
        return Unfit("Each row must name its order", None, NO_ORDER_ID)
    return Unfit(say("Each row needs a value in {}", column))


def _tell_codec(codec: str) -> str:
    """Return how people call an encoding."""
    return {"cp932": "Shift_JIS", "cp1252": "windows-1252", "utf-8": "UTF-8"}.get(codec, codec)
