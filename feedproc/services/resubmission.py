"""Some messages of a feed as a feed of their own."""

from collections.abc import Iterable, Iterator

from feedproc.feeds.extract import Extract, Frame
from feedproc.ports import Documents
from feedproc.services.submit import StoredDocument, store


def gathered(documents: Documents, frame: Frame, extracts: Iterable[Extract]) -> StoredDocument | None:
    """Store messages within the frame of their feed; None when there are none. They are not held in memory."""
    texts = (one.text for one in extracts if one.text)
    first = next(texts, None)
    if first is None:
        return None
    return store(documents, _Joined(_parts(frame, first, texts)))


def _parts(frame: Frame, first: bytes, texts: Iterator[bytes]) -> Iterator[bytes]:
    yield frame.head
    yield first
    for text in texts:
        yield frame.between
        yield text
    yield frame.tail


class _Joined:
    """Pieces of bytes as one stream."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts

    def read(self, _size: int, /) -> bytes:
        return next((part for part in self._parts if part), b"")
