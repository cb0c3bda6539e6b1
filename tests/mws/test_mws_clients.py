"""Every known client's way of signing and sending is understood."""

import pytest

from feedproc.mws.parameters import parse_pairs
from tests.mws.builders import ACKNOWLEDGEMENT, FEED, FULFILLMENT, HOST, Server, a_seller
from tests.mws.clients import CLIENTS, Account, Wire

AWKWARD = "a b~c*d(e)!'é/+=&"
MIXED = "http://LocalHost:8080"
ENDPOINTS = ("http://localhost:8080", MIXED, "https://mws.amazonservices.jp")


def account(endpoint: str, **changes: str) -> Account:
    seller = a_seller()
    given = {"secret": seller.secret_key, "timestamp": "2018-04-27T12:00:00Z", **changes}
    return Account(endpoint, seller.access_key, **given)


# ScaleLeap signs the capitals that its HTTP library does not send; nobody could know them.
SUPPORTED = [(name, endpoint) for name in CLIENTS for endpoint in ENDPOINTS if (name, endpoint) != ("scaleleap", MIXED)]


@pytest.mark.parametrize(("name", "endpoint"), SUPPORTED)
def test_a_client_submits_a_feed_and_finds_it(name: str, endpoint: str) -> None:
    server = Server()
    submit = {"Action": "SubmitFeed", "FeedType": ACKNOWLEDGEMENT, "SellerId": "A1SELLER", "FeedOptions": AWKWARD}
    submitted = server.send(CLIENTS[name](account(endpoint), submit, FEED))
    assert submitted.status == 200, submitted.text
    look = {"Action": "GetFeedSubmissionList", "SellerId": "A1SELLER", "Unknown": AWKWARD}
    found = server.send(CLIENTS[name](account(endpoint), look, None))
    assert found.find("FeedSubmissionId") == submitted.find("FeedSubmissionId")
    assert list(server.documents.values()) == [FEED]


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_with_a_wrong_secret_is_refused(name: str) -> None:
    look = {"Action": "GetFeedSubmissionList", "SellerId": "A1SELLER"}
    wire = CLIENTS[name](account("http://localhost:8080", secret="wrong"), look, None)
    assert Server().send(wire).error == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("name", CLIENTS)
def test_a_request_that_was_changed_on_its_way_is_refused(name: str) -> None:
    submit = {"Action": "SubmitFeed", "FeedType": ACKNOWLEDGEMENT, "SellerId": "A1SELLER"}
    wire = CLIENTS[name](account("http://localhost:8080"), submit, FEED)
    wire.query = wire.query.replace(ACKNOWLEDGEMENT, FULFILLMENT)
    server = Server()
    assert server.send(wire).error == (403, "SignatureDoesNotMatch")
    assert not server.documents


@pytest.mark.parametrize("port", [80, 443])
def test_a_standard_port_that_is_signed_but_not_sent_is_understood(port: int) -> None:
    look = {"Action": "GetFeedSubmissionList", "SellerId": "A1SELLER"}
    wire = CLIENTS["amazon_php"](account(f"https://localhost:{port}"), look, None)
    wire.host = "localhost"
    assert Server().send(wire).status == 200


def test_a_public_name_of_the_server_may_be_signed() -> None:
    look = {"Action": "GetFeedSubmissionList", "SellerId": "A1SELLER"}
    wire = CLIENTS["boto"](account("https://feeds.example.com"), look, None)
    wire.host = "10.0.0.7:8080"
    assert Server(public_hosts=("feeds.example.com",)).send(wire).status == 200
    assert Server().send(wire).status == 403


@pytest.mark.parametrize("host", ["mws.amazonservices.jp", "mws-eu.amazonservices.com", "mws.amazonservices.co.uk"])
def test_a_client_may_sign_amazons_own_names_also_the_older_ones_of_single_countries(host: str) -> None:
    look = {"Action": "GetFeedSubmissionList", "SellerId": "A1SELLER"}
    wire = CLIENTS["boto"](account(f"https://{host}"), look, None)
    wire.host = "10.0.0.7:8080"
    assert Server().send(wire).status == 200


def test_a_signature_without_its_padding_is_understood() -> None:
    look = {"Action": "GetFeedSubmissionList", "SellerId": "A1SELLER"}
    wire = CLIENTS["boto"](account("http://localhost:8080"), look, None)
    wire.query = wire.query.replace("%3D", "")
    assert Server().send(wire).status == 200


def test_parameters_may_stand_in_query_and_form_at_once() -> None:
    wire = Server().wire("GetFeedSubmissionList", MaxCount="3")
    parts = wire.query.split("&")
    wire.query, wire.body = "&".join(parts[::2]), "&".join(parts[1::2]).encode()
    wire.headers["Content-Type"] = "application/x-www-form-urlencoded"
    assert Server().send(wire).status == 200


def test_the_emulated_clients_do_differ() -> None:
    look = {"Action": "GetFeedSubmissionList", "SellerId": "A1SELLER", "Unknown": AWKWARD}
    wires: list[Wire] = [make(account("http://localhost:8080"), look, None) for make in CLIENTS.values()]
    signatures = {dict(parse_pairs(wire.query.encode() or wire.body))["Signature"] for wire in wires}
    assert len(signatures) >= 10
    assert {wire.host for wire in wires} == {HOST, "localhost"}
