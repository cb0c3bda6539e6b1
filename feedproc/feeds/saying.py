"""What is said to people, before it is said in a language.

A saying is kept with a result as it is, so that whoever reads the result chooses the language.
"""

import re
from collections.abc import Callable, Iterable
from typing import Union

from msgspec import Struct

LONGEST = 1000
"""Characters of what is said."""
_LONGEST_VALUE = 60
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
"""Characters that would not be seen, or would change how what stands around them is seen."""


class Saying(Struct, frozen=True, array_like=True, gc=False):
    """A sentence, or a part of one: its English text, and what fills the places in it."""

    text: str
    """With places as `str.format` has them. One that has none, but has parts, is what stands between them."""
    parts: tuple[Union[str, "Saying"], ...] = ()
    """What the feed or the order says, as it is; or sayings in turn."""

    def __str__(self) -> str:
        """Say it in English."""
        return self.say_in(_as_it_is)

    def say_in(self, text_in: Callable[[str], str]) -> str:
        """Say it in the language into which `text_in` turns an English text. Raises whatever that raises."""
        told = _fill(self, text_in)
        return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"


Part = str | Saying
"""Something as it is, or said. What was kept by an older feedproc is a text as it is, in English."""


def say(text: str, *parts: object) -> Saying:
    """Return a saying; a part that is none is taken as `str` writes it."""
    return Saying(text, tuple([part if isinstance(part, Saying) else str(part) for part in parts]))


def join_parts(between: str, parts: Iterable[Part]) -> Part:
    """Return parts as one, with a text between each and the next; nothing when there are none."""
    several = tuple(parts)
    if len(several) < 2:
        return several[0] if several else ""
    return Saying(between, several)


def show_value(value: str, longest: int = _LONGEST_VALUE) -> str:
    """Return a value of a feed as it can be shown in a sentence: short, and without anything that cannot be seen."""
    short = value if len(value) <= longest else f"{value[: longest - 1]}…"
    return _UNSEEN.sub("·", short)


def quote_value(value: str) -> str:
    """Return a value of a feed as a sentence names it."""
    return f"`{show_value(value)}`"


def _fill(saying: Saying, text_in: Callable[[str], str]) -> str:
    text = text_in(saying.text)
    if not saying.parts:
        return text
    parts = [part if isinstance(part, str) else _fill(part, text_in) for part in saying.parts]
    return text.format(*parts) if "{" in saying.text else text.join(parts)


def _as_it_is(text: str) -> str:
    return text
