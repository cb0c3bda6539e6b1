"""Every error of the protocol: that the table is total, and that each is reached as a client would reach it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from feedproc.errors import Refusal
from feedproc.mws.app import SECTIONS
from feedproc.mws.feeds import FEEDS
from feedproc.mws.responses import Dialect, WireError
from feedproc.mws.throttle import QuotaMode, find_window_start
from feedproc.ports import Filter, Secret
from tests.mws.builders import FEED, FULFILLMENT, NOON, Reply, Server, a_seller, signed
from tests.mws.clients import Wire, md5

COUNT = "GetFeedSubmissionCount"
RESULT = "GetFeedSubmissionResult"
FAKE_MD5 = md5(b"something else")
NO_SUCH_KEY = a_seller(access_key="AKIANOBODY")


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for one in kind.__subclasses__():
        if one.__module__.startswith(("feedproc.errors", "feedproc.mws", "feedproc.services")):
            yield one
        yield from refusals(one)


def test_the_tables_of_all_sections_know_every_refusal() -> None:
    assert set(refusals()) == {refusal for section in SECTIONS for refusal in section.errors}


@pytest.mark.parametrize(
    "wire", [wire for section in SECTIONS for wire in section.errors.values()], ids=lambda wire: wire.code
)
def test_an_error_has_a_status_and_a_fault_that_clients_know(wire: WireError) -> None:
    assert wire.status in (400, 401, 403, 404, 503)
    assert wire.fault == ("" if wire.status == 503 else "Sender")


def unsigned(query: str, path: str = "/", method: str = "POST") -> Wire:
    return Wire(method, path, query)


def submitted(server: Server, *, md5: str | None = None, feed: bytes = FEED, **given: str) -> Reply:
    changes = {"ContentMD5Value": md5} if md5 is not None else {}
    return server.call("SubmitFeed", feed=feed, **{"FeedType": FULFILLMENT, **changes, **given})


def cancelled(server: Server) -> Reply:
    submission = server.submit()
    server.give_up(submission)
    return server.call(RESULT, FeedSubmissionId=submission)


def result_lost(server: Server) -> Reply:
    submission = server.submit()
    server.finish(submission, b"<x/>")
    for key in server.documents:
        server.backend.documents.delete(key)
    return server.call(RESULT, FeedSubmissionId=submission)


def too_old(server: Server) -> Reply:
    return server.call(COUNT, Timestamp="2018-04-27T11:44:59Z")


@pytest.mark.parametrize("timestamp", ["2018-04-27T11:45:00.379Z", "2018-04-27T12:15:00.379Z"])
def test_a_clock_that_is_fifteen_minutes_off_is_just_good_enough(timestamp: str) -> None:
    assert Server().call(COUNT, Timestamp=timestamp).status == 200


@pytest.mark.parametrize("timestamp", ["2018-04-27T11:45:00.378Z", "2018-04-27T12:15:00.380Z"])
def test_a_clock_that_is_a_millisecond_further_off_is_not(timestamp: str) -> None:
    assert Server().call(COUNT, Timestamp=timestamp).error[1] == "RequestExpired"


def two_digests(server: Server) -> Reply:
    return server.send(server.wire("SubmitFeed", feed=FEED, FeedType=FULFILLMENT), HTTP_CONTENT_MD5=FAKE_MD5)


def cut_short(server: Server) -> Reply:
    return server.send(server.wire("SubmitFeed", feed=FEED, FeedType=FULFILLMENT), CONTENT_LENGTH="1000")


def announced_too_large(server: Server) -> Reply:
    return server.send(server.wire("SubmitFeed", feed=FEED, FeedType=FULFILLMENT), CONTENT_LENGTH=str(2**31))


def wrongly_signed(server: Server) -> Reply:
    return server.send(signed({**server.common(server.sellers[0]), "Action": COUNT}, "wrong"))


CASES: list[tuple[str, int, str, Callable[[Server], Reply]]] = [
    ("InvalidAccessKeyId", 403, "does not exist in our records.", lambda s: s.call(COUNT, seller=NO_SUCH_KEY)),
    ("InvalidAccessKeyId", 403, "does not exist", lambda s: s.call(COUNT, AWSAccessKeyId=None)),
    ("InvalidAccessKeyId", 403, "does not exist", lambda s: s.call(COUNT, AWSAccessKeyId="\x00é")),
    ("SignatureDoesNotMatch", 403, "does not match the signature you provided. Check your AWS", wrongly_signed),
    ("RequestExpired", 400, "in the past and has expired. Timestamp date: 2018-04-27T11:44:59Z", too_old),
    ("RequestExpired", 400, "too far in the future", lambda s: s.call(COUNT, Timestamp="2018-04-27T12:15:01Z")),
    ("InvalidParameterValue", 400, "Timestamp 10%3A30 must be in ISO", lambda s: s.call(COUNT, Timestamp="10:30")),
    ("InvalidParameterValue", 400, "Missing required parameter Timestamp.", lambda s: s.call(COUNT, Timestamp=None)),
    ("InvalidParameterValue", 400, "Missing required parameter SellerId.", lambda s: s.call(COUNT, SellerId="")),
    ("InvalidParameterValue", 400, "SignatureVersion must be 2", lambda s: s.call(COUNT, SignatureVersion="4")),
    ("InvalidParameterValue", 400, "SignatureMethod must be", lambda s: s.call(COUNT, SignatureMethod="HmacMD5")),
    ("InvalidParameterValue", 400, "may not contain a '=' delimiter", lambda s: s.send(unsigned("a=b=c"))),
    ("InvalidParameterValue", 400, "Keys may not contain <", lambda s: s.send(Wire("POST", "/", body=FEED))),
    ("InvalidParameterValue", 400, "Missing required parameter Action.", lambda s: s.send(unsigned("a=b"))),
    ("InvalidParameterValue", 400, "request line is longer", lambda s: s.send(unsigned("a=" + "b" * 17_000))),
    ("InvalidParameterValue", 400, "form is longer", lambda s: s.send(Wire("POST", "/", body=b"a" * 1_100_000))),
    ("InvalidRequest", 400, "parameter Version failed a validation check", lambda s: s.call(COUNT, Version="")),
    ("InvalidRequest", 400, "GET or POST", lambda s: s.send(unsigned("a=b", method="PUT"))),
    ("AccessDenied", 401, "Invalid seller id", lambda s: s.call(COUNT, SellerId="A9NOBODY")),
    ("AccessDenied", 401, "Invalid seller id", lambda s: s.call(COUNT, Merchant="A9NOBODY")),
    ("AccessDenied", 401, "AuthToken is not valid for SellerId", lambda s: s.call(COUNT, MWSAuthToken="amzn.mws.x")),
    ("InvalidAddress", 404, "Operation X is not available for section Feeds/2009-01-01", lambda s: s.call("X")),
    (
        "InvalidAddress",
        404,
        "Resource /Feeds/ is not found on this server. API Version is missing",
        lambda s: s.send(unsigned("Action=X", "/Feeds/")),
    ),
    (
        "InvalidAddress",
        404,
        "Invalid Section name or version provided - 2009-01-01/2009-01-01",
        lambda s: s.send(unsigned("Action=X", "/2009-01-01/2009-01-01")),
    ),
    ("InvalidAddress", 404, "Feeds/2010-01-01", lambda s: s.call(COUNT, Version="2010-01-01")),
    ("InvalidParameterValue", 400, "2018-04-27 must be in ISO8601", lambda s: s.call(COUNT, Timestamp="2018-04-27")),
    ("InvalidParameterValue", 400, "Z=%zz is not valid", lambda s: s.send(unsigned("Action=X&Z=%zz"))),
    ("InvalidParameterValue", 400, "request line is longer than 8190 bytes", lambda s: s.call(COUNT, Z="z" * 9_000)),
    ("MalformedInput", 400, "timestamp must follow ISO8601", lambda s: s.call(COUNT, SubmittedFromDate="soon")),
    (
        "ValidationError",
        400,
        "1 validation error detected: Value null at 'nextToken' failed to satisfy constraint: Member must not be null",
        lambda s: s.call("GetFeedSubmissionListByNextToken"),
    ),
    ("ValidationError", 400, "Value null at 'feedSubmissionId'", lambda s: s.call(RESULT)),
    ("ValidationError", 400, "Value null at 'feedType'", lambda s: s.call("SubmitFeed", feed=FEED)),
    ("NextTokenCorrupted", 400, "", lambda s: s.call("GetFeedSubmissionListByNextToken", NextToken="LXio=")),
    ("InvalidParameterValue", 400, "from 1 to 100", lambda s: s.call("GetFeedSubmissionList", MaxCount="101")),
    ("ContentMD5Missing", 400, "you must pass a Content-MD5 HTTP header for your feed", lambda s: submitted(s, md5="")),
    ("ContentMD5DoesNotMatch", 400, f"for your feed ({md5(FEED)})", lambda s: submitted(s, md5=FAKE_MD5)),
    ("InvalidParameterValue", 400, "have different values", two_digests),
    ("InvalidFeedType", 400, "known are _POST_", lambda s: submitted(s, FeedType="_POST_PRODUCT_DATA_")),
    ("InvalidFeedType", 400, FULFILLMENT, lambda s: submitted(s, FeedType=FULFILLMENT.strip("_"))),
    ("InvalidMarketplace", 400, "Feed rejected", lambda s: submitted(s, MarketplaceIdList__Id__1="é")),
    ("InvalidMarketplace", 400, "Feed rejected", lambda s: submitted(s, MarketplaceIdList__Id__2="AXXXXXXXXXXXXX")),
    ("InvalidParameterValue", 400, "must be true or false", lambda s: submitted(s, PurgeAndReplace="maybe")),
    ("InputStreamDisconnected", 400, "There was an error reading the input stream.", cut_short),
    ("InvalidParameterValue", 400, "larger than", announced_too_large),
    (
        "InvalidFeedSubmissionId",
        400,
        "Failed to find feed with Feed Submission ID: 123456789",
        lambda s: s.call(RESULT, FeedSubmissionId="123456789"),
    ),
    (
        "InvalidRequest",
        400,
        "one4567890 failed a validation check: one4567890 is not a valid identifer.",
        lambda s: s.call(RESULT, FeedSubmissionId="one4567890"),
    ),
    (
        "FeedProcessingResultNotReady",
        404,
        "Feed Submission Result is not ready for Feed Submission Id: 50001017648",
        lambda s: s.call(RESULT, FeedSubmissionId=s.submit()),
    ),
    ("FeedCanceled", 400, "Feed Submission has been canceled for Feed: 50001017648", cancelled),
    ("FeedProcessingResultNoLongerAvailable", 400, "no longer kept", result_lost),
]


@pytest.mark.parametrize(("code", "status", "message", "attempt"), CASES)
def test_a_request_is_refused_with_its_code(
    code: str, status: int, message: str, attempt: Callable[[Server], Reply]
) -> None:
    server = Server()
    reply = attempt(server)
    assert reply.error == (status, code)
    assert message in reply.find("Message")
    assert reply.find("RequestID") == reply.headers["x-mws-request-id"]
    assert reply.headers["Content-Type"] == "text/xml"


@pytest.mark.parametrize("attempt", [case[3] for case in CASES if case[0].startswith(("Content", "Invalid"))])
def test_a_refused_feed_leaves_nothing_behind(attempt: Callable[[Server], Reply]) -> None:
    server = Server()
    attempt(server)
    kept = server.submissions.count("A1SELLER", Filter())
    assert len(server.documents) == kept == len(server.queue.sent)


def test_every_code_of_the_table_is_reached() -> None:
    assert {case[0] for case in CASES} | {"QuotaExceeded", "RequestThrottled"} >= {
        one.code for one in FEEDS.errors.values()
    }


def test_a_burst_is_throttled_with_an_empty_type() -> None:
    server = Server(quotas=QuotaMode.AMAZON)
    assert [server.call(COUNT).status for _ in range(10)] == [200] * 10
    reply = server.call(COUNT)
    assert reply.error == (503, "RequestThrottled")
    assert b"<Type></Type>" in reply.body
    assert reply.find("Message") == "Request is throttled"
    assert "x-mws-quota-max" not in reply.headers


def test_an_hour_that_is_used_up_is_told_in_amazons_words() -> None:
    start = find_window_start("A1SELLER", NOON)
    server = Server(quotas=QuotaMode.AMAZON, now=start)
    for _ in range(80):
        assert server.call(COUNT).status == 200
        server.pass_time(seconds=41)
    reply = server.call(COUNT)
    assert reply.error == (503, "QuotaExceeded")
    assert reply.find("Message") == (
        "You exceeded your quota of 80.0 requests per 1 hour for operation "
        "Feeds/2009-01-01/GetFeedSubmissionCount.  Your quota will reset on "
        f"Fri Apr 27 {start + timedelta(hours=1):%H:%M}:00 UTC 2018"
    )


def test_a_key_that_signs_for_several_sellers_needs_the_sellers_token() -> None:
    server = Server(sellers=(a_seller("A1ONE"), a_seller("A2TWO")))
    missing = server.call(COUNT, SellerId="A2TWO")
    assert (missing.error, missing.find("Message")) == (
        (401, "AccessDenied"),
        "Missing required MWSAuthToken for Seller.",
    )
    assert server.call(COUNT, SellerId="A2TWO", MWSAuthToken="amzn.mws.A1ONE").error == (401, "AccessDenied")
    assert server.call(COUNT, SellerId="A2TWO", MWSAuthToken="amzn.mws.A2TWO").status == 200


def test_a_seller_without_a_token_has_no_valid_one() -> None:
    server = Server(sellers=(a_seller(auth_token=Secret("")),))
    assert server.call(COUNT).status == 200
    assert server.call(COUNT, MWSAuthToken="anything").error == (401, "AccessDenied")


def test_back_end_errors_of_the_older_kind_carry_a_detail_and_others_do_not() -> None:
    for code, _, _, attempt in CASES:
        reply = attempt(Server())
        dialects = {one.dialect for one in FEEDS.errors.values() if one.code == code}
        if len(dialects) == 1:
            assert (b"<Detail/>" in reply.body) == (dialects == {Dialect.FEEDS}), code


# Each request has two faults; the one that Amazon looks at first is told.
PRECEDENCE = [
    ("query before operation", {"Action": "X"}, "&a=b=c", "InvalidParameterValue"),
    ("operation before key", {"Action": "X", "AWSAccessKeyId": "AKIANOBODY"}, "", "InvalidAddress"),
    ("key before time", {"AWSAccessKeyId": "AKIANOBODY", "Timestamp": "1"}, "", "InvalidAccessKeyId"),
    ("key before signature", {"AWSAccessKeyId": "AKIANOBODY"}, "&changed=1", "InvalidAccessKeyId"),
    ("time before signature", {"Timestamp": "2018-04-26T12:00:00Z"}, "&changed=1", "RequestExpired"),
    ("signature before seller", {"SellerId": "A9NOBODY"}, "&changed=1", "SignatureDoesNotMatch"),
    ("seller before parameters", {"SellerId": "A9NOBODY", "MaxCount": "0"}, "", "AccessDenied"),
]


@pytest.mark.parametrize(
    ("changes", "suffix", "code"), [case[1:] for case in PRECEDENCE], ids=[c[0] for c in PRECEDENCE]
)
def test_of_two_faults_the_first_is_told(changes: dict[str, str], suffix: str, code: str) -> None:
    server = Server()
    wire = server.wire("GetFeedSubmissionList", **changes)
    wire.query += suffix
    assert server.send(wire).find("Code") == code


def test_the_quota_comes_before_parameters_and_these_before_the_digest() -> None:
    server = Server(quotas=QuotaMode.AMAZON)
    codes = [submitted(server, FeedType="_X_", md5=FAKE_MD5).find("Code") for _ in range(16)]
    assert codes == ["InvalidFeedType"] * 15 + ["RequestThrottled"]


def test_a_fault_of_the_server_is_told_without_its_details_and_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server()

    def full_disk() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(server.backend.documents, "create", full_disk)
    reply = submitted(server)
    assert reply.error == (500, "InternalError")
    assert reply.find("Type") == "Receiver"
    assert "space" not in reply.text
    assert "No space left on device" in caplog.text
    assert reply.headers["x-mws-request-id"] in caplog.text
