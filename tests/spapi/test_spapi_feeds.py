"""Feeds 2021-06-30: upload, create, poll, download; over the same submissions as MWS."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from feedproc.feeds.submission import Door
from feedproc.orders.order import OrderStatus
from tests.builders import ACKNOWLEDGEMENT, FULFILLMENT, a_feed, cancels, item_code, told_by
from tests.spapi.builders import GERMANY, XML, SpShop, a_shop, an_sp_seller, error_of

FEEDS = "/feeds/2021-06-30/feeds"
DOCUMENTS = "/feeds/2021-06-30/documents"
INVALID = (400, "InvalidInput", "Invalid request parameters", "")
FEED = a_feed(cancels(1))
RIVAL = an_sp_seller("A3RIVAL")


def test_an_uploaded_feed_changes_orders_and_its_report_is_the_one_of_mws(sp: SpShop) -> None:
    feed_id = sp.submit(FEED, ACKNOWLEDGEMENT)
    assert sp.feed(feed_id)["processingStatus"] == "IN_QUEUE"
    assert sp.submission(feed_id).door is Door.SP_API
    sp.shop.work()
    assert sp.shop.order(1).status is OrderStatus.CANCELED
    result = sp.result(feed_id)
    assert result.content_type == "text/xml;charset=UTF-8"
    assert told_by(result.data).counts == (1, 1, 0, 0)
    assert result.data == sp.shop.raw_report(sp.submission(feed_id))


def test_a_feed_tells_how_far_it_is(sp: SpShop) -> None:
    feed_id = sp.submit(FEED, ACKNOWLEDGEMENT)
    assert sp.feed(feed_id) == {
        "feedId": feed_id,
        "feedType": ACKNOWLEDGEMENT,
        "marketplaceIds": ["A1VC38T7YXB528"],
        "createdTime": "2026-11-28T12:00:00+00:00",
        "processingStatus": "IN_QUEUE",
    }
    sp.shop.work()
    done = sp.feed(feed_id)
    assert done["processingStatus"] == "DONE"
    assert done["processingStartTime"] == done["processingEndTime"] == "2026-11-28T12:00:00+00:00"
    assert done["resultFeedDocumentId"].startswith("amzn1.tortuga.4.fe.")
    assert "/" not in done["resultFeedDocumentId"]


def test_a_put_answers_as_s3_does(sp: SpShop) -> None:
    made = sp.call("POST", DOCUMENTS, {"contentType": XML})
    answer = sp.follow("PUT", made.json["url"], FEED, XML)
    assert (answer.status_code, answer.data, answer.headers["Content-Length"]) == (200, b"", "0")
    assert answer.headers["Server"] == "AmazonS3"
    assert answer.headers["ETag"].startswith('"')


@pytest.mark.parametrize("content_type", [None, "text/xml", "text/xml; charset=utf-8", ""])
def test_another_content_type_than_the_one_announced_does_not_match_the_signature(
    sp: SpShop, content_type: str | None
) -> None:
    made = sp.call("POST", DOCUMENTS, {"contentType": XML})
    answer = sp.follow("PUT", made.json["url"], FEED, content_type)
    assert (answer.status_code, answer.content_type) == (403, "application/xml")
    assert "<Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated" in answer.text


def test_an_address_is_good_for_five_minutes(sp: SpShop) -> None:
    url = sp.call("POST", DOCUMENTS, {"contentType": XML}).json["url"]
    sp.later(minutes=5)
    assert sp.follow("PUT", url, FEED, XML).status_code == 200
    sp.later(seconds=1)
    late = sp.follow("PUT", url, FEED, XML)
    assert late.status_code == 403
    assert (
        "<Code>AccessDenied</Code><Message>Request has expired</Message><X-Amz-Expires>300</X-Amz-Expires>" in late.text
    )


@pytest.mark.parametrize(
    "part", ["key=", "X-Amz-Credential=A", "X-Amz-Date=2026", "content-type=text", "X-Amz-Signature="]
)
def test_no_part_of_an_address_can_be_changed(sp: SpShop, part: str) -> None:
    url = sp.call("POST", DOCUMENTS, {"contentType": XML}).json["url"]
    forged = url.replace(part, part + "f")
    assert forged != url
    assert sp.follow("PUT", forged, FEED, XML).status_code == 403


def test_an_address_to_upload_gives_nothing_to_download(sp: SpShop) -> None:
    url = sp.call("POST", DOCUMENTS, {"contentType": XML}).json["url"]
    assert sp.follow("PUT", url, FEED, XML).status_code == 200
    assert sp.follow("GET", url).status_code == 403
    assert sp.follow("DELETE", url).status_code == 403


def test_an_address_is_built_from_configuration_not_from_what_a_client_calls_the_server(sp: SpShop) -> None:
    made = sp.call("POST", DOCUMENTS, {"contentType": XML}, Host="27.0.0.1:8080")
    assert made.json["url"].startswith("http://127.0.0.1:9/documents/")


def test_a_feed_that_is_uploaded_again_after_it_was_submitted_does_not_change(sp: SpShop) -> None:
    made = sp.call("POST", DOCUMENTS, {"contentType": XML}).json
    sp.follow("PUT", made["url"], FEED, XML)
    created = sp.create_feed(made["feedDocumentId"], ACKNOWLEDGEMENT)
    sp.follow("PUT", made["url"], a_feed(cancels(2)), XML)
    sp.shop.work()
    assert created.status_code == 202
    assert (sp.shop.order(1).status, sp.shop.order(2).status) == (OrderStatus.CANCELED, OrderStatus.UNSHIPPED)


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({}, "marketplaceIds;feedType;inputFeedDocumentId;"),
        ({"feedType": ACKNOWLEDGEMENT, "marketplaceIds": []}, "marketplaceIds;inputFeedDocumentId;"),
        ({"feedType": None, "marketplaceIds": ["A1VC38T7YXB528"], "inputFeedDocumentId": "x"}, "feedType;"),
    ],
)
def test_missing_members_are_named(sp: SpShop, body: dict[str, Any], details: str) -> None:
    answer = sp.call("POST", FEEDS, body)
    assert error_of(answer) == (400, "InvalidInput", "One or more required parameters missing", details)


def test_a_document_needs_a_content_type(sp: SpShop) -> None:
    answer = sp.call("POST", DOCUMENTS, {})
    assert error_of(answer) == (400, "InvalidInput", "One or more required parameters missing", "contentType;")


@pytest.mark.parametrize(
    "feed_type",
    ["_POST_ORDER_FULFILLMENT_DATA_", "POST_PRODUCT_DATA", "POST_FLAT_FILE_PENDING_ORDER_CANCELLATION_DATA"],
)
def test_a_feed_type_that_is_not_offered_is_named(sp: SpShop, feed_type: str) -> None:
    answer = sp.create_feed(sp.upload(FEED), feed_type)
    assert error_of(answer) == (400, "InvalidInput", f"feed type {feed_type} is invalid", "")


def test_a_document_that_was_never_uploaded_cannot_be_submitted(sp: SpShop) -> None:
    made = sp.call("POST", DOCUMENTS, {"contentType": XML}).json
    assert error_of(sp.create_feed(made["feedDocumentId"], FULFILLMENT)) == INVALID


@pytest.mark.parametrize("document", ["amzn1.tortuga.4.fe.x.y", "../../etc/passwd", "x" * 5_000, "a.b.c.d.e.f"])
def test_a_document_that_does_not_exist_cannot_be_submitted(sp: SpShop, document: str) -> None:
    assert error_of(sp.create_feed(document, FULFILLMENT)) == INVALID


def test_an_upload_waits_two_days_at_the_most(sp: SpShop) -> None:
    early, late = sp.upload(FEED), sp.upload(FEED)
    sp.later(days=2)
    assert sp.create_feed(early, ACKNOWLEDGEMENT).status_code == 202
    sp.later(seconds=1)
    assert error_of(sp.create_feed(late, ACKNOWLEDGEMENT)) == INVALID


def test_a_marketplace_of_another_region_is_refused(sp: SpShop) -> None:
    assert error_of(sp.create_feed(sp.upload(FEED), ACKNOWLEDGEMENT, marketplaceIds=[GERMANY])) == INVALID


def test_another_sellers_feeds_and_documents_are_unknown(sp: SpShop) -> None:
    rival = sp.token(RIVAL)
    document = sp.upload(FEED)
    assert error_of(sp.create_feed(document, ACKNOWLEDGEMENT, rival)) == INVALID
    feed_id = sp.submit(FEED, ACKNOWLEDGEMENT)
    sp.shop.work()
    result = sp.feed(feed_id)["resultFeedDocumentId"]
    assert sp.call("GET", f"{FEEDS}/{feed_id}", token=rival).status_code == 404
    assert sp.call("DELETE", f"{FEEDS}/{feed_id}", token=rival).status_code == 404
    assert error_of(sp.call("GET", f"{DOCUMENTS}/{result}", token=rival))[2] == "Invalid feedDocumentId"
    assert sp.call("GET", FEEDS, query={"feedTypes": ACKNOWLEDGEMENT}, token=rival).json == {"feeds": []}


def test_the_id_of_an_upload_is_none_of_a_result(sp: SpShop) -> None:
    answer = sp.call("GET", f"{DOCUMENTS}/{sp.upload(FEED)}")
    assert error_of(answer)[:3] == (400, "InvalidInput", "Invalid feedDocumentId")


def test_an_unknown_feed_is_told_without_details(sp: SpShop) -> None:
    text = "One or more of the provided FeedSubmissionIds could not be found."
    for method in ("GET", "DELETE"):
        assert error_of(sp.call(method, f"{FEEDS}/123")) == (404, "NotFound", text, None)


def test_a_feed_that_waits_can_be_cancelled_once(sp: SpShop) -> None:
    feed_id = sp.submit(FEED, ACKNOWLEDGEMENT)
    assert sp.call("DELETE", f"{FEEDS}/{feed_id}", body={}).json == {}
    assert sp.feed(feed_id)["processingStatus"] == "CANCELLED"
    assert "resultFeedDocumentId" not in sp.feed(feed_id)
    assert error_of(sp.call("DELETE", f"{FEEDS}/{feed_id}"))[:2] == (400, "InvalidInput")


def test_a_feed_that_was_given_up_is_fatal(sp: SpShop) -> None:
    feed_id = sp.submit(FEED, ACKNOWLEDGEMENT)
    sp.shop.backend.documents.delete(sp.submission(feed_id).document)
    sp.shop.struggle()
    assert sp.feed(feed_id)["processingStatus"] == "FATAL"
    listed = sp.call("GET", FEEDS, query={"feedTypes": ACKNOWLEDGEMENT, "processingStatuses": "FATAL"})
    assert [one["feedId"] for one in listed.json["feeds"]] == [feed_id]
    cancelled = sp.call("GET", FEEDS, query={"feedTypes": ACKNOWLEDGEMENT, "processingStatuses": "CANCELLED"})
    assert cancelled.json == {"feeds": []}


def test_feeds_are_listed_newest_first_page_by_page(sp: SpShop) -> None:
    ids = [sp.submit(FEED, ACKNOWLEDGEMENT) for _ in range(5)]
    first = sp.call("GET", FEEDS, query={"feedTypes": ACKNOWLEDGEMENT, "pageSize": 3}).json
    assert [one["feedId"] for one in first["feeds"]] == ids[:1:-1]
    rest = sp.call("GET", FEEDS, query={"nextToken": first["nextToken"]}).json
    assert [one["feedId"] for one in rest["feeds"]] == [ids[1], ids[0]]
    assert "nextToken" not in rest


@pytest.mark.parametrize(
    "query",
    [
        {"feedTypes": [ACKNOWLEDGEMENT, FULFILLMENT]},
        {"feedTypes": f"{FULFILLMENT},{ACKNOWLEDGEMENT}"},
        {"feedTypes": ACKNOWLEDGEMENT, "marketplaceIds": "A1VC38T7YXB528", "processingStatuses": ["IN_QUEUE", "DONE"]},
        {"feedTypes": ACKNOWLEDGEMENT, "createdSince": "2026-11-28", "createdUntil": "2026-11-28T21:00:00+09:00"},
        {"feedTypes": ACKNOWLEDGEMENT, "MarketplaceId": "x", "path": "y", "unknown": "z"},
    ],
)
def test_lists_come_joined_or_repeated_and_unknown_names_are_ignored(sp: SpShop, query: dict[str, Any]) -> None:
    feed_id = sp.submit(FEED, ACKNOWLEDGEMENT)
    assert [one["feedId"] for one in sp.call("GET", FEEDS, query=query).json["feeds"]] == [feed_id]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({}, "One or more required parameters missing"),
        (
            {"feedTypes": ",".join(map(str, range(11)))},
            "The input you have submitted is not valid. Please check your input and try again.",
        ),
        (
            {"feedTypes": "x", "pageSize": "0"},
            "The input you have submitted is not valid. Please check your input and try again.",
        ),
        (
            {"feedTypes": "x", "pageSize": "101"},
            "The input you have submitted is not valid. Please check your input and try again.",
        ),
        (
            {"feedTypes": "x", "pageSize": "²"},
            "The input you have submitted is not valid. Please check your input and try again.",
        ),
        (
            {"feedTypes": "x", "processingStatuses": "LOST"},
            "The input you have submitted is not valid. Please check your input and try again.",
        ),
        ({"feedTypes": "x", "createdSince": "yesterday"}, "timestamp must follow ISO8601"),
        ({"nextToken": "nonsense"}, "Invalid request parameters"),
        ({"nextToken": "nonsense", "pageSize": "3"}, "Invalid request parameters"),
    ],
)
def test_a_list_that_is_asked_for_wrongly_is_refused(sp: SpShop, query: dict[str, Any], message: str) -> None:
    assert error_of(sp.call("GET", FEEDS, query=query))[:3] == (400, "InvalidInput", message)


def test_a_token_of_another_sellers_list_is_worth_nothing(sp: SpShop) -> None:
    for _ in range(2):
        sp.submit(FEED, ACKNOWLEDGEMENT)
    page = sp.call("GET", FEEDS, query={"feedTypes": ACKNOWLEDGEMENT, "pageSize": 1}).json
    answer = sp.call("GET", FEEDS, query={"nextToken": page["nextToken"]}, token=sp.token(RIVAL))
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b"[", b"[]", b'"x"', b"\xff", b"[" * 200_000, b'{"feedType": 7}', b"x" * 1_100_000])
def test_a_body_that_is_no_object_is_refused(sp: SpShop, body: bytes) -> None:
    assert sp.call("POST", FEEDS, body).status_code == 400


def test_a_shift_jis_flat_file_is_read_by_its_content_type(sp: SpShop) -> None:
    rows = (
        "TemplateType=OrderCancellation\tVersion=1.0/1.0.3\t出品者用",
        "order-id\tcancellation-reason-code\tamazon-order-item-code",
        f"{sp.shop.order(1).amazon_order_id}\tBuyerCanceled\t{item_code(1)}",
    )
    content_type = "text/tab-separated-values; charset=Shift_JIS"
    feed_id = sp.submit("\n".join(rows).encode("cp932"), "POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA", content_type)
    sp.shop.work()
    assert sp.shop.order(1).status is OrderStatus.CANCELED
    assert sp.result(feed_id).content_type == "text/plain;charset=windows-31j"


def test_a_feed_that_came_by_one_door_is_seen_at_the_other(sp: SpShop) -> None:
    submission = sp.shop.submit(FEED)
    listed = sp.call("GET", FEEDS, query={"feedTypes": ACKNOWLEDGEMENT, "createdSince": "2026-11-01"}).json["feeds"]
    assert [one["feedId"] for one in listed] == [submission.submission_id]
    assert sp.feed(submission.submission_id)["marketplaceIds"] == ["A1VC38T7YXB528"]


def test_a_document_that_is_submitted_again_is_the_feed_of_the_first_time(sp: SpShop) -> None:
    document = sp.upload(FEED)
    first, second = (sp.create_feed(document, ACKNOWLEDGEMENT).json["feedId"] for _ in range(2))
    assert first == second
    assert sp.shop.work() == 1
    assert sp.create_feed(document, ACKNOWLEDGEMENT).json["feedId"] == first
    assert sp.create_feed(document, FULFILLMENT).json["feedId"] != first


def test_equal_feeds_in_two_documents_are_two_feeds(sp: SpShop) -> None:
    first, second = (sp.submit(FEED, ACKNOWLEDGEMENT) for _ in range(2))
    assert first != second


@pytest.mark.parametrize(("asked", "encoding"), [("", "identity"), ("false", "identity"), ("true", "gzip")])
def test_a_server_may_give_results_compressed(tmp_path: Path, asked: str, encoding: str) -> None:
    sp = a_shop(tmp_path, packs_documents=True)
    feed_id = sp.submit(FEED, ACKNOWLEDGEMENT)
    sp.shop.work()
    path = f"/feeds/2021-06-30/documents/{sp.feed(feed_id)['resultFeedDocumentId']}"
    told = sp.call("GET", path, query={"enableContentEncodingUrlHeader": asked}).json
    assert told["compressionAlgorithm"] == "GZIP"
    given = sp.follow("GET", told["url"])
    assert (given.status_code, given.headers["Content-Encoding"]) == (200, encoding)
    assert gzip.decompress(given.data) == sp.shop.raw_report(sp.submission(feed_id))
    assert sp.follow("GET", told["url"].replace("&packed=gzip", "")).status_code == 403


def test_results_come_as_they_are_unless_the_server_is_told_otherwise(sp: SpShop) -> None:
    feed_id = sp.submit(FEED, ACKNOWLEDGEMENT)
    sp.shop.work()
    path = f"/feeds/2021-06-30/documents/{sp.feed(feed_id)['resultFeedDocumentId']}"
    assert "compressionAlgorithm" not in sp.call("GET", path).json
