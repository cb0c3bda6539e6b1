"""What goes over the line byte by byte, beyond what the Python clients send."""

import time
from collections.abc import Iterator

import pytest

from tests.clients.shops import ACKNOWLEDGEMENT, KitShop, sample
from tests.clients.wire import HandWritten, read
from tests.serve.builders import eventually

FEED = sample("acknowledgement")
LENGTH = f"Content-Length: {len(FEED)}"


@pytest.fixture
def client(plain_shop: KitShop) -> HandWritten:
    return HandWritten(plain_shop.endpoint, plain_shop.new_account())


@pytest.fixture
def nothing_more(plain_shop: KitShop) -> Iterator[None]:
    """Nothing of what the test sends is left in the store."""
    before = plain_shop.copies(FEED)
    yield
    assert eventually(lambda: plain_shop.copies(FEED) <= before)


def chunks(feed: bytes, size: int) -> bytes:
    parts = [feed[begin : begin + size] for begin in range(0, len(feed), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in [*parts, b""])


@pytest.mark.parametrize("size", [1, 1000, 10_000])
def test_a_feed_may_come_in_chunks(client: HandWritten, plain_shop: KitShop, size: int) -> None:
    before = plain_shop.copies(FEED)
    head = client.request(f"POST {client.submitting(FEED, ACKNOWLEDGEMENT)}", "Transfer-Encoding: chunked")
    answer = client.sent(head, chunks(FEED, size))
    assert (answer.status, answer.text("FeedProcessingStatus")) == (200, "_SUBMITTED_")
    assert eventually(lambda: len(plain_shop.copies(FEED) - before) == 1)


def test_a_client_that_asks_whether_to_go_on_is_told_to(client: HandWritten) -> None:
    head = client.request(f"POST {client.submitting(FEED, ACKNOWLEDGEMENT)}", LENGTH, "Expect: 100-continue")
    with client.connected() as connection:
        connection.sendall(head)
        told = connection.recv(4096)
        assert told.startswith(b"HTTP/1.1 100 Continue\r\n")
        assert told.endswith(b"\r\n\r\n")
        connection.sendall(FEED)
        assert read(connection).status == 200


def test_calls_may_be_made_by_get_with_all_parameters_in_the_query(client: HandWritten) -> None:
    assert client.count() == 0
    answer = client.sent(client.request(f"GET /?{client.query('GetFeedSubmissionList', 'GET')}"))
    assert (answer.status, answer.text("HasNext")) == (200, "false")


@pytest.mark.parametrize("path", ["/", "/Feeds/2009-01-01", "/feeds/2009-01-01", "/Feeds/2009-01-01/"])
def test_every_spelling_of_the_path_will_do(client: HandWritten, path: str) -> None:
    answer = client.sent(client.request(f"POST {client.submitting(FEED, ACKNOWLEDGEMENT, path)}", LENGTH), FEED)
    assert answer.status == 200


def test_a_query_may_begin_with_an_ampersand(client: HandWritten) -> None:
    target = client.submitting(FEED, ACKNOWLEDGEMENT).replace("?", "?&", 1)
    assert client.sent(client.request(f"POST {target}", LENGTH), FEED).status == 200


def test_a_feed_that_is_labelled_as_a_form_is_a_feed_all_the_same(client: HandWritten, plain_shop: KitShop) -> None:
    before = plain_shop.copies(FEED)
    label = "Content-Type: application/x-www-form-urlencoded"
    answer = client.sent(client.request(f"POST {client.submitting(FEED, ACKNOWLEDGEMENT)}", LENGTH, label), FEED)
    assert answer.status == 200
    assert eventually(lambda: len(plain_shop.copies(FEED) - before) == 1)


def test_parameters_may_come_as_a_form(client: HandWritten) -> None:
    form = client.query("GetFeedSubmissionCount").encode()
    label = "Content-Type: application/x-www-form-urlencoded; charset=utf-8"
    answer = client.sent(client.request("POST /", f"Content-Length: {len(form)}", label), form)
    assert (answer.status, answer.text("Count")) == (200, "0")


def test_a_client_without_a_name_is_served(client: HandWritten) -> None:
    head = client.request(f"GET /?{client.query('GetFeedSubmissionCount', 'GET')}")
    assert b"User-Agent" not in head
    assert client.sent(head).status == 200


def test_anybody_may_ask_for_the_time(client: HandWritten) -> None:
    answer = client.sent(client.request("GET /"))
    assert (answer.status, answer.headers["content-type"]) == (200, "text/xml")
    assert b"<Timestamp timestamp=" in answer.body


@pytest.mark.parametrize(
    ("target", "status", "reason"),
    [("/?Action=GetFeedSubmissionCount", 403, "Forbidden"), ("/Orders/2013-09-01?Action=X", 404, "Not Found")],
)
def test_every_status_has_its_reason(client: HandWritten, target: str, status: int, reason: str) -> None:
    answer = client.sent(client.request(f"GET {target}"))
    assert (answer.status, answer.reason) == (status, reason)


@pytest.mark.parametrize("wish", ["keep-alive", "close"])
def test_every_answer_says_that_the_connection_is_kept_or_closed_as_the_client_wishes(
    client: HandWritten, wish: str
) -> None:
    head = client.request(f"GET /?{client.query('GetFeedSubmissionCount', 'GET')}", f"Connection: {wish}")
    for request in (head, *(client.request(f"GET {one}", f"Connection: {wish}") for one in ("/", "/?Action=X"))):
        with client.connected() as connection:
            connection.sendall(request)
            assert f"\r\nConnection: {wish}\r\n".encode() in connection.recv(65536)


def test_every_answer_has_the_headers_that_clients_look_up(client: HandWritten) -> None:
    for target in (f"/?{client.query('GetFeedSubmissionCount', 'GET')}", "/?Action=X", "/"):
        headers = client.sent(client.request(f"GET {target}")).headers
        assert {"x-mws-request-id", "x-mws-response-context", "x-mws-timestamp"} <= set(headers)
        assert headers["content-type"].startswith("text/xml")


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /?a=" + b"a" * 40_000,
        b"GET /?a=\xff\xfe",
        b"GET //elsewhere/",
        b"GET /a b",
        b"get /",
        b"CONNECT localhost:443",
        b"\x16\x03\x01\x02",
    ],
)
def test_what_is_no_request_at_all_is_refused_in_the_form_that_clients_read(
    client: HandWritten, request_line: bytes
) -> None:
    answer = client.sent(request_line + b" HTTP/1.1\r\n\r\n")
    assert answer.error == (400, "InvalidRequest")
    assert answer.headers["content-type"] == "text/xml"
    assert answer.headers["x-mws-request-id"] == answer.text("RequestID")


@pytest.mark.usefixtures("nothing_more")
def test_a_feed_that_breaks_off_is_not_stored(client: HandWritten) -> None:
    with client.connected() as connection:
        connection.sendall(client.request(f"POST {client.submitting(FEED, ACKNOWLEDGEMENT)}", LENGTH) + FEED[:700])
        time.sleep(0.1)
    assert client.count() == 0


@pytest.mark.usefixtures("nothing_more")
def test_a_feed_in_chunks_that_breaks_off_is_not_stored(client: HandWritten) -> None:
    head = client.request(f"POST {client.submitting(FEED, ACKNOWLEDGEMENT)}", "Transfer-Encoding: chunked")
    answer = client.sent(head, chunks(FEED, 500)[:1200], ends=True)
    assert answer.error == (400, "InputStreamDisconnected")
    assert client.count() == 0


@pytest.mark.usefixtures("nothing_more")
def test_a_feed_that_is_shorter_than_its_length_is_not_stored(client: HandWritten) -> None:
    head = client.request(f"POST {client.submitting(FEED, ACKNOWLEDGEMENT)}", f"Content-Length: {len(FEED) + 9}")
    answer = client.sent(head, FEED, ends=True)
    assert answer.error == (400, "InputStreamDisconnected")
    assert client.count() == 0


@pytest.mark.usefixtures("nothing_more")
def test_a_feed_that_is_longer_than_its_length_is_not_what_was_signed(client: HandWritten) -> None:
    head = client.request(f"POST {client.submitting(FEED, ACKNOWLEDGEMENT)}", f"Content-Length: {len(FEED) - 9}")
    with client.connected() as connection:
        connection.sendall(head + FEED[:-9])
        answer = read(connection)
    assert answer.error == (400, "ContentMD5DoesNotMatch")
    assert client.count() == 0


@pytest.mark.usefixtures("nothing_more")
@pytest.mark.parametrize("length", ["-1", "many", "1e3", "+5"])
def test_a_length_that_is_no_number_is_a_bad_request(client: HandWritten, length: str) -> None:
    target = client.submitting(FEED, ACKNOWLEDGEMENT)
    answer = client.sent(client.request(f"POST {target}", f"Content-Length: {length}"))
    assert answer.error[0] == 400
    assert client.count() == 0
