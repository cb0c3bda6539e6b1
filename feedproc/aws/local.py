"""A moto server in a thread of this process. Loaded only by `feedproc serve --moto`."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import RLock, Thread
from typing import Any

from feedproc.errors import Unusable

_HOST = "127.0.0.1"


@contextmanager
def moto_server() -> Iterator[str]:
    """Start the server; yield its address. Everything in it is gone at the end. Raises `Unusable` without moto."""
    try:
        from moto.moto_server.werkzeug_app import (  # noqa: PLC0415 - an extra, and slow to load
            DomainDispatcherApplication,
            MotoRequestHandler,
            create_backend_app,
        )
    except ImportError as error:
        raise Unusable('moto is not installed; install it with: pip install "feedproc[moto]"') from error
    from werkzeug.serving import make_server  # noqa: PLC0415 - as above

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    app = _InTurn(DomainDispatcherApplication(create_backend_app))
    server = make_server(_HOST, 0, app, threaded=True, request_handler=MotoRequestHandler)
    thread = Thread(target=server.serve_forever, name="moto", daemon=True)
    thread.start()
    try:
        yield f"http://{_HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _InTurn:
    """Answers requests for tables one at a time: moto takes a transaction back by putting whole tables back."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._lock = RLock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB"):
            answer: Iterable[bytes] = self._app(environ, start_response)
            return answer
        with self._lock:
            return list(self._app(environ, start_response))
