"""How a file named on the command line is validated, and the report it would have.

A processing report is made as if all messages would succeed unless the schema refuses them.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, NamedTuple

import msgspec

from feedproc.explain.excerpt import Excerpts
from feedproc.feeds.feed_type import UNTOLD, FeedType, Format, Provenance, ReportHead, Tick
from feedproc.feeds.finding import Survey
from feedproc.feeds.report import Result, Severity, Summary
from feedproc.formats.recognition import guess_feed_type, looks_like_xml, recognise
from feedproc.formats.xml.format import XmlFormat
from feedproc.formats.xml.schemas import Schemas
from feedproc.imports.order_files import recognise_orders
from feedproc.services.check import Owner
from feedproc.wiring.feed_types import load_feed_types

SUBMISSION_ID = "1"
"""What the report calls a submission that there never was."""
_IN_MEMORY = 1024 * 1024
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Result).decode


class Validation(NamedTuple):
    """How one file is looked at."""

    feed_type: FeedType | None
    """None for XML whose feed type was not told: the schema alone decides."""
    provenance: Provenance
    schemas: Schemas
    """By what XML is judged."""
    owner: Owner | None = None
    """Whose feed it must be; None when that is not known."""
    tells_all: bool = False
    """Everything is told, whether it fits on a terminal or not."""
    holds_orders: bool = False
    """It is an order report, or an answer with orders, and no feed."""

    @property
    def form(self) -> Format:
        """What reads the file; without a feed type any XML, of which no message is looked into."""
        return self.feed_type.format if self.feed_type is not None else XmlFormat("", _decode_nothing, self.schemas)

    @property
    def unit(self) -> str:
        """What people call one of the things a feed of this kind consists of."""
        return self.form.unit

    def open_excerpts(self, feed: BinaryIO) -> Excerpts:
        """Return the lines of the feed, to be shown."""
        return Excerpts(feed, self.form.open_text(feed, self.provenance))


def choose_validation(
    name: str, feed: BinaryIO, feed_type: str | None, provenance: Provenance, schemas: Schemas
) -> Validation:
    """Return how to look at a feed: as the type that was told, or else as what its content says that it is.

    A table that is no feed is looked at as the feed whose headings it has most of. What is called XML is looked at as
    XML, and told to be none.
    """
    types = load_feed_types(schemas)
    if feed_type is not None:
        return Validation(types.look_up(feed_type), provenance, schemas)
    is_xml = looks_like_xml(feed)
    if name.lower().endswith(".xml") and not is_xml:
        feed.seek(0)
        return Validation(None, provenance, schemas)
    holds_orders = not is_xml and recognise_orders(feed, provenance.marketplace_id)
    known = None if holds_orders else recognise(feed, types)
    guess = types.look_up(known) if known else guess_feed_type(feed, types)
    feed.seek(0)
    is_told = known is not None or not guess.format.declares_encoding
    return Validation(guess if is_told else None, provenance, schemas, holds_orders=holds_orders)


def _decode_nothing(_payload: object) -> None:
    """Decode nothing: no message is looked into."""


@contextmanager
def run_dry(
    form: Format,
    feed: BinaryIO,
    tick: Tick,
    provenance: Provenance = UNTOLD,
    say: Callable[[Result], Result] = lambda result: result,
) -> Iterator[tuple[IO[bytes], bool]]:
    """Give the report, and whether it is without errors; `say` puts each result into the words of the report."""
    survey = form.survey(feed, tick, provenance)
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool, tempfile.SpooledTemporaryFile(_IN_MEMORY) as report:
        summary = _spool_results(form, feed, survey, spool)
        head = ReportHead(SUBMISSION_ID, survey.merchant_identifier or "", provenance.marketplace_id)
        for part in form.report(head, summary, map(say, _read_spool(spool))):
            report.write(part)
        report.seek(0)
        yield report, not summary.with_error


def _spool_results(form: Format, feed: BinaryIO, survey: Survey, spool: IO[bytes]) -> Summary:
    """Write all results; return the counts. What is wrong with the feed as a whole keeps every message from success."""
    errors = sum(one.severity is Severity.ERROR for one in survey.results)
    summary = Summary(with_error=errors, with_warning=len(survey.results) - errors)
    for result in survey.results:
        _spool(spool, result)
    if survey.unreadable:
        return summary
    for portion in form.read(feed, survey, survey.start):
        faulty = [one for one in portion.messages if isinstance(one, Result)]
        for result in faulty:
            _spool(spool, result)
        count = len(portion.messages)
        summary += Summary(count, 0 if survey.withheld else count - len(faulty), len(faulty))
    return summary


def _spool(spool: IO[bytes], result: Result) -> None:
    spool.write(_encode(result) + b"\n")


def _read_spool(spool: IO[bytes]) -> Iterable[Result]:
    spool.seek(0)
    return map(_decode, spool)
