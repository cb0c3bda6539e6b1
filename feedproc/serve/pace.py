"""How slowly a client may send: whoever falls too far behind is cut off, so that it does not keep a thread for ever."""

import socket
import time
from typing import Any

from cheroot.makefile import StreamReader
from msgspec import Struct


class Pace(Struct, frozen=True, kw_only=True):
    """What a client is given."""

    head: float = 10.0
    """Seconds for the TLS handshake, and as many for request line and headers, however many bytes come."""
    rest: float = 30.0
    """Seconds by which a body may fall behind `rate`; one that stands still is cut off after as many."""
    kept: float = 75.0
    """Seconds for which a connection that was answered is kept for another request."""
    silence: float = 30.0
    """Seconds in which a client takes nothing of its answer before its connection is given up."""
    rate: int = 1_000
    """Bytes a second. What comes faster makes up for what came slower, up to `rest`."""


class PacedSocket(socket.SocketIO):
    """Reads from a connection. Only waiting for the client counts, not what is done with its bytes."""

    def __init__(self, connection: socket.socket, pace: Pace) -> None:
        """Begin with the head of a request."""
        super().__init__(connection, "rb")
        self._connection = connection
        self._pace = pace
        self._left = pace.head
        self._is_body = False
        self._is_late = False
        self._is_resting = False
        self._received = b""

    def begin(self, received: bytes, *, is_late: bool) -> None:
        """Read first what was received before; with `is_late`, wait for nothing more."""
        self._connection.settimeout(self._pace.silence)
        self._received = received
        self._is_late = is_late
        self._left = 0 if is_late else self._pace.head

    def begin_body(self) -> None:
        """Read a body from here on."""
        self._left = 0 if self._is_late else self._pace.rest
        self._is_body = True

    def rest(self) -> bytes:
        """Read no more from the connection, and return what was received before and not asked for."""
        self._is_resting = True
        left, self._received = self._received, b""
        return left

    def readinto(self, buffer: Any) -> int | None:
        """Read what is there.

        Raises:
            TimeoutError: the client is too slow.

        """
        if self._is_resting:
            return None
        if self._received:
            given, self._received = self._received[: len(buffer)], self._received[len(buffer) :]
            buffer[: len(given)] = given
            return len(given)
        usual = self._connection.gettimeout()
        began = time.monotonic()
        self._connection.settimeout(max(self._left, 0.001))  # 0 would mean not to wait, even for what is there
        try:
            count = super().readinto(buffer)
        finally:
            self._connection.settimeout(usual)
        self._left -= time.monotonic() - began
        if self._is_body:
            self._left = min(self._left + (count or 0) / self._pace.rate, self._pace.rest)
        if self._left <= 0 and count:
            raise TimeoutError("timed out")  # the text by which cheroot knows what to answer
        return count


class PacedReader(StreamReader):
    """What cheroot reads requests from, over a `PacedSocket`."""

    def __init__(self, connection: socket.socket, pace: Pace, buffer_size: int) -> None:
        """Read from a connection."""
        self.paced = PacedSocket(connection, pace)
        super(StreamReader, self).__init__(self.paced, buffer_size)
        self.bytes_read = 0

    def take_rest(self) -> bytes:
        """Return what came behind the request, and read no more: the next one gets a reader of its own."""
        left = self.paced.rest()
        return self.peek() + left
