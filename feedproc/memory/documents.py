"""Documents in memory."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO

from feedproc.feeds.uploads import derive_adopted_key
from feedproc.memory.tables import Tables

_KEY = re.compile(r"[0-9a-f]{32}")


class MemoryDocuments:
    """The port `Documents`."""

    def __init__(self, tables: Tables, new_key: Callable[[], str]) -> None:
        """Use the table `documents`; `new_key` gives 32 hexadecimal digits, never the same twice."""
        self._tables = tables
        self._new_key = new_key

    def create(self, key: str | None = None) -> "MemoryWriter":
        """Begin a document, under the key of an upload if one is given."""
        with self._tables.lock:  # whoever gives keys may count them
            return MemoryWriter(self._tables, _require_key(key) if key else self._new_key())

    def adopt(self, key: str) -> str:
        """Take an uploaded document out of its sender's reach; return its new key.

        Raises:
            FileNotFoundError: nothing was uploaded under this key.

        """
        adopted = derive_adopted_key(_require_key(key))
        with self._tables.lock:
            documents = self._tables.documents
            uploaded = documents.pop(key, None)
            if uploaded is not None:
                documents.setdefault(adopted, uploaded)
            elif adopted not in documents:
                raise FileNotFoundError(f"no document has the key {key!r}")
        return adopted

    def open(self, key: str) -> BinaryIO:
        """Open a document for reading.

        Raises:
            FileNotFoundError: there is none.

        """
        with self._tables.lock:
            content = self._tables.documents.get(key)
        if content is None:
            raise FileNotFoundError(f"no document has the key {key!r}")
        return BytesIO(content)

    def delete(self, key: str) -> None:
        """Delete a document, if it is there."""
        with self._tables.lock:
            self._tables.documents.pop(_require_key(key), None)


class MemoryWriter:
    """A document that appears under its key only when it is complete."""

    def __init__(self, tables: Tables, key: str) -> None:
        """Write a document that is to have this key."""
        self._tables = tables
        self._key = key
        self._written = bytearray()

    def write(self, data: bytes) -> None:
        """Append bytes."""
        self._written += data

    def commit(self) -> str:
        """Put it under its key and return that."""
        with self._tables.lock:
            self._tables.documents[self._key] = bytes(self._written)
        return self._key

    def discard(self) -> None:
        """Forget what was written. Does nothing after `commit`."""
        self._written = bytearray()


def _require_key(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise FileNotFoundError(f"no document has the key {key!r}")
    return key
