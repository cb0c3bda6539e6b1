"""Messages in a row that differ in their texts alone, or are of a few kinds: all of them are read at once.

Where the texts stand is guessed first: an expression that knows how long the tags between two texts are goes over them
without looking, which takes next to no time. Then the guess is proved: the known tags and the texts that were found,
put together, must be what was read, to the byte.
"""

import re
from collections.abc import Sequence
from itertools import chain

Texts = Sequence[str]
"""The texts of a message, maybe with more behind them. They hold no tags, but maybe references."""
_QUOTED = re.compile(r'("[^"]*")')
_END = "<"
"""What the last part around texts begins with; no text holds it."""
_REST = ".+"
"""Where no message of a known kind follows: all else is taken, so that it is not looked for one."""


class Run:
    """Messages of one kind that follow each other: what stands around their texts, with its blanks."""

    def __init__(self, fixed: Sequence[str], texts: Sequence[str]) -> None:
        """Take what stands in front of each text and behind the last, and expressions for the texts."""
        self.fixed = fixed
        jumps = [_write_jump(one) for one in fixed]
        self.ways = "".join(f"{jump}({text})" for jump, text in zip(jumps, texts, strict=False)), jumps[-1]
        """Expressions for a message up to its last text, and for what is behind that."""
        # The empty group at the end gives a row as many texts as there are parts around them.
        self._guess = _compile(f"{''.join(self.ways)}()").findall
        self._around = [part for one in fixed for part in (one, "")]

    def read(self, text: str, at: int, most: int) -> tuple[Sequence[Texts], int]:
        """Return the texts of the messages that follow, at most so many, and where they end."""
        rows: list[tuple[str, ...]] = self._guess(text, at)
        del rows[most:]
        if rows and not any(rows[-1]):  # the rest, or a message without any text
            del rows[-1]
        together = self._around * len(rows)
        together[1::2] = chain.from_iterable(rows)
        proof = "".join(together)
        return (rows, at + len(proof)) if text.startswith(proof, at) else ((), at)


class Mixture:
    """Messages of several kinds in any order."""

    def __init__(self, runs: Sequence[Run]) -> None:
        """Take the kinds."""
        ways = (f"{begin}({_END}){end.removeprefix(_END)}" for begin, end in (run.ways for run in runs))
        self._guess = _compile("|".join(ways)).findall
        ends = [sum(len(run.fixed) for run in runs[: number + 1]) - 1 for number in range(len(runs))]
        self._kinds = {
            end: (number, end - len(run.fixed) + 1, [part for one in run.fixed for part in (one, "")][:-1])
            for number, (end, run) in enumerate(zip(ends, runs, strict=True))
        }
        """Of each kind its number, where its texts begin in a row, and what stands around them, by where these end."""

    def read(self, text: str, at: int, most: int) -> tuple[Sequence[tuple[int, Sequence[Texts]]], int]:
        """Return the texts of the messages that follow, at most so many, by numbers of kinds, and where they end."""
        rows: list[tuple[str, ...]] = self._guess(text, at)
        del rows[most:]
        if rows and _END not in rows[-1]:
            del rows[-1]
        found, last, proofs = list[tuple[int, list[Texts]]](), -1, list[str]()
        for row in rows:
            end = row.index(_END)
            number, begin, around = self._kinds[end]
            if number != last:
                same: list[Texts] = []
                found.append((number, same))
                last = number
            texts = row[begin:end]
            same.append(texts)
            around[1::2] = texts
            proofs.append("".join(around))
        proof = "".join(proofs)
        return (found, at + len(proof)) if text.startswith(proof, at) else ((), at)


def _compile(ways: str) -> "re.Pattern[str]":
    return re.compile(f"{ways}|{_REST}", re.DOTALL)


def _write_jump(fixed: str) -> str:
    """Return an expression that goes over tags; it looks at what tells other kinds: ends of tags, and attributes."""
    begin = fixed[: fixed.startswith("<")]
    parts = enumerate(_QUOTED.split(fixed[len(begin) : -1]))
    between = "".join(re.escape(part) if number % 2 else f".{{{len(part)}}}" for number, part in parts if part)
    return begin + between + fixed[-1]
