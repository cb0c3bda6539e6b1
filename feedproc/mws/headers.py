"""The header set of answers, and the answer to what cannot be read as a request at all."""

import hashlib
from base64 import b64encode
from datetime import datetime
from http import HTTPStatus

from werkzeug.http import http_date

from feedproc.mws import responses, spelling
from feedproc.mws.call import MwsAnswer
from feedproc.mws.responses import Dialect, WireError
from feedproc.mws.throttle import Standing

Headers = list[tuple[str, str]]
_BUSY = WireError("ServiceUnavailable", 503, Dialect.GATEWAY, fault="Receiver")
_BROKEN = WireError("InternalError", 500, Dialect.GATEWAY, fault="Receiver")
_MALFORMED = WireError("InvalidRequest", 400, Dialect.GATEWAY)


def list_headers(
    answer: MwsAnswer, request_id: str, now: datetime, standing: Standing | None = None, *, is_relayed: bool = False
) -> Headers:
    """Return all headers, in the order of recorded answers of 2020.

    `request_id` and `now` are the request's; `standing` is what is left of the quota, None when the gateway answers by
    itself; an answer that was relayed passed through one program more, which leaves its own request id and context.
    """
    return [
        ("Server", "Server"),
        ("Date", http_date(now)),
        ("Content-Type", answer.content_type),
        *([] if answer.length is None else [("Content-Length", str(answer.length))]),
        *([] if standing is None else _list_quota(standing)),
        *([] if answer.md5 is None else [("Content-MD5", answer.md5)]),
        *_list_request(request_id, now, is_relayed=is_relayed),
        ("Vary", "Accept-Encoding,User-Agent"),
    ]


def _list_request(request_id: str, now: datetime, *, is_relayed: bool) -> Headers:
    """Return what tells the request; the order is that of recorded answers."""
    own = [("x-mws-request-id", request_id), ("x-mws-timestamp", spelling.format_millisecond(now))]
    context = ("x-mws-response-context", ", ".join(_make_context(request_id, one) for one in range(1 + is_relayed)))
    return [context, ("x-amz-request-id", request_id), *own] if is_relayed else [*own, context]


def _list_quota(standing: Standing) -> Headers:
    return [
        ("x-mws-quota-max", f"{standing.hourly:.1f}"),
        ("x-mws-quota-remaining", f"{standing.remaining:.1f}"),
        ("x-mws-quota-resetsOn", spelling.format_millisecond(standing.resets_at)),
    ]


def _make_context(request_id: str, number: int) -> str:
    """Return something opaque of the usual length, which Amazon's support could read and nobody else."""
    return b64encode(hashlib.sha512(f"{request_id} {number}".encode()).digest()[:56]).decode()


def answer_unreadable(status: int, fault: str, request_id: str, now: datetime) -> tuple[str, Headers, bytes]:
    """Return status line, headers and body for what the HTTP server would answer with `status` and a line of text.

    That is the only form that MWS clients read.
    Whatever is the sender's fault has status 400: clients take others to be worth another try, or do not know them.
    """
    wire = {500: _BROKEN, 503: _BUSY}.get(status, _MALFORMED)
    content = responses.write_error(wire, fault or HTTPStatus(status).phrase, request_id)
    told = MwsAnswer(status=wire.status, content=content, length=len(content))
    return f"{wire.status} {HTTPStatus(wire.status).phrase}", list_headers(told, request_id, now), content
