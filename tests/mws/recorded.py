"""What recorded answers of Amazon's production have in common with ours: a table of what was compared.

The recordings are public; only their facts stand here: headers with their order, and elements with theirs, which
changed between releases of Amazon's. What orders and their lines hold is in `test_mws_orders.py`. Left out
are values, and what belongs to Amazon's machines alone (`X-Amz-Date`, `x-amzn-Authorization`, `x-amz-rid`,
`nnCoection`) or to one connection (`Connection`, `Transfer-Encoding`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.mws.builders import FEED
from tests.mws.clients import md5
from tests.mws.reports import FLAT, ReportServer

CANADA = "amazon-mws-api-sdk of ScaleLeap, test/integration/__recordings__, 2020"
PEDDLER = "peddler of hakanensari, test/vcr_cassettes before 2021"
FRAME = ("Server", "Date", "Content-Type", "Content-Length")
QUOTA = ("x-mws-quota-max", "x-mws-quota-remaining", "x-mws-quota-resetsOn")
ENDING = ("x-mws-request-id", "x-mws-timestamp", "x-mws-response-context", "Vary")
PLAIN = FRAME + ENDING
COUNTED = FRAME + QUOTA + ENDING
RELAYED = ("x-mws-response-context", "x-amz-request-id", "x-mws-request-id", "x-mws-timestamp", "Vary")
FETCHED = (*FRAME, *QUOTA, "Content-MD5", *RELAYED)
SUBMITTED = (*FRAME[:3], *QUOTA, *RELAYED)

FEED_INFO = (
    "FeedSubmissionInfo{FeedSubmissionId FeedType SubmittedDate FeedProcessingStatus StartedProcessingDate"
    " CompletedProcessingDate}"
)
ASKED = "ReportType ReportProcessingStatus EndDate Scheduled ReportRequestId"
REQUEST_INFO = f"ReportRequestInfo{{{ASKED} StartedProcessingDate SubmittedDate StartDate CompletedDate"
REFUSED = "ErrorResponse{Error{Type Code Message} RequestId}"

Given = dict[str, str]


def nothing(_server: ReportServer) -> Given:
    return {}


def a_report(server: ReportServer) -> Given:
    server.load()
    return {"ReportId": server.produce()}


def acknowledged(server: ReportServer) -> Given:
    return {"ReportIdList.Id.1": a_report(server)["ReportId"]}


def reports_with_and_without_orders(server: ReportServer) -> Given:
    server.load()
    server.produce()
    server.pass_time(minutes=1)
    server.ask("_GET_FLAT_FILE_PENDING_ORDERS_DATA_")
    server.work()
    return {}


def a_done_request(server: ReportServer) -> Given:
    request = server.ask()
    server.work()
    return {"ReportRequestIdList.Id.1": request}


def a_schedule(server: ReportServer) -> Given:
    server.call("ManageReportSchedule", ReportType=FLAT, Schedule="_30_DAYS_")
    return {}


def a_done_feed(server: ReportServer) -> Given:
    name = server.submit()
    server.finish(name, b"<AmazonEnvelope/>")
    return {"FeedSubmissionId": name}


def listed(server: ReportServer) -> Given:
    a_done_feed(server)
    return {}


@dataclass(frozen=True)
class Exchange:
    """One recorded answer, and how to come by the same here."""

    section: str
    action: str
    elements: str
    """Each element with what it holds, alike neighbours once; empty for a document that is no answer of MWS."""
    headers: tuple[str, ...] = COUNTED
    given: Given = field(default_factory=dict)
    arrange: Callable[[ReportServer], Given] = nothing
    status: int = 200
    content_type: str = "text/xml"
    is_declared: bool = True
    """It begins with an XML declaration."""
    source: str = CANADA
    feed: bytes | None = None

    def __str__(self) -> str:
        return f"{self.section} {self.action} {self.status} {self.arrange.__name__}"


def success(action: str, result: str) -> str:
    inside = f"{{{result}}}" if result else ""
    return f"{action}Response{{{action}Result{inside} ResponseMetadata{{RequestId}}}}"


def answered(
    section: str, action: str, result: str, arrange: Callable[[ReportServer], Given] = nothing, source: str = CANADA
) -> Exchange:
    return Exchange(section, action, success(action, result), arrange=arrange, source=source)


def subscribed(action: str, result: str = "", **given: str) -> Exchange:
    named = {name.replace("__", "."): value for name, value in given.items()}
    return Exchange("Subscriptions", action, success(action, result), PLAIN, named, is_declared=False, source=PEDDLER)


STATUS = success("GetServiceStatus", "Status Timestamp")
PARTICIPATION = "ListParticipations{Participation{MarketplaceId SellerId HasSellerSuspendedListings}}"
MARKETPLACE = "MarketplaceId DefaultCountryCode DomainName Name DefaultCurrencyCode DefaultLanguageCode"
EXCHANGES = (
    answered("Feeds", "GetFeedSubmissionCount", "Count"),
    answered("Feeds", "GetFeedSubmissionList", "HasNext"),
    answered("Feeds", "GetFeedSubmissionList", f"HasNext {FEED_INFO}", listed, PEDDLER),
    Exchange(
        "Feeds",
        "SubmitFeed",
        success("SubmitFeed", "FeedSubmissionInfo{FeedSubmissionId FeedType SubmittedDate FeedProcessingStatus}"),
        SUBMITTED,
        {"FeedType": "_POST_ORDER_FULFILLMENT_DATA_", "ContentMD5Value": md5(FEED)},
        feed=FEED,
    ),
    Exchange(
        "Feeds",
        "GetFeedSubmissionResult",
        "",
        FETCHED,
        arrange=a_done_feed,
        content_type="text/xml;charset=UTF-8",
    ),
    answered("Reports", "GetReportCount", "Count"),
    answered("Reports", "GetReportRequestCount", "Count"),
    answered("Reports", "GetReportScheduleCount", "Count"),
    Exchange(
        "Reports",
        "RequestReport",
        success("RequestReport", f"ReportRequestInfo{{{ASKED} SubmittedDate StartDate}}"),
        given={"ReportType": FLAT},
    ),
    answered(
        "Reports",
        "GetReportRequestList",
        f"HasNext {REQUEST_INFO}}} {REQUEST_INFO} GeneratedReportId}}",
        reports_with_and_without_orders,
    ),
    answered(
        "Reports",
        "GetReportList",
        "HasNext ReportInfo{ReportType Acknowledged ReportId ReportRequestId AvailableDate}",
        reports_with_and_without_orders,
    ),
    Exchange("Reports", "GetReport", "", FETCHED, arrange=a_report, content_type="text/plain;charset=windows-31j"),
    answered(
        "Reports",
        "UpdateReportAcknowledgements",
        "Count ReportInfo{ReportType Acknowledged AcknowledgedDate ReportId ReportRequestId AvailableDate}",
        acknowledged,
    ),
    answered("Reports", "CancelReportRequests", f"Count {REQUEST_INFO}}}", a_done_request),
    Exchange("Reports", "CancelReportRequests", REFUSED, given={"ReportRequestIdList.Id.1": "51783018499"}, status=400),
    Exchange(
        "Reports",
        "ManageReportSchedule",
        success("ManageReportSchedule", "ReportSchedule{ReportType Schedule ScheduledDate} Count"),
        given={"ReportType": FLAT, "Schedule": "_30_DAYS_"},
    ),
    answered("Reports", "GetReportScheduleList", "HasNext"),
    answered(
        "Reports",
        "GetReportScheduleList",
        "HasNext ReportSchedule{ReportType Schedule ScheduledDate}",
        a_schedule,
        PEDDLER,
    ),
    Exchange(
        "Orders",
        "ListOrders",
        success("ListOrders", "Orders CreatedBefore"),
        PLAIN,
        {"MarketplaceId.Id.1": "A1VC38T7YXB528", "CreatedAfter": "2017-05-28T11:22:24.764Z"},
    ),
    Exchange(
        "Orders",
        "GetOrder",
        success("GetOrder", "Orders"),
        PLAIN,
        {"AmazonOrderId.Id.1": "FILTERED"},
        source=PEDDLER,
    ),
    Exchange("Orders", "GetServiceStatus", STATUS, PLAIN),
    Exchange("Sellers", "GetServiceStatus", STATUS, PLAIN),
    Exchange("Subscriptions", "GetServiceStatus", STATUS, PLAIN),
    Exchange(
        "Sellers",
        "ListMarketplaceParticipations",
        success("ListMarketplaceParticipations", f"{PARTICIPATION} ListMarketplaces{{Marketplace{{{MARKETPLACE}}}}}"),
        PLAIN,
    ),
    subscribed("ListRegisteredDestinations", "DestinationList"),
    subscribed("ListSubscriptions", "SubscriptionList"),
)
