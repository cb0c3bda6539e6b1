"""A socket that listens, and a server that is loaded when the first client comes to it."""

import errno
import os
import selectors
import socket
from collections.abc import Callable
from threading import Lock
from typing import Any, Protocol

from feedproc.errors import Unusable

BACKLOG = 1024
"""Connections that may wait to be accepted before the system turns more away."""
_ANY_OF_IPV6 = "::"


class Serving(Protocol):
    """What answers clients, in the thread that calls `serve` until another calls `stop`."""

    def prepare(self) -> None:
        """Be ready to."""

    def serve(self) -> None:
        """Answer until told to stop."""

    def stop(self) -> None:
        """Accept nothing more, and answer what was asked."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; port 0 is any that is free.

    Raises:
        Unusable: the address is not to be had.

    """
    refused = OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
    try:
        for family, _, _, _, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE):
            try:
                return _listen_at(family, place)
            except OSError as error:
                refused = error
    except socket.gaierror as error:
        refused = error
    except UnicodeError:  # no name at all
        pass
    raise Unusable(_explain_refusal(host, port, refused)) from refused


def _listen_at(family: int, place: Any) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if place[1] != 0:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if family == socket.AF_INET6 and place[0] == _ANY_OF_IPV6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(place)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


class DeferredServer:
    """Listens, and makes the server once somebody connects, as what it needs takes long to load."""

    def __init__(self, listener: socket.socket, make: Callable[[socket.socket], Serving]) -> None:
        """Call `make` then with the socket, once."""
        self._listener = listener
        self._make = make
        self._lock = Lock()
        self._server: Serving | None = None
        self._is_stopped = False
        self._wake_reader, self._wake_writer = os.pipe()

    def serve(self) -> None:
        """Answer until told to stop."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._wake_reader, selectors.EVENT_READ)
            selector.select()
        with self._lock:
            if self._is_stopped:
                return
            try:
                self._server = self._make(self._listener)
                self._server.prepare()
            except BaseException:
                self._listener.close()  # else clients would wait for ever
                raise
        self._server.serve()

    def stop(self) -> None:
        """Accept nothing more, and answer what was asked."""
        os.write(self._wake_writer, b"x")
        with self._lock:
            self._is_stopped = True
            if self._server is not None:
                self._server.stop()

    def close(self) -> None:
        """Close what is still open, once `serve` has returned."""
        self._listener.close()
        os.close(self._wake_reader)
        os.close(self._wake_writer)


def _explain_refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use; name another with --port, or 0 for any that is free"
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} is not allowed to this user; name one above 1023 with --port"
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"{host} is no address of this machine; name another with --host"
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}"
