"""One authenticated request, and the answer to it: what an action takes and gives."""

import hashlib
from base64 import b64encode
from datetime import datetime, timedelta
from typing import BinaryIO

from msgspec import Struct

from feedproc.feeds.feed_type import FeedTypes
from feedproc.mws import responses
from feedproc.mws.body import Body
from feedproc.mws.parameters import Parameters
from feedproc.mws.responses import Element
from feedproc.ports import Backend, Seller

_CHUNK = 256 * 1024


class MwsAnswer(Struct, frozen=True, kw_only=True):
    """What goes back: a status, headers that this answer alone has, and the bytes."""

    content: bytes | BinaryIO
    """A stream is sent a piece at a time, and closed."""
    status: int = 200
    content_type: str = "text/xml"
    length: int | None = None
    """Bytes; None leaves Content-Length out, as Amazon does for SubmitFeed."""
    md5: str | None = None
    """In base64, of the content."""


class MwsCall(Struct, frozen=True, kw_only=True):
    """A request whose sender is known."""

    action: str
    namespace: str
    """Of the answer."""
    method: str
    seller: Seller
    parameters: Parameters
    body: Body
    content_type: str | None
    content_md5: str | None
    """The header, without blanks around it."""
    now: datetime
    request_id: str
    backend: Backend
    feed_types: FeedTypes
    submits_once: bool
    """A request to submit a feed that is repeated, signature and all, gets the id of the first time."""
    orders_delay: timedelta
    """How long a new order, or a change of one, stays out of lists."""

    def answer(self, *result: Element, compact: bool = False, is_declared: bool = True) -> MwsAnswer:
        """Return the answer whose result holds these elements; a compact one does not tell its length.

        One that is not declared has no XML declaration.
        """
        content = responses.write_success(self.action, result, self.request_id, self.namespace, compact=compact)
        if not is_declared:
            content = responses.drop_declaration(content)
        return MwsAnswer(content=content, length=None if compact else len(content))

    def send(self, document: BinaryIO, content_type: str) -> MwsAnswer:
        """Return the answer that is a document, with the MD5 of its bytes; it is read twice, never held in memory."""
        try:
            length, md5 = _measure(document)
        except BaseException:
            document.close()
            raise
        return MwsAnswer(content=document, content_type=content_type, length=length, md5=md5)


def _measure(document: BinaryIO) -> tuple[int, str]:
    """Return length in bytes and MD5 in base64, and go back to the start."""
    digest = hashlib.md5(usedforsecurity=False)
    length = 0
    while data := document.read(_CHUNK):
        digest.update(data)
        length += len(data)
    document.seek(0)
    return length, b64encode(digest.digest()).decode()
