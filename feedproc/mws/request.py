"""One HTTP request as the protocol sees it, before anyone is authenticated."""

from collections.abc import Collection
from datetime import datetime
from wsgiref.types import WSGIEnvironment

from feedproc.mws.body import open_body
from feedproc.mws.parameters import MOST_FORM, MOST_REQUEST_LINE, Parameters, parse_pairs
from feedproc.mws.refusals import MethodUnsupported, NotFromHere, RequestTooLong
from feedproc.mws.signature import Signed
from feedproc.services.loopback import explain_foreign_caller

_FORMS = ("application/x-www-form-urlencoded", "x-www-form-urlencoded")
"""Content types of a form; the second is no registered one, and sent all the same."""


class Request:
    """The request, and what comes to be known of it while it is answered, for headers and log."""

    def __init__(self, environ: WSGIEnvironment, request_id: str, now: datetime) -> None:
        """Read a WSGI environment; `request_id` is what the answer will carry."""
        self._environ = environ
        self.request_id = request_id
        self.now = now
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ.get("PATH_INFO") or "/"
        self.body = open_body(environ)
        self.content_type: str | None = environ.get("CONTENT_TYPE") or None
        self.content_md5: str | None = environ.get("HTTP_CONTENT_MD5", "").strip() or None

    @property
    def query(self) -> bytes:
        """The query string as it was sent."""
        return self._query

    def is_ping(self) -> bool:
        """Say whether this is `GET /` without anything."""
        return self.method in ("GET", "HEAD") and self.path == "/" and not self._query.strip(b"&?")

    def read_parameters(self) -> Parameters:
        """Return the parameters of query string and form; the form is read from the body now.

        Raises `MethodUnsupported`, `RequestTooLong`, `QueryMalformed` or `UploadInterrupted`.
        """
        if self.method not in ("GET", "POST"):
            raise MethodUnsupported("Every operation", "GET or POST")
        if len(self.method) + len(self._full_path) + len(self._query) + len("  HTTP/1.1\r\n") > MOST_REQUEST_LINE:
            raise RequestTooLong("request line", MOST_REQUEST_LINE)
        pairs = parse_pairs(self._query)
        if self.method == "POST" and self._has_form(pairs):
            pairs += parse_pairs(self.body.read_all(MOST_FORM))
        return Parameters(pairs)

    def _has_form(self, pairs: list[tuple[str, str]]) -> bool:
        """Say whether the body is a form: never when the query asks to submit a feed, whatever the feed's label."""
        actions = {value for name, value in pairs if name == "Action" and value}
        if not actions:
            return True
        label = (self.content_type or "").partition(";")[0].strip().lower()
        return "SubmitFeed" not in actions and label in _FORMS

    def describe_signed(self, parameters: Parameters, section: str, public_hosts: tuple[str, ...]) -> Signed:
        """Return what the signature covers."""
        environ = self._environ
        host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
        return Signed(
            verb=self.method,
            host=host,
            path=self._full_path,
            pairs=parameters.pairs,
            section=section,
            public_hosts=public_hosts,
        )

    def require_local_caller(self, public_hosts: Collection[str]) -> None:
        """Let the request pass if a program of this machine has sent it; nobody else may speak for the local seller.

        `public_hosts` are names that such a program may ask for besides this machine's own.

        Raises:
            NotFromHere: a web page has sent it, or another machine.

        """
        why = self.explain_foreign_caller(public_hosts)
        if why is not None:
            raise NotFromHere(why)

    def explain_foreign_caller(self, public_hosts: Collection[str]) -> str | None:
        """Return what tells that no program of this machine has sent the request; None when nothing does."""
        return explain_foreign_caller(self._environ, public_hosts)

    @property
    def _query(self) -> bytes:
        return str(self._environ.get("QUERY_STRING", "")).encode("latin-1")

    @property
    def _full_path(self) -> str:
        return str(self._environ.get("SCRIPT_NAME", "")) + self.path
