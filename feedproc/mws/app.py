"""The signed MWS query protocol as a WSGI application."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from time import perf_counter
from wsgiref.types import StartResponse, WSGIEnvironment

from msgspec import Struct
from werkzeug.wrappers import Response
from werkzeug.wsgi import FileWrapper

from feedproc.errors import Refusal, StoreBusy
from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.marketplaces import MWS_HOSTS
from feedproc.mws import responses, service_status
from feedproc.mws.authenticate import authenticate
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.errors import INTERNAL_ERROR
from feedproc.mws.feeds import FEEDS
from feedproc.mws.headers import list_headers
from feedproc.mws.mismatch import explain_mismatch
from feedproc.mws.orders import ORDERS, ORDERS_2011
from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import (
    NotFromHere,
    OperationUnavailable,
    QueryMalformed,
    ResourceUnknown,
    SectionUnknown,
    SignatureMismatch,
)
from feedproc.mws.reports import REPORTS
from feedproc.mws.request import Request
from feedproc.mws.responses import Dialect, WireError
from feedproc.mws.section import Action, Section, find_operation, guess_section
from feedproc.mws.sellers import SELLERS
from feedproc.mws.subscriptions import SUBSCRIPTIONS
from feedproc.mws.throttle import QuotaMode, Standing, Throttle
from feedproc.ports import Backend, Seller

SECTIONS: tuple[Section, ...] = (FEEDS, REPORTS, ORDERS, ORDERS_2011, SELLERS, SUBSCRIPTIONS)
ORDERS_DELAY = timedelta(minutes=2)
"""How long a new order, or a change of one, stays out of lists of orders (recorded, ListOrders)."""
_CHUNK = 256 * 1024
_logger = logging.getLogger(__name__)


class _Response(Response):
    """An answer that tells its length only when asked to."""

    automatically_set_content_length = False


class _MwsProgress:
    """How far one request has come, for the headers and the log."""

    def __init__(self, section: Section) -> None:
        self.section = section
        """The one that the path names or the first of all, until the request is known to mean another."""

    name: str | None = None
    """Of the action, for the log."""
    action: Action | None = None
    seller: Seller | None = None
    standing: Standing | None = None
    at_gateway = True


class MwsOptions(Struct, frozen=True, kw_only=True):
    """How the protocol is served."""

    quotas: QuotaMode = QuotaMode.OFF
    public_hosts: tuple[str, ...] = MWS_HOSTS
    """Names that clients may sign, whatever address they connect to."""
    is_well_known: Callable[[Seller], bool] = lambda _: False
    """Tells sellers whose keys everybody knows, so that no web page and nobody elsewhere may use them."""
    submits_once: bool = False
    """A signed feed that comes again is not taken again."""
    orders_delay: timedelta = ORDERS_DELAY
    """How long orders stay out of lists, for all sellers but the well-known."""
    sections: tuple[Section, ...] = SECTIONS
    """Those that are served; the first answers what no section can be found for."""


class MwsApp:
    """Answers every request: what is wrong with it becomes an error answer, and so does a fault of the server."""

    def __init__(
        self,
        backend: Backend,
        feed_types: FeedTypes,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        options: MwsOptions,
    ) -> None:
        """Take all that it depends on; see `create_app`."""
        self._options = options
        self._backend = backend
        self._feed_types = feed_types
        self._throttle = Throttle(options.quotas)
        self._clock = clock
        self._new_id = new_id

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, and log one line about it."""
        began = perf_counter()
        request = Request(environ, self._new_id(), self._clock())
        progress = _MwsProgress(guess_section(request.path, self._options.sections))
        answer = self._answer(request, progress)
        _logger.info(
            "%s %d seller=%s request=%s %.1f ms",
            progress.name or "-",
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
            if isinstance(refusal, NotFromHere | StoreBusy):
                _logger.warning("request %s is refused: %s", request.request_id, escape_for_log(str(refusal)))
            wire = progress.section.errors[type(refusal)]
            # What cannot be read as parameters may be a feed, with its buyers in it.
            told = "" if isinstance(refusal, QueryMalformed) else wire.message(refusal)
            served = self._list_served(refusal, progress.section)
            _log_refusal(request, wire, f"{told}; served are {', '.join(served)}" if served else told)
            detail = ""
            if isinstance(refusal, SignatureMismatch) and refusal.signed is not None:
                why = escape_for_log(explain_mismatch(refusal.signed, request.query, request.now, refusal.cause))
                _logger.info("request %s: %s", request.request_id, why)
                detail = why if self._is_local_seller(refusal.holder, request) else ""
            progress.at_gateway = wire.dialect is Dialect.GATEWAY
            return _make_error(wire, wire.message(refusal), request, progress.section, detail)
        except Exception:
            # The outermost place: whatever it is, the client must get an answer.
            _logger.exception("request %s failed", request.request_id)
            return _make_error(INTERNAL_ERROR, "Internal Error", request, progress.section)

    def _list_served(self, refusal: Refusal, section: Section) -> Sequence[str]:
        """Return the sections or actions that there are, where another one was asked for."""
        if isinstance(refusal, SectionUnknown | ResourceUnknown):
            return [one.path for one in self._options.sections]
        return [*section.actions] if isinstance(refusal, OperationUnavailable) else ()

    def _is_local_seller(self, holder: Seller | None, request: Request) -> bool:
        """Say whether a program of this machine tries to speak for the local seller, whose keys are no secret."""
        is_known = holder is not None and self._options.is_well_known(holder)
        return is_known and request.explain_foreign_caller(self._options.public_hosts) is None

    def _perform(self, request: Request, progress: _MwsProgress) -> MwsAnswer:
        if request.is_ping():
            progress.name = "ping"
            return service_status.answer_ping(request.now)
        parameters = request.read_parameters()
        section, name = progress.section, progress.name = find_operation(
            request.path, parameters, self._options.sections
        )
        action = progress.action = section.actions[name]
        signed = request.describe_signed(parameters, section.path, self._options.public_hosts)
        seller = progress.seller = authenticate(parameters, signed, self._backend.sellers, request.now)
        if self._options.is_well_known(seller):
            request.require_local_caller(self._options.public_hosts)
        operation = f"{section.path}/{action.counts_as or name}"
        progress.standing = self._throttle.admit(seller, operation, action.quota, request.now)
        progress.at_gateway = False
        return action.answer(self._make_call(request, parameters, progress, seller))

    def _make_call(self, request: Request, parameters: Parameters, progress: _MwsProgress, seller: Seller) -> MwsCall:
        return MwsCall(
            action=progress.name or "",
            namespace=progress.section.namespace,
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
            submits_once=self._options.submits_once,
            orders_delay=timedelta() if self._options.is_well_known(seller) else self._options.orders_delay,
        )


def create_app(
    backend: Backend,
    feed_types: FeedTypes,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    options: MwsOptions | None = None,
) -> MwsApp:
    """Return the application over a back end.

    `clock` gives an aware time; `new_id` a UUID in lower case, for each request.
    """
    return MwsApp(backend, feed_types, clock, new_id, options or MwsOptions())


def escape_for_log(text: str) -> str:
    """Return a text that any log can hold: bytes of a request that were no UTF-8 are told by their numbers."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _log_refusal(request: Request, wire: WireError, message: str) -> None:
    """Say with which code and words a request was refused, in one line."""
    told = escape_for_log(" ".join(message.split())[:1000])
    _logger.info("request %s is refused: %s %s", request.request_id, wire.code, told)


def _make_error(wire: WireError, message: str, request: Request, section: Section, detail: str = "") -> MwsAnswer:
    id_name = "RequestID" if wire.dialect is Dialect.GATEWAY else section.request_id_name
    content = responses.write_error(
        wire, message, request.request_id, section.namespace, id_name=id_name, detail=detail
    )
    return MwsAnswer(status=wire.status, content=content, length=len(content))


def _make_response(answer: MwsAnswer, request: Request, progress: _MwsProgress) -> Response:
    action, standing = (None, None) if progress.at_gateway else (progress.action, progress.standing)
    is_relayed = action is not None and action.is_relayed
    headers = list_headers(answer, request.request_id, request.now, standing, is_relayed=is_relayed)
    status = f"{answer.status} {HTTPStatus(answer.status).phrase}"
    if isinstance(answer.content, bytes):
        return _Response(answer.content, status, headers)
    return _Response(FileWrapper(answer.content, _CHUNK), status, headers, direct_passthrough=True)
