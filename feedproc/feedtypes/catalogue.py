"""Which feed types there are: feedproc's own, and those in folders of one's own.

A feed type is a folder that is a package: its `__init__` ends in `FEED_TYPES`. Beside it may stand `hints.py` (what is
said to people of faults), `names.toml` (what it is called), `ja.toml` (what it says, in Japanese), and the schema of
its messages, named for them, where that does not stand with all others.
"""

import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from feedproc import feedtypes
from feedproc.errors import Unusable
from feedproc.feeds.feed_type import FeedTypes, find_declared
from feedproc.formats.xml.schemas import Declared, Schemas

if TYPE_CHECKING:
    from feedproc.explain.hints import Hints

Folders = tuple[Path, ...]


def declare(schemas: Schemas, folders: Folders = ()) -> FeedTypes:
    """Return all feed types, whose XML is judged by `schemas`. Raises `Unusable`."""
    declared = _find_declared(folders)
    return FeedTypes(
        [replace(one, format=one.format.with_schemas(schemas)) for one in map(declared.look_up, declared.names)],
        declared.places,
    )


@cache
def load_own_schemas(folders: Folders = ()) -> Schemas:
    """Return feedproc's own schemas, with those that the feed types bring. Raises `Unusable`."""
    brought = gather(folders)
    schemas = Schemas(brought)
    if brought.schemas:
        schemas.check()
    return schemas


def find_sample_type(sample: str, feed_types: FeedTypes) -> str:
    """Return as which feed type a sample of this file name is sent: by its first word, and how it ends.

    Raises `LookupError`.
    """
    word, ending = sample.partition(".")[0].partition("-")[0], sample.rpartition(".")[2]
    tables = (
        tomllib.loads(file.read_text("utf-8")) for place in feed_types.places for file in place.glob("*/names.toml")
    )
    for table in tables:
        for name, words in table.get("samples", {}).items():
            if word in words and feed_types.look_up(name).format.suffix == ending:
                return str(name)
    raise LookupError(f"no feed type has samples called {sample}")


@cache
def _find_declared(folders: Folders) -> FeedTypes:
    packages = (feedtypes, *map(_make_package, folders))
    try:
        return find_declared(*packages)
    except Exception as error:
        if not folders:
            raise
        raise Unusable(f"{', '.join(map(str, folders))}: not folders of feed types ({error})") from error


def gather(folders: Folders) -> Declared:
    """Return what the feed types bring for those who judge their messages."""
    places = (*map(Path, feedtypes.__path__), *folders)
    return Declared(
        lambda: list(_read_hints(folders)), [file for place in places for file in sorted(place.glob("*/*.xsd"))]
    )


def _read_hints(folders: Folders) -> Iterator["Hints"]:
    for package in (feedtypes, *map(_make_package, folders)):
        for found in iter_modules(package.__path__):
            name = f"{package.__name__}.{found.name}"
            if found.ispkg and find_spec(f"{name}.hints") is not None:
                yield import_module(f"{name}.hints").HINTS


@cache
def _make_package(folder: Path) -> ModuleType:
    """Return a folder as a package, under a name that no other has, so that what is in it can be imported."""
    if not folder.is_dir():
        raise Unusable(f"{folder}: there is no such folder of feed types")
    package = ModuleType(f"feedproc_feedtypes_{sha256(str(folder.resolve()).encode()).hexdigest()[:16]}")
    package.__path__ = [str(folder)]
    sys.modules[package.__name__] = package
    return package
