"""How the requests of both APIs are told apart, and how each tells what a fault stands for."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from wsgiref.types import WSGIEnvironment

import msgspec
from werkzeug.exceptions import HTTPException

from feedproc.control.calls import CallName
from feedproc.control.faults import RequestFault, Trouble
from feedproc.control.naming import DOWNLOAD, PING, TOKEN, UPLOAD
from feedproc.control.watch import FaultAnswer
from feedproc.errors import Refusal, StoreBusy
from feedproc.formats.characters import escape_text
from feedproc.mws import responses
from feedproc.mws.call import MwsAnswer
from feedproc.mws.errors import GATEWAY_ERRORS, INTERNAL_ERROR
from feedproc.mws.headers import list_headers
from feedproc.mws.refusals import HourlyQuotaExceeded, RequestExpired, RequestThrottled
from feedproc.mws.responses import Dialect, WireError
from feedproc.ports import Sellers
from feedproc.spapi.access import read_token
from feedproc.spapi.documents.links import PATH as DOCUMENTS
from feedproc.spapi.errors import TABLE
from feedproc.spapi.paths import TOKEN_PATH, is_sp_api
from feedproc.spapi.refusals import AccessDenied, Denial, QuotaExceeded

_MOST_SHOWN = 200
_EXPIRY = timedelta(minutes=20)
_SERVICE = "Feeds/2009-01-01"


class BothWires:
    """MWS and SP-API at one address."""

    def __init__(self, sellers: Sellers, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        """Read tokens for these sellers; answers are given at times of `clock`, and ids of `new_id`."""
        self._sellers = sellers
        self._clock = clock
        self._new_id = new_id

    def name_call(self, environ: WSGIEnvironment, parameters: dict[str, str]) -> CallName:
        """Return what a request asks for."""
        path: str = environ.get("PATH_INFO") or "/"
        method: str = environ["REQUEST_METHOD"]
        if path.lower() == TOKEN_PATH:
            return CallName("lwa", TOKEN)
        if path.startswith(DOCUMENTS):
            action = UPLOAD if method == "PUT" else DOWNLOAD
            return CallName("document", action, parameters.get("X-Amz-Credential", "")[:_MOST_SHOWN])
        if is_sp_api(environ):
            return CallName("spapi", self._find_operation(path, method), self._find_seller(environ))
        seller = parameters.get("SellerId") or parameters.get("Merchant") or ""
        is_ping = path == "/" and not parameters
        return CallName("mws", PING if is_ping else parameters.get("Action", "")[:_MOST_SHOWN], seller[:_MOST_SHOWN])

    def answer_fault(self, call: CallName, fault: RequestFault) -> FaultAnswer:
        """Return the answer of Amazon's that a fault stands for."""
        if call.protocol == "mws":
            return self._answer_mws(call, fault)
        if call.protocol == "document":
            return self._answer_document(fault)
        status, code, message, details = _tell_sp_api(fault)
        if call.protocol == "lwa":
            body = {"error": fault.code or "server_error", "error_description": fault.message or message}
            return _make_json(status, body, self._new_id())
        error = {"code": code, "message": fault.message or message, "details": details}
        return _make_json(status, {"errors": [error]}, self._new_id())

    def _find_operation(self, path: str, method: str) -> str:
        from feedproc.spapi.app import make_routes  # noqa: PLC0415 - who calls MWS alone needs none of SP-API

        with suppress(HTTPException):
            return str(make_routes().bind("").match(path, method)[0].name)
        return ""

    def _find_seller(self, environ: WSGIEnvironment) -> str:
        token: str = environ.get("HTTP_X_AMZ_ACCESS_TOKEN", "")
        with suppress(AccessDenied, UnicodeError):
            return read_token(token, self._sellers, self._clock())[0].seller_id
        return ""

    def _answer_mws(self, call: CallName, fault: RequestFault) -> FaultAnswer:
        wire, message = _tell_mws(call, fault, self._clock())
        request_id = self._new_id()
        body = responses.write_error(wire, fault.message or message, request_id)
        answer = MwsAnswer(content=body, status=wire.status, length=len(body))
        return FaultAnswer(_write_line(wire.status), list_headers(answer, request_id, self._clock()), body)

    def _answer_document(self, fault: RequestFault) -> FaultAnswer:
        status = fault.status or (500 if fault.what is Trouble.ERROR else 403 if _is_expiry(fault) else 503)
        code = fault.code or {403: "AccessDenied", 500: "InternalError"}.get(status, "SlowDown")
        message = fault.message or {403: "Request has expired"}.get(status, "Please reduce your request rate.")
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{escape_text(code)}</Code>'
        body += f"<Message>{escape_text(message)}</Message></Error>"
        return FaultAnswer(_write_line(status), [("Content-Type", "application/xml")], body.encode())


def _tell_mws(call: CallName, fault: RequestFault, now: datetime) -> tuple[WireError, str]:
    if fault.what is Trouble.THROTTLE:
        return GATEWAY_ERRORS[RequestThrottled], str(RequestThrottled())
    if fault.what is Trouble.QUOTA:
        told = HourlyQuotaExceeded(120, f"{_SERVICE}/{call.action}", now + timedelta(hours=1))
        return GATEWAY_ERRORS[HourlyQuotaExceeded], str(told)
    if fault.what is Trouble.EXPIRE_TOKEN:
        return GATEWAY_ERRORS[RequestExpired], str(RequestExpired(now - _EXPIRY, now))
    if fault.what is Trouble.REFUSE:
        from feedproc.mws.app import SECTIONS  # noqa: PLC0415 - who calls SP-API alone needs none of MWS

        known = [wire for section in SECTIONS for wire in section.errors.values() if wire.code == fault.code]
        found = known[0] if known else WireError(fault.code, 400, Dialect.SERVICE)
        return found._replace(status=fault.status or found.status), fault.code
    if (fault.status or 500) == INTERNAL_ERROR.status:
        return INTERNAL_ERROR, "Internal Error"
    return INTERNAL_ERROR._replace(code="ServiceUnavailable", status=fault.status), "Service Unavailable"


def _tell_sp_api(fault: RequestFault) -> tuple[int, str, str, str]:
    """Return status, code, message and details."""
    kinds: dict[Trouble, Refusal] = {
        Trouble.THROTTLE: QuotaExceeded(),
        Trouble.QUOTA: QuotaExceeded(),
        Trouble.EXPIRE_TOKEN: AccessDenied(Denial.EXPIRED_TOKEN),
    }
    if fault.what is Trouble.ERROR and fault.status == 503:
        kinds[Trouble.ERROR] = StoreBusy()
    if (refusal := kinds.get(fault.what)) is not None:
        wire = TABLE[type(refusal)]
        return wire.status, wire.code, wire.message(refusal), wire.details(refusal) or ""
    if fault.what is Trouble.REFUSE:
        status = next((wire.status for wire in TABLE.values() if wire.code == fault.code), 400)
        return fault.status or status, fault.code, fault.code, ""
    return fault.status or 500, "InternalFailure", "We encountered an internal error. Please try again.", ""


def _is_expiry(fault: RequestFault) -> bool:
    return fault.what is Trouble.EXPIRE_TOKEN


def _make_json(status: int, body: object, request_id: str) -> FaultAnswer:
    content = msgspec.json.encode(body)
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(content))),
        ("x-amzn-RequestId", request_id),
    ]
    return FaultAnswer(_write_line(status), headers, content)


def _write_line(status: int) -> str:
    phrases = {one.value: one.phrase for one in HTTPStatus}
    return f"{status} {phrases.get(status, 'Unknown')}"
