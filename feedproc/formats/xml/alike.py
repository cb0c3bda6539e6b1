"""Parts of a feed of which most messages are told by their likeness to others: only the rest are a parser's."""

import sys
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from feedproc.feeds.progress import Position
from feedproc.formats.encoding import open_utf8
from feedproc.formats.limits import PIECE_BYTES
from feedproc.formats.xml.boundaries import Span, advance, find_messages
from feedproc.formats.xml.envelope import Envelope
from feedproc.formats.xml.likeness import END_OF_MESSAGE, Likeness, LikenessPattern, Passage
from feedproc.formats.xml.pieces import Piece, PieceSource, parse_some
from feedproc.formats.xml.runs import Texts
from feedproc.formats.xml.valid_likeness import ValidLikeness

_END = END_OF_MESSAGE.encode()
_MOST_ODD = 0.4
"""Of the bytes of a part. With more of them odd all of it is parsed, which takes no longer."""
_MOST_MISSES = 4
"""Parts in a row in which that is so, until it is no longer looked for likeness."""
MOST_SUSPECTS = 1_000_000
"""Begins and ends of single faulty messages that are kept of one feed, of 8 bytes each; then parts are.
Of the 3 million ordinary messages of 2 GiB every sixth may be faulty, but of tiny ones there are ten times as many."""
Likenesses = Likeness | ValidLikeness
T = TypeVar("T")


def list_between(places: Sequence[int], begin: int, end: int) -> list[Span]:
    """Return what of some spans stands between two places; they are given by where they begin and end, in turn."""
    found, number = list[Span](), bisect_right(places, begin)
    for at in range(number - number % 2, len(places), 2):
        if places[at] >= end:
            break
        found.append((max(begin, places[at]), min(end, places[at + 1])))
    return found


def note_suspects(places: "array[int]", more: Sequence[int], most: int = MOST_SUSPECTS) -> None:
    """Add where the faulty messages of a part begin and end; with many there already as one span."""
    places.extend(more if len(places) < most or not more else (more[0], more[-1]))


class Part(Struct, frozen=True):
    """A part of a feed, by its messages."""

    text: bytes
    begin: Position
    end: Position
    passages: Sequence[Passage]
    """Places are bytes of the text."""
    counts: Sequence[int]
    """How many messages each passage has; one of no kind may have several."""
    odd: Piece | None
    """All messages of no kind."""

    @property
    def count(self) -> int:
        """How many messages there are."""
        return sum(self.counts)

    def list_odd(self) -> list[Span]:
        """Return where in the text the messages of no kind are."""
        return [(one.begin, one.end) for one in self.passages if one.kind is None]

    def merge(self, read: Callable[[LikenessPattern, Sequence[Texts]], Iterable[T]], odd: Iterable[T]) -> list[T]:
        """Return what is made of all messages in their order, of which that of the `odd` ones is there already."""
        merged, others = list[T](), iter(odd)
        for one, count in zip(self.passages, self.counts, strict=True):
            merged += islice(others, count) if one.kind is None else read(one.kind, one.rows)
        return merged

    def list_lines(self) -> list[int]:
        """Return on which lines those messages begin that were not parsed."""
        lines, at, line = list[int](), 0, self.begin.line
        for one in self.passages:
            if one.kind is not None:
                first = self.text.index(b"<", one.begin)
                line, at = line + self.text.count(b"\n", at, first), first
                lines += one.kind.run.list_lines(one.rows, line)
        return lines


class Parts:
    """A feed up to its last part, or to where too much of it is odd."""

    def __init__(
        self, feed: BinaryIO, envelope: Envelope, start: Position, likeness: Likenesses, suspects: Sequence[int] = ()
    ) -> None:
        """Take where to begin, by what to tell messages, and the begins and ends of what is a parser's in any case."""
        self.end = start
        """Where what was read so far ends."""
        self._feed = feed
        self._envelope = envelope
        self._likeness = likeness
        self._suspects = suspects

    def read(self, parse: Callable[[Position], Piece], most: int = sys.maxsize) -> Iterator[Part | Piece]:
        """Yield it part by part, each of at most so many messages.

        Where more of it is odd than alike `parse` gives a piece from a place on, however many it takes.
        """
        source, misses = self._open(), 0
        while len(text := source.fill(PIECE_BYTES)) > PIECE_BYTES and misses < _MOST_MISSES:
            part = self._divide(_cut_last(text), most)
            if part is not None:
                source.drop(len(part.text))
                self.end, misses = part.end, 0
                yield part
            else:
                piece = parse(self.end)
                self.end, misses = piece.end, misses + 1
                source = self._open()
                yield piece

    def _open(self) -> PieceSource:
        stream = open_utf8(self._feed)
        stream.seek(self.end.offset)
        return PieceSource(stream)

    def _divide(self, text: bytes, most: int) -> Part | None:
        """Return the first messages of a text; None where only a parser can tell them, or that takes no longer."""
        if not text or b"\r" in text:  # which parsers turn into other line ends
            return None
        passages, counts = self._list_passages(text, most)
        if not passages:
            return None
        text = text[: passages[-1].end]
        part = Part(text, self.end, advance(self.end, text), passages, counts, None)
        kept = part.list_odd()
        if not kept:
            return part
        if sum(end - begin for begin, end in kept) > _MOST_ODD * len(text):
            return None
        piece = parse_some(text, kept, self._envelope, self.end, part.end)
        count = sum(count for one, count in zip(passages, counts, strict=True) if one.kind is None)
        return replace(part, odd=piece) if piece is not None and piece.count == count else None

    def _list_passages(self, text: bytes, most: int) -> tuple[list[Passage], list[int]]:
        """Return what a text consists of, and how many messages each passage has; nothing where that is not certain."""
        passages, counts, at, left = list[Passage](), list[int](), 0, most
        begin = self.end.offset
        for first, behind in (*list_between(self._suspects, begin, begin + len(text)), (begin + len(text),) * 2):
            some = self._tell(text, at, first - begin, left)
            if some is None:
                return [], []
            passages += some
            counts += [len(one.rows) or 1 for one in some]
            at = passages[-1].end if passages else 0
            left = most - sum(counts)
            count = _count(text[at : behind - begin]) if behind > first else 0
            if at < first - begin or count > left or not count:
                break
            passages.append(Passage(at, behind - begin))
            counts.append(count)
            at, left = behind - begin, left - count
        return passages, counts

    def _tell(self, text: bytes, begin: int, end: int, most: int) -> Sequence[Passage] | None:
        """Return at most so many messages between two places of a text."""
        if begin == end:
            return ()
        try:
            shown = text[begin:end].decode()
        except UnicodeDecodeError:
            return None
        found = self._likeness.divide(shown, most)
        if found is None or (not begin and shown.isascii()):
            return found
        at, moved = begin, list[Passage]()
        for one in found:
            first, at = at, at + len(shown[one.begin : one.end].encode())
            moved.append(Passage(first, at, one.kind, one.rows))
        return moved


def get_parsed(part: Part | Piece) -> Piece | None:
    """Return the messages of a part that were parsed, if there are any."""
    return part if isinstance(part, Piece) else part.odd


def learn(likeness: Likenesses, part: Part | Piece, sound: Sequence[bool]) -> None:
    """Take note of the messages of a part that were parsed, and are sound.

    Of each kind it is the last one, which has the usual blanks before it.
    """
    piece = get_parsed(part)
    if piece is None:
        return
    texts = (
        _list_texts(part) if isinstance(part, Piece) else [part.text[slice(*span)].decode() for span in part.list_odd()]
    )
    if len(texts) == len(sound):
        for text, element, is_sound in zip(texts[::-1], piece.messages[::-1], sound[::-1], strict=True):
            if is_sound:
                likeness.learn(text, element)


def _list_texts(piece: Piece) -> Sequence[str]:
    """Return the text of each message of a piece, with blanks in front of it; nothing where they are not sure."""
    spans = piece.locate_messages()
    if spans is None or b"\r" in piece.text:
        return ()
    texts, at = list[str](), 0
    for begin, end in spans:
        before = piece.text[at:begin]
        texts.append(piece.text[begin if before.strip() else at : end].decode())
        at = end
    return texts


def _count(text: bytes) -> int:
    return len(find_messages(text)[0])


def _cut_last(text: bytes) -> bytes:
    """Return what stands in the first bytes of a text up to the last end of a message; nothing where none ends."""
    end = text.rfind(_END, 0, PIECE_BYTES)
    return text[: end + len(_END)] if end >= 0 else b""
