"""Keys that everybody knows are good for programs of this machine: for no web page, and for nobody elsewhere."""

import logging

import pytest

from feedproc.ports import Filter, Seller
from tests.mws.builders import FEED, FULFILLMENT, Reply, Server, a_seller
from tests.mws.clients import Wire, mac, md5, strict

KNOWN = a_seller()
MINE = a_seller("A2MINE", "AKIAMINE")


def a_server() -> Server:
    return Server(sellers=(KNOWN, MINE), is_well_known=lambda seller: seller.access_key == KNOWN.access_key)


def submitted(server: Server, host: str, headers: dict[str, str], seller: Seller = KNOWN, secret: str = "") -> Reply:
    """Submit a feed under that Host, which the sender has signed."""
    asked = {"Action": "SubmitFeed", "FeedType": FULFILLMENT, "ContentMD5Value": md5(FEED), **server.common(seller)}
    signature = mac(secret or seller.secret_key, f"POST\n{host}\n/\n{strict(asked)}")
    return server.send(Wire("POST", "/", strict({**asked, "Signature": signature}), host, FEED, headers))


@pytest.mark.parametrize(
    ("host", "headers"),
    [
        ("localhost:8080", {}),
        ("127.0.0.1:8080", {}),
        ("[::1]:8080", {}),
        ("mws.amazonservices.jp", {}),
        ("localhost:8080", {"Sec-Fetch-Site": "none"}),
        ("localhost:8080", {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8080"}),
        ("localhost:8080", {"X-Forwarded-For": "127.0.0.1"}),
    ],
)
def test_a_program_of_this_machine_is_answered(host: str, headers: dict[str, str]) -> None:
    assert submitted(a_server(), host, headers).status == 200


@pytest.mark.parametrize(
    ("host", "headers", "why"),
    [
        ("localhost:8080", {"Sec-Fetch-Site": "cross-site"}, "Sec-Fetch-Site: 'cross-site'"),
        ("localhost:8080", {"Sec-Fetch-Site": "same-site"}, "Sec-Fetch-Site: 'same-site'"),
        ("localhost:8080", {"Origin": "http://evil.example:9100"}, "Origin: 'http://evil.example:9100'"),
        ("localhost:8080", {"Origin": "null"}, "Origin: 'null'"),
        ("localhost:8080", {"Origin": "http://localhost:3000"}, "Origin: 'http://localhost:3000'"),
        ("rebound.example:8080", {}, "Host: 'rebound.example:8080'"),
        ("localhost.evil.example", {}, "Host: 'localhost.evil.example'"),
        ("localhost:8080", {"X-Forwarded-For": "127.0.0.1, 198.51.100.7"}, "X-Forwarded-For: '198.51.100.7'"),
    ],
)
def test_anything_else_is_refused_with_the_reason_in_answer_and_log(
    host: str, headers: dict[str, str], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    server = a_server()
    with caplog.at_level(logging.WARNING):
        answer = submitted(server, host, headers)
    assert answer.error == (401, "AccessDenied")
    assert why in answer.find("Message")
    assert why in caplog.text
    assert not server.submissions.find(KNOWN.seller_id, Filter(), 10)


def test_a_seller_with_keys_of_its_own_may_call_from_anywhere() -> None:
    assert submitted(a_server(), "shop.example", {"Origin": "https://pages.example"}, MINE).status == 200


def test_whoever_has_no_true_signature_learns_nothing_of_it() -> None:
    answer = submitted(a_server(), "localhost:8080", {"Origin": "null"}, secret="wrong")
    assert answer.error == (403, "SignatureDoesNotMatch")
