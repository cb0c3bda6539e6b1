"""What each action does with submissions."""

from datetime import timedelta

import pytest

from feedproc.feeds.submission import Door, ProcessingStatus
from tests.mws.builders import (
    ACKNOWLEDGEMENT,
    FEED,
    FLAT_FULFILLMENT,
    FULFILLMENT,
    NOON,
    PENDING_CANCELLATION,
    Server,
    a_seller,
)
from tests.mws.clients import md5

LIST = "GetFeedSubmissionList"
NEXT = "GetFeedSubmissionListByNextToken"
COUNT = "GetFeedSubmissionCount"
CANCEL = "CancelFeedSubmissions"
RESULT = "GetFeedSubmissionResult"


def with_feeds(count: int) -> tuple[Server, list[str]]:
    """Return a server and the ids of its feeds, newest first."""
    server = Server()
    return server, [server.submit() for _ in range(count)][::-1]


# -- SubmitFeed ----------------------------------------------------------------------------------


def test_a_feed_is_kept_submitted_and_announced() -> None:
    server = Server()
    identifier = server.submit(b"anything at all", ACKNOWLEDGEMENT)
    kept = server.submissions.get("A1SELLER", identifier)
    assert kept is not None
    assert server.documents[kept.document] == b"anything at all"
    assert (kept.feed_type, kept.size, kept.content_type) == ("POST_ORDER_ACKNOWLEDGEMENT_DATA", 15, "text/xml")
    assert (kept.submitted_at, kept.door) == (NOON, Door.MWS)
    assert server.queue.sent == [kept]


def test_parameters_without_meaning_for_order_feeds_are_taken() -> None:
    reply = Server().call(
        "SubmitFeed",
        feed=FEED,
        FeedType=FULFILLMENT,
        PurgeAndReplace="false",
        FeedOptions="metadata:orderid=407",
        DocumentType="Invoice",
        MarketplaceIdList__Id__1="A1VC38T7YXB528",
        MarketplaceIdList__Id__2="ATVPDKIKX0DER",
    )
    assert reply.find("FeedProcessingStatus") == "_SUBMITTED_"


def test_a_feed_type_that_is_not_offered_is_unknown() -> None:
    server = Server()
    reply = server.call("SubmitFeed", feed=FEED, FeedType=PENDING_CANCELLATION)
    unknown = server.call("SubmitFeed", feed=FEED, FeedType="_X_")
    assert (reply.status, reply.find("Code")) == (unknown.status, unknown.find("Code"))
    assert PENDING_CANCELLATION not in unknown.text
    assert not server.queue.sent


@pytest.mark.parametrize("parameter", [None, "", md5(FEED)])
def test_the_digest_may_come_as_a_header_and_as_both(parameter: str | None) -> None:
    server = Server()
    wire = server.wire("SubmitFeed", feed=FEED, FeedType=FULFILLMENT, ContentMD5Value=parameter)
    assert server.send(wire, HTTP_CONTENT_MD5=f" {md5(FEED)} ").status == 200


def test_an_empty_body_names_the_digest_of_nothing() -> None:
    server = Server()
    wire = server.wire("SubmitFeed", feed=FEED, FeedType=FULFILLMENT)
    wire.body = b""
    message = server.send(wire).find("Message")
    assert message == (
        f"the Content-MD5 HTTP header you passed for your feed ({md5(FEED)}) did not match the Content-MD5 we "
        "calculated for your feed (1B2M2Y8AsgTpgAmY7PhCfg==)"
    )


@pytest.mark.parametrize("label", ["application/x-www-form-urlencoded", "x-www-form-urlencoded", "text/plain", ""])
def test_a_feed_is_never_taken_for_a_form(label: str) -> None:
    server = Server()
    wire = server.wire("SubmitFeed", feed=b"a=b=c&<x>&a=1", FeedType=FULFILLMENT)
    assert server.send(wire, CONTENT_TYPE=label).status == 200
    assert list(server.documents.values()) == [b"a=b=c&<x>&a=1"]


def test_a_feed_is_submitted_by_post_only() -> None:
    from tests.mws.builders import signed

    server = Server()
    params = {**server.common(server.sellers[0]), "Action": "SubmitFeed", "FeedType": FULFILLMENT}
    reply = server.send(signed(params, server.sellers[0].secret_key, method="GET"))
    assert reply.error == (400, "InvalidRequest")


# -- GetFeedSubmissionList -----------------------------------------------------------------------


def test_no_feeds_give_an_empty_list() -> None:
    reply = Server().call(LIST)
    assert [child.tag.partition("}")[2] for child in reply.root[0]] == ["HasNext"]
    assert reply.find("HasNext") == "false"


def test_the_newest_ten_are_listed_first() -> None:
    server, ids = with_feeds(12)
    reply = server.call(LIST)
    assert reply.find_all("FeedSubmissionId") == ids[:10]
    assert reply.find("HasNext") == "true"


def test_pages_follow_each_other_in_the_size_of_the_first() -> None:
    server, ids = with_feeds(7)
    page = server.call(LIST, MaxCount="3")
    found = page.find_all("FeedSubmissionId")
    while page.find("HasNext") == "true":
        server.submit()  # a new feed does not move the pages
        page = server.call(NEXT, NextToken=page.find("NextToken"))
        found += page.find_all("FeedSubmissionId")
    assert found == ids
    assert not page.find_all("NextToken")


def test_pages_keep_the_filter_of_the_first() -> None:
    server = Server()
    kinds = [ACKNOWLEDGEMENT, FULFILLMENT] * 3
    ids = [server.submit(feed_type=kind) for kind in kinds]
    page = server.call(LIST, MaxCount="2", FeedTypeList__Type__1=FULFILLMENT)
    rest = server.call(NEXT, NextToken=page.find("NextToken"))
    assert page.find_all("FeedSubmissionId") + rest.find_all("FeedSubmissionId") == ids[5::-2]


def test_another_sellers_token_is_corrupted() -> None:
    server = Server(sellers=(a_seller(), a_seller("A2OTHER", "AKIAOTHER")))
    for _ in range(2):
        server.submit()
    token = server.call(LIST, MaxCount="1").find("NextToken")
    reply = server.call(NEXT, seller=server.sellers[1], NextToken=token)
    assert reply.error == (400, "NextTokenCorrupted")


def test_ids_override_every_other_condition() -> None:
    server, ids = with_feeds(12)
    named = {f"FeedSubmissionIdList__Id__{number}": one for number, one in enumerate(ids, 1)}
    reply = server.call(LIST, FeedTypeList__Type__1="_NO_SUCH_", SubmittedToDate="2001-01-01", **named)
    assert reply.find_all("FeedSubmissionId") == ids
    assert reply.find("HasNext") == "false"


def test_more_than_a_hundred_ids_are_refused() -> None:
    named = {f"FeedSubmissionIdList__Id__{number}": str(number) for number in range(1, 102)}
    assert Server().call(LIST, **named).error == (400, "InvalidParameterValue")


def test_an_id_that_is_not_there_refuses_them_all() -> None:
    server, (known,) = with_feeds(1)
    reply = server.call(LIST, FeedSubmissionIdList__Id__1=known, FeedSubmissionIdList__Id__2="1")
    assert reply.error == (400, "InvalidFeedSubmissionId")
    both = server.call(CANCEL, FeedSubmissionIdList__Id__1="2", FeedSubmissionIdList__Id__2="1")
    assert both.find("Message") == "One or more of the provided FeedSubmissionIds could not be found."


def test_another_sellers_feed_is_unknown() -> None:
    server = Server(sellers=(a_seller(), a_seller("A2OTHER", "AKIAOTHER")))
    own = server.submit()
    other = server.sellers[1]
    assert server.call(LIST, seller=other).find_all("FeedSubmissionId") == []
    for action, name in ((LIST, "FeedSubmissionIdList__Id__1"), (CANCEL, "FeedSubmissionIdList__Id__1")):
        assert server.call(action, seller=other, **{name: own}).error == (400, "InvalidFeedSubmissionId")
    assert server.call(RESULT, seller=other, FeedSubmissionId=own).error == (400, "InvalidFeedSubmissionId")
    assert server.status_of(own) is ProcessingStatus.SUBMITTED


def test_a_feed_is_told_with_the_dates_that_it_has() -> None:
    server, (waiting, running, ended) = with_feeds(3)
    started = NOON + timedelta(minutes=1)
    server.finish(ended, b"<x/>")
    server.begin(running, at=started)
    infos = list(server.call(LIST).root[0])[1:]
    names = [[child.tag.partition("}")[2] for child in info][4:] for info in infos]
    assert names == [[], ["StartedProcessingDate"], ["StartedProcessingDate", "CompletedProcessingDate"]]
    assert infos[1][4].text == "2018-04-27T12:01:00+00:00"
    assert [info[0].text for info in infos] == [waiting, running, ended]


def test_feeds_are_found_by_status() -> None:
    server, (waiting, ended) = with_feeds(2)
    server.finish(ended, b"<x/>")
    reply = server.call(LIST, FeedProcessingStatusList__Status__1="_DONE_")
    assert reply.find_all("FeedSubmissionId") == [ended]
    both = {"FeedProcessingStatusList__Status__1": "_DONE_", "FeedProcessingStatusList__Status__2": "_SUBMITTED_"}
    assert server.call(LIST, **both).find_all("FeedSubmissionId") == [waiting, ended]
    assert server.call(LIST, FeedProcessingStatusList__Status__1="DONE").status == 400


def test_a_date_taken_from_an_answer_includes_that_feed() -> None:
    server, (identifier,) = with_feeds(1)
    date = server.call(LIST).find("SubmittedDate")
    reply = server.call(LIST, SubmittedFromDate=date, SubmittedToDate=date)
    assert reply.find_all("FeedSubmissionId") == [identifier]


def test_a_list_and_a_count_reach_back_ninety_days_unless_told_otherwise() -> None:
    server, _ = with_feeds(2)
    server.pass_time(days=91)
    server.submit()
    assert len(server.call(LIST).find_all("FeedSubmissionId")) == 1
    assert server.call(COUNT).find("Count") == "1"
    assert server.call(COUNT, SubmittedFromDate="2018-04-01").find("Count") == "3"


# -- GetFeedSubmissionCount ----------------------------------------------------------------------


def test_feeds_are_counted_by_type_status_and_date() -> None:
    server = Server()
    for kind in (ACKNOWLEDGEMENT, FULFILLMENT, FULFILLMENT):
        server.submit(feed_type=kind)
    assert server.call(COUNT).find("Count") == "3"
    assert server.call(COUNT, FeedTypeList__Type=FULFILLMENT).find("Count") == "2"
    assert server.call(COUNT, FeedProcessingStatusList__Status__1="_DONE_").find("Count") == "0"
    assert server.call(COUNT, SubmittedToDate="2018-04-27T11:59:59Z").find("Count") == "0"


def test_a_type_without_feeds_counts_none() -> None:
    server, _ = with_feeds(1)
    assert server.call(COUNT, FeedTypeList__Type__1="_POST_PRODUCT_DATA_").find("Count") == "0"
    assert server.call(COUNT, FeedTypeList__Type__1="POST_PRODUCT_DATA").status == 400


# -- CancelFeedSubmissions -----------------------------------------------------------------------


def test_only_what_waits_is_cancelled_and_all_that_match_are_told() -> None:
    server, (waiting, running, ended) = with_feeds(3)
    server.finish(ended, b"<x/>")
    server.begin(running)
    reply = server.call(CANCEL)
    assert reply.find("Count") == "3"
    assert reply.find_all("FeedSubmissionId") == [waiting, running, ended]
    assert reply.find_all("FeedProcessingStatus") == ["_CANCELLED_", "_IN_PROGRESS_", "_DONE_"]


def test_named_feeds_are_cancelled_and_others_stay() -> None:
    server, (first, second) = with_feeds(2)
    reply = server.call(CANCEL, FeedSubmissionIdList__Id=first)
    assert (reply.find("Count"), reply.find("FeedProcessingStatus")) == ("1", "_CANCELLED_")
    assert server.status_of(second) is ProcessingStatus.SUBMITTED


def test_a_cancelled_feed_is_told_without_dates_whenever_it_ended() -> None:
    server, (waiting, given_up) = with_feeds(2)
    server.give_up(given_up)
    assert len(server.call(CANCEL, FeedSubmissionIdList__Id__1=waiting).root[0][1]) == 4
    assert [len(info) for info in list(server.call(LIST).root[0])[1:]] == [4, 4]


def test_feeds_of_a_type_are_cancelled_together() -> None:
    server = Server()
    kept, stopped = server.submit(feed_type=ACKNOWLEDGEMENT), server.submit(feed_type=FULFILLMENT)
    assert server.call(CANCEL, FeedTypeList__Type__1=FULFILLMENT).find("FeedSubmissionId") == stopped
    assert server.status_of(kept) is ProcessingStatus.SUBMITTED


def test_the_count_stops_at_a_hundred_but_all_are_cancelled() -> None:
    server, ids = with_feeds(103)
    reply = server.call(CANCEL)
    assert (reply.find("Count"), reply.find_all("FeedSubmissionId")) == ("100", ids[:100])
    assert {server.status_of(one) for one in ids} == {ProcessingStatus.CANCELLED}


def test_cancelling_reaches_back_half_a_year_and_ignores_what_is_no_parameter_of_it() -> None:
    server, _ = with_feeds(1)
    server.pass_time(days=179)
    assert server.call(CANCEL, FeedSubmissionId="", FeedProcessingStatusList__Status__1="_DONE_").find("Count") == "1"
    server.pass_time(days=2)
    assert server.call(CANCEL).find("Count") == "0"


# -- GetFeedSubmissionResult ---------------------------------------------------------------------

JAPANESE = "フィード処理結果：\n\t処理された件数\t\t1\n\t成功した件数\t\t1\n\n".encode("cp932")
XML_REPORT = b'<?xml version="1.0" encoding="UTF-8"?>\n<AmazonEnvelope/>'
ENGLISH = b"Feed Processing Summary:\n\tNumber of records processed\t\t1\n\tNumber of records successful\t\t1\n\n"


@pytest.mark.parametrize(
    ("feed_type", "report", "marketplace", "content_type"),
    [
        (FULFILLMENT, XML_REPORT, "A1VC38T7YXB528", "text/xml;charset=UTF-8"),
        (FLAT_FULFILLMENT, JAPANESE, "A1VC38T7YXB528", "text/plain;charset=windows-31j"),
        (FLAT_FULFILLMENT, ENGLISH, "A1F83G8C2ARO7P", "text/plain;charset=windows-1252"),
    ],
)
def test_a_report_is_sent_as_it_is(feed_type: str, report: bytes, marketplace: str, content_type: str) -> None:
    server = Server(sellers=(a_seller(marketplace_ids=(marketplace,)),))
    submission = server.submit(feed_type=feed_type)
    server.finish(submission, report)
    reply = server.call(RESULT, FeedSubmissionId=submission)
    assert (reply.body, reply.headers["Content-Type"]) == (report, content_type)
    assert (reply.headers["Content-MD5"], reply.headers["Content-Length"]) == (md5(report), str(len(report)))


def test_the_digests_of_flat_reports_are_the_recorded_ones() -> None:
    assert (len(JAPANESE), md5(JAPANESE)) == (56, "R5UpHmaZgsFmiQ1bjoUIjw==")
    assert (len(ENGLISH), md5(ENGLISH)) == (91, "rkkx1Xv/k56/onrN0m7E/Q==")


def test_a_large_report_is_sent_whole_and_closed() -> None:
    server = Server()
    submission = server.submit()
    server.finish(submission, b"<x>" + b"y" * 3_000_000)
    opened = []
    really_open = server.backend.documents.open
    server.backend.documents.open = lambda key: opened.append(really_open(key)) or opened[-1]  # type: ignore[method-assign]
    reply = server.call(RESULT, FeedSubmissionId=submission)
    assert len(reply.body) == 3_000_003
    assert [one.closed for one in opened] == [True]
