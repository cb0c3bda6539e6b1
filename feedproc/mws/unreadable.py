"""The answer to what the HTTP server cannot read as a request at all, in the only form that MWS clients read."""

from datetime import datetime
from http import HTTPStatus

from feedproc.mws import responses
from feedproc.mws.call import MwsAnswer
from feedproc.mws.headers import Headers, list_headers
from feedproc.mws.responses import Dialect, WireError

_BUSY = WireError("ServiceUnavailable", 503, Dialect.GATEWAY, fault="Receiver")
_BROKEN = WireError("InternalError", 500, Dialect.GATEWAY, fault="Receiver")
_MALFORMED = WireError("InvalidRequest", 400, Dialect.GATEWAY)


def answer(status: int, fault: str, request_id: str, now: datetime) -> tuple[str, Headers, bytes]:
    """Return status line, headers and body for what the server would answer with `status` and a line of text.

    Whatever is the sender's fault has status 400: clients take others to be worth another try, or do not know them.
    """
    wire = {500: _BROKEN, 503: _BUSY}.get(status, _MALFORMED)
    content = responses.write_error(wire, fault or HTTPStatus(status).phrase, request_id)
    told = MwsAnswer(status=wire.status, content=content, length=len(content))
    return f"{wire.status} {HTTPStatus(wire.status).phrase}", list_headers(told, request_id, now), content
