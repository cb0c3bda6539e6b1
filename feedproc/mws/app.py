"""The signed MWS query protocol as a WSGI application."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from time import perf_counter
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.wrappers import Response
from werkzeug.wsgi import FileWrapper

from feedproc.errors import Refusal
from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.marketplaces import MWS_HOSTS
from feedproc.mws import responses
from feedproc.mws.actions import ACTIONS, ping
from feedproc.mws.address import find_action
from feedproc.mws.authenticate import authenticate
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.errors import INTERNAL_ERROR, TABLE, Dialect
from feedproc.mws.headers import list_headers
from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import NotFromHere
from feedproc.mws.request import Request
from feedproc.mws.throttle import QuotaMode, Standing, Throttle
from feedproc.ports import Backend, Seller

MOST_DRAINED = 10 * 1024 * 1024
"""Bytes of a refused body that are read, so that its sender gets to see why: Amazon's advice for a feed's size."""
_CHUNK = 256 * 1024
_logger = logging.getLogger(__name__)


class _Response(Response):
    """An answer that tells its length only when asked to."""

    automatically_set_content_length = False


class _MwsProgress:
    """How far one request has come, for the headers and the log."""

    action: str | None = None
    seller: Seller | None = None
    standing: Standing | None = None
    at_gateway = True


class MwsApp:
    """Answers every request: what is wrong with it becomes an error answer, and so does a fault of the server."""

    def __init__(
        self,
        backend: Backend,
        feed_types: FeedTypes,
        throttle: Throttle,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        public_hosts: tuple[str, ...],
        is_well_known: Callable[[Seller], bool],
        submits_once: bool,
    ) -> None:
        """Take all that it depends on; see `create_app`."""
        self._backend = backend
        self._feed_types = feed_types
        self._throttle = throttle
        self._clock = clock
        self._new_id = new_id
        self._public_hosts = public_hosts
        self._is_well_known = is_well_known
        self._submits_once = submits_once

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """MwsAnswer one request, and log one line about it."""
        began = perf_counter()
        request, progress = Request(environ, self._new_id(), self._clock()), _MwsProgress()
        answer = self._answer(request, progress)
        request.body.drain(MOST_DRAINED)
        _logger.info(
            "%s %d seller=%s request=%s %.1f ms",
            progress.action or "-",
            answer.status,
            progress.seller.seller_id if progress.seller else "-",
            request.request_id,
            (perf_counter() - began) * 1000,
        )
        return _make_response(answer, request, progress)(environ, start_response)

    def _answer(self, request: Request, progress: _MwsProgress) -> MwsAnswer:
        try:
            return self._perform(request, progress)
        except Refusal as refusal:
            if isinstance(refusal, NotFromHere):
                _logger.warning("request %s is refused: %s", request.request_id, refusal)
            wire = TABLE[type(refusal)]
            progress.at_gateway = wire.dialect is Dialect.GATEWAY
            return _make_error(wire.status, responses.write_error(wire, wire.message(refusal), request.request_id))
        except Exception:
            # The outermost place: whatever it is, the client must get an answer.
            _logger.exception("request %s failed", request.request_id)
            return _make_error(500, responses.write_error(INTERNAL_ERROR, "Internal Error", request.request_id))

    def _perform(self, request: Request, progress: _MwsProgress) -> MwsAnswer:
        if request.is_ping():
            progress.action = "ping"
            return ping.answer(request.now)
        parameters = request.read_parameters()
        action = progress.action = find_action(request.path, parameters, ACTIONS)
        signed = request.describe_signed(parameters, self._public_hosts)
        seller = progress.seller = authenticate(parameters, signed, self._backend.sellers, request.now)
        if self._is_well_known(seller):
            request.require_local_caller(self._public_hosts)
        progress.standing = self._throttle.admit(seller.seller_id, seller.access_key, action, request.now)
        progress.at_gateway = False
        return ACTIONS[action](self._make_call(request, parameters, action, seller))

    def _make_call(self, request: Request, parameters: Parameters, action: str, seller: Seller) -> MwsCall:
        return MwsCall(
            action=action,
            method=request.method,
            seller=seller,
            parameters=parameters,
            body=request.body,
            content_type=request.content_type,
            content_md5=request.content_md5,
            now=request.now,
            request_id=request.request_id,
            backend=self._backend,
            feed_types=self._feed_types,
            submits_once=self._submits_once,
        )


def create_app(
    backend: Backend,
    feed_types: FeedTypes,
    quotas: QuotaMode,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    public_hosts: tuple[str, ...] = MWS_HOSTS,
    is_well_known: Callable[[Seller], bool] = lambda _: False,
    *,
    submits_once: bool = False,
) -> MwsApp:
    """Return the application over a back end.

    `clock` gives an aware time; `new_id` a UUID in lower case, for each request; `public_hosts` are names that clients
    may sign whatever address they connect to; `is_well_known` tells sellers whose keys everybody knows, so that no web
    page and nobody elsewhere may use them; with `submits_once` a signed feed that comes again is not taken again.
    """
    return MwsApp(backend, feed_types, Throttle(quotas), clock, new_id, public_hosts, is_well_known, submits_once)


def _make_error(status: int, content: bytes) -> MwsAnswer:
    return MwsAnswer(status=status, content=content, length=len(content))


def _make_response(answer: MwsAnswer, request: Request, progress: _MwsProgress) -> Response:
    back_end = None if progress.at_gateway else progress.action
    standing = None if progress.at_gateway else progress.standing
    headers = list_headers(answer, request.request_id, request.now, back_end, standing)
    status = f"{answer.status} {HTTPStatus(answer.status).phrase}"
    if isinstance(answer.content, bytes):
        return _Response(answer.content, status, headers)
    return _Response(FileWrapper(answer.content, _CHUNK), status, headers, direct_passthrough=True)
