"""The variants of paths, methods and bodies that clients use, and bodies that go wrong."""

import io

import pytest

from feedproc.errors import UploadInterrupted
from feedproc.mws.body import Body
from tests.mws.builders import FEED, FULFILLMENT, HOST, NOON, Server, signed
from tests.mws.clients import FORM, Wire, md5

COUNT = "GetFeedSubmissionCount"
PATHS = ["/", "/Feeds/2009-01-01", "/Feeds/2009-01-01/", "/feeds/2009-01-01", "/feeds/2009-01-01/"]


class Stream(io.BytesIO):
    """A body that counts what is read, and breaks off where it is told to."""

    def __init__(self, content: bytes, breaks: Exception | None = None) -> None:
        super().__init__(content)
        self._breaks = breaks
        self.taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        if not data and self._breaks:
            raise self._breaks
        return data


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_way_to_write_the_path_is_served(path: str, method: str) -> None:
    server = Server()
    params = {**server.common(server.sellers[0]), "Action": COUNT}
    reply = server.send(signed(params, server.sellers[0].secret_key, path=path, method=method))
    assert reply.status == 200


def test_an_application_below_a_prefix_includes_it_in_the_signature() -> None:
    server = Server()
    params = {**server.common(server.sellers[0]), "Action": COUNT}
    wire = signed(params, server.sellers[0].secret_key, path="/stage/Feeds/2009-01-01")
    wire.path = "/Feeds/2009-01-01"
    assert server.send(wire, SCRIPT_NAME="/stage").status == 200


@pytest.mark.parametrize("label", [FORM, "x-www-form-urlencoded", "text/plain", ""])
def test_a_form_is_read_whatever_its_label_when_the_query_has_no_action(label: str) -> None:
    server = Server()
    wire = server.wire(COUNT)
    wire.query, wire.body = "", wire.query.encode()
    assert server.send(wire, CONTENT_TYPE=label).status == 200


def test_a_form_may_be_chunked() -> None:
    server = Server()
    wire = server.wire(COUNT)
    wire.query, wire.body = "", wire.query.encode()
    assert server.send(wire, HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="").status == 200


def test_a_body_that_is_no_form_is_ignored_when_the_query_has_the_action() -> None:
    server = Server()
    wire = server.wire(COUNT)
    wire.body = b"a=b=c"
    assert server.send(wire, CONTENT_TYPE="text/plain").status == 200


def test_a_digest_of_something_else_is_ignored_on_other_operations() -> None:
    server = Server()
    assert server.send(server.wire(COUNT, ContentMD5Value="nonsense"), HTTP_CONTENT_MD5="other").status == 200


def test_a_version_may_be_left_out_and_a_user_agent_too() -> None:
    assert Server().call(COUNT, Version=None).status == 200


def test_a_host_header_may_be_missing() -> None:
    server = Server()
    environ = {"SERVER_NAME": HOST.partition(":")[0], "SERVER_PORT": "8080", "HTTP_HOST": ""}
    assert server.send(server.wire(COUNT), **environ).status == 200


@pytest.mark.parametrize("timestamp", ["2018-04-27T11:45:01Z", "2018-04-27T21:14:59+09:00", "2018-04-27T12:00:00"])
def test_a_time_within_a_quarter_of_an_hour_will_do(timestamp: str) -> None:
    assert Server().call(COUNT, Timestamp=timestamp).status == 200


def test_merchant_and_seller_id_name_the_same_thing() -> None:
    server = Server()
    assert server.call(COUNT, SellerId=None, Merchant="A1SELLER").status == 200
    assert server.call(COUNT, Merchant="A1SELLER").status == 200
    assert server.call(COUNT, MWSAuthToken="amzn.mws.A1SELLER").status == 200


@pytest.mark.parametrize("environ", [{"HTTP_TRANSFER_ENCODING": "chunked"}, {"wsgi.input_terminated": True}])
def test_a_feed_may_be_chunked(environ: dict[str, object]) -> None:
    server = Server()
    wire = server.wire("SubmitFeed", feed=FEED, FeedType=FULFILLMENT)
    assert server.send(wire, CONTENT_LENGTH="", **environ).status == 200
    assert list(server.documents.values()) == [FEED]


@pytest.mark.parametrize("fault", [ConnectionResetError(), ValueError("Bad chunk"), TimeoutError(), EOFError()])
def test_a_feed_that_breaks_off_is_told_so_and_not_kept(fault: Exception) -> None:
    server = Server()
    wire = server.wire("SubmitFeed", feed=FEED, FeedType=FULFILLMENT)
    environ = {"wsgi.input": Stream(FEED, fault), "HTTP_TRANSFER_ENCODING": "chunked"}
    assert server.send(wire, **environ).error == (400, "InputStreamDisconnected")
    assert not server.documents


def test_only_as_much_is_read_as_was_announced() -> None:
    server = Server()
    stream = Stream(FEED + b"the next request")
    wire = server.wire("SubmitFeed", feed=FEED, FeedType=FULFILLMENT)
    assert server.send(wire, **{"wsgi.input": stream}).status == 200
    assert stream.taken == len(FEED)


@pytest.mark.parametrize("length", [100_000, 2**31 - 1])
def test_a_refused_feed_is_not_read_since_whoever_serves_lets_its_sender_see_why(length: int) -> None:
    server = Server()
    stream = Stream(b"x" * 100_000)
    wire = server.wire("SubmitFeed", feed=FEED, FeedType="_X_")
    server.send(wire, **{"wsgi.input": stream, "CONTENT_LENGTH": str(length)})
    assert stream.taken == 0


def test_a_broken_body_stays_broken_quietly() -> None:
    body = Body(Stream(b"", OSError()), 10)
    with pytest.raises(UploadInterrupted):
        body.read(5)
    assert body.read(5) == b""


def test_a_feed_grows_too_large_while_it_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    from feedproc.services import submit

    monkeypatch.setattr(submit.store, "__defaults__", (None, 10))
    server = Server()
    wire = server.wire("SubmitFeed", feed=b"x" * 11, FeedType=FULFILLMENT)
    reply = server.send(wire, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert reply.error == (400, "InvalidParameterValue")
    assert not server.documents


def test_a_recorded_japanese_submission_is_understood() -> None:
    feed = b"sku\tprice\tquantity\nwidget\t\t0\n"
    assert (len(feed), md5(feed)) == (29, "iUI5qlSDSrZOHRgvj4amUQ==")
    server = Server(now=NOON)
    params = {
        **server.common(server.sellers[0]),
        "Action": "SubmitFeed",
        "ContentMD5Value": md5(feed),
        "FeedType": FULFILLMENT,
    }
    wire = signed(params, server.sellers[0].secret_key, feed, "/Feeds/2009-01-01")
    wire.headers = {
        "User-Agent": "Jeff/2.0.0 (Language=Ruby; Hakan-Ensaris-MacBook-Pro.local)",
        "Content-Type": "text/tab-separated-values; charset=Windows-31J",
    }
    assert server.send(wire).find("FeedProcessingStatus") == "_SUBMITTED_"


def test_head_of_nothing_is_a_ping_without_a_body() -> None:
    reply = Server().send(Wire("HEAD", "/"))
    assert (reply.status, reply.body) == (200, b"")
