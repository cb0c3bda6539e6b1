"""The function `api`: MWS over the events of an HTTP API."""

from pathlib import Path

import pytest

from feedproc.ports import Filter
from tests.builders import ADJUSTMENT, a_feed, acknowledges, refunds, told_by
from tests.lambdas.builders import LambdaShop, a_lambda_shop
from tests.mws.clients import md5

SHIFT_JIS = "amazon-order-id\tname\n250-0000000-0000001\t山田\n".encode("shift_jis")


@pytest.fixture
def shop(tmp_path: Path) -> LambdaShop:
    return a_lambda_shop(tmp_path)


def submission_id(answer: str) -> str:
    return answer.partition("<FeedSubmissionId>")[2].partition("<")[0]


def test_a_signed_feed_gets_an_id_and_stands_in_the_queue(shop: LambdaShop) -> None:
    answer = shop.sends(a_feed(acknowledges(1)))
    assert answer.status == 200
    assert shop.fifo.read_waiting(shop.fifo.entries[0].body).submission_id == submission_id(answer.text)


@pytest.mark.parametrize("content_type", ["text/xml", "application/octet-stream", "application/x-www-form-urlencoded"])
def test_a_feed_arrives_to_the_byte_whatever_it_is_labelled(shop: LambdaShop, content_type: str) -> None:
    feed = a_feed(acknowledges(1)).replace(b"</Header>", "</Header><!-- 山田 -->".encode())
    assert shop.sends(feed, content_type=content_type).status == 200
    (submission,) = shop.backend.submissions.find("A2SHOP", Filter(), 2)
    with shop.backend.documents.open(submission.document) as document:
        assert document.read() == feed


def test_a_report_comes_back_to_the_byte_with_its_digest(shop: LambdaShop) -> None:
    named = submission_id(shop.sends(a_feed(acknowledges(1))).text)
    shop.delivered()
    answer = shop.call("GetFeedSubmissionResult", FeedSubmissionId=named)
    assert told_by(answer.body).counts == (1, 1, 0, 0)
    assert answer.headers["content-md5"] == md5(answer.body)


def test_a_client_that_waits_sees_its_feed_done(shop: LambdaShop) -> None:
    named = submission_id(shop.sends(a_feed(acknowledges(1))).text)
    assert "_SUBMITTED_" in shop.call("GetFeedSubmissionList", **{"FeedSubmissionIdList.Id.1": named}).text
    shop.delivered()
    assert "_DONE_" in shop.call("GetFeedSubmissionList", **{"FeedSubmissionIdList.Id.1": named}).text


def test_the_stage_in_a_path_is_signed_and_is_no_section(shop: LambdaShop) -> None:
    event = shop.event(target=shop.target("GetFeedSubmissionCount", path="/dev/Feeds/2009-01-01"))
    event["requestContext"]["stage"] = "dev"
    assert shop.answer(event).status == 200
    event["requestContext"]["stage"] = "$default"
    assert shop.answer(event).status == 404


def test_a_wrong_signature_is_refused(shop: LambdaShop) -> None:
    answer = shop.call("GetFeedSubmissionCount", secret="guessed")
    assert (answer.status, "SignatureDoesNotMatch" in answer.text) == (403, True)


def test_a_feed_beyond_the_limit_is_refused_with_the_ways_around(shop: LambdaShop) -> None:
    answer = shop.sends(b" " * 4_500_001)
    assert (answer.status, "<Code>InvalidParameterValue</Code>" in answer.text) == (400, True)
    assert "4500001 bytes" in answer.text
    assert "split it into several feeds" in answer.text
    assert "feedproc serve --backend aws" in answer.text
    assert shop.fifo.entries == []


def test_a_feed_at_the_limit_is_taken(shop: LambdaShop) -> None:
    feed = a_feed(acknowledges(1))
    assert shop.sends(feed + b" " * (4_500_000 - len(feed))).status == 200


def test_a_report_beyond_the_limit_is_refused_with_the_ways_around(
    shop: LambdaShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedproc.lambdas.api.MOST_BYTES", 1500)
    feed = a_feed(*(refunds(number, "0.001") for number in range(4, 9)), feed_type=ADJUSTMENT)
    named = submission_id(shop.sends(feed[:1400], FeedType=f"_{ADJUSTMENT}_").text)
    monkeypatch.setattr("feedproc.lambdas.api.MOST_BYTES", 300)
    shop.delivered()
    answer = shop.call("GetFeedSubmissionResult", FeedSubmissionId=named)
    assert (answer.status, "<Code>InvalidRequest</Code>" in answer.text) == (400, True)
    assert "feedproc serve --backend aws" in answer.text


def test_a_feed_that_api_gateway_spoils_is_refused_with_what_to_do(shop: LambdaShop) -> None:
    answer = shop.sends(SHIFT_JIS, content_type="text/tab-separated-values; charset=Shift_JIS")
    assert (answer.status, "label it application/octet-stream" in answer.text) == (400, True)
    assert shop.sends(SHIFT_JIS, content_type="application/octet-stream").status == 200


def test_a_feed_with_a_replacement_character_of_its_own_is_taken(shop: LambdaShop) -> None:
    assert shop.sends(a_feed(acknowledges(1)).replace(b"</Header>", "</Header><!-- \ufffd -->".encode())).status == 200


def test_a_request_without_a_body_is_a_ping(shop: LambdaShop) -> None:
    assert "PingResponse" in shop.answer(shop.event()).text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"body": "not base64!", "isBase64Encoded": True}, "neither text nor in base64"),
        ({"body": "\ud800"}, "neither text nor in base64"),
        ({"body": 7}, "not one of an HTTP API"),
        ({"headers": None}, "not one of an HTTP API"),
        ({"rawPath": None}, "not one of an HTTP API"),
        ({"requestContext": {}}, "not one of an HTTP API"),
        ({"version": "1.0"}, "payload format version 2.0"),
    ],
)
def test_an_event_of_another_form_is_refused(shop: LambdaShop, change: dict[str, object], told: str) -> None:
    answer = shop.answer(shop.event() | change)
    assert answer.status == 400
    assert told in answer.text


@pytest.mark.parametrize(
    "path",
    ["/../../etc/passwd", "/Feeds/../admin", "/%00", "/Feeds/2009-01-01%2f..", "/山田", "/\ud800", "/$default"],
)
def test_tricks_with_the_path_lead_nowhere(shop: LambdaShop, path: str) -> None:
    event = shop.event(target=shop.target("GetFeedSubmissionCount"))
    event["rawPath"] = path
    assert shop.answer(event).status in {403, 404}


@pytest.mark.parametrize("query", ["Action=\u5c71", "Action=%ff&%zz", "&&&=", "Action=" + "x" * 9000, "\ud800"])
def test_tricks_with_the_query_are_refused(shop: LambdaShop, query: str) -> None:
    answer = shop.answer(shop.event() | {"rawQueryString": query})
    assert 400 <= answer.status < 500


def test_a_feed_that_a_library_sends_again_is_taken_once(shop: LambdaShop) -> None:
    answers = [submission_id(shop.sends(a_feed(acknowledges(1))).text) for _ in range(2)]
    assert answers[0] == answers[1]
