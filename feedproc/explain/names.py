"""One of a list of names: which, of a long list, are worth telling."""

import difflib
import re
from functools import lru_cache

from feedproc.explain.parts import read_list
from feedproc.feeds.saying import Part, Saying, join_parts, say

_ALL = 20
"""Lists up to this long are told whole."""
_CLOSEST = 3
_CLOSE = 0.72
_IDLE = re.compile(r"[\W_]+")


def list_choices(value: str, names: str) -> Saying:
    """Return the names of a list as a sentence tells them: all, or the closest and how many more there are."""
    choices = _read_choices(names)
    if len(choices) == 1:
        return say("`{}`, the only value there is", choices[0])
    if len(choices) <= _ALL:
        return say("one of {}", _join_names(choices))
    such_as = find_closest(value, names)
    if such_as:
        return say("one of the {} names in Amazon's list, such as {}", len(choices), _join_names(such_as))
    return say("one of the {} names in Amazon's list", len(choices))


def find_same(value: str, names: str) -> str | None:
    """Return the name of a list that is `value` but for blanks, punctuation, and capital and small letters."""
    return _map_by_letters(names).get(strip_to_letters(value))


@lru_cache(maxsize=512)
def find_closest(value: str, names: str) -> list[str]:
    """Return the names of a list that look most like `value`."""
    wanted = strip_to_letters(value[:60])
    candidates = [letter for letter in _map_by_letters(names) if wanted and _is_comparable(wanted, letter)]
    close = difflib.get_close_matches(wanted, candidates, _CLOSEST, _CLOSE)
    begun = [letter for letter in candidates if _begins(wanted, letter)]
    chosen = list(dict.fromkeys([*close, *sorted(begun, key=len)]))[:_CLOSEST]
    return [_map_by_letters(names)[letter] for letter in chosen]


def has(name: str, names: str) -> bool:
    """Say whether a list holds a name."""
    return name in _read_choices(names)


def strip_to_letters(text: str) -> str:
    """Return what is left of a text when blanks, punctuation and capitals do not count."""
    return _IDLE.sub("", text).casefold()


def _join_names(names: list[str]) -> Part:
    return join_parts(", ", (f"`{name}`" for name in names))


def _is_comparable(wanted: str, letter: str) -> bool:
    """Keep a long list cheap: names that begin alike or are about as long and end alike."""
    return letter[:1] == wanted[:1] or letter[-3:] == wanted[-3:]


def _begins(wanted: str, letter: str) -> bool:
    return min(len(wanted), len(letter)) > 2 and (letter.startswith(wanted) or wanted.startswith(letter))


@lru_cache(maxsize=64)
def _read_choices(names: str) -> list[str]:
    return list(dict.fromkeys(read_list(names)))


@lru_cache(maxsize=64)
def _map_by_letters(names: str) -> dict[str, str]:
    return {strip_to_letters(name): name for name in reversed(_read_choices(names))}
