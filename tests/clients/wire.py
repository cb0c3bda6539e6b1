"""A client written by hand, down to the single bytes that go over the line."""

import http.client
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from tests.clients.drivers import Account
from tests.mws.clients import mac, md5, strict

NAMESPACE = "{http://mws.amazonaws.com/doc/2009-01-01/}"
_PATIENCE = 20


class Answer(NamedTuple):
    """All that came before the server closed the connection."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes

    def text(self, name: str) -> str:
        """The text of the first element with this name."""
        found = etree.fromstring(self.body).findtext(f".//{NAMESPACE}{name}")
        assert found is not None, self.body
        return found

    @property
    def error(self) -> tuple[int, str]:
        return self.status, self.text("Code")


class HandWritten:
    """Signs and sends what a test says, for one seller at one server."""

    def __init__(self, endpoint: str, account: Account) -> None:
        self.host = urlsplit(endpoint).netloc
        self._account = account

    def query(self, action: str, method: str = "POST", path: str = "/", **given: str) -> str:
        """The signed parameters of a call."""
        parameters = {
            "AWSAccessKeyId": self._account.access_key,
            "Action": action,
            "SellerId": self._account.seller_id,
            "SignatureMethod": "HmacSHA256",
            "SignatureVersion": "2",
            "Timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "Version": "2009-01-01",
            **given,
        }
        text = f"{method}\n{self.host}\n{path}\n{strict(parameters)}"
        return strict({**parameters, "Signature": mac(self._account.secret_key, text)})

    def submitting(self, feed: bytes, feed_type: str, path: str = "/") -> str:
        """The request target that submits a feed."""
        return f"{path}?{self.query('SubmitFeed', path=path, FeedType=feed_type, ContentMD5Value=md5(feed))}"

    def connected(self) -> socket.socket:
        host, _, port = self.host.partition(":")
        return socket.create_connection((host, int(port)), timeout=_PATIENCE)

    def sent(self, request: bytes, *more: bytes, ends: bool = False) -> Answer:
        """Send bytes, and read until the server closes; `ends` says to the server that nothing more comes."""
        with self.connected() as connection:
            for part in (request, *more):
                connection.sendall(part)
            if ends:
                connection.shutdown(socket.SHUT_WR)
            return read(connection)

    def request(self, line: str, *headers: str) -> bytes:
        """The head of a request, the last one of its connection unless it says otherwise."""
        last = [] if any(one.startswith("Connection:") for one in headers) else ["Connection: close"]
        return "\r\n".join([f"{line} HTTP/1.1", f"Host: {self.host}", *last, *headers, "", ""]).encode()

    def count(self) -> int:
        """How many submissions there are."""
        return int(self.sent(self.request(f"GET /?{self.query('GetFeedSubmissionCount', 'GET')}")).text("Count"))


def read(connection: socket.socket) -> Answer:
    """Read until the server closes the connection, which it must do by itself."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    body = response.read()
    assert connection.recv(1) == b"", "the server sends more, or leaves the connection open"
    return Answer(response.status, response.reason, {k.lower(): v for k, v in response.getheaders()}, body)
