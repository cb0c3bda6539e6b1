"""Messages in a row that differ in their texts alone: all of them are read at once.

Where the texts stand is guessed first: an expression that knows how long the tags between two texts are goes over them
without looking, which takes next to no time. Then the guess is proved: the known tags and the texts that were found,
put together, must be what was read, to the byte.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

Texts = Sequence[str]
"""The texts of a message, maybe with more behind them. They hold no tags."""
_QUOTED = re.compile(r'("[^"]*")')
_REST = ".+"
"""Where no message of the kind follows: all else is taken, so that it is not looked for one."""
REFERS = "&"
"""What a reference begins with."""


class Streak(NamedTuple):
    """What seems to be messages of one kind that follow each other."""

    rows: Sequence[Texts]
    end: int
    """Where the last of them ends."""
    odd: Sequence[int] = ()
    """Which of them, from 0, only seem so: they have other tags as long, or refer to something."""


class Run:
    """What stands around the texts of the messages of one kind, with its blanks."""

    def __init__(self, fixed: Sequence[str], texts: Sequence[str]) -> None:
        """Take what stands in front of each text and behind the last, and expressions for the texts."""
        jumps = [_write_jump(one) for one in fixed]
        before = "".join(f"{jump}({text})" for jump, text in zip(jumps, texts, strict=False))
        # The empty group at the end gives a row as many texts as there are parts around them.
        guess = re.compile(f"{before}{jumps[-1]}()|{_REST}", re.DOTALL)
        self._guess, self._guess_one = guess.findall, guess.match
        self._around = [part for one in fixed for part in (one, "")]
        self._size = sum(map(len, fixed))
        self._lines = sum(one.count("\n") for one in fixed)

    def read(self, text: str, at: int, most: int) -> Streak:
        """Return the messages that follow, as far as they seem to be of this kind, and at most so many."""
        rows: list[tuple[str, ...]] = self._guess(text, at)
        del rows[most:]
        if rows and not any(rows[-1]):  # the rest, or a message without any text
            del rows[-1]
        together = self._around * len(rows)
        together[1::2] = chain.from_iterable(rows)
        proof = "".join(together)
        end = at + len(proof)
        if text.startswith(proof, at) and REFERS not in proof:
            return Streak(rows, end)
        known = proof, text[at:end]
        spans = pairwise(accumulate(map(self.measure, rows), initial=0))
        return Streak(rows, end, [number for number, span in enumerate(spans) if not _is_proved(*known, slice(*span))])

    def read_one(self, text: str, at: int) -> tuple[Texts, int] | None:
        """Return the next message, and where it ends; None where it is not of this kind."""
        guessed = self._guess_one(text, at)
        if guessed is None or guessed[1] is None:
            return None
        around, texts = self._around.copy(), guessed.groups()
        around[1::2] = texts
        proof = "".join(around)
        return (texts, at + len(proof)) if text.startswith(proof, at) and REFERS not in proof else None

    def measure(self, texts: Texts) -> int:
        """Return how long a message with such texts is."""
        return self._size + sum(map(len, texts))

    def list_lines(self, rows: Sequence[Texts], first: int) -> Iterator[int]:
        """Yield on which line each of some messages in a row begins, of which the first does on the line given."""
        for texts in rows:
            yield first
            first += self._lines + sum(text.count("\n") for text in texts)


def _is_proved(proof: str, text: str, part: slice) -> bool:
    message = text[part]
    return message == proof[part] and REFERS not in message


def _write_jump(fixed: str) -> str:
    """Return an expression that goes over tags; it looks at what tells other kinds: ends of tags, and attributes."""
    begin = fixed[: fixed.startswith("<")]
    parts = enumerate(_QUOTED.split(fixed[len(begin) : -1]))
    between = "".join(re.escape(part) if number % 2 else f".{{{len(part)}}}" for number, part in parts if part)
    return begin + between + fixed[-1]
