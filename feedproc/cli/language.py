"""In which language commands say what is wrong: the plain words alone, as the parser's and Amazon's stay theirs."""

from functools import lru_cache

import click
from msgspec.structs import replace

from feedproc import explain, settings
from feedproc.feeds.finding import Finding
from feedproc.feeds.report import Result
from feedproc.feeds.saying import Part
from feedproc.wiring.feed_types import list_feed_type_places

language_option = click.option(
    "--language",
    type=click.Choice(explain.LANGUAGES),
    default=settings.find_language,
    show_default="ja where the environment's language is Japanese, else en",
    help="Of reasons and hints in plain words.",
)


@lru_cache(512)
def say_part(language: str, words: Part) -> str:
    """Say plain words in a language; a program that makes a mistake makes it in each message."""
    return explain.say_in_language(language, words, list_feed_type_places())


def say_finding(language: str, one: Finding) -> Finding:
    """Return a finding with its reason and hint said."""
    return replace(one, reason=_say_if_any(language, one.reason), hint=_say_if_any(language, one.hint))


def say_result(language: str, one: Result) -> Result:
    """Return a result with its reason said."""
    return replace(one, reason=_say_if_any(language, one.reason))


def _say_if_any(language: str, words: Part | None) -> str | None:
    return say_part(language, words) if words else None
