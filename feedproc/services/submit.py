"""Hand in a feed: store its bytes, then submit them. Two calls, because SP-API needs them apart."""

import hashlib
import logging
from base64 import b64encode
from collections.abc import Iterable, Iterator
from io import SEEK_END
from typing import Protocol

from msgspec import Struct

from feedproc.errors import DeliveryDelayed, DigestMismatch, FeedTooLarge
from feedproc.feeds.extract import Extract, Frame
from feedproc.feeds.submission import FeedSubmission, NewSubmission
from feedproc.ports import Documents, Queue, Submissions

MAX_FEED_BYTES = 2_147_483_647
"""Amazon takes feeds below 2 GiB (MWS developer guide, SubmitFeed)."""
_CHUNK = 256 * 1024
_logger = logging.getLogger(__name__)


class Readable(Protocol):
    """A stream of bytes, such as a request's body."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; none at the end."""


class StoredDocument(Struct, frozen=True):
    """Bytes that are safely stored."""

    key: str
    size: int
    """Bytes."""
    md5: str
    """In base64."""


def store(
    documents: Documents, stream: Readable, md5: str | None = None, limit: int = MAX_FEED_BYTES
) -> StoredDocument:
    """Store all bytes of a stream, a piece at a time.

    `md5` is in base64. Whatever is raised, an error of the stream itself included, nothing is kept then.

    Raises:
        FeedTooLarge: there are more than `limit` bytes.
        DigestMismatch: `md5` is given and is not that of the bytes.

    """
    digest = hashlib.md5(usedforsecurity=False)
    size = 0
    writer = documents.create()
    try:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise FeedTooLarge(limit)
            digest.update(chunk)
            writer.write(chunk)
        computed = b64encode(digest.digest()).decode()
        if md5 is not None and md5 != computed:
            raise DigestMismatch(md5, computed)
        return StoredDocument(writer.commit(), size, computed)
    finally:
        writer.discard()


def store_messages(documents: Documents, frame: Frame, extracts: Iterable[Extract]) -> StoredDocument | None:
    """Store messages within the frame of their feed; None when there are none. They are not held in memory."""
    texts = (one.text for one in extracts if one.text)
    first = next(texts, None)
    if first is None:
        return None
    return store(documents, _Joined(_lay_out(frame, first, texts)))


def adopt_upload(documents: Documents, key: str, limit: int = MAX_FEED_BYTES) -> tuple[str, int]:
    """Take an uploaded feed out of its sender's reach; return its key from now on, and its size in bytes.

    Raises:
        FileNotFoundError: nothing was uploaded under this key.
        FeedTooLarge: it is beyond the limit, which no address of a document can forbid; it is not kept.

    """
    adopted = documents.adopt(key)
    with documents.open(adopted) as feed:
        size = feed.seek(0, SEEK_END)
    if size > limit:
        documents.delete(adopted)
        raise FeedTooLarge(limit)
    return adopted, size


def submit(
    submissions: Submissions, queue: Queue, new: NewSubmission, repetition_key: str | None = None
) -> FeedSubmission:
    """Submit a stored feed for processing. When this returns, the submission is durable.

    A queue that does not take it now is no reason to refuse it, as the sender would hand it in a second time: it is
    processed with the next one of its line, or when `announce.announce_overdue` comes upon it.

    A key that the same request has each time it is sent makes a repetition of it harmless: what comes back is the
    submission of the first time, whose document is another than that of `new`.
    """
    submission = submissions.add(new, repetition_key)
    try:
        queue.send(submission)
    except DeliveryDelayed as delay:
        _logger.warning(
            "submission %s is kept, and will be announced in some minutes (%s)", submission.submission_id, delay
        )
    return submission


def _lay_out(frame: Frame, first: bytes, texts: Iterator[bytes]) -> Iterator[bytes]:
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
