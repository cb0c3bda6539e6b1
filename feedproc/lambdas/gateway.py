"""What API Gateway and Lambda put around the protocol: a stage in the path, limits, and bodies that it spoils."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feedproc.errors import DigestMismatch, FeedTooLarge
from feedproc.lambdas.limits import MOST_BYTES
from feedproc.mws import responses
from feedproc.mws.errors import Dialect, WireError
from feedproc.mws.feeds import FEEDS
from feedproc.spapi.paths import is_sp_api

_WAYS = "split it into several feeds, or send it to a server that `feedproc serve --backend aws` runs"
_REPORT_TOO_LARGE = WireError("InvalidRequest", 400, Dialect.GATEWAY)
_NO_STAGE = "$default"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()


class Gateway:
    """Two WSGI applications behind API Gateway; what cannot pass is refused in words that name the ways around."""

    def __init__(self, app: WSGIApplication, sp_api: WSGIApplication, new_id: Callable[[], str]) -> None:
        """Stand before MWS, and before SP-API, whose documents go elsewhere; `new_id` makes request ids."""
        self._app = app
        self._sp_api = sp_api
        self._new_id = new_id

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        _as_wsgi_wants_it(environ)
        _move_stage(environ)
        if is_sp_api(environ):
            return self._sp_api(environ, start_response)
        size = int(environ["CONTENT_LENGTH"])
        if size > MOST_BYTES:
            text = f"The feed has {size} bytes and this endpoint takes at most {MOST_BYTES}; {_WAYS}"
            return self._refuse(FEEDS.errors[FeedTooLarge], text, start_response)
        if _is_spoilt(environ):
            text = (
                "The feed is not in UTF-8 and is labelled as text, which API Gateway reads as UTF-8; label it "
                "application/octet-stream, or send it to a server that `feedproc serve --backend aws` runs"
            )
            return self._refuse(FEEDS.errors[DigestMismatch], text, start_response)
        return self._keep_within_limit(environ, start_response)

    def _keep_within_limit(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        told: list[Any] = []

        def hold(*given: Any) -> Callable[[bytes], object]:
            told[:] = given
            return lambda _: None

        content = self._app(environ, hold)
        size = int(dict(told[1]).get("Content-Length", "0"))
        if size <= MOST_BYTES:
            start_response(*told)
            return content
        if (close := getattr(content, "close", None)) is not None:
            close()
        text = (
            f"The report has {size} bytes and this endpoint sends at most {MOST_BYTES}; "
            "ask a server for it that `feedproc serve --backend aws` runs, and send smaller feeds"
        )
        return self._refuse(_REPORT_TOO_LARGE, text, start_response)

    def _refuse(self, wire: WireError, text: str, start_response: StartResponse) -> Iterable[bytes]:
        request_id = self._new_id()
        content = responses.write_error(wire, text, request_id)
        headers = [
            ("Content-Type", "text/xml"),
            ("Content-Length", str(len(content))),
            ("x-mws-request-id", request_id),
        ]
        start_response(f"{wire.status} {HTTPStatus(wire.status).phrase}", headers)
        return [content]


def _as_wsgi_wants_it(environ: WSGIEnvironment) -> None:
    """Give characters beyond Latin-1, which only a broken caller sends, as the bytes of their UTF-8 (PEP 3333)."""
    for name, value in environ.items():
        if isinstance(value, str) and not value.isascii():
            environ[name] = _as_latin_1(value)


def _as_latin_1(value: str) -> str:
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode(errors="surrogatepass").decode("latin-1")
    return value


def _move_stage(environ: WSGIEnvironment) -> None:
    """Put the stage's name, with which paths begin unless it is `$default`, where the application looks for a prefix.

    Clients sign it, and it is no part of the section.
    """
    stage = environ["apig_wsgi.request_context"].get("stage", _NO_STAGE)
    prefix = f"/{stage}"
    path: str = environ["PATH_INFO"]
    if stage != _NO_STAGE and (path == prefix or path.startswith(f"{prefix}/")):
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = prefix, path.removeprefix(prefix)


def _is_spoilt(environ: WSGIEnvironment) -> bool:
    """Say whether API Gateway put U+FFFD in the place of bytes: it is there, and the digest is another."""
    given: str = environ.get("HTTP_CONTENT_MD5", "").strip()
    if environ["apig_wsgi.full_event"].get("isBase64Encoded") or not given:
        return False
    body: BytesIO = environ["wsgi.input"]
    content = body.getbuffer()
    if _REPLACEMENT not in bytes(content):
        return False
    return b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode() != given
