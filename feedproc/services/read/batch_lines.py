"""What became of the messages of one batch, beside the messages."""

from collections.abc import Iterator, Sequence

from feedproc.feeds.extract import Extract, Extractor, Stretch
from feedproc.feeds.progress import Mark
from feedproc.feeds.report import Result, Severity
from feedproc.services.read.line import Line, Verdict, verdict_of


class BatchLines:
    """The messages between two marks. Places are counted from the first of them, which is 0."""

    def __init__(self, before: Mark, batch: Mark, extractor: Extractor | None) -> None:
        """Take the mark before the batch, and its own; without an extractor the feed is no longer kept."""
        self._before = before
        self._batch = batch
        self._extractor = extractor
        self._begin = before.summary.processed
        self._end = batch.summary.processed

    def between(self, first: int, following: int, withheld: bool) -> list[Line]:
        """Return the lines of those messages that are of the feed's from `first` up to `following`."""
        places = range(max(first, self._begin) - self._begin, min(following, self._end) - self._begin)
        extracts = self._extracts(places)
        told = dict(self._about_messages())
        return [self._line(place, extracts.get(place), told.get(place), withheld) for place in places]

    def wrong(self, skipped: int, most: int) -> Iterator[Line]:
        """Yield the lines of `most` errors behind those that are skipped; some may be about the feed as a whole."""
        chosen = self._errors()[skipped : skipped + most]
        extracts = self._extracts(sorted({place for place, _ in chosen if place >= 0}))
        for place, result in chosen:
            number = self._begin + place + 1 if place >= 0 else None
            yield Line(Verdict.ERROR, number, extracts.get(place), result)

    def failed(self, withheld: bool) -> Iterator[Extract]:
        """Yield the messages that failed: all of them in a feed that is withheld as a whole."""
        if withheld:
            return self._picked(range(self._end - self._begin))
        return self._picked(sorted({place for place, _ in self._errors() if place >= 0}))

    def _line(self, place: int, extract: Extract | None, result: Result | None, withheld: bool) -> Line:
        return Line(verdict_of(result, withheld), self._begin + place + 1, extract, result)

    def _extracts(self, places: Sequence[int]) -> dict[int, Extract]:
        return dict(zip(places, self._picked(places), strict=False))

    def _picked(self, places: Sequence[int]) -> Iterator[Extract]:
        """Cut messages out of the batch.

        A batch that ends within a portion does not say where: its messages are found from where the portion begins.
        """
        before, batch = self._before, self._batch
        if self._extractor is None or not places:
            return iter(())
        end = batch.end if not batch.taken and not before.taken else None
        stretch = Stretch(before.end if before.number else None, end, self._end - self._begin)
        return self._extractor.picked(stretch, [before.taken + place for place in places])

    def _errors(self) -> list[tuple[int, Result]]:
        """Return the errors, each with the place of its message, or -1."""
        results = self._batch.results
        places = self._batch.places or (-1,) * len(results)
        return [pair for pair in zip(places, results, strict=True) if pair[1].severity is Severity.ERROR]

    def _about_messages(self) -> list[tuple[int, Result]]:
        """Return the results that are about messages, each with the place of its message."""
        return [pair for pair in zip(self._batch.places, self._batch.results, strict=False) if pair[0] >= 0]
