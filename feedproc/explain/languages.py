"""Plain words in other languages.

What is said is written in English where it is found out. For each other language there is a folder beside this file
with the same texts in it, the English one in front of each. What only one feed type says stands in its own folder, in
a table named for the language, and what several of them say in such a table beside their folders.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from feedproc.feeds.saying import Saying


def say_in(language: str, said: Saying, places: tuple[Path, ...]) -> str:
    """Say it; in English when there are no such words in that language, as an older feedproc may have kept them."""
    try:
        return said.say_in(read_texts(language, places).__getitem__)
    except KeyError:
        return str(said)


@cache
def read_texts(language: str, places: tuple[Path, ...] = ()) -> Mapping[str, str]:
    """Return all texts of a language, by the English ones."""
    tables = (tomllib.loads(file.read_text(encoding="utf-8")) for file in list_files(language, places))
    return {english: text for table in tables for english, text in table.items()}


def list_files(language: str, places: tuple[Path, ...]) -> Iterator[Path]:
    """Yield the tables of a language: feedproc's own, and those of the folders of feed types in `places`."""
    yield from sorted((Path(__file__).parent / language).glob("*.toml"))
    for place in places:
        yield from sorted(place.glob(f"{language}.toml"))
        yield from sorted(place.glob(f"*/{language}.toml"))
