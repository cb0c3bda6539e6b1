"""The Selling Partner API as a WSGI application."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from time import perf_counter
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import msgspec
from msgspec import Struct
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from feedproc.errors import Refusal
from feedproc.spapi import feeds, notifications, orders_2026, orders_v0, reports, sellers, tokens
from feedproc.spapi.access import LIFE, Grant, TokenKind, read_token
from feedproc.spapi.call import MOST_BODY, Access, Answer, Call, Operation, Query, Services, read_members
from feedproc.spapi.documents.app import DocumentsApp
from feedproc.spapi.documents.links import PATH as DOCUMENTS
from feedproc.spapi.documents.links import SignedLinks
from feedproc.spapi.errors import INPUT_MALFORMED, TABLE, Wire
from feedproc.spapi.local_caller import explain_refusal
from feedproc.spapi.lwa.app import LwaApp
from feedproc.spapi.lwa.grants import NOTIFICATIONS_SCOPE
from feedproc.spapi.paths import TOKEN_PATH
from feedproc.spapi.refusals import AccessDenied, Denial, InputInvalid
from feedproc.spapi.restricted import opens
from feedproc.spapi.throttle import UsagePlans

OPERATIONS: tuple[Operation, ...] = (
    *feeds.OPERATIONS,
    *orders_v0.OPERATIONS,
    *orders_2026.OPERATIONS,
    *reports.OPERATIONS,
    *sellers.OPERATIONS,
    *tokens.OPERATIONS,
    *notifications.OPERATIONS,
)
WITHOUT_V0_READS = tuple(one for one in OPERATIONS if one not in orders_v0.READS)
"""What is left when Amazon ends what Orders 2026-01-01 replaces, on 27 March 2027."""
_INTERNAL = Wire(
    500,
    "InternalFailure",
    lambda _: "We encountered an internal error. Please try again.",
    error_type="InternalFailure",
)
_logger = logging.getLogger(__name__)


@cache
def make_routes(operations: tuple[Operation, ...] = OPERATIONS) -> Map:
    """Return which path is whose operation. It takes milliseconds to make, so servers of one process share it."""
    return Map([Rule(one.path, methods=[one.method], endpoint=one) for one in operations], strict_slashes=False)


class _Progress:
    """How far one request has come, for the headers and the log."""

    operation: Operation | None = None
    seller_id = "-"


class SellingPartnerApp:
    """Answers every call of an operation: what is wrong with it becomes an error answer."""

    def __init__(
        self,
        services: Services,
        plans: UsagePlans,
        clock: Callable[[], datetime],
        operations: Sequence[Operation] = OPERATIONS,
    ) -> None:
        """Work with `services`; see `create_sp_api`."""
        self._services = services
        self._plans = plans
        self._clock = clock
        self._operations = operations
        self._routes = make_routes(tuple(operations))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, and log one line about it."""
        began, request_id, progress = perf_counter(), self._services.new_id(), _Progress()
        request = Request(environ)
        answer, wire = self._answer(request, progress, request_id)
        response = self._respond(answer, wire, progress, request_id)
        name = progress.operation.name if progress.operation else f"{request.method} {request.path[:200]!r}"
        duration = (perf_counter() - began) * 1000
        _logger.info(
            "%s %d seller=%s request=%s %.1f ms", name, answer.status, progress.seller_id, request_id, duration
        )
        return response(environ, start_response)

    def _answer(self, request: Request, progress: _Progress, request_id: str) -> tuple[Answer, Wire | None]:
        try:
            return self._perform(request, progress), None
        except Refusal as refusal:
            wire = TABLE[type(refusal)]
            _logger.info("request %s refused: %s", request_id, refusal)
            return _tell_refusal(wire, refusal), wire
        except Exception:
            # The outermost place: whatever it is, the client must get an answer.
            _logger.exception("request %s failed", request_id)
            return _tell_refusal(_INTERNAL, Refusal()), _INTERNAL

    def _perform(self, request: Request, progress: _Progress) -> Answer:
        now = self._clock()
        if request.path == "/" and request.method == "GET":
            return Answer(200, {"timestamp": f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"})
        operation, path = self._route(request)
        progress.operation = operation
        token = request.headers.get("x-amz-access-token", "")
        if not token:
            raise AccessDenied(Denial.NO_TOKEN)
        grant, seller = read_token(token, self._services.backend.sellers, now)
        _require(operation, grant, seller is not None, request)
        holder = seller or self._services.backend.sellers.find_by_client(grant.client_id)[0]
        if self._services.is_well_known(holder) and (why := explain_refusal(request.environ)):
            raise AccessDenied(why)
        progress.seller_id = grant.seller_id or "-"
        self._plans.admit(operation, grant.client_id, grant.seller_id, now)
        query = Query((name, value) for name, value in request.args.items(multi=True))
        members = read_members(_read_body(request))
        return operation.answer(
            Call(
                seller=holder,
                grant=grant,
                path=path,
                method=request.method,
                url_path=request.path,
                query=query,
                members=members,
                now=now,
                services=self._services,
            )
        )

    def _route(self, request: Request) -> tuple[Operation, Mapping[str, Any]]:
        try:
            return self._routes.bind("").match(request.path, request.method)
        except MethodNotAllowed:
            raise AccessDenied(Denial.NOT_ALLOWED, f"{request.method} is no method of {request.path[:200]!r}") from None
        except HTTPException:
            served = sorted({"/".join(one.path.split("/")[:3]) for one in self._operations})
            reason = f"{request.path[:200]!r} is not served here; served are {', '.join(served)}"
            raise AccessDenied(Denial.NOT_ALLOWED, reason) from None

    def _respond(self, answer: Answer, wire: Wire | None, progress: _Progress, request_id: str) -> Response:
        headers = {"x-amzn-RequestId": request_id}
        rate = self._plans.tell_rate(progress.operation) if progress.operation else None
        if rate is not None and answer.status not in (403, 429):
            headers["x-amzn-RateLimit-Limit"] = rate
        if wire is not None:
            headers["x-amzn-ErrorType"] = wire.error_type
        if answer.body is None:
            return Response(b"", answer.status, headers)
        return Response(msgspec.json.encode(answer.body), answer.status, headers, content_type="application/json")


class SpApiOptions(Struct, frozen=True, kw_only=True):
    """How to serve the API."""

    has_quotas: bool = False
    token_life: timedelta = LIFE
    operations: tuple[Operation, ...] = OPERATIONS
    """Those that are served."""


def create_sp_api(
    services: Services, links: SignedLinks | None, clock: Callable[[], datetime], options: SpApiOptions
) -> WSGIApplication:
    """Return the application: operations, the token endpoint, and the documents' addresses.

    `links` open the documents that this server serves itself, if it serves any; `clock` gives an aware time.
    """
    api = SellingPartnerApp(services, UsagePlans(options.has_quotas), clock, options.operations)
    lwa = LwaApp(services, clock, options.token_life)
    documents = None if links is None else DocumentsApp(services.backend.documents, links, clock, services.new_id)

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if path.lower() == TOKEN_PATH:
            return lwa(environ, start_response)
        if documents is not None and path.startswith(DOCUMENTS):
            return documents(environ, start_response)
        return api(environ, start_response)

    return answer


def _read_body(request: Request) -> bytes:
    request.max_content_length = MOST_BODY
    try:
        return request.get_data()
    except HTTPException:
        raise InputInvalid(INPUT_MALFORMED, f"the request is longer than {MOST_BODY} bytes") from None


def _require(operation: Operation, grant: Grant, is_sellers: bool, request: Request) -> None:
    """Raise `AccessDenied` unless the token is of the kind that the operation takes."""
    if (operation.access is Access.GRANTLESS) == is_sellers:
        raise AccessDenied(Denial.NOT_ALLOWED, f"{operation.name} takes {operation.access.value} token")
    if operation.access is Access.GRANTLESS and NOTIFICATIONS_SCOPE not in grant.scope.split():
        raise AccessDenied(Denial.NOT_ALLOWED, f"{operation.name} takes a token of scope {NOTIFICATIONS_SCOPE}")
    is_restricted = request.headers["x-amz-access-token"].startswith(TokenKind.RESTRICTED)
    if is_restricted and not any(opens(one, request.method, request.path) for one in grant.resources):
        raise AccessDenied(Denial.NOT_ALLOWED, f"the restricted data token does not open {operation.name}")
    if operation.access is Access.RESTRICTED and not is_restricted:
        raise AccessDenied(Denial.NOT_ALLOWED, f"{operation.name} takes {operation.access.value} only")


def _tell_refusal(wire: Wire, refusal: Refusal) -> Answer:
    error = {"message": wire.message(refusal), "code": wire.code}
    details = wire.details(refusal)
    if details is not None:
        error["details"] = details
    return Answer(wire.status, {"errors": [error]})
