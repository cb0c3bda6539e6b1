"""The token endpoint as a WSGI application: `POST /auth/o2/token`."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from feedproc.errors import StoreBusy
from feedproc.spapi.call import Services
from feedproc.spapi.local_caller import explain_refusal
from feedproc.spapi.lwa.grants import GrantRefused, Issue, TokenRequest, UsedCodes, find_holders, give_token

MOST_BODY = 64 * 1024
"""Bytes of a request."""
_BUSY = "temporarily_unavailable"
_STATUS = {"invalid_client": 401, _BUSY: 503}
_TYPES = {"invalid_client": "OA2InvalidClientException", "unsupported_grant_type": "OA2UnsupportedGrantTypeException"}
_logger = logging.getLogger(__name__)


class LwaApp:
    """Gives access tokens to applications."""

    def __init__(self, services: Services, clock: Callable[[], datetime], life: timedelta) -> None:
        """Give tokens that live as long as `life`."""
        self._services = services
        self._clock = clock
        self._life = life
        self._codes = UsedCodes()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request_id, now = self._services.new_id(), self._clock()
        headers = {
            "Cache-Control": "no-cache, no-store, must-revalidate",
            "Pragma": "no-cache",
            "x-amzn-RequestId": request_id,
            "X-Amz-Date": f"{now:%a, %d %b %Y %H:%M:%S GMT}",
        }
        try:
            body: dict[str, Any] = self._give(environ, now)
            status, told = 200, "-"
        except GrantRefused as refusal:
            status, told = _STATUS.get(refusal.error, 400), refusal.error
            body = {"error_description": refusal.description, "error": refusal.error}
            kind = _TYPES.get(refusal.error, "OA2InvalidRequestException")
            headers["X-Amzn-Errortype"] = f"{kind}:http://internal.amazon.com/coral/com.amazon.panda/"
        _logger.info("token %d %s request=%s", status, told, request_id)
        response = Response(msgspec.json.encode(body), status, headers, content_type="application/json;charset=UTF-8")
        return response(environ, start_response)

    def _give(self, environ: WSGIEnvironment, now: datetime) -> dict[str, Any]:
        members = _read_members(environ)
        try:
            holders = find_holders(members, self._services.backend.sellers)
        except StoreBusy as busy:
            _logger.warning("no token can be given now: %s", busy)
            raise GrantRefused(_BUSY, "The request could not be served now; try again later") from busy
        if any(map(self._services.is_well_known, holders)) and (why := explain_refusal(environ)):
            raise GrantRefused("access_denied", why)
        issue = Issue(now, self._life, self._services.new_id, self._codes)
        return give_token(TokenRequest(members, holders, issue))


def _read_members(environ: WSGIEnvironment) -> Mapping[str, str]:
    """Return the members of the request, a form or a JSON object as its content type says."""
    request = Request(environ)
    request.max_content_length = request.max_form_memory_size = MOST_BODY
    if request.method != "POST":
        raise GrantRefused("invalid_request", "The request must be a POST")
    try:
        if request.mimetype != "application/json":
            return dict(request.form.items())
        found = msgspec.json.decode(request.get_data())
    except (HTTPException, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise GrantRefused("invalid_request", "The request is malformed") from None
    if not isinstance(found, dict):
        raise GrantRefused("invalid_request", "The request is malformed")
    return {name: value for name, value in found.items() if isinstance(value, str)}
