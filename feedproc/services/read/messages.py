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
from feedproc.feeds.progress import Mark, Position
from feedproc.feeds.report import Result, Severity, Summary
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Documents, Marks

Reader = Callable[[BinaryIO], Extractor]
"""Returns what cuts messages out of an open feed."""
PAGE_SIZE = 50
"""Messages on a page."""
NO_MARK = Mark(0, Position(), Summary())
"""Stands before the first one."""
_MOST_HELD = 32
"""_Marks held at a time: halving meets the last ones again."""


class Verdict(StrEnum):
    """What became of a message."""

    SUCCESSFUL = "successful"
    WARNING = "warning"
    ERROR = "error"
    WITHHELD = "withheld"
    """Nothing is wrong with it, but the feed is faulty as a whole, so that no message of it took effect."""


class JudgedMessage(Struct, frozen=True):
    """A message, and what became of it."""

    verdict: Verdict
    number: int | None = None
    """Which message of the feed it is, from 1; None for a result about the feed as a whole."""
    extract: Extract | None = None
    """None where the feed is no longer kept, too."""
    result: Result | None = None


class MessagePage(Struct, frozen=True):
    """A page of judged messages."""

    messages: Sequence[JudgedMessage]
    total: int
    """Of messages that were looked at so far; or of errors, on a page of errors alone."""
    number: int
    """Of the page, from 1."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE_SIZE))


def _judge(result: Result | None, withheld: bool) -> Verdict:
    """Return what became of a message with that result, in a feed that is `withheld` as a whole or not."""
    if result is None:
        return Verdict.WITHHELD if withheld else Verdict.SUCCESSFUL
    return Verdict.ERROR if result.severity is Severity.ERROR else Verdict.WARNING


class FeedProgress(Struct, frozen=True):
    """How far a submission has come."""

    done: int
    """Messages that were looked at."""
    messages: int | None
    """How many there are; None before the first batch was applied."""


def get_progress(marks: Marks, submission: FeedSubmission) -> FeedProgress:
    """Return how far a submission has come."""
    mark = marks.get_last(submission.seller_id, submission.submission_id)
    return FeedProgress(mark.summary.processed, mark.messages) if mark else FeedProgress(0, None)


class FeedMessages:
    """The messages of one submission."""

    def __init__(self, marks: Marks, documents: Documents, submission: FeedSubmission, reader: Reader) -> None:
        """Look at a submission; `reader` reads feeds of its type."""
        self._documents = documents
        self._submission = submission
        self._reader = reader
        self._marks = _SubmissionMarks(marks, submission)
        self._last = self._marks.last

    @property
    def last(self) -> Mark | None:
        """The last mark: how far processing has come; None before its first batch."""
        return self._last

    @property
    def whole(self) -> Sequence[Result]:
        """What is to be told about the feed as a whole, apart from its messages."""
        first = self._marks.get(1) if self._last else NO_MARK
        return () if first.summary.processed else first.results

    @property
    def has_failed(self) -> bool:
        """There are messages that failed, or took no effect because the feed is faulty as a whole."""
        if self._last is None:
            return False
        return self._last.summary.processed > 0 and self._last.summary.with_error > 0

    def get_page(self, number: int) -> MessagePage:
        """Return a page of all messages that were looked at so far."""
        total = self._last.summary.processed if self._last else 0
        number = _limit_page(number, total)
        first = (number - 1) * PAGE_SIZE
        following = min(first + PAGE_SIZE, total)
        withheld = self._is_withheld()
        found: list[JudgedMessage] = []
        with self._open_feed() as extractor:
            for before, batch in self._marks.list_batches(_count_processed, first):
                found += _BatchMessages(before, batch, extractor).list_between(first, following, withheld)
                if batch.summary.processed >= following:
                    break
        return MessagePage(found, total, number)

    def get_errors(self, number: int) -> MessagePage:
        """Return a page of the errors alone: those of messages, and those about the feed as a whole."""
        total = self._last.summary.with_error if self._last else 0
        number = _limit_page(number, total)
        first = (number - 1) * PAGE_SIZE
        found: list[JudgedMessage] = []
        with self._open_feed() as extractor:
            for before, batch in self._marks.list_batches(_count_errors, first):
                skipped = max(0, first - before.summary.with_error)
                found += _BatchMessages(before, batch, extractor).list_errors(skipped, PAGE_SIZE - len(found))
                if len(found) >= min(PAGE_SIZE, total - first):
                    break
        return MessagePage(found, total, number)

    def read_failed(self) -> Iterator[Extract]:
        """Yield the messages that failed, in feed order: each batch in which there is one is read once.

        Where no message took effect because the feed is faulty as a whole, all of them failed.
        """
        withheld = self._is_withheld()
        with self._open_feed() as extractor:
            for before, batch in self._marks.list_batches(_count_processed if withheld else _count_errors, 0):
                yield from _BatchMessages(before, batch, extractor).read_failed(withheld)

    @contextmanager
    def _open_feed(self) -> Iterator[Extractor | None]:
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
        first = self._marks.get(1) if self._last else NO_MARK
        return first.summary.processed == 0 and first.summary.with_error > 0


def _limit_page(number: int, total: int) -> int:
    return max(1, min(number, -(-total // PAGE_SIZE)))


def _count_processed(mark: Mark) -> int:
    return mark.summary.processed


def _count_errors(mark: Mark) -> int:
    return mark.summary.with_error


class _BatchMessages:
    """The messages between two marks. Places are counted from the first of them, which is 0."""

    def __init__(self, before: Mark, batch: Mark, extractor: Extractor | None) -> None:
        """`before` is the mark before the batch; without an extractor the feed is no longer kept."""
        self._before = before
        self._batch = batch
        self._extractor = extractor
        self._begin = before.summary.processed
        self._end = batch.summary.processed

    def list_between(self, first: int, following: int, withheld: bool) -> list[JudgedMessage]:
        """Return those messages that are of the feed's from `first` up to `following`."""
        places = range(max(first, self._begin) - self._begin, min(following, self._end) - self._begin)
        extracts = self._cut_by_place(places)
        results = dict(self._list_results())
        return [self._pair(place, extracts.get(place), results.get(place), withheld) for place in places]

    def list_errors(self, skipped: int, most: int) -> Iterator[JudgedMessage]:
        """Yield `most` errors behind those that are skipped; some may be about the feed as a whole."""
        chosen = self._list_errors()[skipped : skipped + most]
        extracts = self._cut_by_place(sorted({place for place, _ in chosen if place >= 0}))
        for place, result in chosen:
            number = self._begin + place + 1 if place >= 0 else None
            yield JudgedMessage(Verdict.ERROR, number, extracts.get(place), result)

    def read_failed(self, withheld: bool) -> Iterator[Extract]:
        """Yield the messages that failed: all of them in a feed that is withheld as a whole."""
        if withheld:
            return self._cut(range(self._end - self._begin))
        return self._cut(sorted({place for place, _ in self._list_errors() if place >= 0}))

    def _pair(self, place: int, extract: Extract | None, result: Result | None, withheld: bool) -> JudgedMessage:
        return JudgedMessage(_judge(result, withheld), self._begin + place + 1, extract, result)

    def _cut_by_place(self, places: Sequence[int]) -> dict[int, Extract]:
        return dict(zip(places, self._cut(places), strict=False))

    def _cut(self, places: Sequence[int]) -> Iterator[Extract]:
        """Cut messages out of the batch.

        A batch that ends within a portion does not say where: its messages are found from where the portion begins.
        """
        before, batch = self._before, self._batch
        if self._extractor is None or not places:
            return iter(())
        end = batch.end if not batch.taken and not before.taken else None
        stretch = Stretch(before.end if before.number else None, end, self._end - self._begin)
        return self._extractor.pick(stretch, [before.taken + place for place in places])

    def _list_errors(self) -> list[tuple[int, Result]]:
        """Return the errors, each with the place of its message, or -1."""
        results = self._batch.results
        places = self._batch.places or (-1,) * len(results)
        return [pair for pair in zip(places, results, strict=True) if pair[1].severity is Severity.ERROR]

    def _list_results(self) -> list[tuple[int, Result]]:
        """Return the results that are about messages, each with the place of its message."""
        return [pair for pair in zip(self._batch.places, self._batch.results, strict=False) if pair[0] >= 0]


class _SubmissionMarks:
    """Of one submission. Those that were read last are held, as halving meets them again."""

    def __init__(self, marks: Marks, submission: FeedSubmission) -> None:
        """Look how far the submission has come."""
        self._marks = marks
        self._key = (submission.seller_id, submission.submission_id)
        self._read: dict[int, Mark] = {}
        self.last = marks.get_last(*self._key)
        """Without its results; None before the first batch, and when the marks are no longer kept."""
        if self.last is not None and marks.get(*self._key, 1) is None:
            self.last = None

    def list_batches(self, counted: Callable[[Mark], int], beyond: int) -> Iterator[tuple[Mark, Mark]]:
        """Yield the marks before and of each batch in which what is `counted` grows, from where it exceeds `beyond`."""
        last = self.last.number if self.last else 0
        number = 0
        while number < last and self.last is not None and counted(self.last) > beyond:
            number = self._find_first(counted, beyond, number + 1, last)
            batch = self.get(number)
            yield self.get(number - 1), batch
            beyond = counted(batch)

    def _find_first(self, counted: Callable[[Mark], int], beyond: int, low: int, high: int) -> int:
        """Return the number of the first mark at which what is `counted` exceeds `beyond`, by halving."""
        if counted(self.get(low)) > beyond:
            return low
        while low < high:
            middle = (low + high) // 2
            if counted(self.get(middle)) > beyond:
                high = middle
            else:
                low = middle + 1
        return low

    def get(self, number: int) -> Mark:
        """Return the mark of the batch of that number, with its results."""
        if number < 1:
            return NO_MARK
        found = self._read.get(number) or self._marks.get(*self._key, number)
        if found is None:
            raise LookupError(f"batch {number} of submission {self._key[1]} is not in the store")
        self._read[number] = found
        if len(self._read) > _MOST_HELD:
            del self._read[next(iter(self._read))]
        return found
