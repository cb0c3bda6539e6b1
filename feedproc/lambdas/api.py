"""The function behind API Gateway: MWS and SP-API over events of an HTTP API.

API Gateway and Lambda put something around the protocol: a stage in the path, limits, and bodies that they spoil.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from http import HTTPStatus
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import msgspec
from apig_wsgi import make_lambda_handler

from feedproc.errors import DigestMismatch, FeedTooLarge
from feedproc.lambdas import watching
from feedproc.lambdas.container import get_links, get_machine
from feedproc.lambdas.limits import MOST_BYTES
from feedproc.lambdas.watching import Event
from feedproc.mws import responses
from feedproc.mws.app import MwsOptions, create_app
from feedproc.mws.feeds import FEEDS
from feedproc.mws.responses import Dialect, WireError
from feedproc.ports import DocumentLinks
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.process.pick import process_at_once
from feedproc.services.process.processing import Processing
from feedproc.settings import submits_once
from feedproc.spapi.app import SpApiOptions, create_sp_api
from feedproc.spapi.call import Services
from feedproc.spapi.paths import is_sp_api
from feedproc.wiring.local_seller import is_well_known
from feedproc.wiring.machine import Machine

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


class _Http(msgspec.Struct, frozen=True):
    method: str
    protocol: str
    source_ip: str = msgspec.field(name="sourceIp")


class _Context(msgspec.Struct, frozen=True):
    http: _Http
    stage: str = "$default"


class _HttpEvent(msgspec.Struct, frozen=True, rename="camel"):
    """What is relied on in an event (API Gateway, payload format version 2.0)."""

    raw_path: str
    raw_query_string: str
    headers: dict[str, str]
    request_context: _Context
    version: str = ""
    body: str | None = None
    is_base64_encoded: bool = False
    cookies: list[str] = []


def handler(event: Event, context: Any) -> Event:
    """Answer an HTTP request."""
    return watching.wrap_handler(_get_handler())(event, context)


@cache
def _get_handler() -> watching.Handler:
    return make_handler(get_machine(opens_secrets=True), get_links())


def make_handler(machine: Machine, links: DocumentLinks) -> watching.Handler:
    """Return a handler over a machine; documents go past it by `links`.

    Quotas are told and not enforced: containers know nothing of each other.
    """
    backend, feed_types, _, clock, new_id = machine
    app = create_app(backend, feed_types, clock, new_id, MwsOptions(submits_once=submits_once(default=True)))
    # Every answer travels in base64, so that it arrives to the byte whatever its encoding is.

    @contextmanager
    def begin_work() -> Iterator[Processing]:
        yield machine.get_processing(new_id())

    process_now = partial(process_at_once, begin_work)
    services = Services(backend, feed_types, load_report_types(), links, new_id, process_now, is_well_known)
    sp_api = create_sp_api(services, None, clock, SpApiOptions())
    answer = make_lambda_handler(Gateway(app, sp_api, new_id), non_binary_content_type_prefixes=())

    def handle(event: Event, context: Any) -> Event:
        fault = _find_fault(event)
        return _refuse(fault) if fault else answer(event, context)

    return handle


def _find_fault(event: Event) -> str | None:
    """Say what is wrong with an event that no API Gateway sends."""
    try:
        request = msgspec.convert(event, _HttpEvent)
    except msgspec.ValidationError as error:
        return f"The event is not one of an HTTP API: {error}"
    if request.version != "2.0":
        return "The event is not in payload format version 2.0, that of an HTTP API"
    try:
        if request.is_base64_encoded:
            b64decode(request.body or "", validate=True)
        else:
            (request.body or "").encode()
    except ValueError:  # also binascii's and that of a lone surrogate
        return "The event's body is neither text nor in base64"
    return None


def _refuse(fault: str) -> Event:
    watching.get_logger().error(fault)
    return {"statusCode": 400, "headers": {"content-type": "application/json"}, "body": json.dumps({"message": fault})}
