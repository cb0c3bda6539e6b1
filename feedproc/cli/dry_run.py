"""The processing report of a feed whose messages would all succeed unless the schema refuses them."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

import msgspec

from feedproc.feeds.feed_type import UNTOLD, Format, Provenance, ReportHead, Tick
from feedproc.feeds.finding import Survey
from feedproc.feeds.report import Result, Severity, Summary

SUBMISSION_ID = "1"
"""What the report calls a submission that there never was."""
_IN_MEMORY = 1024 * 1024
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Result).decode


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
