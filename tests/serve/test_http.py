"""What the HTTP server does besides the protocol, over plain sockets."""

import gc
import io
import re
import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from feedproc.errors import Unusable
from feedproc.serve.body import ChunkedBody
from feedproc.serve.certificates import prepare_certificate
from feedproc.serve.http import HttpLimits, HttpServer
from feedproc.serve.listening import DeferredServer, listen
from feedproc.serve.pace import Pace
from feedproc.wiring.clock import make_id, read_clock

SOON = 5


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """Answer with the body."""
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", ""):
        parts: list[bytes] = []
        while part := environ["wsgi.input"].read(100_000):
            parts.append(part)
    else:
        parts = [environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))]
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Scheme", environ["wsgi.url_scheme"])])
    return parts


@contextmanager
def serving(certificate: Path | None = None, pace: Pace | None = None) -> Iterator[Any]:
    server = HttpServer(listen("127.0.0.1", 0), echo, read_clock, make_id, certificate, HttpLimits(pace=pace or Pace()))
    server.prepare()
    thread = Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server.bind_addr
    finally:
        server.stop()
        thread.join()


def asked(connection: socket.socket, request: bytes) -> bytes:
    """Send a request, the last one, and return all that comes until the server closes the connection."""
    connection.sendall(request.replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\n", 1))
    answer = b""
    while part := connection.recv(65536):
        answer += part
    return answer


def test_a_connection_serves_one_request_after_another_until_its_client_has_enough() -> None:
    with serving() as address, closing(HTTPConnection(address[0], address[1], timeout=SOON)) as client:
        for size in (0, 5, 200_000):
            client.request("POST", "/", b"x" * size)
            answer = client.getresponse()
            assert (len(answer.read()), answer.getheader("Connection")) == (size, "keep-alive")
        assert client.sock is not None
        client.request("POST", "/", headers={"Connection": "close"})
        assert client.getresponse().getheader("Connection") == "close"


def test_requests_that_were_sent_at_once_are_answered_in_their_order() -> None:
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"
    with serving() as address, socket.create_connection(address, timeout=SOON) as connection:
        connection.sendall(request + b"1" + request + b"2")
        answer = asked(connection, request + b"3")
    assert re.findall(rb"\r\n1\r\n(.)\r\n0\r\n", answer) == [b"1", b"2", b"3"]


def test_a_client_that_can_ask_on_a_new_connection_alone_gets_one_each_time() -> None:
    """amazon-mws of npm: `Connection: keep-alive` comes from Node, not from it."""
    asks = b"GET / HTTP/1.1\r\nContent-Type: text/xml\r\nHost: x\r\nConnection: keep-alive\r\n"
    for named, told in ((b"", b"close"), (b"User-Agent: another\r\n", b"keep-alive")):
        with serving() as address, socket.create_connection(address, timeout=SOON) as connection:
            connection.sendall(asks + named + b"\r\n")
            assert b"\r\nConnection: " + told + b"\r\n" in connection.recv(65536)


def test_an_older_client_that_cannot_know_where_an_answer_ends_gets_its_end() -> None:
    with serving() as address, socket.create_connection(address, timeout=SOON) as connection:
        answer = asked(connection, b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    assert b"\r\nConnection: close\r\n" in answer


def test_a_kept_connection_is_closed_when_nothing_more_is_asked() -> None:
    with (
        serving(pace=Pace(kept=0.2)) as address,
        closing(HTTPConnection(address[0], address[1], timeout=SOON)) as client,
    ):
        client.request("GET", "/")
        client.getresponse().read()
        assert client.sock.recv(1) == b""


@pytest.mark.parametrize(
    "lengths", ["Content-Length: -5", "Content-Length: five", "Content-Length: 1\r\nContent-Length: 2"]
)
def test_a_body_whose_length_is_no_number_is_refused(lengths: str) -> None:
    with serving() as address, socket.create_connection(address, timeout=SOON) as connection:
        answer = asked(connection, f"POST / HTTP/1.1\r\nHost: x\r\n{lengths}\r\n\r\nhello".encode())
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"Content-Length must be one number of bytes" in answer


def test_a_body_that_tells_its_end_in_two_ways_is_the_last_of_its_connection() -> None:
    both = b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"
    with serving() as address, socket.create_connection(address, timeout=SOON) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n" + both + b"\r\n0\r\n\r\nGET /next HTTP/1.1\r\n\r\n")
        answer = asked(connection, b"")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_client_that_goes_before_it_is_answered_leaves_nothing_said(capfd: pytest.CaptureFixture[str]) -> None:
    with serving() as address:
        connection = socket.create_connection(address, timeout=SOON)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n" + bytes(9_000_000))
        connection.close()
        with closing(HTTPConnection(address[0], address[1], timeout=SOON)) as other:
            other.request("POST", "/", b"x")
            assert other.getresponse().read() == b"x"
    gc.collect()
    assert capfd.readouterr().err == ""


def test_100_continue_is_spelled_as_clients_look_for_it() -> None:
    with serving() as address, socket.create_connection(address) as connection:
        connection.sendall(
            b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        )
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert b"hi" in asked(connection, b"hi")


def test_a_chunked_body_arrives_whole() -> None:
    chunks = b"5;name=value\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nTrailer: yes\r\n\r\n"
    with serving() as address, socket.create_connection(address) as connection:
        answer = asked(connection, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    assert b"".join(answer.split(b"\r\n\r\n", 1)[1].split(b"\r\n")[1::2]) == b"hello world"


def test_headers_beyond_the_limit_are_refused() -> None:
    with serving() as address, socket.create_connection(address) as connection:
        answer = asked(connection, b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 40_000 + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


def whole(content: bytes) -> bytes:
    body = ChunkedBody(io.BytesIO(content))
    return b"".join(iter(lambda: body.read(100), b""))


@pytest.mark.parametrize("content", [b"zz\r\nhello\r\n", b"-5\r\nhello\r\n", b"\r\n", b"2\r\nhello\r\n0\r\n\r\n"])
def test_what_is_no_chunk_is_an_error(content: bytes) -> None:
    with pytest.raises(ValueError, match="chunk"):
        whole(content)


@pytest.mark.parametrize("content", [b"", b"5\r\nhel", b"5\r\nhello\r\n", b"0\r\nTrailer: yes\r\n"])
def test_a_chunked_body_that_stops_early_is_an_error(content: bytes) -> None:
    with pytest.raises(EOFError):
        whole(content)


def test_a_huge_chunk_is_read_in_small_parts() -> None:
    stream = io.BytesIO(b"%x\r\n" % 3_000_000 + b"x" * 3_000_000 + b"\r\n0\r\n\r\n")
    body = ChunkedBody(stream)
    assert body.read(1000) == b"x" * 1000
    assert stream.tell() < 1100


def test_tls_is_spoken_with_a_certificate_that_its_authority_vouches_for(tmp_path: Path) -> None:
    certificate = prepare_certificate("127.0.0.1", tmp_path)
    context = ssl.create_default_context(cafile=certificate.authority)
    with serving(certificate.server) as address:
        for name in ("127.0.0.1", "localhost", "mws.amazonservices.jp"):
            with context.wrap_socket(socket.create_connection(address), server_hostname=name) as connection:
                assert b"X-Scheme: https" in asked(connection, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")


def test_plain_http_to_a_tls_port_is_told_so(tmp_path: Path) -> None:
    certificate = prepare_certificate("127.0.0.1", tmp_path)
    with serving(certificate.server) as address, socket.create_connection(address) as connection:
        answer = asked(connection, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"https://" in answer


def test_a_client_that_never_shakes_hands_does_not_hold_up_the_others(tmp_path: Path) -> None:
    certificate = prepare_certificate("127.0.0.1", tmp_path)
    context = ssl.create_default_context(cafile=certificate.authority)
    with serving(certificate.server) as address, socket.create_connection(address):
        plain = socket.create_connection(address, timeout=5)
        with context.wrap_socket(plain, server_hostname="localhost") as connection:
            assert b"200 OK" in asked(connection, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")


def test_the_certificate_is_made_once_and_its_key_is_for_the_owner_alone(tmp_path: Path) -> None:
    first = prepare_certificate("127.0.0.1", tmp_path)
    content = first.server.read_bytes()
    assert prepare_certificate("localhost", tmp_path).server.read_bytes() == content
    assert first.server.stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE KEY" not in first.authority.read_bytes()


def test_a_certificate_is_made_anew_for_a_host_it_does_not_speak_for(tmp_path: Path) -> None:
    before = prepare_certificate("127.0.0.1", tmp_path).server.read_bytes()
    assert prepare_certificate("shop.internal", tmp_path).server.read_bytes() != before


def test_a_server_that_cannot_be_made_keeps_nobody_waiting() -> None:
    def fail(_: socket.socket) -> NoReturn:
        raise ImportError("cheroot")

    listener = listen("127.0.0.1", 0)
    with closing(DeferredServer(listener, fail)) as server, socket.create_connection(listener.getsockname()) as client:
        client.settimeout(SOON)
        with pytest.raises(ImportError):
            server.serve()
        with pytest.raises(ConnectionResetError):
            client.recv(1)


def test_what_is_no_name_of_a_host_is_no_address() -> None:
    with pytest.raises(Unusable, match=r"a\.\.b is no address of this machine"):
        listen("a..b", 0)
