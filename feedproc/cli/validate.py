"""`feedproc validate`."""

import math
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple

import click

from feedproc import settings
from feedproc.cli.feedtypes import charset_option, feed_type_option, make_flat_content_type
from feedproc.cli.files import open_seekable
from feedproc.cli.language import language_option, say_finding
from feedproc.cli.options import output_format, take_options, write_examples
from feedproc.cli.options import schemas as schemas_option
from feedproc.cli.output import copy_to_output, write_json
from feedproc.cli.progress import show_progress
from feedproc.cli.seller_option import choose_seller
from feedproc.cli.text import count_rows, show_controls, wrap_text
from feedproc.cli.validation import Validation, choose_validation, run_dry
from feedproc.explain.excerpt import Excerpts, draw_group, select_telling
from feedproc.feeds.feed_type import Provenance
from feedproc.feeds.finding import Finding, Inspection
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.report import Result, Severity
from feedproc.feeds.result_codes import FATAL_XML
from feedproc.feeds.wording import say_as_amazon
from feedproc.formats.recognition import locate_merchant
from feedproc.services.check import Owner, check, check_as, check_merchant, tell_orders
from feedproc.settings import Place, read_manner
from feedproc.wiring.clock import read_clock
from feedproc.wiring.feed_types import load_schemas
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_existing_store

_WIDTH = 120
"""Columns of an excerpt where there is no terminal to ask."""
_LONGEST_SENTENCE = 240
_MARGIN = 4
_LAST_ROWS = 4
"""What stands below findings on a terminal: how many more there are, the verdict in up to two rows, the prompt."""
_LOCAL = Owner(LOCAL_SELLER.seller_id, LOCAL_SELLER.merchant_token)
_HINT = {"en": "hint:", "ja": "ヒント:"}


class _ValidateOptions(NamedTuple):
    files: tuple[str, ...]
    feed_type: str | None
    charset: str | None
    marketplace: str
    merchant: str | None
    seller: str | None
    data_dir: Path | None
    all: bool
    schemas: Path | None
    language: str
    form: str


@click.command(
    "validate", epilog=write_examples("feedproc validate feed.xml", "feedproc validate --format json - < feed.txt")
)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@feed_type_option(required=False)
@charset_option
@click.option(
    "--marketplace",
    default=LOCAL_SELLER.marketplace.marketplace_id,
    show_default=True,
    help="Whose language reports of flat files have, and whose encoding flat files that do not tell theirs.",
)
@click.option(
    "--merchant", metavar="ID", help="Whose MerchantIdentifier feeds must give: a seller id or merchant token."
)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="The store whose seller's MerchantIdentifier feeds must give.",
)
@click.option("--seller", metavar="ID", help="Of that store; by default the local seller, or the only one there is.")
@click.option("--all", is_flag=True, help="Tell all findings on a terminal, not only as many as fit on it.")
@schemas_option
@language_option
@output_format("text", "json", "report")
@take_options(_ValidateOptions)
def command(given: _ValidateOptions) -> int:
    """Say what is wrong with feeds, applying nothing.

    A file may be - for standard input. Without --feed-type a feed is checked as what its content says that it is: by
    the MessageType of its envelope, or by the template whose headings it has; where that is none, the schema alone
    decides. An empty MerchantIdentifier is told always, a foreign one with --merchant or --data-dir. The exit code is 0
    for valid feeds, 1 for others. The format `report` is the processing report that such faults would lead to.
    """
    printed = {"text": _as_text, "json": _as_json, "report": _as_report}[given.form]
    provenance = Provenance(make_flat_content_type(given.charset), given.marketplace)
    judged_by = load_schemas(given.schemas)
    if judged_by.note:
        click.echo(f"{judged_by.place}: {judged_by.note}", err=True)
    owner = _find_owner(given)
    valid = True
    for name in given.files:
        with open_seekable(name) as feed:
            how = choose_validation(name, feed, given.feed_type, provenance, judged_by)
            valid &= printed(name, feed, how._replace(owner=owner, tells_all=given.all), given.language)
    return 0 if valid else 1


def _find_owner(given: _ValidateOptions) -> Owner | None:
    """Return whose feeds they must be, as far as that is told.

    Raises:
        Unusable: the store or its seller is not to be had.

    """
    if given.merchant is not None:
        return Owner(given.merchant, given.merchant)
    if given.data_dir is None and given.seller is None:
        return None
    place = Place(data_dir=given.data_dir or settings.read_environment().data_dir)
    with open_existing_store(place) as backend:
        seller = choose_seller(backend.sellers, given.seller)
    return Owner(seller.seller_id, seller.merchant_token)


class _Paper(NamedTuple):
    """What text is printed on."""

    out: IO[str] | None
    """None for the terminal, which a progress bar may hold."""
    width: int
    coloured: bool
    language: str

    @property
    def is_terminal(self) -> bool:
        return self.out is None

    def put(self, lines: str) -> None:
        click.echo(lines, file=self.out)

    def ink(self, text: str, **style: Any) -> str:
        return click.style(text, **style) if self.coloured else text


def _open_paper(language: str) -> _Paper:
    if not sys.stdout.isatty():
        return _Paper(sys.stdout, _WIDTH, coloured=False, language=language)
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

    console = Console()
    is_coloured = console.color_system is not None and not console.no_color
    return _Paper(None, console.width, is_coloured, language)


def _as_text(name: str, feed: BinaryIO, how: Validation, language: str) -> bool:
    paper, excerpts = _open_paper(language), None
    messages = count = warnings = hidden = 0
    room = _count_rows_for_findings(paper, how)
    for part in _inspect(name, feed, how):
        messages += part.messages
        count += len(part.findings)
        warnings += sum(one.severity is Severity.WARNING for one in part.findings)
        for _, group in groupby(part.findings, key=_get_place):
            told = list(group)
            if hidden:
                hidden += len(told)
                continue
            is_first, excerpts = excerpts is None, excerpts or how.open_excerpts(feed)
            text = "\n".join(_write_place(paper, name, told, excerpts, how.unit))
            room -= sum(count_rows(line, paper.width) for line in click.unstyle(text).split("\n"))
            if room < 0 and not is_first:
                hidden = len(told)
                continue
            paper.put(text)
    if hidden:
        paper.put(f"… and {hidden} more; `--all` shows them")
    verdict = f"{count} finding{'' if count == 1 else 's'}" if count else "valid"
    if count and count == warnings:
        verdict = f"valid, with {count} warning{'' if count == 1 else 's'}"
    line = f"{name}: {verdict} in {messages} {how.unit}{'' if messages == 1 else 's'}"
    paper.put(paper.ink(line, bold=True, fg="red" if count > warnings else "green"))
    return count == warnings


def _count_rows_for_findings(paper: _Paper, how: Validation) -> float:
    """Return how many rows findings may take: as many as a terminal has, but for the last lines, or any number."""
    if how.tells_all or not paper.is_terminal:
        return math.inf
    return shutil.get_terminal_size().lines - _LAST_ROWS


def _get_place(one: Finding) -> tuple[int, int, str | None]:
    return one.line, one.column, one.message_id


def _write_place(paper: _Paper, name: str, group: Sequence[Finding], excerpts: Excerpts, unit: str) -> Iterator[str]:
    """Yield the lines on the findings at one place: what is said of each, then the place, then the reasons."""
    for one in group:
        yield _write_heading(paper, name, one, unit)
    first = group[0]
    gutter = max(_MARGIN + 2, len(str(first.line)) + 1)
    if first.path:
        yield f"{' ' * gutter}{paper.ink('-->', fg='blue')} {show_controls(first.path)}"
    yield from _write_excerpt(paper, group, gutter, excerpts)
    for note in _notes([say_finding(paper.language, one) for one in group], _HINT[paper.language]):
        yield _note(paper, gutter, note)
    if paper.is_terminal:
        yield ""


def _write_excerpt(paper: _Paper, group: Sequence[Finding], gutter: int, excerpts: Excerpts) -> Iterator[str]:
    picture = draw_group(group, excerpts, max(20, paper.width - gutter - _MARGIN))
    if picture is None:
        return
    bar = paper.ink("|", fg="blue")
    yield f"{paper.ink(str(picture.line).rjust(gutter), fg='blue')} {bar} {picture.drawing.text}"
    yield f"{' ' * gutter} {bar} {paper.ink(picture.drawing.marks, fg='red', bold=True)}"


def _note(paper: _Paper, gutter: int, note: str) -> str:
    begin = f"{' ' * gutter} {paper.ink('=', fg='blue')} "
    if not paper.is_terminal:
        return f"{begin}{show_controls(note)}"
    lines = wrap_text(show_controls(note), max(20, paper.width - gutter - 3))
    hint = _HINT[paper.language]
    if lines[0].startswith(hint):
        lines[0] = paper.ink(hint, fg="cyan", bold=True) + lines[0].removeprefix(hint)
    return begin + f"\n{' ' * (gutter + 3)}".join(lines)


def _notes(group: Sequence[Finding], hint: str) -> list[str]:
    """Return the reasons and hints of findings at one place, without those that only repeat another one."""
    reasons = [str(one.reason) for one in select_telling(group) if one.reason]
    hints = [f"{hint} {one.hint}" for one in select_telling(group) if one.hint]
    return list(dict.fromkeys([*reasons, *hints]))


def _write_heading(paper: _Paper, name: str, one: Finding, unit: str) -> str:
    named = f"{unit} {one.message_id}: " if one.message_id is not None else ""
    place = f"{name}:{one.line}:{one.column}:" if one.line > 0 or not paper.is_terminal else f"{name}:"
    if not paper.is_terminal:
        return f"{place} {named}{show_controls(one.description)}"
    is_error = one.severity is Severity.ERROR
    named_by = f"{one.code} {one.rule}" if one.code else one.rule
    what = f"{'error' if is_error else 'warning'}[{named_by}]"
    error = paper.ink(what, fg="red" if is_error else "yellow", bold=True)
    return f"{paper.ink(place, bold=True)} {error} {named}{_brief(_get_sentence(one))}"


def _get_sentence(one: Finding) -> str:
    """Return what the parser says, without what the heading says already. Fatal errors are told twice over."""
    text = one.description
    if text.startswith("XML Parsing "):
        text = text.partition(": ")[2].removeprefix(f"{one.rule}: ")
    half = len(text) // 2
    return text[:half] if one.code == FATAL_XML.code and text[:half] == text[half + 1 :] else text


def _brief(text: str) -> str:
    if len(text) > _LONGEST_SENTENCE:
        text = f"{text[: _LONGEST_SENTENCE // 2]} … {text[-_LONGEST_SENTENCE // 2 :]}"
    return show_controls(text)


def _as_json(name: str, feed: BinaryIO, how: Validation, language: str) -> bool:
    messages = warnings = 0

    def findings() -> Iterator[object]:
        nonlocal messages, warnings
        for part in _inspect(name, feed, how):
            messages += part.messages
            warnings += sum(one.severity is Severity.WARNING for one in part.findings)
            yield from (say_finding(language, one) for one in part.findings)

    def head(count: int) -> dict[str, object]:
        return {"file": name, "valid": count == warnings, "messages": messages}

    return write_json(head, "findings", findings()) == warnings


def _as_report(name: str, feed: BinaryIO, how: Validation, _language: str) -> bool:
    with (
        show_progress(name, 2 * _measure(feed)) as tick,
        run_dry(how.form, feed, tick, how.provenance, partial(_say, how)) as (report, valid),
    ):
        copy_to_output(report)
    click.echo()
    return valid


def _say(how: Validation, result: Result) -> Result:
    """Put a result into the words that its report would have."""
    if how.feed_type is None or not how.feed_type.is_about_orders or read_manner().is_located:
        return result
    return say_as_amazon(result, marketplace_of(how.provenance.marketplace_id).seller_central)


def _inspect(name: str, feed: BinaryIO, how: Validation) -> Iterator[Inspection]:
    if how.holds_orders:
        yield Inspection(0, [tell_orders()], 0)
        return
    wrong = _check_merchant(feed, how)
    if wrong is not None:
        yield Inspection(0, [wrong], 0)
    if how.feed_type is None:
        parts = check(how.form, feed)
    else:
        parts = check_as(how.feed_type, feed, read_clock(), how.provenance)
    with show_progress(name, _measure(feed)) as tick:
        for part in parts:
            yield part
            tick(part.done)


def _check_merchant(feed: BinaryIO, how: Validation) -> Finding | None:
    """Return what is wrong with whose feed it says it is; that it is empty is seen without knowing whose it is."""
    told = locate_merchant(feed)
    feed.seek(0)
    if told is None or (how.owner is None and told[0]):
        return None
    return check_merchant(*told, how.owner or _LOCAL, how.provenance.marketplace_id)


def _measure(feed: BinaryIO) -> int:
    return os.fstat(feed.fileno()).st_size
