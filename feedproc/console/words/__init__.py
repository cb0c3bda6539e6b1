"""What the console says, in each language: one table a topic, merged under the table's name.

What the feed types are called, and the reasons that they give the ledger of the stock, stand in the `names.toml` of
their own folders.
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

LANGUAGES: Mapping[str, str] = {"en": "English", "ja": "日本語"}
"""Languages that the console speaks, and what they call themselves. The first is spoken unless asked otherwise."""

Words = Mapping[str, str]
"""From a key such as `orders.title` to a text with fields in braces."""


def read_words(language: str, places: Sequence[Path]) -> Words:
    """Read all tables of a language, and what the folders of feed types in `places` are called in it."""
    folder = Path(__file__).parent / language
    words: dict[str, str] = {}
    for file in sorted(folder.glob("*.toml")):
        _gather(file.stem, tomllib.loads(file.read_text(encoding="utf-8")), words)
    for file in (file for place in places for file in sorted(place.glob("*/names.toml"))):
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        _gather("feed_type", told.get(language, {}), words)
        _gather("reason", told.get("reasons", {}).get(language, {}), words)
    return words


def read_languages(places: Sequence[Path]) -> Mapping[str, Words]:
    """Read all tables of all languages; the folders of feed types stand in `places`."""
    return {language: read_words(language, places) for language in LANGUAGES}


def _gather(prefix: str, table: Mapping[str, Any], words: dict[str, str]) -> None:
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict):
            _gather(key, value, words)
        else:
            words[key] = value
