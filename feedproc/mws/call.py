"""One authenticated request, and the answer to it: what an action takes and gives."""

from datetime import datetime, timedelta
from typing import BinaryIO

from msgspec import Struct

from feedproc.feeds.feed_type import FeedTypes
from feedproc.mws import responses
from feedproc.mws.body import Body
from feedproc.mws.parameters import Parameters
from feedproc.mws.responses import Element
from feedproc.ports import Backend, Seller


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

    def answer(self, *result: Element, compact: bool = False) -> MwsAnswer:
        """Return the answer whose result holds these elements; a compact one does not tell its length."""
        content = responses.write_success(self.action, result, self.request_id, self.namespace, compact=compact)
        return MwsAnswer(content=content, length=None if compact else len(content))
