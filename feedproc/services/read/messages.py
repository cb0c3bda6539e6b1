"""What became of each message of a feed, beside the message itself: a page at a time, however large the feed is.

A page is found by halving, as marks count what lies before them: some twenty marks are read, then one or two batches
of the feed; for a page of errors at most one batch an error. A feed that is not in UTF-8 costs a decoding of all that
stands before the page, too.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from msgspec import Struct

from feedproc.feeds.extract import Extract, Extractor
from feedproc.feeds.progress import Mark
from feedproc.feeds.report import Result
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Book, Documents
from feedproc.services.read.batch_lines import BatchLines
from feedproc.services.read.line import PAGE, Line, Lines
from feedproc.services.read.marks import NO_MARK, Marks

Reader = Callable[[BinaryIO], Extractor]
"""Returns what cuts messages out of an open feed."""


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
                told += BatchLines(before, batch, extractor).between(first, following, withheld)
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
                told += BatchLines(before, batch, extractor).wrong(skipped, PAGE - len(told))
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
                yield from BatchLines(before, batch, extractor).failed(withheld)

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
