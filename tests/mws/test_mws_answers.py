"""Answers to the byte, and the header set."""

import logging
import re

import pytest

from feedproc.formats.characters import escape_text
from feedproc.mws import responses
from feedproc.mws.errors import GATEWAY_ERRORS
from feedproc.mws.headers import answer_unreadable
from feedproc.mws.refusals import MemberMissing, RequestThrottled
from tests.mws.builders import FEED, FULFILLMENT, NOON, Server

DECLARATION = '<?xml version="1.0"?>\n'
ROOT = 'xmlns="http://mws.amazonaws.com/doc/2009-01-01/"'
ALWAYS = {
    "Server",
    "Date",
    "Content-Type",
    "x-mws-response-context",
    "x-mws-request-id",
    "x-mws-timestamp",
    "Vary",
}
QUOTA = {"x-mws-quota-max", "x-mws-quota-remaining", "x-mws-quota-resetsOn"}


def test_submit_feed_is_answered_in_one_line_without_an_end() -> None:
    server = Server()
    reply = server.call("SubmitFeed", feed=FEED, FeedType=FULFILLMENT)
    assert reply.text == (
        f"{DECLARATION}<SubmitFeedResponse {ROOT}><SubmitFeedResult><FeedSubmissionInfo>"
        f"<FeedSubmissionId>50001017648</FeedSubmissionId><FeedType>{FULFILLMENT}</FeedType>"
        "<SubmittedDate>2018-04-27T12:00:00+00:00</SubmittedDate>"
        "<FeedProcessingStatus>_SUBMITTED_</FeedProcessingStatus></FeedSubmissionInfo></SubmitFeedResult>"
        f"<ResponseMetadata><RequestId>{reply.headers['x-mws-request-id']}</RequestId></ResponseMetadata>"
        "</SubmitFeedResponse>"
    )


def test_a_count_is_answered_as_recorded() -> None:
    answered = responses.write_success(
        "GetFeedSubmissionCount", [("Count", "13938")], "73e2fbd7-c160-423e-8593-31a98a9e0636"
    ).decode()
    assert len(answered) == 337
    assert answered == (
        f"{DECLARATION}<GetFeedSubmissionCountResponse {ROOT}>\n"
        "  <GetFeedSubmissionCountResult>\n    <Count>13938</Count>\n  </GetFeedSubmissionCountResult>\n"
        "  <ResponseMetadata>\n    <RequestId>73e2fbd7-c160-423e-8593-31a98a9e0636</RequestId>\n"
        "  </ResponseMetadata>\n</GetFeedSubmissionCountResponse>\n"
    )


def test_a_back_end_error_is_as_long_as_the_recorded_one() -> None:
    refusal = MemberMissing("NextToken")
    answered = responses.write_error(
        GATEWAY_ERRORS[MemberMissing], str(refusal), "598a82be-d4ed-4bb6-802d-8e9150036d43"
    )
    assert len(answered) == 376
    assert answered.endswith(b"<RequestID>598a82be-d4ed-4bb6-802d-8e9150036d43</RequestID>\n</ErrorResponse>\n")


def test_a_throttling_error_has_the_recorded_shape() -> None:
    answered = responses.write_error(
        GATEWAY_ERRORS[RequestThrottled], str(RequestThrottled()), "c09da471-3728-45bd-b149-011107c6b222"
    )
    assert answered.decode() == (
        f"{DECLARATION}<ErrorResponse {ROOT}>\n  <Error>\n    <Type></Type>\n    <Code>RequestThrottled</Code>\n"
        "    <Message>Request is throttled</Message>\n  </Error>\n"
        "  <RequestID>c09da471-3728-45bd-b149-011107c6b222</RequestID>\n</ErrorResponse>\n"
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("<&>\"'", "&lt;&amp;&gt;\"'"),
        ("\x00\x1f\ufffe\ud800", "\ufffd" * 4),
        ("é\t\U0001f4e6", "é\t\U0001f4e6"),
        ("\r", "&#13;"),
    ],
)
def test_a_text_is_written_so_that_xml_can_hold_it(value: str, written: str) -> None:
    assert escape_text(value) == written


def test_the_ping_needs_no_signature_and_tells_the_time_oddly() -> None:
    from tests.mws.clients import Wire

    reply = Server().send(Wire("GET", "/"))
    assert reply.text == (
        f'{DECLARATION}<PingResponse>\n  <Timestamp timestamp="2018-04-27T12:00:00:37Z"/>\n</PingResponse>\n'
    )
    assert set(reply.headers.keys()) == ALWAYS | {"Content-Length"}


def test_the_service_is_green() -> None:
    reply = Server().call("GetServiceStatus")
    assert (reply.find("Status"), reply.find("Timestamp")) == ("GREEN", "2018-04-27T12:00:00.379Z")
    assert reply.root.tag.endswith("GetServiceStatusResponse")


def test_a_list_tells_its_quota_and_its_length() -> None:
    reply = Server().call("GetFeedSubmissionList")
    assert set(reply.headers.keys()) == ALWAYS | QUOTA | {"Content-Length"}
    assert reply.headers["Content-Length"] == str(len(reply.body))
    assert reply.headers["Content-Type"] == "text/xml"
    assert reply.headers["Date"] == "Fri, 27 Apr 2018 12:00:00 GMT"
    assert reply.headers["x-mws-timestamp"] == "2018-04-27T12:00:00.379Z"
    assert (reply.headers["x-mws-quota-max"], reply.headers["x-mws-quota-remaining"]) == ("80.0", "79.0")
    assert re.fullmatch(r"2018-04-27T1[23]:\d\d:00\.000Z", reply.headers["x-mws-quota-resetsOn"])


def test_submit_feed_tells_two_contexts_and_no_length() -> None:
    reply = Server().call("SubmitFeed", feed=FEED, FeedType=FULFILLMENT)
    assert set(reply.headers.keys()) == ALWAYS | QUOTA | {"x-amz-request-id"}
    assert reply.headers["x-amz-request-id"] == reply.headers["x-mws-request-id"]
    first, second = reply.headers["x-mws-response-context"].split(", ")
    assert len(first) == len(second) == 76
    assert first != second


def test_a_result_tells_its_digest_its_length_and_two_contexts() -> None:
    server = Server()
    submission = server.submit()
    server.finish(submission, b"<x/>")
    reply = server.call("GetFeedSubmissionResult", FeedSubmissionId=submission)
    assert set(reply.headers.keys()) == ALWAYS | QUOTA | {"Content-Length", "Content-MD5", "x-amz-request-id"}
    assert ", " in reply.headers["x-mws-response-context"]


def test_the_gateways_errors_tell_no_quota_and_the_back_ends_do() -> None:
    server = Server()
    gateway = server.call("GetFeedSubmissionList", SellerId="A9NOBODY")
    back_end = server.call("GetFeedSubmissionList", MaxCount="0")
    assert set(gateway.headers.keys()) == ALWAYS | {"Content-Length"}
    assert set(back_end.headers.keys()) == ALWAYS | QUOTA | {"Content-Length"}


def test_the_status_line_has_a_reason() -> None:
    assert Server().call("X").status_line.lower() == "404 not found"


def test_a_line_is_logged_that_tells_no_value_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    server = Server()
    with caplog.at_level(logging.INFO, "feedproc.mws"):
        reply = server.call("GetFeedSubmissionList", FeedTypeList__Type__1=FULFILLMENT)
        server.call("X\nforged")
    seller = server.sellers[0]
    logged = [record.getMessage() for record in caplog.records]
    request_id = reply.headers["x-mws-request-id"]
    assert re.fullmatch(rf"GetFeedSubmissionList 200 seller=A1SELLER request={request_id} \d+\.\d ms", logged[0])
    assert re.fullmatch(r"request \S+ is refused: InvalidAddress Operation X forged is not available.*", logged[1])
    assert logged[2].startswith("- 404 seller=- ")
    for hidden in (seller.secret_key, seller.auth_token, seller.access_key, FULFILLMENT):
        assert hidden not in caplog.text


@pytest.mark.parametrize(
    ("status", "line", "code", "fault"),
    [
        (414, "400 Bad Request", "InvalidRequest", "Sender"),
        (405, "400 Bad Request", "InvalidRequest", "Sender"),
        (500, "500 Internal Server Error", "InternalError", "Receiver"),
        (503, "503 Service Unavailable", "ServiceUnavailable", "Receiver"),
    ],
)
def test_what_is_no_request_is_told_so_like_anything_else(status: int, line: str, code: str, fault: str) -> None:
    told, headers, content = answer_unreadable(status, "", "some-id", NOON)
    assert (told, dict(headers)["x-mws-request-id"]) == (line, "some-id")
    assert f"<Type>{fault}</Type>\n    <Code>{code}</Code>".encode() in content
