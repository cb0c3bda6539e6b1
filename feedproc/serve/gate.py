"""Where connections wait that have nothing to be done about yet: one thread watches them all, whatever their number.

A connection comes to a worker thread once the head of its request is there, and a small body with it. Whoever is silent
or slow until then costs some memory and no thread. Afterwards what is left of a body that was refused is read here, so
that its sender gets to see why: closing at once would take the answer back (RFC 9112, 9.6).
"""

import logging
import os
import re
import selectors
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from itertools import takewhile
from threading import Thread
from typing import Any, Protocol

from feedproc.serve.pace import Pace, PacedSocket

LINGERING = 5.0
"""Seconds for which a refused body is read."""
MOST_HEAD = 32 * 1024
"""Bytes of request line and headers; the protocol's own limit on the request line is 8190."""
SMALL_BODY = 64 * 1024
"""Bytes of a body that is awaited with the head: forms, and most feeds. Larger ones are read as they are stored."""
_CHUNK = 64 * 1024
_LOOK = 0.1
"""Seconds between looks for those whose time is over."""
_REQUEST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^ \r\n]+ HTTP/1\.[01]\r\n")
_LENGTH = re.compile(rb"^content-length:[ \t]*([0-9]{1,12})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
_IS_READ_AS_IT_COMES = re.compile(rb"^(?:transfer-encoding|expect):", re.IGNORECASE | re.MULTILINE)
_PLAIN_HTTP = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
    b"This server speaks https; begin its address with https://\n"
)
_WANTS_MORE = (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_logger = logging.getLogger(__name__)


class WaitingConnection(Protocol):
    """A connection as the gate needs it."""

    socket: Any

    @property
    def paced(self) -> PacedSocket:
        """What a request is read from once the connection has a thread."""

    def finish(self) -> None:
        """Close it."""


class _Stage(Enum):
    KEPT = "kept"
    """It was answered, and nothing has come of another request."""
    HANDSHAKE = "handshake"
    HEAD = "head"
    BODY = "body"
    LINGERING = "lingering"


class _Place:
    """One connection that waits."""

    __slots__ = ("connection", "ends_at", "needed", "received", "stage")

    def __init__(self, connection: WaitingConnection, stage: _Stage, received: bytes = b"") -> None:
        self.connection = connection
        self.stage = stage
        self.ends_at = 0.0
        self.received = bytearray(received)
        self.needed = 0


class Gate:
    """Holds connections back until something can be done about them."""

    def __init__(self, deliver: Callable[[Any], None], pace: Pace, most: int) -> None:
        """Hand connections on by `deliver`; beyond `most` that wait, the one that has waited longest is closed."""
        self._deliver = deliver
        self._pace = pace
        self._most = most
        self._selector = selectors.DefaultSelector()
        self._coming: deque[_Place] = deque()
        self._waiting: dict[_Stage, dict[_Place, None]] = {stage: {} for stage in _Stage}
        """By stage, and in each by age."""
        self._is_open = True
        self._ends = False
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_writer, False)
        self._selector.register(self._wake_reader, selectors.EVENT_READ)
        self._thread = Thread(target=self._run, name="gate", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def admit(self, connection: WaitingConnection) -> None:
        """Take a connection that was accepted."""
        is_tls = isinstance(connection.socket, ssl.SSLSocket)
        self._come(connection, _Stage.HANDSHAKE if is_tls else _Stage.HEAD)

    def keep(self, connection: WaitingConnection, received: bytes) -> None:
        """Take a connection whose client may ask again; `received` is what has come of its next request."""
        self._come(connection, _Stage.HEAD if received else _Stage.KEPT, received)

    def linger(self, connection: WaitingConnection) -> None:
        """Take a connection that is answered, and whose client may still be sending."""
        with suppress(OSError):
            connection.socket.shutdown(socket.SHUT_WR)
        self._come(connection, _Stage.LINGERING)

    def shut(self) -> None:
        """Let in nobody more, and close those whose request has not come."""
        self._is_open = False
        self._wake()

    def stop(self) -> None:
        """Close all that wait."""
        self._ends = True
        self._wake()
        self._thread.join()
        self._selector.close()
        os.close(self._wake_reader)
        os.close(self._wake_writer)

    def _come(self, connection: WaitingConnection, stage: _Stage, received: bytes = b"") -> None:
        self._coming.append(_Place(connection, stage, received))
        self._wake()

    def _wake(self) -> None:
        with suppress(OSError):  # a pipe that is full wakes as well
            os.write(self._wake_writer, b"x")

    def _run(self) -> None:
        looked = time.monotonic()
        while not self._ends:
            for key, _ in self._selector.select(_LOOK):
                if key.data is None:
                    os.read(self._wake_reader, 4096)
                else:
                    self._go_on(key.data)
            self._take_in()
            if time.monotonic() - looked > _LOOK:
                looked = time.monotonic()
                self._end_overdue(looked)
        self._take_in()
        self._close_all(*_Stage)

    def _take_in(self) -> None:
        while self._coming:
            place = self._coming.popleft()
            if not self._is_open and place.stage is not _Stage.LINGERING:
                place.connection.finish()
                continue
            try:
                place.connection.socket.setblocking(False)
                self._selector.register(place.connection.socket, selectors.EVENT_READ, place)
            except (OSError, ValueError):  # the client is gone already
                place.connection.finish()
                continue
            seconds = {_Stage.LINGERING: LINGERING, _Stage.KEPT: self._pace.kept}.get(place.stage, self._pace.head)
            self._move(place, place.stage, seconds)
            if sum(map(len, self._waiting.values())) > self._most:
                self._drop_oldest()
            if place not in self._waiting[place.stage]:
                continue
            if place.received and self._is_complete(place):
                self._hand_on(place)
            else:
                self._go_on(place)
        if not self._is_open:
            self._close_all(_Stage.KEPT, _Stage.HANDSHAKE, _Stage.HEAD, _Stage.BODY)

    def _move(self, place: _Place, stage: _Stage, seconds: float) -> None:
        self._waiting[place.stage].pop(place, None)
        place.stage = stage
        place.ends_at = time.monotonic() + seconds
        self._waiting[stage][place] = None

    def _drop_oldest(self) -> None:
        for stage in (_Stage.KEPT, _Stage.HEAD, _Stage.HANDSHAKE, _Stage.LINGERING, _Stage.BODY):
            for place in self._waiting[stage]:
                self._close(place)
                return

    def _go_on(self, place: _Place) -> None:
        """Read what is there, and see what can be done with it."""
        try:
            if place.stage is _Stage.HANDSHAKE:
                self._shake_hands(place)
            elif place.stage is _Stage.LINGERING:
                if not place.connection.socket.recv(_CHUNK):
                    self._close(place)
            else:
                self._receive(place)
        except ssl.SSLWantWriteError:
            self._selector.modify(place.connection.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, place)
        except _WANTS_MORE:
            self._selector.modify(place.connection.socket, selectors.EVENT_READ, place)
        except (OSError, ValueError) as error:
            if place.stage is _Stage.HANDSHAKE and "HTTP_REQUEST" in str(error):
                with suppress(OSError):
                    os.write(place.connection.socket.fileno(), _PLAIN_HTTP)
            _logger.debug("a connection ends: %s", error)
            self._close(place)

    def _shake_hands(self, place: _Place) -> None:
        place.connection.socket.do_handshake()
        self._move(place, _Stage.HEAD, self._pace.head)
        self._receive(place)

    def _receive(self, place: _Place) -> None:
        while True:
            data = place.connection.socket.recv(_CHUNK)
            if data and place.stage is _Stage.KEPT:
                self._move(place, _Stage.HEAD, self._pace.head)
            place.received += data
            if not data:
                if place.received:
                    self._hand_on(place)
                else:
                    self._close(place)
                return
            if self._is_complete(place):
                self._hand_on(place)
                return

    def _is_complete(self, place: _Place) -> bool:
        """Say whether a thread can do something with what has come, be it to refuse it."""
        received = place.received
        if place.stage is _Stage.BODY:
            return len(received) >= place.needed
        end = received.find(b"\r\n\r\n")
        if end < 0:
            line_end = received.find(b"\n") + 1
            is_none = line_end > 0 and not _REQUEST_LINE.fullmatch(bytes(received[:line_end]))
            return is_none or len(received) > MOST_HEAD
        head = bytes(received[: end + 2])
        lengths = _LENGTH.findall(head)
        if len(lengths) != 1 or int(lengths[0]) > SMALL_BODY or _IS_READ_AS_IT_COMES.search(head):
            return True
        place.needed = end + 4 + int(lengths[0])
        if len(received) < place.needed:
            self._move(place, _Stage.BODY, self._pace.rest)
            return False
        return True

    def _hand_on(self, place: _Place, *, is_late: bool = False) -> None:
        self._forget(place)
        place.connection.paced.begin(bytes(place.received), is_late=is_late)
        self._deliver(place.connection)

    def _end_overdue(self, now: float) -> None:
        """Close the silent, and let a thread tell the slow that they are too slow. All of a stage have equal time."""
        for stage, waiting in self._waiting.items():
            for place in list(takewhile(lambda one: one.ends_at <= now, waiting)):
                if place.received:
                    self._hand_on(place, is_late=stage is _Stage.HEAD)
                else:
                    self._close(place)

    def _close_all(self, *stages: _Stage) -> None:
        for stage in stages:
            for place in list(self._waiting[stage]):
                self._close(place)

    def _close(self, place: _Place) -> None:
        self._forget(place)
        place.connection.finish()

    def _forget(self, place: _Place) -> None:
        self._waiting[place.stage].pop(place, None)
        with suppress(KeyError, ValueError, OSError):
            self._selector.unregister(place.connection.socket)
