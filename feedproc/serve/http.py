"""The HTTP server: cheroot, with large bodies streamed, every connection closed after its answer, and TLS."""

import errno
import logging
import os
import socket
import ssl
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from wsgiref.types import WSGIApplication

from cheroot import server, wsgi
from cheroot.ssl.builtin import BuiltinSSLAdapter

from feedproc.errors import Unusable
from feedproc.mws import unreadable
from feedproc.mws.headers import Headers
from feedproc.serve.body import ChunkedBody
from feedproc.serve.pace import Pace, PacedReader

THREADS = 128
"""Requests answered at once. Most of them may wait for slow clients: a thread that waits costs next to nothing."""
_BACKLOG = 512
"""Connections that may wait for a thread before the system turns more away."""
_SILENCE = 30
"""Seconds in which a client takes nothing of its answer, or begins no request, before its connection is given up."""
_MOST_HEADER = 32 * 1024
"""Bytes of request line and headers; the protocol's own limit on the request line is 8190."""
_STOPPING = 5
"""Seconds that requests in progress are given when the server stops."""
_PLAIN_HTTP = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
    b"This server speaks https; begin its address with https://\n"
)
_logger = logging.getLogger(__name__)


class _Request(server.HTTPRequest):
    close_connection = True
    server: "HttpServer"

    def simple_response(self, status: str, msg: str = "") -> None:
        """Answer what is no request as the protocol answers a wrong one: clients cannot read cheroot's plain text."""
        line, headers, content = self.server.answer_unreadable(int(str(status)[:3]), msg)
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        try:
            self.conn.wfile.write(f"HTTP/1.1 {line}\r\n{head}\r\n".encode("latin-1") + content)
        except OSError as error:
            _logger.debug("nobody takes the answer: %s", error)


class _Connection(server.HTTPConnection):
    RequestHandlerClass = _Request

    def __init__(self, server: "HttpServer", sock: socket.socket, makefile: Any) -> None:
        def paced(sock: socket.socket, mode: str, size: int) -> Any:
            return PacedReader(sock, server.pace, size) if "r" in mode else makefile(sock, mode, size)

        super().__init__(server, sock, paced)

    def communicate(self) -> bool:
        """Shake hands here, in a thread of its own, so that a silent client cannot hold up the others."""
        try:
            if isinstance(self.socket, ssl.SSLSocket):
                self._shake_hands(self.socket)
        except OSError as error:
            if "HTTP_REQUEST" in str(error):
                os.write(self.socket.fileno(), _PLAIN_HTTP)
            _logger.debug("no TLS with %s: %s", self.remote_addr, error)
            return False
        parent: Any = super()
        return bool(parent.communicate())

    def _shake_hands(self, connection: ssl.SSLSocket) -> None:
        usual = connection.gettimeout()
        connection.settimeout(self.server.pace.head)
        connection.do_handshake()
        connection.settimeout(usual)


class _Gateway(wsgi.Gateway_10):
    def get_environ(self) -> Any:
        """Replace cheroot's reader of chunked bodies, which holds a whole chunk in memory."""
        parent: Any = super()
        environ: dict[str, Any] = parent.get_environ()
        self.req.conn.rfile.paced.begin_body()
        if self.req.chunked_read:
            stream: BinaryIO = self.req.conn.rfile
            environ["wsgi.input"] = ChunkedBody(stream)
        return environ


class _Tls(BuiltinSSLAdapter):
    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        """Put TLS around an accepted connection; hands are shaken later."""
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return wrapped, {"wsgi.url_scheme": "https", "HTTPS": "on"}


class HttpServer(wsgi.Server):
    """Serves a WSGI application. `bind_addr` tells the real port once `prepare` has returned."""

    ConnectionClass = _Connection
    max_request_header_size = _MOST_HEADER
    expiration_interval = 0.1

    def __init__(
        self,
        address: tuple[str, int],
        app: WSGIApplication,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        certificate: Path | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Listen at a host and port; `certificate` is a file with its key for TLS, `pace` how slow a client may be.

        `clock` and `new_id` are for answers to what is no request at all.
        """
        self.pace = pace or Pace()
        self._clock = clock
        self._new_id = new_id
        super().__init__(
            address,
            app,
            numthreads=THREADS,
            server_name="Server",
            request_queue_size=_BACKLOG,
            timeout=_SILENCE,
            shutdown_timeout=_STOPPING,
        )
        self.gateway = _Gateway
        self._refused: OSError | None = None
        if certificate is not None:
            self.ssl_adapter = _Tls(str(certificate), str(certificate))

    def bind(self, family: int, type: int, proto: int = 0) -> socket.socket:  # noqa: A002 - cheroot's name
        """Bind the socket, and remember why not."""
        try:
            bound: socket.socket = super().bind(family, type, proto)
        except OSError as error:
            self._refused = error
            raise
        return bound

    def prepare(self) -> None:
        """Begin to listen. Raises `Unusable` when the address is not to be had."""
        host, port = self.bind_addr
        try:
            super().prepare()
        except OSError as error:
            raise Unusable(_why_not(host, port, self._refused or error)) from error

    def answer_unreadable(self, status: int, fault: str) -> tuple[str, Headers, bytes]:
        """Return status line, headers and body for what is no request."""
        return unreadable.answer(status, fault, self._new_id(), self._clock())

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Log what cheroot has to say."""
        _logger.log(level, "%s", msg, exc_info=traceback)


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use; name another with --port, or 0 for any that is free"
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} is not allowed to this user; name one above 1023 with --port"
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"{host} is no address of this machine; name another with --host"
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}"
