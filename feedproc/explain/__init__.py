"""Faults in plain words: why, for people, and how to mend what people really get wrong.

What the parser says is exact and must stay as it is; what stands here says the same to somebody who has an order to
ship. All of it is made from the rule, the parser's sentence and the element's path, so it costs nothing until a fault
is there: the tables are loaded with the first one. What is special to a feed type comes from its own `hints.py`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from feedproc.explain.plain import Plain
from feedproc.feeds.saying import Part, Saying

if TYPE_CHECKING:
    from feedproc.explain.hints import Hints
    from feedproc.explain.knowledge import Knowledge
    from feedproc.xerces.faults import StrayText
    from feedproc.xerces.schema.model import Schema

ENGLISH = "en"
LANGUAGES = (ENGLISH, "ja")
"""Languages in which plain words can be said."""
_REMEMBERED = 512
_REMEMBERED_LENGTH = 8192


class Explainer:
    """Says in plain words what is wrong with XML feeds."""

    def __init__(self, hints: Callable[[], Iterable["Hints"]], schema: Callable[[], "Schema"]) -> None:
        """Ask for what feed types tell of their messages, and for the compiled schema, with the first fault."""
        self._hints = hints
        self._schema = schema
        self._explain = lru_cache(_REMEMBERED)(self._explain_fault)

    def explain_fault(self, rule: str, path: str, sentence: str, stray: "StrayText | None" = None) -> Plain:
        """Say what the parser means by `sentence`, which it said of the element at `path`, or of text in it.

        A program that makes a mistake makes it in each message, so what was said last is remembered.
        """
        if stray is not None or len(sentence) > _REMEMBERED_LENGTH:
            return self._explain_fault(rule, path, sentence, stray)
        return self._explain(rule, path, sentence)

    def explain_beginning(self, beginning: bytes) -> Plain:
        """Say why a feed that begins so cannot be taken as an envelope."""
        from feedproc.explain.beginnings import explain_beginning

        return explain_beginning(beginning, self._known)

    def explain_feed_type(self, expected: str, found: str | None, envelope: str) -> Plain:
        """Say that messages of one type were sent as a feed of another; `envelope` is what its MessageType says."""
        from feedproc.explain.explanation import explain_feed_type

        return explain_feed_type(self._known, expected, found, envelope)

    def _explain_fault(self, rule: str, path: str, sentence: str, stray: "StrayText | None" = None) -> Plain:
        from feedproc.explain import explanation

        plain = explanation.explain_fault(self._known, rule, path, sentence)
        return plain if stray is None else plain._replace(hint=explanation.suggest_for_stray(stray))

    @cached_property
    def _known(self) -> "Knowledge":
        from feedproc.explain.knowledge import Content, Knowledge

        return Knowledge(self._hints(), Content(self._schema()))


def say_in_language(language: str, said: Part, places: Sequence[Path] = ()) -> str:
    """Say plain words in one of `LANGUAGES`: those of a finding, a result, or the end of a submission.

    The folders of feed types that stand in `places` say what is special to them.
    """
    if language == ENGLISH or not isinstance(said, Saying):
        return str(said)
    from feedproc.explain.languages import say_in

    return say_in(language, said, tuple(places))
