"""The marks that a submission's batches left, found by what they count."""

from collections.abc import Callable, Iterator

from feedproc.feeds.progress import Mark, Position
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Book

NO_MARK = Mark(0, Position(), Summary())
"""Stands before the first one."""
_MOST_HELD = 32


class Marks:
    """Of one submission. Those that were read last are held, as halving meets them again."""

    def __init__(self, book: Book, submission: FeedSubmission) -> None:
        """Look how far the submission has come."""
        self._book = book
        self._key = (submission.seller_id, submission.submission_id)
        self._read: dict[int, Mark] = {}
        self.last = book.last_mark(*self._key)
        """Without its results; None before the first batch, and when the marks are no longer kept."""
        if self.last is not None and book.mark(*self._key, 1) is None:
            self.last = None

    def batches(self, counted: Callable[[Mark], int], beyond: int) -> Iterator[tuple[Mark, Mark]]:
        """Yield the marks before and of each batch in which what is `counted` grows, from where it exceeds `beyond`."""
        last = self.last.number if self.last else 0
        number = 0
        while number < last and self.last is not None and counted(self.last) > beyond:
            number = self._first(counted, beyond, number + 1, last)
            batch = self.mark(number)
            yield self.mark(number - 1), batch
            beyond = counted(batch)

    def _first(self, counted: Callable[[Mark], int], beyond: int, low: int, high: int) -> int:
        """Return the number of the first mark at which what is `counted` exceeds `beyond`, by halving."""
        if counted(self.mark(low)) > beyond:
            return low
        while low < high:
            middle = (low + high) // 2
            if counted(self.mark(middle)) > beyond:
                high = middle
            else:
                low = middle + 1
        return low

    def mark(self, number: int) -> Mark:
        """Return the mark of the batch of that number, with its results."""
        if number < 1:
            return NO_MARK
        found = self._read.get(number) or self._book.mark(*self._key, number)
        if found is None:
            raise LookupError(f"batch {number} of submission {self._key[1]} is not in the store")
        self._read[number] = found
        if len(self._read) > _MOST_HELD:
            del self._read[next(iter(self._read))]
        return found
