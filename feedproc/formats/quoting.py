"""Values of a feed as sentences for people name them."""

import re

_LONGEST_VALUE = 60
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
"""Characters that would not be seen, or would change how what stands around them is seen."""


def shown(value: str, longest: int = _LONGEST_VALUE) -> str:
    """Return a value as it can be shown in a sentence: short, and without anything that cannot be seen."""
    short = value if len(value) <= longest else f"{value[: longest - 1]}…"
    return _UNSEEN.sub("·", short)


def quoted(value: str) -> str:
    """Return a value as a sentence names it."""
    return f"`{shown(value)}`"
