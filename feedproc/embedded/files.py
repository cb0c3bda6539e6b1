"""Documents as plain files."""

import os
import re
from collections.abc import Callable, Container
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from feedproc.embedded.private import make_private_folder, open_private
from feedproc.feeds.uploads import derive_adopted_key

DOCUMENTS = "documents"
"""In the data directory."""
_KEY = re.compile(r"[0-9a-f]{32}")


class FileDocuments:
    """One file a document, in 256 folders by the first two digits of its key."""

    def __init__(self, folder: Path, new_key: Callable[[], str]) -> None:
        """Use (and create) `folder`; `new_key` gives 32 hexadecimal digits, never the same twice."""
        self._folder = folder
        self._new_key = new_key
        self._incoming = folder / "incoming"
        make_private_folder(folder)
        make_private_folder(self._incoming)
        _sync_folder(folder.parent)
        _sync_folder(folder)
        self._shelves: set[Path] = set()
        """Folders that are known to be on disk."""

    def create(self, key: str | None = None) -> "FileWriter":
        """Begin a document, under the key of an upload if one is given."""
        own = self._new_key()  # two uploads under one key may be on their way at once
        return FileWriter(self._incoming / own, self._find_path(key or own), key or own, self._shelves)

    def adopt(self, key: str) -> str:
        """Take an uploaded document out of its sender's reach; return its new key. Raises `FileNotFoundError`."""
        adopted = derive_adopted_key(key)
        upload, final = self._find_path(key), self._find_path(adopted)
        make_private_folder(final.parent)
        with suppress(FileExistsError):
            try:
                final.hardlink_to(upload)
            except FileNotFoundError:
                if not final.exists():
                    raise
        _sync_folder(final.parent.parent)
        _sync_folder(final.parent)
        upload.unlink(missing_ok=True)
        return adopted

    def open(self, key: str) -> BinaryIO:
        """Open a document for reading. Raises `FileNotFoundError`."""
        return self._find_path(key).open("rb")

    def delete(self, key: str) -> None:
        """Delete a document, if it is there."""
        self._find_path(key).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Delete what interrupted writers left behind. Only for when no writer is at work."""
        for left in self._incoming.iterdir():
            left.unlink(missing_ok=True)

    def forget(self, before: datetime, used: Callable[[], Container[str]]) -> int:
        """Delete what was written before a moment and is not in use; return how many. `used` is asked if need be."""
        old = [path for path in self._folder.glob("??/*") if path.stat().st_mtime < before.timestamp()]
        in_use = used() if old else ()
        unused = [path for path in old if path.name not in in_use]
        for path in unused:
            path.unlink(missing_ok=True)
        return len(unused)

    def _find_path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise FileNotFoundError(f"no document has the key {key!r}")
        return self._folder / key[:2] / key


class FileWriter:
    """A file that appears under its key only when it is complete and on disk."""

    def __init__(self, incoming: Path, final: Path, key: str, shelves: set[Path]) -> None:
        """Write to `incoming`; move to `final` at the end, whose folder is new unless it is among `shelves`."""
        self._incoming = incoming
        self._final = final
        self._key = key
        self._shelves = shelves
        self._file = open_private(incoming)

    def write(self, data: bytes) -> None:
        """Append bytes."""
        self._file.write(data)

    def commit(self) -> str:
        """Make it durable and return its key."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        shelf = self._final.parent
        if shelf not in self._shelves:
            make_private_folder(shelf)
            _sync_folder(shelf.parent)
            self._shelves.add(shelf)
        self._incoming.rename(self._final)
        _sync_folder(shelf)
        return self._key

    def discard(self) -> None:
        """Forget what was written, which leaves nothing on a full disk. Does nothing after `commit`."""
        try:
            self._file.close()  # writes what is left, for which there may be no room
        finally:
            self._incoming.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
