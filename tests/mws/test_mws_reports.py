"""The section Reports, through the wire."""

import hashlib
import logging
from base64 import b64encode
from datetime import timedelta

import pytest

from tests.mws.builders import FULFILLMENT, NS, a_seller
from tests.mws.reports import FLAT, ReportServer, children, error, texts

PENDING, XML = "_GET_FLAT_FILE_PENDING_ORDERS_DATA_", "_GET_ORDERS_DATA_"


@pytest.fixture
def server() -> ReportServer:
    return ReportServer()


def test_a_report_is_asked_for_and_told_in_the_recorded_order(server: ReportServer) -> None:
    reply = server.call("RequestReport", ReportType=FLAT)
    names = "ReportType ReportProcessingStatus EndDate Scheduled ReportRequestId SubmittedDate StartDate"
    assert children(reply, "ReportRequestInfo") == names.split()
    told = {one.tag.removeprefix(NS): one.text for one in next(reply.root.iter(NS + "ReportRequestInfo"))}
    assert told == {
        "ReportType": FLAT,
        "ReportProcessingStatus": "_SUBMITTED_",
        "EndDate": "2018-04-27T12:00:00+00:00",
        "Scheduled": "false",
        "ReportRequestId": "50001017648",
        "SubmittedDate": "2018-04-27T12:00:00+00:00",
        "StartDate": "2018-04-26T12:00:00+00:00",
    }


def test_what_became_of_it_is_listed_with_its_dates(server: ReportServer) -> None:
    server.load()
    server.ask()
    server.pass_time(seconds=10)
    server.work()
    reply = server.call("GetReportRequestList")
    assert children(reply, "GetReportRequestListResult") == ["HasNext", "ReportRequestInfo"]
    assert children(reply, "ReportRequestInfo") == [
        "ReportType",
        "ReportProcessingStatus",
        "EndDate",
        "Scheduled",
        "ReportRequestId",
        "StartedProcessingDate",
        "SubmittedDate",
        "StartDate",
        "CompletedDate",
        "GeneratedReportId",
    ]
    assert texts(reply, "ReportProcessingStatus") == ["_DONE_"]
    assert len(reply.find("GeneratedReportId")) > len(reply.find("ReportRequestId"))


def test_nothing_to_tell_is_done_without_data_and_without_a_report(server: ReportServer) -> None:
    server.ask()
    server.work()
    reply = server.call("GetReportRequestList", ReportProcessingStatusList__Status__1="_DONE_NO_DATA_")
    assert children(reply, "ReportRequestInfo")[-1] == "CompletedDate"
    assert texts(server.call("GetReportList"), "ReportId") == []


def test_a_report_comes_as_it_is_with_its_digest_and_encoding(server: ReportServer) -> None:
    server.load()
    reply = server.call("GetReport", ReportId=server.produce())
    assert reply.headers["Content-Type"] == "text/plain;charset=windows-31j"
    assert reply.headers["Content-MD5"] == b64encode(hashlib.md5(reply.body).digest()).decode()
    assert reply.body.decode("cp932").split("\n")[1].split("\t")[8] == "タオル"
    assert "x-mws-quota-max" in reply.headers


def test_reports_of_feeds_are_listed_and_fetched_alike(server: ReportServer) -> None:
    server.load()
    feed = server.submit(feed_type=FULFILLMENT)
    server.produce()
    reply = server.call("GetReportList")
    assert texts(reply, "ReportType") == [FLAT, "FeedSummaryReport"]
    assert texts(reply, "ReportRequestId")[1] == feed
    summary = server.call("GetReport", ReportId=texts(reply, "ReportId")[1])
    assert summary.body == server.call("GetFeedSubmissionResult", FeedSubmissionId=feed).body
    only = server.call("GetReportList", ReportTypeList__Type__1="FeedSummaryReport")
    assert texts(only, "ReportRequestId") == [feed]


def test_feeds_are_in_no_list_of_requests_and_requests_in_none_of_feeds(server: ReportServer) -> None:
    feed, request = server.submit(), server.ask()
    assert texts(server.call("GetFeedSubmissionList"), "FeedSubmissionId") == [feed]
    assert texts(server.call("GetReportRequestList"), "ReportRequestId") == [request]
    assert server.call("GetFeedSubmissionCount").find("Count") == "1"
    assert error(server.call("GetFeedSubmissionResult", FeedSubmissionId=request))[1] == "InvalidFeedSubmissionId"


def test_what_was_acknowledged_is_told_with_the_date_and_can_be_left_out(server: ReportServer) -> None:
    server.load()
    first, second = server.produce(), server.produce()
    reply = server.call("UpdateReportAcknowledgements", ReportIdList__Id__1=first)
    assert children(reply, "UpdateReportAcknowledgementsResult") == ["Count", "ReportInfo"]
    assert children(reply, "ReportInfo") == (
        ["ReportType", "Acknowledged", "AcknowledgedDate", "ReportId", "ReportRequestId", "AvailableDate"]
    )
    assert texts(server.call("GetReportList", Acknowledged="false"), "ReportId") == [second]
    assert texts(server.call("GetReportList", Acknowledged="1"), "ReportId") == [first]
    server.call("UpdateReportAcknowledgements", ReportIdList__Id__1=first, Acknowledged="false")
    assert server.call("GetReportCount", Acknowledged="true").find("Count") == "0"


def test_an_acknowledgement_that_is_repeated_sets_the_date_anew(server: ReportServer) -> None:
    server.load()
    report = server.produce()
    for minutes in (0, 5):
        server.pass_time(minutes=minutes)
        reply = server.call("UpdateReportAcknowledgements", ReportIdList__Id__1=report)
    assert reply.find("AcknowledgedDate") == "2018-04-27T12:05:00+00:00"


@pytest.mark.parametrize("action", ["GetReportRequestList", "GetReportList"])
def test_lists_go_on_page_by_page_newest_first(server: ReportServer, action: str) -> None:
    server.load()
    ids = [server.ask() for _ in range(5)]
    server.work()
    found, reply = [], server.call(action, MaxCount="2")
    while reply.find("HasNext") == "true":
        found += texts(reply, "ReportRequestId")
        reply = server.call(f"{action}ByNextToken", NextToken=reply.find("NextToken"))
    assert found + texts(reply, "ReportRequestId") == ids[::-1]
    assert texts(reply, "NextToken") == []


def test_what_nobody_has_begun_is_cancelled_and_all_that_match_are_counted(server: ReportServer) -> None:
    server.load()
    server.produce()
    server.ask()
    reply = server.call("CancelReportRequests")
    assert (reply.find("Count"), texts(reply, "ReportProcessingStatus")) == ("2", ["_CANCELLED_", "_DONE_"])
    assert texts(reply, "GeneratedReportId") == []


def test_dates_bound_a_report_and_options_reach_it(server: ReportServer) -> None:
    server.load(purchased_at=server.now - timedelta(days=10))
    report = server.produce(StartDate="2018-04-17", EndDate="2018-04-18", ReportOptions="ShowSalesChannel=true;A=b")
    rows = server.call("GetReport", ReportId=report).body.decode("cp932").splitlines()
    assert [row.split("\t")[-1] for row in rows] == ["sales-channel", "Amazon.co.jp"]


def test_a_schedule_asks_at_once_and_then_again_and_again(server: ReportServer) -> None:
    server.load()
    reply = server.call("ManageReportSchedule", ReportType=XML, Schedule="_1_HOUR_")
    assert children(reply, "ManageReportScheduleResult") == ["ReportSchedule", "Count"]
    assert children(reply, "ReportSchedule") == ["ReportType", "Schedule", "ScheduledDate"]
    for _ in range(3):
        server.work()
        server.pass_time(hours=1)
    told = server.call("GetReportRequestList")
    assert texts(told, "Scheduled") == ["true"] * 3
    assert texts(told, "ReportProcessingStatus") == ["_DONE_NO_DATA_", "_DONE_NO_DATA_", "_DONE_"]
    listed = server.call("GetReportScheduleList")
    assert (listed.find("HasNext"), listed.find("ScheduledDate")) == ("false", "2018-04-27T15:00:00+00:00")


def test_a_schedule_of_orders_ends_that_in_the_other_form_and_never_ends_it(server: ReportServer) -> None:
    for name in (XML, PENDING, FLAT):
        server.call("ManageReportSchedule", ReportType=name, Schedule="_15_MINUTES_")
    assert texts(server.call("GetReportScheduleList"), "ReportType") == [FLAT, PENDING]
    assert server.call("GetReportScheduleCount", ReportTypeList__Type__1=FLAT).find("Count") == "1"
    ended = server.call("ManageReportSchedule", ReportType=FLAT, Schedule="_NEVER_")
    assert (ended.find("ReportType"), ended.find("Count")) == (FLAT, "1")
    assert texts(server.call("GetReportScheduleList"), "ReportType") == [PENDING]


REFUSED = [
    ("RequestReport", {}, (400, "ValidationError")),
    ("RequestReport", {"ReportType": "_GET_NOTHING_DATA_"}, (400, "InvalidReportType")),
    ("RequestReport", {"ReportType": "nothing"}, (400, "InvalidParameterValue")),
    ("RequestReport", {"ReportType": XML}, (400, "InvalidReportType")),
    (
        "RequestReport",
        {"ReportType": FLAT, "MarketplaceIdList__Id__1": "A1F83G8C2ARO7P"},
        (400, "InvalidParameterValue"),
    ),
    ("RequestReport", {"ReportType": FLAT, "StartDate": "2018-05-01"}, (400, "InvalidParameterValue")),
    ("RequestReport", {"ReportType": FLAT, "StartDate": "yesterday"}, (400, "MalformedInput")),
    ("GetReportRequestList", {"MaxCount": "101"}, (400, "InvalidParameterValue")),
    ("GetReportRequestList", {"ReportProcessingStatusList__Status__1": "DONE"}, (400, "InvalidParameterValue")),
    ("GetReportRequestListByNextToken", {"NextToken": "AAAA"}, (400, "InvalidParameterValue")),
    ("GetReport", {}, (400, "MissingParameter")),
    ("GetReport", {"ReportId": "../../etc/passwd"}, (400, "InputDataError")),
    ("GetReport", {"ReportId": "20000099999017648"}, (400, "InputDataError")),
    ("UpdateReportAcknowledgements", {"ReportIdList__Id__1": "20000099999017648"}, (400, "InputDataError")),
    ("UpdateReportAcknowledgements", {}, (400, "ValidationError")),
    ("ManageReportSchedule", {"ReportType": FLAT, "Schedule": "_5_MINUTES_"}, (400, "InvalidScheduleFrequency")),
    (
        "ManageReportSchedule",
        {"ReportType": FLAT, "Schedule": "_1_DAY_", "ScheduleDate": "2020-01-01"},
        (400, "InvalidParameterValue"),
    ),
]


@pytest.mark.parametrize(("action", "given", "expected"), REFUSED)
def test_what_cannot_be_is_refused(
    server: ReportServer, action: str, given: dict[str, str], expected: tuple[int, str]
) -> None:
    assert error(server.tell(action, **given))[:2] == expected


def test_an_unknown_request_is_refused_in_the_recorded_words(server: ReportServer) -> None:
    reply = server.call("CancelReportRequests", ReportRequestIdList__Id__1="50009017648")
    text = "One or more of the provided ReportRequestIds could not be found."
    assert error(reply) == (400, "InvalidReportRequestId", text)
    assert "<RequestId>" in reply.text


def test_the_id_of_a_request_is_none_of_a_report(server: ReportServer) -> None:
    server.load()
    request = server.ask()
    server.work()
    assert error(server.call("GetReport", ReportId=request)) == (400, "InputDataError", "InputDataError")


def test_nobody_reads_cancels_or_acknowledges_anothers_reports() -> None:
    rival = a_seller("A2RIVAL", "AKIARIVALRIVALRIVAL1")
    server = ReportServer(sellers=(a_seller(), rival))
    server.load()
    report = server.produce()
    waiting = server.ask()
    assert error(server.call("GetReport", seller=rival, ReportId=report))[1] == "InputDataError"
    assert texts(server.call("GetReportList", seller=rival), "ReportId") == []
    for action in ("CancelReportRequests", "GetReportRequestList"):
        reply = server.call(action, seller=rival, ReportRequestIdList__Id__1=waiting)
        assert error(reply)[1] == "InvalidReportRequestId"
    reply = server.call("UpdateReportAcknowledgements", seller=rival, ReportIdList__Id__1=report)
    assert error(reply)[1] == "InputDataError"
    token = server.call("GetReportRequestList", MaxCount="1").find("NextToken")
    assert error(server.call("GetReportRequestListByNextToken", seller=rival, NextToken=token))[0] == 400


SELLERS_NS = "{https://mws.amazonservices.com/Sellers/2011-07-01}"
SUBSCRIPTIONS_NS = "{http://mws.amazonservices.com/schema/Subscriptions/2013-07-01}"


def test_a_seller_takes_part_in_two_marketplaces_at_the_least(server: ReportServer) -> None:
    reply = server.call_sellers("ListMarketplaceParticipations")
    assert texts(reply, "MarketplaceId", SELLERS_NS) == ["A1VC38T7YXB528", "A6W85IYQ5WB1C"] * 2
    assert texts(reply, "DomainName", SELLERS_NS) == ["www.amazon.co.jp", "iba.login.amazon.com"]
    assert texts(reply, "Name", SELLERS_NS) == ["Amazon.co.jp", "IBA"]
    first = next(reply.root.iter(SELLERS_NS + "Marketplace"))
    assert [one.tag.removeprefix(SELLERS_NS) for one in first] == (
        ["MarketplaceId", "DefaultCountryCode", "DomainName", "Name", "DefaultCurrencyCode", "DefaultLanguageCode"]
    )
    assert server.call_sellers("ListMarketplaceParticipationsByNextToken", NextToken="A").status == 400


def test_a_seller_is_told_the_token_by_which_others_act_for_him(server: ReportServer) -> None:
    reply = server.call_sellers("GetAuthToken")
    assert texts(reply, "MWSAuthToken", SELLERS_NS) == ["amzn.mws.A1SELLER"]
    assert "GREEN" in server.call_sellers("GetServiceStatus").text


QUEUE = "https://sqs.ap-northeast-1.amazonaws.com/1/finished"


def test_subscriptions_are_told_as_they_are_without_a_declaration(server: ReportServer) -> None:
    reply = server.call_subscriptions("ListSubscriptions")
    assert reply.body.startswith(b"<ListSubscriptionsResponse")
    assert b"<SubscriptionList/>" in reply.body
    server = ReportServer(sellers=(a_seller(destinations=(QUEUE,)),))
    for action in ("ListRegisteredDestinations", "ListSubscriptions"):
        assert texts(server.call_subscriptions(action), "Value", SUBSCRIPTIONS_NS) == [QUEUE]


def test_a_queue_that_the_seller_has_can_be_registered_and_no_other() -> None:
    server = ReportServer(sellers=(a_seller(destinations=(QUEUE,)),))
    statuses = []
    for queue in (QUEUE, "https://sqs.us-east-1.amazonaws.com/2/mine"):
        given = {
            "Destination__DeliveryChannel": "SQS",
            "Destination__AttributeList__member__1__Key": "sqsQueueUrl",
            "Destination__AttributeList__member__1__Value": queue,
        }
        statuses.append(server.call_subscriptions("RegisterDestination", **given).status)
    assert statuses == [200, 400]


def test_an_unknown_section_says_in_the_log_which_are_served(
    server: ReportServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        reply = server._call_section("/Products/2011-10-01", "2011-10-01", "GetMatchingProduct", {})
    assert reply.status == 404
    assert "Feeds/2009-01-01, Reports/2009-01-01, Orders/2013-09-01" in caplog.text
