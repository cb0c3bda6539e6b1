"""A WSGI application around another: it keeps every call, and lets faults happen to some."""

import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from errno import ECONNRESET
from hashlib import md5
from io import BytesIO
from time import perf_counter
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qsl, urlencode
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.datastructures import EnvironHeaders

from feedproc.control.calls import MOST_BODY, CallLog, CallName, hide_secrets
from feedproc.control.faults import TAKES_EFFECT, FaultBook, RequestFault, Trouble

_MOST_FORM = 1024 * 1024
"""Bytes of a form that is looked into."""
_GIVES_TOKENS = frozenset({"createRestrictedDataToken"})
_Headers = list[tuple[str, str]]


class FaultAnswer(NamedTuple):
    """What is answered in place of the application."""

    status: str
    """Code and reason: `503 Service Unavailable`."""
    headers: _Headers
    body: bytes


class Wires(Protocol):
    """What knows how requests are told apart, and how refusals are worded."""

    def name_call(self, environ: WSGIEnvironment, parameters: dict[str, str]) -> CallName:
        """Return what a request asks for; `parameters` are those of its query and its form."""

    def answer_fault(self, call: CallName, fault: RequestFault) -> FaultAnswer:
        """Return the answer of Amazon's that a fault stands for."""


class Watch:
    """Answers as an application does, but for the faults; and keeps what was asked and answered."""

    def __init__(
        self,
        get_app: Callable[[], WSGIApplication],
        wire: Wires,
        calls: CallLog,
        faults: FaultBook,
        clock: Callable[[], datetime],
    ) -> None:
        """Stand before whatever application `get_app` gives at the time of a request."""
        self._get_app = get_app
        self._wire = wire
        self._calls = calls
        self._faults = faults
        self._clock = clock

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        seen = _Seen(environ, self._clock())
        call = self._wire.name_call(environ, seen.parameters)
        fault = self._faults.choose_for_call(call)
        answer = _Answering(seen, call, fault, self._calls)
        if fault is None or fault.what in TAKES_EFFECT:
            if fault is not None and fault.what is Trouble.DELAY:
                time.sleep(fault.seconds)
            return answer.pass_on(self._get_app(), environ, start_response)
        if fault.what is Trouble.CUT_BEFORE:
            return answer.cut()
        return answer.give(self._wire.answer_fault(call, fault), start_response)


class _Seen:
    """A request as it is kept."""

    def __init__(self, environ: WSGIEnvironment, at: datetime) -> None:
        self.at = at
        self.began = perf_counter()
        self.method: str = environ["REQUEST_METHOD"]
        self._path: str = environ.get("PATH_INFO") or "/"
        query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        self._query = hide_secrets(query)
        self.headers = hide_secrets(dict(EnvironHeaders(environ).items()))
        self.body = bytearray()
        self.parameters = {**query, **self._read_form(environ)}
        environ["wsgi.input"] = _Copied(environ["wsgi.input"], self.body)

    @property
    def url(self) -> str:
        """Path and query, without secrets."""
        return f"{self._path}?{urlencode(self._query)}" if self._query else self._path

    def _read_form(self, environ: WSGIEnvironment) -> dict[str, str]:
        """Return the form of a request, which can be read once more afterwards."""
        label = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        length = environ.get("CONTENT_LENGTH", "")
        if label != "application/x-www-form-urlencoded" or not length.isdigit() or int(length) > _MOST_FORM:
            return {}
        stream, form = environ["wsgi.input"], bytearray()
        while len(form) < int(length) and (data := stream.read(int(length) - len(form))):
            form += data
        environ["wsgi.input"] = BytesIO(bytes(form))
        return dict(parse_qsl(form.decode("utf-8", "replace"), keep_blank_values=True))


class _Copied:
    """A stream whose beginning is kept while it is read."""

    def __init__(self, stream: Any, copy: bytearray) -> None:
        self._stream = stream
        self._copy = copy

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes."""
        return self._keep(self._stream.read(size))

    def __getattr__(self, name: str) -> Any:
        """Give whatever else the stream has."""
        return getattr(self._stream, name)

    def _keep(self, data: bytes) -> bytes:
        self._copy += data[: max(0, MOST_BODY - len(self._copy))]
        return data


class _Answering:
    """One answer on its way."""

    def __init__(self, seen: _Seen, call: CallName, fault: RequestFault | None, calls: CallLog) -> None:
        self._seen = seen
        self._call = call
        self._fault = fault
        self._calls = calls
        self._status = 0
        self._headers: _Headers = []
        self._body = bytearray()

    def cut(self) -> Iterable[bytes]:
        """Break the connection."""
        self._keep()
        raise ConnectionResetError(ECONNRESET, "an injected fault cuts the connection")

    def give(self, answer: FaultAnswer, start_response: StartResponse) -> Iterable[bytes]:
        """Give an answer of our own."""
        self._status, self._headers = int(answer.status[:3]), answer.headers
        self._body += answer.body
        self._keep()
        start_response(answer.status, answer.headers)
        return [answer.body]

    def pass_on(self, app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Give the application's answer, whole or as the fault leaves it."""
        content: Iterable[bytes] = ()
        line = "500 Internal Server Error"

        def begin(status: str, headers: _Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            nonlocal line
            line, self._status, self._headers = status, int(status[:3]), headers
            if self._fault is None or self._fault.what is Trouble.DELAY:
                return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)
            return self._body.extend

        content = app(environ, begin)
        if self._fault is None or self._fault.what is Trouble.DELAY:
            return self._copy(content)
        return self._tear(b"".join(self._copy(content, is_kept=False)), line, start_response)

    def _tear(self, body: bytes, line: str, start_response: StartResponse) -> Iterable[bytes]:
        what = self._fault.what if self._fault else None
        if what is Trouble.CUT_AFTER:
            self._status, self._headers = 0, []
            self._body.clear()
            return self.cut()
        headers = [(name, _change_digest(name, value)) for name, value in self._headers]
        self._headers = self._headers if what is Trouble.TRUNCATE else headers
        self._keep()
        if what is not Trouble.TRUNCATE:
            start_response(line, headers)
            return [body]
        others = [pair for pair in self._headers if pair[0].lower() != "content-length"]
        start_response(line, [*others, ("Content-Length", str(len(body)))])
        return _break_off(body)

    def _copy(self, content: Iterable[bytes], *, is_kept: bool = True) -> Iterator[bytes]:
        """Give an answer on; it is kept before its last piece goes out, so that whoever got it all finds the call."""
        pending = b""
        is_over = not is_kept
        try:
            for data in content:
                self._body += data[: max(0, MOST_BODY - len(self._body))]
                if pending:
                    yield pending
                pending = data
            if not is_over:
                is_over = True
                self._keep()
            if pending:
                yield pending
        finally:
            getattr(content, "close", lambda: None)()
            if not is_over:
                self._keep()

    def _keep(self) -> None:
        seen, call = self._seen, self._call
        is_secret = call.protocol == "lwa" or call.action in _GIVES_TOKENS
        self._calls.add(
            protocol=call.protocol,
            action=call.action,
            seller=call.seller,
            method=seen.method,
            url=seen.url,
            parameters=hide_secrets(seen.parameters),
            request_headers=seen.headers,
            request_body=b"" if is_secret else bytes(seen.body),
            status=self._status,
            response_headers=hide_secrets(dict(self._headers)),
            response_body=b"" if is_secret else bytes(self._body),
            at=seen.at,
            seconds=perf_counter() - seen.began,
            fault="" if self._fault is None else self._fault.what.value,
        )


def _change_digest(name: str, value: str) -> str:
    if name.lower() == "content-md5":
        return b64encode(md5(value.encode(), usedforsecurity=False).digest()).decode()
    return value


def _break_off(body: bytes) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    raise ConnectionResetError(ECONNRESET, "an injected fault truncates the answer")
