"""What became of each message of a feed, beside the message itself: a page at a time, however large the feed is.

A page is found by halving, as marks count what lies before them: some twenty marks are read, then one or two batches
of the feed; for a page of errors at most one batch an error. A feed that is not in UTF-8 costs a decoding of all that
stands before the page, too.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import BinaryIO

from msgspec import Struct

from feedproc.feeds.extract import Extract, Extractor, Stretch
from feedproc.feeds.progress import Mark
from feedproc.feeds.report import Result, Severity
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Book, Documents
from feedproc.services.marks import NO_MARK, Marks

PAGE = 50
"""Messages on a page."""
Reader = Callable[[BinaryIO], Extractor]
"""Returns what cuts messages out of an open feed."""


class Verdict(StrEnum):
    """What became of a message."""

    SUCCESSFUL = "successful"
    WARNING = "warning"
    ERROR = "error"
    WITHHELD = "withheld"
    """Nothing is wrong with it, but the feed is faulty as a whole, so that no message of it took effect."""


class Line(Struct, frozen=True):
    """A message, and what became of it."""

    verdict: Verdict
    number: int | None = None
    """Which message of the feed it is, from 1; None for a result about the feed as a whole."""
    extract: Extract | None = None
    """None where the feed is no longer kept, too."""
    result: Result | None = None


class Lines(Struct, frozen=True):
    """A page of them."""

    lines: Sequence[Line]
    total: int
    """Of messages that were looked at so far; or of errors, on a page of errors alone."""
    number: int
    """Of the page, from 1."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


class Progress(Struct, frozen=True):
    """How far a submission has come."""

    done: int
    """Messages that were looked at."""
    messages: int | None
    """How many there are; None before the first batch was applied."""


def progress(book: Book, submission: FeedSubmission) -> Progress:
    """Return how far a submission has come."""
    mark = book.last_mark(submission.seller_id, submission.submission_id)
    return Progress(mark.summary.processed, mark.messages) if mark else Progress(0, None)


def lines(book: Book, documents: Documents, submission: FeedSubmission, reader: Reader) -> "FeedLines":
    """Return the messages of a submission; `reader` reads feeds of its type."""
    return FeedLines(book, documents, submission, reader)


class FeedLines:
    """The messages of one submission."""

    def __init__(self, book: Book, documents: Documents, submission: FeedSubmission, reader: Reader) -> None:
        """Look at a submission; `reader` reads feeds of its type."""
        self._book = book
        self._documents = documents
        self._submission = submission
        self._reader = reader
        self._marks = Marks(book, submission)
        self._last = self._marks.last

    @property
    def last(self) -> Mark | None:
        """The last mark: how far processing has come; None before its first batch."""
        return self._last

    @property
    def whole(self) -> Sequence[Result]:
        """What is to be told about the feed as a whole, apart from its messages."""
        first = self._marks.mark(1) if self._last else NO_MARK
        return () if first.summary.processed else first.results

    @property
    def has_failed(self) -> bool:
        """There are messages that failed, or took no effect because the feed is faulty as a whole."""
        if self._last is None:
            return False
        return self._last.summary.processed > 0 and self._last.summary.with_error > 0

    def page(self, number: int) -> Lines:
        """Return a page of all messages that were looked at so far."""
        total = self._last.summary.processed if self._last else 0
        number = _within(number, total)
        first = (number - 1) * PAGE
        following = min(first + PAGE, total)
        withheld = self._is_withheld()
        told: list[Line] = []
        with self._opened() as extractor:
            for before, batch in self._marks.batches(_processed, first):
                told += _all(before, batch, first, following, extractor, withheld)
                if batch.summary.processed >= following:
                    break
        return Lines(told, total, number)

    def errors(self, number: int) -> Lines:
        """Return a page of the errors alone: those of messages, and those about the feed as a whole."""
        total = self._last.summary.with_error if self._last else 0
        number = _within(number, total)
        first = (number - 1) * PAGE
        told: list[Line] = []
        with self._opened() as extractor:
            for before, batch in self._marks.batches(_with_error, first):
                skipped = max(0, first - before.summary.with_error)
                wrong = _errors(batch)[skipped : skipped + PAGE - len(told)]
                told += _wrong(before, batch, wrong, extractor)
                if len(told) >= min(PAGE, total - first):
                    break
        return Lines(told, total, number)

    def failed(self) -> Iterator[Extract]:
        """Yield the messages that failed, in feed order: each batch in which there is one is read once.

        Where no message took effect because the feed is faulty as a whole, all of them failed.
        """
        withheld = self._is_withheld()
        with self._opened() as extractor:
            for before, batch in self._marks.batches(_processed if withheld else _with_error, 0):
                size = batch.summary.processed - before.summary.processed
                wanted = range(size) if withheld else sorted({place for place, _ in _errors(batch) if place >= 0})
                yield from _picked(extractor, before, batch, wanted)

    @contextmanager
    def _opened(self) -> Iterator[Extractor | None]:
        """Open the feed; there is nothing to cut messages out of when it is no longer kept, or nothing was read yet."""
        if self._last is None or not self._last.summary.processed:
            yield None
            return
        try:
            feed = self._documents.open(self._submission.document)
        except FileNotFoundError:
            yield None
            return
        with feed:
            yield self._reader(feed)

    def _is_withheld(self) -> bool:
        """Say whether the feed is faulty as a whole: then the first mark tells of that alone."""
        first = self._marks.mark(1) if self._last else NO_MARK
        return first.summary.processed == 0 and first.summary.with_error > 0


def _within(number: int, total: int) -> int:
    return max(1, min(number, -(-total // PAGE)))


def _processed(mark: Mark) -> int:
    return mark.summary.processed


def _with_error(mark: Mark) -> int:
    return mark.summary.with_error


def _all(
    before: Mark, batch: Mark, first: int, following: int, extractor: Extractor | None, withheld: bool
) -> list[Line]:
    """Return the lines of those messages of a batch that are on a page."""
    begin = before.summary.processed
    places = range(max(first - begin, 0), min(following, batch.summary.processed) - begin)
    extracts = dict(zip(places, _picked(extractor, before, batch, places), strict=False))
    found = dict(_placed(batch))
    return [_line(begin + place + 1, extracts.get(place), found.get(place), withheld) for place in places]


def _wrong(
    before: Mark, batch: Mark, wrong: Sequence[tuple[int, Result]], extractor: Extractor | None
) -> Iterator[Line]:
    """Yield the lines of some errors of a batch."""
    places = sorted({place for place, _ in wrong if place >= 0})
    extracts = dict(zip(places, _picked(extractor, before, batch, places), strict=False))
    for place, result in wrong:
        number = before.summary.processed + place + 1 if place >= 0 else None
        yield Line(Verdict.ERROR, number, extracts.get(place), result)


def _picked(extractor: Extractor | None, before: Mark, batch: Mark, places: Sequence[int]) -> Iterator[Extract]:
    """Cut messages out of a batch; none from a feed that is no longer kept.

    A batch that ends within a portion does not say where: its messages are found from where the portion begins.
    """
    if extractor is None or not places:
        return iter(())
    ends = batch.end if not batch.taken and not before.taken else None
    size = batch.summary.processed - before.summary.processed
    stretch = Stretch(before.end if before.number else None, ends, size)
    return extractor.picked(stretch, [before.taken + place for place in places])


def _errors(batch: Mark) -> list[tuple[int, Result]]:
    """Return the errors of a batch, each with the place of its message in the batch, or -1."""
    places = batch.places or (-1,) * len(batch.results)
    pairs = zip(places, batch.results, strict=True)
    return [(place, result) for place, result in pairs if result.severity is Severity.ERROR]


def _placed(batch: Mark) -> list[tuple[int, Result]]:
    """Return the results of a batch that are about messages, each with the place of its message in the batch."""
    return [pair for pair in zip(batch.places, batch.results, strict=False) if pair[0] >= 0]


def _line(number: int, extract: Extract | None, result: Result | None, withheld: bool) -> Line:
    if result is None:
        return Line(Verdict.WITHHELD if withheld else Verdict.SUCCESSFUL, number, extract)
    verdict = Verdict.ERROR if result.severity is Severity.ERROR else Verdict.WARNING
    return Line(verdict, number, extract, result)
