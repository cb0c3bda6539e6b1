"""Clients that send slowly: they hold up nobody, too slow ones are cut off, and a slow upload still arrives."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from feedproc.serve.certificates import prepare_certificate
from feedproc.serve.pace import Pace
from tests.serve.test_http import asked, serving

QUICK = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
SLOW = 100
HASTY = Pace(head=0.4, rest=0.4, rate=20_000)
"""What the real server does in half a minute."""
STEADY = Pace(head=5, rest=1.5, rate=20_000)
SOON = 8
"""Seconds: shorter than the real server's own patience, and long enough for a busy machine."""


@contextmanager
def trickling(address: Any, count: int, begin: bytes) -> Iterator[None]:
    """Clients that send a byte a second behind a beginning."""
    with ExitStack() as connections:
        slow = [connections.enter_context(socket.create_connection(address)) for _ in range(count)]
        for one in slow:
            one.sendall(begin)
        stopping = Event()

        def trickle() -> None:
            while not stopping.wait(1):
                for one in slow:
                    one.sendall(b"x")

        thread = Thread(target=trickle)
        thread.start()
        try:
            yield
        finally:
            stopping.set()
            thread.join()


@pytest.mark.parametrize(
    "begin",
    [b"GET / HTTP/1.1\r\nX-Slow: ", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"],
    ids=["headers", "body"],
)
def test_a_quick_client_is_answered_beside_a_hundred_slow_ones(begin: bytes) -> None:
    with serving() as address, trickling(address, SLOW, begin):
        time.sleep(0.5)
        for _ in range(3):
            began = time.monotonic()
            with socket.create_connection(address) as connection:
                assert b"200 OK" in asked(connection, QUICK)
            assert time.monotonic() - began < SOON
            time.sleep(0.3)


def dripped(connection: socket.socket, content: bytes, piece: int, pause: float) -> bytes:
    """Send a piece after each pause until all is sent or the server has answered; return what it answers first."""
    connection.settimeout(pause)
    for start in range(0, len(content), piece):
        try:
            connection.sendall(content[start : start + piece])
            return connection.recv(1000)
        except TimeoutError:
            continue
    connection.settimeout(SOON)
    return connection.recv(1000)


def test_headers_that_do_not_end_in_time_are_refused_however_steadily_they_come() -> None:
    with serving(pace=HASTY) as address, socket.create_connection(address) as connection:
        began = time.monotonic()
        answer = dripped(connection, b"GET / HTTP/1.1\r\nX-Slow: " + b"x" * 500, 1, 0.02)
    assert b"Request Timeout" in answer
    assert time.monotonic() - began < SOON


def test_a_body_below_the_rate_is_given_up(tmp_path: Path) -> None:
    with serving(pace=HASTY) as address, socket.create_connection(address) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
        began = time.monotonic()
        assert b"Request Timeout" in dripped(connection, b"x" * 2_000, 10, 0.02)
        assert time.monotonic() - began < SOON


def test_a_body_that_came_fast_cannot_rest_for_longer_for_that() -> None:
    with serving(pace=HASTY) as address, socket.create_connection(address) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 900_000)
        connection.settimeout(SOON)
        began = time.monotonic()
        assert b"Request Timeout" in asked(connection, b"")
        assert time.monotonic() - began < SOON


@pytest.mark.parametrize("is_tls", [False, True])
def test_a_slow_upload_at_a_steady_rate_arrives_however_long_it_takes(tmp_path: Path, is_tls: bool) -> None:
    certificate = prepare_certificate("127.0.0.1", tmp_path)
    with serving(certificate.server if is_tls else None, STEADY) as address:
        connection = socket.create_connection(address)
        if is_tls:
            context = ssl.create_default_context(cafile=certificate.authority)
            connection = context.wrap_socket(connection, server_hostname="localhost")
        with connection:
            began = time.monotonic()
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 160000\r\n\r\n")
            for _ in range(80):  # 50 kB a second, for twice as long as it might stand still
                connection.sendall(b"x" * 2_000)
                time.sleep(0.04)
            assert b"x" * 160_000 in asked(connection, b"")
    assert time.monotonic() - began > 2 * STEADY.rest


def test_a_client_that_never_shakes_hands_is_given_up(tmp_path: Path) -> None:
    certificate = prepare_certificate("127.0.0.1", tmp_path)
    with serving(certificate.server, HASTY) as address, socket.create_connection(address, timeout=SOON) as connection:
        connection.sendall(b"\x16\x03\x01")  # the beginning of a handshake
        assert connection.recv(100) == b""
