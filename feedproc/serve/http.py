"""The HTTP server: cheroot, with large bodies streamed, connections kept as their clients wish, and TLS."""

import errno
import logging
import math
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from wsgiref.types import WSGIApplication

from cheroot import server, wsgi
from cheroot.connections import ConnectionManager
from cheroot.ssl.builtin import BuiltinSSLAdapter
from msgspec import Struct

from feedproc.serve.body import ChunkedBody
from feedproc.serve.gate import MOST_HEAD, Gate
from feedproc.serve.listening import BACKLOG
from feedproc.serve.pace import Pace, PacedReader, PacedSocket
from feedproc.serve.room import Room, measure_room
from feedproc.serve.threads import RequestThreads

_NO_MORE_FILES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_PAUSE, _SAYS_EVERY = 0.1, 60.0
"""Seconds between attempts to accept a connection while no file can be opened, and between lines in the log."""
_BODY_HEADERS = {b"content-type", b"content-length"}
"""Behind these Amazon's answers tell whether the connection is kept."""
_STOPPING = 5
"""Seconds that requests in progress are given when the server stops."""
_logger = logging.getLogger(__name__)
Headers = list[tuple[str, str]]


class _RequestHeaders(dict[bytes, bytes]):
    """The headers of a request, which tell in one way alone where its body ends."""

    def __setitem__(self, name: bytes, value: bytes) -> None:
        """Take a header. Raises `ValueError`, which cheroot answers with 400."""
        if name == b"Content-Length" and (not value.isdigit() or self.get(name, value) != value):
            raise ValueError("Content-Length must be one number of bytes")
        super().__setitem__(name, value)


class _Request(server.HTTPRequest):
    server: "HttpServer"
    outheaders: list[tuple[bytes, bytes]]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.inheaders = _RequestHeaders()

    def send_headers(self) -> None:
        """Say whether the connection is kept: as the client wishes, unless it may still be sending."""
        wish = self.inheaders.get(b"Connection", b"").lower()
        is_newest = self.response_protocol == "HTTP/1.1"
        is_wished = b"close" not in wish if is_newest else wish == b"keep-alive"
        is_unclear = b"Transfer-Encoding" in self.inheaders and b"Content-Length" in self.inheaders
        ends_with_it = not self._has_length and (not is_newest or self.method == b"HEAD")
        # amazon-mws of npm sends when a connection is made, and so waits for ever on one that was kept. It is known by
        # what it says: the type of a body, and no name.
        needs_anew = b"User-Agent" not in self.inheaders and b"Content-Type" in self.inheaders
        goes_on = is_wished and not (is_unclear or ends_with_it or needs_anew or self.conn.may_be_sending())
        self.close_connection = not goes_on or not self.server.ready
        behind = (at for at, (name, _) in enumerate(self.outheaders, 1) if name.lower() in _BODY_HEADERS)
        told = b"close" if self.close_connection else b"keep-alive"
        self.outheaders.insert(max(behind, default=0), (b"Connection", told))
        super().send_headers()

    @property
    def _has_length(self) -> bool:
        return any(name.lower() == b"content-length" for name, _ in self.outheaders)

    def simple_response(self, status: str, msg: str = "") -> None:
        """Answer what is no request as the protocol answers a wrong one: clients cannot read cheroot's plain text."""
        self.conn.may_be_sending = lambda: True
        line, headers, content = self.server.answer_unreadable(int(str(status)[:3]), msg)
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        try:
            self.conn.wfile.write(f"HTTP/1.1 {line}\r\n{head}Connection: close\r\n\r\n".encode("latin-1") + content)
        except OSError as error:
            _logger.debug("nobody takes the answer: %s", error)


class _Connection(server.HTTPConnection):
    RequestHandlerClass = _Request

    may_be_sending: Callable[[], bool] = staticmethod(lambda: False)
    """Says whether there is more of a request than what was read."""

    def __init__(self, server: "HttpServer", sock: socket.socket, makefile: Any) -> None:
        def open_paced(sock: socket.socket, mode: str, size: int) -> Any:
            return PacedReader(sock, server.pace, size) if "r" in mode else makefile(sock, mode, size)

        super().__init__(server, sock, open_paced)

    def keep(self) -> None:
        """Let it wait for another request."""
        received = self.rfile.take_rest()
        self.rfile = PacedReader(self.socket, self.server.pace, self.rbufsize)
        self.may_be_sending = lambda: False
        self.server.gate.keep(self, received)

    @property
    def paced(self) -> PacedSocket:
        """What requests are read from."""
        paced: PacedSocket = self.rfile.paced
        return paced

    def close(self) -> None:
        """Close it, unless its client may still be sending: then it would not get to see the answer."""
        if self.may_be_sending():
            self.server.gate.linger(self)
        else:
            self.finish()

    def finish(self) -> None:
        """Close it whoever is sending."""
        with suppress(OSError):
            super().close()
        # Else what its client did not take is written once more in `__del__`, and Python 3.13 tells that it failed.
        with suppress(OSError):
            self.wfile.close()


class _Gateway(wsgi.Gateway_10):
    def get_environ(self) -> Any:
        """Replace cheroot's reader of chunked bodies, which holds a whole chunk in memory."""
        parent: Any = super()
        environ: dict[str, Any] = parent.get_environ()
        self.req.conn.rfile.paced.begin_body()
        if self.req.chunked_read:
            stream: BinaryIO = self.req.conn.rfile
            chunked = environ["wsgi.input"] = ChunkedBody(stream)
            self.req.conn.may_be_sending = lambda: not chunked.has_ended
        else:
            self.req.conn.may_be_sending = lambda: self.req.rfile.remaining > 0
        return environ


class _Tls(BuiltinSSLAdapter):
    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        """Put TLS around an accepted connection; hands are shaken later."""
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return wrapped, {"wsgi.url_scheme": "https", "HTTPS": "on"}


class _Accepting(ConnectionManager):
    """Accepts connections; pauses while no file can be opened, rather than to fail as fast as it can."""

    _said_at = -math.inf

    def _from_server_socket(self, server_socket: socket.socket) -> Any:
        try:
            parent: Any = super()
            return parent._from_server_socket(server_socket)
        except OSError as error:
            if error.errno not in _NO_MORE_FILES:
                raise
            if time.monotonic() - self._said_at > _SAYS_EVERY:
                self._said_at = time.monotonic()
                _logger.warning("no connection can be accepted now: %s; see `ulimit -n`", error.strerror)
            time.sleep(_PAUSE)
            return None


class HttpLimits(Struct, frozen=True, kw_only=True):
    """What clients are given."""

    pace: Pace = Pace()
    """How slow one may be."""
    room: Room | None = None
    """How many there may be at once; None for as many as this process may open files for."""


class HttpServer(wsgi.Server):
    """Serves a WSGI application. `bind_addr` tells host and port."""

    ConnectionClass = _Connection
    max_request_header_size = MOST_HEAD
    expiration_interval = 0.1
    _connections: Any

    def __init__(
        self,
        listener: socket.socket,
        app: WSGIApplication,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        certificate: Path | None = None,
        limits: HttpLimits | None = None,
    ) -> None:
        """Serve whoever connects to a socket that listens; `certificate` is a file with its key for TLS.

        `clock` and `new_id` are for answers to what is no request at all.
        """
        limits = limits or HttpLimits()
        self.pace, self.room = limits.pace, limits.room or measure_room()
        self._clock = clock
        self._new_id = new_id
        self._listener = listener
        super().__init__(
            listener.getsockname()[:2],
            app,
            server_name="Server",
            request_queue_size=BACKLOG,
            timeout=math.ceil(self.pace.silence),
            shutdown_timeout=_STOPPING,
        )
        self.gateway = _Gateway
        self.requests = RequestThreads(self, self.room.threads)
        if certificate is not None:
            self.ssl_adapter = _Tls(str(certificate), str(certificate))

    def bind(self, _family: int, _type: int, _proto: int = 0) -> socket.socket:
        """Take the socket that listens already."""
        self.socket: socket.socket | None = self._listener
        return self._listener

    def prepare(self) -> None:
        """Begin to accept connections."""
        super().prepare()
        self._connections.close()
        self._connections = _Accepting(self)
        self.gate = Gate(self.requests.put, self.pace, self.room.waiting)
        self.gate.start()

    def process_conn(self, conn: _Connection) -> None:
        """Let a connection that was accepted wait for its request."""
        self.gate.admit(conn)

    @property
    def can_add_keepalive_connection(self) -> bool:
        """Connections are kept: the gate closes those that have waited longest when there are too many."""
        return True

    def put_conn(self, conn: _Connection) -> None:
        """Let a connection that was answered wait for another request."""
        conn.keep()

    def stop(self) -> None:
        """Accept nothing more, and answer what was asked."""
        if not self.ready:
            return
        self.gate.shut()
        super().stop()
        self.gate.stop()

    def answer_unreadable(self, status: int, fault: str) -> tuple[str, Headers, bytes]:
        """Return status line, headers and body for what is no request."""
        from feedproc.mws.headers import answer_unreadable  # noqa: PLC0415 - a server that has answered nothing yet needs none of MWS

        return answer_unreadable(status, fault, self._new_id(), self._clock())

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Log what cheroot has to say."""
        _logger.log(level, "%s", msg, exc_info=traceback)
