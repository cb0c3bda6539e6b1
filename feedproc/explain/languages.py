"""Plain words in other languages.

What is said is written in English where it is found out. For each other language there is a folder beside this file
with the same texts in it, the English one in front of each.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from feedproc.feeds.saying import Saying


def in_language(language: str, said: Saying) -> str:
    """Say it; in English when there are no such words in that language, as an older feedproc may have kept them."""
    try:
        return said.said(texts(language).__getitem__)
    except KeyError:
        return str(said)


@cache
def texts(language: str) -> Mapping[str, str]:
    """Return all texts of a language, by the English ones."""
    folder = Path(__file__).parent / language
    tables = (tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.toml")))
    return {english: text for table in tables for english, text in table.items()}
