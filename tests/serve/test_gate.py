"""Whoever is silent, slow, or still sends what was refused holds no thread; and a want of files is no storm."""

import logging
import os
import re
import resource
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Barrier, Event, Thread, active_count, current_thread
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from feedproc.serve.http import HttpLimits, HttpServer
from feedproc.serve.listening import listen
from feedproc.serve.pace import Pace
from feedproc.serve.room import Room, measure_room, raise_file_limit
from feedproc.wiring.clock import make_id, read_clock
from tests.serve.builders import Running, submitted

QUICK = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
FEW = Room(threads=2, waiting=1_000)
SOON = 5


def refuse(_: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """Answer without reading anything."""
    start_response("403 Forbidden", [("Content-Type", "text/plain")])
    return [b"you are nobody"]


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """Answer with the body."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))]


@contextmanager
def serving(app: Any, room: Room = FEW, pace: Pace | None = None) -> Iterator[Any]:
    server = HttpServer(
        listen("127.0.0.1", 0), app, read_clock, make_id, limits=HttpLimits(pace=pace or Pace(), room=room)
    )
    server.prepare()
    thread = Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server.bind_addr
    finally:
        server.stop()
        thread.join()


def asked(address: Any, request: bytes = QUICK) -> bytes:
    with socket.create_connection(address, timeout=SOON) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer


@contextmanager
def many(address: Any, count: int, begin: bytes) -> Iterator[list[socket.socket]]:
    with ExitStack() as opened:
        connections = [opened.enter_context(socket.create_connection(address)) for _ in range(count)]
        for one in connections:
            one.sendall(begin)
        yield connections


@pytest.mark.parametrize(
    "begin",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nX-Slow: ", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\nx"],
    ids=["silent", "request line", "headers", "small body"],
)
def test_two_threads_answer_beside_two_hundred_that_are_not_done(begin: bytes) -> None:
    with serving(echo) as address, many(address, 200, begin):
        for _ in range(3):
            assert b"200 OK" in asked(address)


class Meeting:
    """An application that answers nobody before so many ask at once, and notes which threads answer."""

    def __init__(self, count: int) -> None:
        self._barrier = Barrier(count)
        self.threads: set[str] = set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        self.threads.add(current_thread().name)
        self._barrier.wait(SOON)
        return echo(environ, start_response)


def test_requests_one_after_another_share_a_thread() -> None:
    app = Meeting(1)
    with serving(app, Room(threads=30, waiting=100)) as address:
        for _ in range(20):
            assert b"200 OK" in asked(address)
    assert len(app.threads) <= 6, "one may come before the thread of another is back"


def test_as_many_are_answered_at_once_as_there_may_be_threads() -> None:
    app = Meeting(30)
    with serving(app, Room(threads=30, waiting=100)) as address, ThreadPoolExecutor(90) as clients:
        answers = [*clients.map(lambda _: asked(address), range(90))]
    assert all(b"200 OK" in one for one in answers)
    assert len(app.threads) == 30


def test_what_comes_while_a_server_is_stopped_makes_no_thread_that_nobody_ends() -> None:
    server = HttpServer(listen("127.0.0.1", 0), echo, read_clock, make_id, limits=HttpLimits(room=FEW))
    server.prepare()
    server.stop()
    before = active_count()
    for _ in range(3):
        server.requests.put(None)
    assert active_count() == before


def test_a_request_that_comes_in_pieces_arrives_whole() -> None:
    request = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"
    with serving(echo) as address, socket.create_connection(address, timeout=SOON) as connection:
        for sign in request:
            connection.sendall(bytes([sign]))
            time.sleep(0.002)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK")
        assert b"hello" in asked(address, request)


def test_a_body_that_is_refused_is_read_so_that_its_sender_sees_why() -> None:
    body = b"x" * 8_000_000
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with serving(refuse) as address:
        assert b"you are nobody" in asked(address, head + body)


def test_those_who_go_on_sending_what_was_refused_hold_no_thread_and_are_cut_off() -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760\r\n\r\n"
    with serving(refuse) as address, many(address, 20, head) as senders:
        stopping = Event()
        cut = [0.0] * len(senders)

        def trickle() -> None:
            began = time.monotonic()
            while not stopping.wait(0.2):
                for place, one in enumerate(senders):
                    try:
                        one.sendall(b"x" * 300)
                    except OSError:
                        cut[place] = cut[place] or time.monotonic() - began

        thread = Thread(target=trickle)
        thread.start()
        assert all(b"403 Forbidden" in asked(address) for _ in range(3))
        time.sleep(7)
        stopping.set()
        thread.join()
    assert all(4 < one < 7 for one in cut)


def test_where_too_many_wait_the_one_that_waited_longest_goes() -> None:
    with serving(echo, Room(threads=2, waiting=10)) as address, many(address, 50, b"") as silent:
        assert b"200 OK" in asked(address)
        silent[0].settimeout(SOON)
        assert silent[0].recv(1) == b""


def test_a_want_of_files_is_a_line_in_the_log_and_a_pause(caplog: pytest.LogCaptureFixture) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with serving(echo) as address, ExitStack() as opened:
        kept = opened.enter_context(socket.create_connection(address, timeout=SOON))
        kept.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in kept.recv(65536)
        client = opened.enter_context(socket.socket())
        highest = max(int(one.name) for one in Path("/proc/self/fd").iterdir())
        while (filled := os.dup(client.fileno())) <= highest:  # the lowest numbers that are free come first
            opened.callback(os.close, filled)
        opened.callback(os.close, filled)
        resource.setrlimit(resource.RLIMIT_NOFILE, (filled + 1, hard))
        try:
            with caplog.at_level(logging.WARNING):
                client.connect(address)
                began = time.process_time()
                time.sleep(1.5)
                spent = time.process_time() - began
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert len([one for one in caplog.records if "no connection can be accepted" in one.message]) == 1
        assert "Traceback" not in caplog.text
        assert spent < 1
        client.settimeout(SOON)
        client.sendall(QUICK)
        assert b"200 OK" in client.recv(65536)


def test_as_many_files_as_are_allowed_are_used_and_clients_follow_from_that() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        assert measure_room() == Room(threads=32, waiting=64)
        raise_file_limit()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(hard, 65_536)
        assert measure_room().threads == 256
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_client_that_asks_three_hundred_times_leaves_no_file_open(tmp_path: Path) -> None:
    with Running(tmp_path / "data") as server:
        one = submitted(server.client())
        for _ in range(300):
            server.client().status(one)
        files = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
    assert files < 60


def test_two_hundred_and_fifty_six_files_are_enough_beside_a_thousand_silent_ones(tmp_path: Path) -> None:
    raise_file_limit()
    with Running(tmp_path / "data", files=256) as server:
        address = ("127.0.0.1", int(server.endpoint.rpartition(":")[2]))
        one = submitted(server.client())
        with many(address, 1_000, b""):
            for _ in range(20):
                assert server.client().status(one)
        assert "Traceback" not in server.log


def test_five_thousand_requests_of_sixteen_clients_find_a_file_of_two_hundred_and_fifty_six(tmp_path: Path) -> None:
    with Running(tmp_path / "data", files=256) as server, ThreadPoolExecutor(16) as clients:
        client = server.client()
        one = submitted(client)
        assert len([*clients.map(lambda _: client.status(one), range(5_000))]) == 5_000
        assert re.findall(r"GetFeedSubmissionList 5\d\d", server.log) == []
        assert len(list(Path(f"/proc/{server.process.pid}/fd").iterdir())) < 100
