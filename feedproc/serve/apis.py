"""Applications at one address: which of the two APIs a request is for, and applications that wait to be asked for."""

from collections.abc import Callable, Iterable
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feedproc.spapi.paths import is_sp_api

CONSOLE = "/console"
"""Where the console is; every other address is the API's."""


class DeferredApp:
    """An application that is made when the first request for it comes, as what it needs takes long to load."""

    def __init__(self, make: Callable[[], WSGIApplication]) -> None:
        """Call `make` then, once."""
        self._make = make
        self._lock = Lock()
        self._made: WSGIApplication | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        return self._get()(environ, start_response)

    def _get(self) -> WSGIApplication:
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = self._make()
        return self._made


def join_apis(mws: WSGIApplication, sp_api: WSGIApplication) -> WSGIApplication:
    """Return an application that answers as SP-API what is of SP-API, and as MWS everything else."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return (sp_api if is_sp_api(environ) else mws)(environ, start_response)

    return answer
