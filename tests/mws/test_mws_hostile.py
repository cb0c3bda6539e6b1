"""Whatever is sent, the answer is well-formed XML and never a fault of the server."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedproc.mws.feeds import FEEDS
from tests.mws.builders import FEED, FULFILLMENT, Server, signed
from tests.mws.clients import Wire

SERVER = Server()
NAMES = [
    "SellerId",
    "Merchant",
    "MWSAuthToken",
    "AWSAccessKeyId",
    "Version",
    "Timestamp",
    "SignatureMethod",
    "SignatureVersion",
    "NextToken",
    "MaxCount",
    "FeedType",
    "FeedSubmissionId",
    "FeedSubmissionIdList.Id.1",
    "FeedSubmissionIdList.Id",
    "FeedTypeList.Type.1",
    "FeedProcessingStatusList.Status.1",
    "SubmittedFromDate",
    "SubmittedToDate",
    "MarketplaceIdList.Id.1",
    "ContentMD5Value",
]
TEXTS = st.text(max_size=30) | st.sampled_from(["", "0", "-1", "9" * 25, "%00", "_X_", FULFILLMENT, "\ud800", "]]>"])
PATHS = st.sampled_from(["/", "/Feeds/2009-01-01", "/Orders/2013-09-01", "//", "/\xff", "/a/b/c"])


def acceptable(wire: Wire, **environ: str) -> None:
    reply = SERVER.send(wire, **environ)
    assert reply.status < 500
    assert reply.headers["x-mws-request-id"]
    if wire.method != "HEAD":
        ElementTree.fromstring(reply.body)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(FEEDS.actions)), st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=4), st.booleans()
)
def test_any_values_in_a_signed_request(action: str, changes: dict[str, str], with_feed: bool) -> None:
    seller = SERVER.sellers[0]
    changes = {name: value.encode(errors="replace").decode() for name, value in changes.items()}
    params = {**SERVER.common(seller), "Action": action, **changes}
    acceptable(signed(params, seller.secret_key, FEED if with_feed else None))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=200), PATHS, st.sampled_from(["GET", "POST", "HEAD", "PUT", "X"]))
def test_any_bytes_in_query_and_body(query: bytes, body: bytes, path: str, method: str) -> None:
    acceptable(Wire(method, path, query.decode("latin-1"), body=body))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_any_values_in_headers(host: str, length: str, label: str) -> None:
    given_headers = {"HTTP_HOST": host, "CONTENT_LENGTH": length, "CONTENT_TYPE": label, "HTTP_CONTENT_MD5": label}
    environ = {name: value.encode().decode("latin-1") for name, value in given_headers.items()}
    acceptable(SERVER.wire("SubmitFeed", feed=FEED, FeedType=FULFILLMENT), **environ)


def test_undecodable_bytes_are_signed_as_they_came() -> None:
    from tests.mws.clients import mac, strict

    params = {**SERVER.common(SERVER.sellers[0]), "Action": "GetServiceStatus"}
    query = strict(params).replace("&Version=", "&Unknown=%FF%FE&Version=")
    signature = mac(SERVER.sellers[0].secret_key, f"POST\nlocalhost:8080\n/\n{query}")
    reply = SERVER.send(Wire("POST", "/", f"{query}&{strict({'Signature': signature})}"))
    assert reply.status == 200


def test_a_refusal_is_logged_in_letters_that_every_log_can_hold(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    server = Server()
    wire = server.wire("GetFeedSubmissionList")
    server.send(replace(wire, query=wire.query + "&Extra=%FF%FE"))
    assert "SignatureDoesNotMatch" in caplog.text
    caplog.text.encode("utf-8")
