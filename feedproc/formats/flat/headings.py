"""The row of headings: where it stands, which columns it has, and what is wrong with it."""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, islice

from msgspec import Struct

from feedproc.feeds.feed_type import Provenance
from feedproc.feeds.finding import Finding
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.report import Severity
from feedproc.feeds.result_codes import MISSING_COLUMN, UNKNOWN_COLUMN, UNKNOWN_COLUMN_IN_JAPANESE
from feedproc.feeds.saying import Saying, quote_value, say
from feedproc.formats.flat import hints
from feedproc.formats.flat.columns import Template
from feedproc.formats.flat.rows import find_column, is_empty, split_cells
from feedproc.formats.limits import MAX_ENVELOPE_FINDINGS

_KIND = "templatetype="
_LONGEST_HEADING = 1000
"""Characters of a heading that a report tells: it may be a whole line of XML, too."""
_PACKED = {"PK\x03\x04": "a zip archive or an Excel workbook", "\xd0\xcf\x11\xe0": "an Excel workbook", "%PDF": "a PDF"}
_XML = "Send it as the XML feed type, such as POST_ORDER_FULFILLMENT_DATA."


class Headings(Struct, frozen=True):
    """Which columns a file has."""

    line: int
    """On which they stand; the first record is on the next one. 0 in an empty file."""
    places: tuple[int | None, ...]
    """For each cell the place of its column in the template; None for one whose values are ignored."""
    findings: Sequence[Finding] = ()
    width: int = 0
    """Cells up to the last one that has a heading."""


def read_headings(
    beginning: Sequence[bytes], codec: str, template: Template, others: Sequence[Template], provenance: Provenance
) -> Headings:
    """Read the headings of a file that begins with these rows; it may follow one of the `others` by mistake."""
    lines = [row.decode(codec, "replace") for row in beginning]
    split = [split_cells(line) for line in lines]
    at = _find_row(split, beginning, _list_names((template, *others)))
    if at is None:
        return Headings(0, (), [_tell_missing(1, 1, template.columns[0].name, say("The file is empty."), None)])
    names = [cell.lower() for cell in split[at]]
    places = _find_places(names, template)
    found = chain(
        _find_lacking(lines[at], at + 1, names, template, find_other(template, others, names, _read_kind(split[0]))),
        _find_unknown(lines[at], at + 1, split[at], places, template, provenance),
    )
    width = max((number for number, name in enumerate(names, 1) if name), default=0)
    return Headings(at + 1, places, list(islice(found, MAX_ENVELOPE_FINDINGS + 1)), width)


def find_template(beginning: Sequence[bytes], templates: Sequence[Template]) -> Template | None:
    """Return the template, of several, whose headings a file has that begins with these rows, if any.

    It is the one that the first row names, or the only one that lacks no required column: orders alone are a
    cancellation.
    """
    split = [split_cells(row.decode("ascii", "replace")) for row in beginning]
    every = _list_names(templates)
    at = _find_row(split, beginning, every)
    names = [cell.lower() for cell in split[at]] if at is not None else []
    known = [one for one in templates if one.names[0] in names and find_other(one, templates, names, "") is None]
    kind = _read_kind(split[0]) if split else ""
    of_kind = next((one for one in known if kind and one.kind == kind), None)
    fitting = known if len(known) == 1 else [one for one in known if _fits(one, names, every)]
    return of_kind or (fitting[0] if len(fitting) == 1 else None)


def find_other(template: Template, others: Sequence[Template], names: Sequence[str], kind: str) -> Template | None:
    """Return which other template a file follows, that has these headings and this TemplateType, if it does.

    It does when it has headings of the other and none that only its own has: the id of the order is in several.
    """
    others = [one for one in others if one is not template]
    elsewhere = _list_names(others)
    if any(name in template.names and name not in elsewhere for name in names):
        return None
    strange = [name for name in names if name not in template.names]
    of_kind = next((one for one in others if one.kind and one.kind == kind), None)
    if of_kind is not None or not any(name in elsewhere for name in strange):
        return of_kind
    return max(others, key=lambda one: sum(name in one.names for name in names))


def _list_names(templates: Sequence[Template]) -> frozenset[str]:
    """Return the headings of several templates."""
    return frozenset(name for one in templates for name in one.names)


def _fits(template: Template, names: Sequence[str], every: Collection[str]) -> bool:
    """Say whether a template's required columns are there, and no column of another one."""
    required = (column.name for column in template.columns if column.is_required)
    return all(name in names for name in required) and all(name in template.names for name in names if name in every)


def _find_row(split: Sequence[Sequence[str]], beginning: Sequence[bytes], known: Collection[str]) -> int | None:
    """Return which row has the headings: the first with a known one, or the first that could have them."""
    for at, row in enumerate(split):
        if any(cell.lower() in known for cell in row):
            return at
    filled = [at for at, row in enumerate(beginning) if not is_empty(row)]
    return next((at for at in filled if not _read_kind(split[at])), filled[0] if filled else None)


def _read_kind(row: Sequence[str]) -> str:
    """Return what the first row says of its template; nothing when it is not that row."""
    return row[0][len(_KIND) :] if row[0].lower().startswith(_KIND) else ""


def _find_places(names: Sequence[str], template: Template) -> tuple[int | None, ...]:
    """Return the place of each column; of one that is there twice the first counts."""
    known = {name: place for place, name in enumerate(template.names)}
    return tuple(known.pop(name, None) for name in names)


def _find_lacking(
    line: str, number: int, names: list[str], template: Template, other: Template | None
) -> list[Finding]:
    """Tell of the first required column that is missing; only that, as Amazon does."""
    missing = [column.name for column in template.columns if column.is_required and column.name not in names]
    if other is not None and not missing:
        missing = [name for name in template.names if name not in names]
    if not missing:
        return []
    reason, hint = _explain_lacking(line, missing[0], names, template, other)
    return [_tell_missing(number, len(line) + 1, missing[0], reason, hint)]


def _explain_lacking(
    line: str, missing: str, names: list[str], template: Template, other: Template | None
) -> tuple[Saying, Saying | None]:
    """Say in plain words why a column is missing."""
    if line.lstrip("\ufeff").startswith("<"):
        return say("The file is XML, not a table with tabs."), say(_XML)
    packed = next((what for mark, what in _PACKED.items() if line.startswith(mark)), None)
    if packed:
        hint = say("Save it as Text (Tab delimited), and send that.")
        return say("The file is {}, not a table with tabs.", say(packed)), hint
    if other is not None:
        reason = say("The file is of the template {}, not {}.", say(other.title), say(template.title))
        return reason, say("Send it as {}.", other.feed_type)
    close = [name for name in names if hints.mend_heading(name, [missing])]
    if close:
        return say("No column is called {}.", missing), say("Write {} for {}.", missing, quote_value(close[0]))
    if not any(name in template.names for name in names):
        hint = say("Let the columns' names stand in the first row.")
        return say("The file has no row of headings."), _find_separator(line) or hint
    return say("The file has no column {}.", missing), None


def _find_separator(line: str) -> Saying | None:
    """Say what stands between the columns in place of tabs, if that is seen."""
    if "\t" in line:
        return None
    if "\\t" in line:
        return say(
            "The tabs are written as two characters, `\\t`; in PHP, a text takes double quotes for them to be tabs."
        )
    if ";" in line:
        return say("Put tabs between the columns, not semicolons.")
    if "|" in line:
        return say("Put tabs between the columns, not bars.")
    return say("Put tabs between the columns, not commas.") if "," in line else None


def _tell_missing(line: int, column: int, name: str, reason: Saying, hint: Saying | None) -> Finding:
    return Finding(
        line=line,
        column=column,
        message_id=None,
        code=MISSING_COLUMN.code,
        rule="missing-column",
        path=name,
        description=MISSING_COLUMN.fill(name=name),
        reason=reason,
        hint=hint,
    )


def _find_unknown(
    line: str, number: int, row: Sequence[str], places: Sequence[int | None], template: Template, provenance: Provenance
) -> Iterator[Finding]:
    """Yield a warning of each heading that the template does not have."""
    absent = [name for place, name in enumerate(template.names) if place not in places]
    is_japanese = marketplace_of(provenance.marketplace_id).is_japanese and not provenance.in_english
    text = UNKNOWN_COLUMN_IN_JAPANESE if is_japanese else UNKNOWN_COLUMN
    words = "The template {} has no column {}; its values are ignored."
    for cell, (heading, place) in enumerate(zip(row, places, strict=True)):
        if heading and place is None:
            yield Finding(
                line=number,
                column=find_column(line, cell),
                message_id=None,
                code=text.code,
                rule="unknown-column",
                path=heading[:100],
                description=text.fill(heading=heading[:_LONGEST_HEADING]),
                reason=say(words, say(template.title), quote_value(heading)),
                hint=hints.mend_heading(heading, absent),
                severity=Severity.WARNING,
            )
