"""Faults in plain words: why, for people, and how to mend what people really get wrong.

What the parser says is exact and must stay as it is; what stands here says the same to somebody who has an order to
ship. All of it is made from the rule, the parser's sentence and the element's path, so it costs nothing until a fault
is there: the tables are loaded with the first one.
"""

from typing import NamedTuple

from feedproc.feeds.saying import Part, Saying

ENGLISH = "en"
LANGUAGES = (ENGLISH, "ja")
"""Languages in which plain words can be said."""


class Plain(NamedTuple):
    """What is said of one fault beside the parser's own words."""

    reason: Saying | None
    """A sentence for people; None when nothing is known of the rule."""
    hint: Saying | None
    """What was probably meant; None when nothing fits."""


def in_words(rule: str, path: str, sentence: str) -> Plain:
    """Say in plain words what the parser means by `sentence`, which it said of the element at `path`."""
    from feedproc.explain.saying import said  # noqa: PLC0415 - not before there is a fault

    return said(rule, path, sentence)


def in_language(language: str, said: Part) -> str:
    """Say plain words in one of `LANGUAGES`: those of a finding, a result, or the end of a submission."""
    if language == ENGLISH or not isinstance(said, Saying):
        return str(said)
    from feedproc.explain.languages import in_language  # noqa: PLC0415 - not before there is a fault

    return in_language(language, said)


def not_an_envelope(beginning: bytes) -> Plain:
    """Say why a feed that begins so cannot be taken as an envelope."""
    from feedproc.explain.beginnings import said_of  # noqa: PLC0415 - not before there is a fault

    return said_of(beginning)


def wrong_feed_type(expected: str, found: str | None, envelope: str) -> Plain:
    """Say that messages of one type were sent as a feed of another; `envelope` is what its MessageType says."""
    from feedproc.explain.feed_types import said_of  # noqa: PLC0415 - not before there is a fault

    return said_of(expected, found, envelope)
