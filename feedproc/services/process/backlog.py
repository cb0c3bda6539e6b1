"""Messages that were read of a feed and are not committed yet, and where in the feed they end."""

from collections.abc import Sequence

from feedproc.feeds.finding import Portion
from feedproc.feeds.message import Message
from feedproc.feeds.progress import Mark, Position
from feedproc.feeds.report import Result


class Backlog:
    """The messages behind the last mark, of one portion or of several, in feed order."""

    def __init__(self) -> None:
        """Begin with none."""
        self._messages: list[Message | Result] = []
        self._parts: list[tuple[int, Position]] = []
        """Of each portion, how many of its messages wait, and where it ends."""

    def __len__(self) -> int:
        """Count the messages."""
        return len(self._messages)

    @property
    def has_portions(self) -> bool:
        """Say whether something was read that no mark covers: a portion, which need not hold a message."""
        return bool(self._parts)

    def add(self, portion: Portion, done: int) -> None:
        """Add what is left of a portion behind the first messages, which are done."""
        messages = portion.messages[done:]
        self._messages += messages
        self._parts.append((len(messages), portion.end))

    def list_from(self, start: int, most: int | None) -> Sequence[Message | Result]:
        """Return the messages from a place on: all, or so many at the most."""
        return self._messages[start:] if most is None else self._messages[start : start + most]

    def refuse_first(self, result: Result) -> None:
        """Put the result of the first message in its place."""
        self._messages[0] = result

    def find_end(self, mark: Mark, count: int) -> tuple[Position, int]:
        """Return where so many messages behind the last mark end: at a portion's end, or so many messages behind it."""
        end, taken = mark.end, mark.taken
        for size, portion_end in self._parts:
            if count < size:
                break
            count -= size
            end, taken = portion_end, 0
        return end, taken + count

    def drop(self, count: int) -> None:
        """Forget the first messages: a mark covers them now."""
        del self._messages[:count]
        while self._parts and count >= self._parts[0][0]:
            count -= self._parts.pop(0)[0]
        if self._parts:
            size, end = self._parts[0]
            self._parts[0] = (size - count, end)
