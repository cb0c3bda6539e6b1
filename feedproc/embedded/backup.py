"""A copy of a whole store, taken while servers and workers are at work, and a store made from one.

The database comes first, through SQLite's online backup: one moment of it. Documents never change once they are there,
and housekeeping deletes none meanwhile, so whatever that moment speaks of is still to be copied afterwards. What was
submitted later may leave a document that the copy knows nothing of; it goes as drafts go. The key file belongs to it.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from feedproc.embedded.damage import find_damage
from feedproc.embedded.database import connect
from feedproc.embedded.files import DOCUMENTS
from feedproc.embedded.key_file import KEY_FILE
from feedproc.embedded.private import FILE_MODE, make_private_folder, open_private, try_lock
from feedproc.errors import StoreUnusable
from feedproc.feeds.submission import FeedSubmission

MANIFEST = "backup.json"
"""Written last, so that a copy that was interrupted is known as such."""
HOUSEKEEPING = "housekeeping.lock"
"""In the data directory: whoever deletes what is old, or copies all there is, holds a lock on it meanwhile."""
_OTHERS = ("console.key", "restocking.json")
"""Files of a data directory that a copy takes along where they are there."""
_decode = msgspec.json.Decoder(FeedSubmission).decode


class Manifest(Struct, frozen=True):
    """What a copy holds."""

    store_version: int
    submissions: int
    documents: int
    missing: int = 0
    """Documents that submissions speak of, and that the store did not have any more."""


def back_up(database: Path, folder: Path) -> Manifest:
    """Copy the store of a database into a folder, which is made, or empty; return what was copied.

    Raises:
        StoreUnusable: the folder holds something, the key file is missing, or the database is damaged.

    """
    if folder.exists() and any(folder.iterdir()):
        raise StoreUnusable(f"{folder}: holds something already; name a folder that is empty or not there")
    if not database.exists():
        raise StoreUnusable(f"{database.parent}: there is no store to copy")
    make_private_folder(folder)
    with _no_housekeeping(database.parent):
        _copy_database(database, folder / database.name)
        _copy_files(database.parent, folder, (KEY_FILE, *_OTHERS))
        documents = _copy_documents(database.parent / DOCUMENTS, folder / DOCUMENTS)
    version, submissions, missing = _look_for_documents(folder / database.name, folder / DOCUMENTS)
    os.sync()
    manifest = Manifest(version, submissions, documents, missing)
    with open_private(folder / MANIFEST) as file:
        file.write(msgspec.json.encode(manifest))
        file.flush()
        os.fsync(file.fileno())
    return manifest


def restore(folder: Path, database: Path) -> Manifest:
    """Make a store at a database's place from a copy; return what was copied.

    Raises:
        StoreUnusable: the folder holds no whole copy, or there is a store already.

    """
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise StoreUnusable(f"{folder}: holds no whole copy that `feedproc backup` has made ({MANIFEST})") from error
    found = sum(1 for _ in (folder / DOCUMENTS).glob("??/*"))
    if not (folder / database.name).is_file() or found != manifest.documents:
        raise StoreUnusable(
            f"{folder}: the copy is not whole any more; it has {found} of {manifest.documents} documents, "
            f"and must have {database.name}"
        )
    if database.exists() or any((database.parent / DOCUMENTS).glob("??/*")):
        raise StoreUnusable(f"{database.parent}: holds a store already; name another directory with --data-dir")
    make_private_folder(database.parent)
    _copy_documents(folder / DOCUMENTS, database.parent / DOCUMENTS)
    _copy_files(folder, database.parent, (KEY_FILE, *_OTHERS))
    aside = database.with_name(f"{database.name}.restored")
    _copy_database(folder / database.name, aside)
    os.sync()
    aside.rename(database)
    return manifest


@contextmanager
def _no_housekeeping(data_dir: Path) -> Iterator[None]:
    with try_lock(data_dir / HOUSEKEEPING, waits=True):
        yield


def _copy_database(source: Path, target: Path) -> None:
    target.touch(FILE_MODE)
    with closing(connect(source)) as reading, closing(connect(target)) as writing:
        reading.backup(writing)
        damage = find_damage(writing)
        if damage is not None:
            raise StoreUnusable(f"{source}: it is damaged ({damage}); restore it from an older backup")
        writing.execute("PRAGMA journal_mode=DELETE")  # one file, whatever it is copied with


def _copy_files(source: Path, target: Path, names: Iterable[str]) -> None:
    for name in names:
        if (source / name).exists():
            with (source / name).open("rb") as reading, open_private(target / name) as writing:
                shutil.copyfileobj(reading, writing)
        elif name == KEY_FILE:
            raise StoreUnusable(f"{source / name}: the key file is missing, and a copy without it is worth little")


def _copy_documents(source: Path, target: Path) -> int:
    """Copy all documents; return how many. What goes meanwhile, as a draft does, is left out."""
    copied = 0
    make_private_folder(target)
    for shelf in sorted(source.glob("??")):
        make_private_folder(target / shelf.name)
        for document in shelf.iterdir():
            try:
                reading = document.open("rb")
            except FileNotFoundError:
                continue
            with reading, open_private(target / shelf.name / document.name) as writing:
                shutil.copyfileobj(reading, writing)
            copied += 1
    return copied


def _look_for_documents(database: Path, documents: Path) -> tuple[int, int, int]:
    """Return the version of a copy's tables, how many submissions it knows, and how many documents it lacks."""
    known = missing = 0
    with closing(sqlite3.connect(database)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for (data,) in connection.execute("SELECT data FROM submissions"):
            known += 1
            one = _decode(data)
            keys = [key for key in (one.document, one.report) if key is not None]
            missing += sum(not (documents / key[:2] / key).exists() for key in keys)
    return version, known, missing
