"""Each function may do what its code does, and no more: a whole flow on moto, its calls compared with the roles."""

import base64
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests
from botocore.client import BaseClient
from msgspec.structs import replace

from feedproc.aws import documents, open_lambda_queue, open_links, open_mailer, open_notifier
from feedproc.aws.clients import get_clients
from feedproc.feeds.report_request import make_report_id
from feedproc.feeds.submission import FeedSubmission, SubmissionKind
from feedproc.lambdas import api, dead_letter, outbox, worker
from feedproc.lambdas.watching import watch
from feedproc.orders.order import Buyer
from feedproc.ports import Filter, Secret
from feedproc.services.process.processing import Policy
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing, Outlets
from feedproc.stock.level import StockLevel
from feedproc.wiring.aws import open_aws
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.machine import Machine
from feedproc.wiring.writers import load_writers
from tests.aws.cloud import a_cloud
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    GERMANY,
    NOON,
    PURCHASED,
    SELLER,
    a_feed,
    a_seller,
    acknowledges,
    an_order,
    cancels,
    feed_types,
    hand_in,
    item_code,
    order_id,
    refunds,
    ships,
)
from tests.deploy.template import granted
from tests.lambdas.builders import Context, LambdaShop, an_event
from tests.mws.clients import md5

TAKEN_BY_LAMBDA = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
"""What the poller does in the function's name."""
SPARE = {
    "ApiRole": {
        ("s3:ListBucket", "Documents"),  # else S3 answers 403 in the place of 404
        ("dynamodb:GetItem", "MarksTable"),  # after a commit whose answer was lost
    },
    "WorkerRole": {
        ("s3:AbortMultipartUpload", "Documents"),  # of a report beyond 8 MiB whose worker gives up
        ("sqs:SendMessage", "Feeds"),  # when DynamoDB is out of reach for longer than a function runs
        ("dynamodb:GetItem", "MarksTable"),  # after a commit whose answer was lost
    },
    "DeadLetterRole": set(),
    "OutboxRole": {("ses:SendRawEmail", "ses")},  # SES asks for it when it is given a whole message
}
ACTIONS = {
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "HeadObject": "GetObject",
    "SendEmail": "SendEmail",
}
Calls = set[tuple[str, str]]


class Cloud:
    """The functions over moto, and what each of them asked of AWS."""

    def __init__(self, settings: Any) -> None:
        self._settings = settings
        self.now = NOON
        self._ids = count(1)
        self.backend = open_aws(settings)
        self.calls: dict[str, Calls] = {}
        self._used: Calls = set()

    @property
    def machine(self) -> Machine:
        """Those of a new container, which remembers nothing."""
        return self._make_machine(opens_secrets=False)

    def _make_machine(self, opens_secrets: bool) -> Machine:
        backend = watch(open_aws(replace(self._settings, opens_secrets=opens_secrets)))
        return Machine(backend, feed_types(), Policy(), lambda: self.now, lambda: str(UUID(int=next(self._ids))))

    @contextmanager
    def using(self, role: str) -> Iterator[None]:
        """Note what is asked under a role."""
        self._used = self.calls.setdefault(role, set())
        made = BaseClient._make_api_call

        def noted(client: Any, operation: str, given: Any) -> Any:
            self._used |= set(_calls(client.meta.service_model.service_name, operation, given))
            return made(client, operation, given)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BaseClient, "_make_api_call", noted)
            yield

    def request(self, event: dict[str, Any]) -> Any:
        with self.using("ApiRole"):
            return api.make_handler(self._make_machine(opens_secrets=True), open_links(self._settings))(
                event, Context()
            )

    def deliver(self, submission: FeedSubmission, milliseconds: int = 900_000) -> Any:
        return self._taken("WorkerRole", worker.respond, submission, milliseconds)

    def bury(self, submission: FeedSubmission) -> Any:
        return self._taken("DeadLetterRole", dead_letter.respond, submission, 60_000)

    def send(self) -> Any:
        settings = self._settings
        machine = self._running()
        outlets = Outlets(open_mailer(settings), open_notifier(settings), load_writers(load_feed_types()))
        outgoing = Outgoing(machine.backend, outlets, machine.clock, Patience())
        with self.using("OutboxRole"):
            return outbox.respond(an_event("schedule"), Context(55_000), outgoing)

    def submit(self, feed: bytes, feed_type: str = ACKNOWLEDGEMENT, at: datetime | None = None) -> FeedSubmission:
        return hand_in(self.backend, io.BytesIO(feed), SELLER, feed_type, at or self.now)

    def _taken(self, role: str, respond: Callable[..., Any], submission: FeedSubmission, milliseconds: int) -> Any:
        told = [("seller_id", SELLER), ("submission_id", submission.submission_id), ("feed_type", submission.feed_type)]
        record = an_event("sqs_fifo_record") | {
            "body": json.dumps(dict(told)),
            "receiptHandle": _receipt(self._settings),
        }
        deliveries = open_lambda_queue(self._settings)
        with self.using(role):
            return respond({"Records": [record]}, Context(milliseconds), self.machine, deliveries)

    def _running(self) -> Machine:
        def clock() -> datetime:
            self.now += timedelta(seconds=1)
            return self.now

        return self.machine._replace(clock=clock)


def _receipt(settings: Any) -> str:
    """Return what a message of the queue was received with: one that is there for nothing else."""
    sqs, name = get_clients(settings).sqs, str(uuid4())
    message = {"MessageBody": name, "MessageGroupId": name, "MessageDeduplicationId": name}
    sqs.send_message(QueueUrl=settings.queue_url, **message)
    received = sqs.receive_message(QueueUrl=settings.queue_url, VisibilityTimeout=600)
    return str(received["Messages"][0]["ReceiptHandle"])


def _calls(service: str, operation: str, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a call asks for: IAM's action, and the logical id of what it acts on."""
    if service == "dynamodb" and operation == "TransactWriteItems":
        for write in given["TransactItems"]:
            ((kind, statement),) = write.items()
            yield f"dynamodb:{kind}Item", _table(statement)
    elif service == "dynamodb" and operation in {"BatchGetItem", "BatchWriteItem"}:
        for name in given["RequestItems"]:
            yield f"dynamodb:{operation}", _table({"TableName": name})
    elif service == "dynamodb":
        yield f"dynamodb:{operation}", _table(given)
    elif service == "sqs":
        named = given["QueueUrl"].rpartition("/")[2]
        yield f"sqs:{operation}", "Feeds" if named == "feedproc.fifo" else "sqs"
    else:
        place = {"s3": "Documents", "kms": "Secrets", "sesv2": "ses"}[service]
        yield f"{'ses' if service == 'sesv2' else service}:{ACTIONS.get(operation, operation)}", place


def _table(statement: dict[str, Any]) -> str:
    name = statement["TableName"].removeprefix("feedproc-test-").capitalize() + "Table"
    return f"{name}/{statement['IndexName']}" if "IndexName" in statement else name


def run(folder: Path) -> dict[str, Calls]:
    """Let each function do all that it can be asked to."""
    with a_cloud() as settings:
        cloud = Cloud(settings)
        queue = _notified(settings)
        application = {"client_id": "app", "client_secret": Secret("hush"), "refresh_token": Secret("Atzr|1")}
        seller = replace(a_seller(), destinations=(queue,), **application)
        cloud.backend.sellers.add(seller)
        buyer = Buyer(name="Taro", email="taro@example.com")
        cloud.backend.orders.load(
            SELLER, [an_order(number, buyer=buyer, latest_ship_date=PURCHASED) for number in range(1, 6)]
        )
        cloud.backend.stock.load(SELLER, [StockLevel("SKU-2", 5)], NOON)
        _asked(cloud, LambdaShop(folder))
        _processed(cloud)
        older, newer = cloud.submit(a_feed(acknowledges(1))), cloud.submit(a_feed(acknowledges(1)))
        assert cloud.bury(newer)["batchItemFailures"]
        assert not cloud.bury(older)["batchItemFailures"]
        cloud.submit(a_feed(acknowledges(1)), at=NOON - timedelta(hours=1))
        cloud.send()
        return cloud.calls


def _asked(cloud: Cloud, shop: LambdaShop) -> None:
    feed = a_feed(acknowledges(1))
    sent = shop.target("SubmitFeed", "POST", FeedType=f"_{ACKNOWLEDGEMENT}_")
    for _ in range(2):
        again = shop.event("POST", sent, feed, content_type="text/xml", content_md5=md5(feed))
        assert cloud.request(again)["statusCode"] == 200
    (submission,) = cloud.backend.submissions.find(SELLER, Filter(), 9)
    cloud.deliver(submission)
    named = {"FeedSubmissionIdList.Id.1": submission.submission_id}
    for action, given in (
        ("GetFeedSubmissionList", named),
        ("GetFeedSubmissionList", {}),
        ("GetFeedSubmissionCount", {}),
        ("GetFeedSubmissionList", {"FeedProcessingStatusList.Status.1": "_SUBMITTED_"}),
        ("GetFeedSubmissionResult", {"FeedSubmissionId": submission.submission_id}),
    ):
        assert cloud.request(shop.event(target=shop.target(action, **given)))["statusCode"] == 200
    _ask_for_orders(cloud, shop)
    _ask_for_reports(cloud, shop)
    _lead_a_life_over_sp_api(cloud, shop)
    cloud.submit(feed)
    assert cloud.request(shop.event(target=shop.target("CancelFeedSubmissions")))["statusCode"] == 200


def _ask_for_orders(cloud: Cloud, shop: LambdaShop) -> None:
    listed = {"MarketplaceId.Id.1": GERMANY}
    for action, given in (
        ("ListOrders", listed | {"CreatedAfter": "2018-01-01"}),
        ("ListOrders", listed | {"LastUpdatedAfter": "2018-01-01"}),
        ("GetOrder", {"AmazonOrderId.Id.1": order_id(1)}),
        ("ListOrderItems", {"AmazonOrderId": order_id(1)}),
    ):
        target = shop.target(action, path="/Orders/2013-09-01", **{"Version": "2013-09-01", **given})
        answer = cloud.request(shop.event(target=target))
        assert answer["statusCode"] == 200, base64.b64decode(answer["body"])


def _ask_for_reports(cloud: Cloud, shop: LambdaShop) -> None:
    """Requested and scheduled, of paid and of changed orders, fetched and acknowledged."""

    def ask(action: str, **given: str) -> None:
        answer = cloud.request(shop.event(target=shop.target(action, **given)))
        assert answer["statusCode"] == 200, base64.b64decode(answer["body"])

    for name in ("GET_FLAT_FILE_ORDERS_DATA", "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE"):
        ask("RequestReport", ReportType=f"_{name}_", StartDate="2024-01-01")
    requests_only = Filter(kind=SubmissionKind.REPORT_REQUEST)
    asked = cloud.backend.submissions.find(SELLER, requests_only, 9)
    for one in asked:
        assert not cloud.deliver(one)["batchItemFailures"]
    report = make_report_id(asked[0])
    for action, given in (
        ("GetReportRequestList", {}),
        ("GetReportList", {}),
        ("GetReport", {"ReportId": report}),
        ("UpdateReportAcknowledgements", {"ReportIdList.Id.1": report}),
    ):
        ask(action, **given)
    for schedule in ("_1_DAY_", "_NEVER_", "_1_HOUR_"):
        ask("ManageReportSchedule", ReportType="_GET_ORDERS_DATA_", Schedule=schedule)
    ask("GetReportScheduleList")


def _lead_a_life_over_sp_api(cloud: Cloud, shop: LambdaShop) -> None:
    """Token, orders, a feed that goes straight to the bucket, its report, and a confirmed shipment."""
    grant = {"grant_type": "refresh_token", "client_id": "app", "client_secret": "hush", "refresh_token": "Atzr|1"}
    token = _call(cloud, shop, "POST", "/auth/o2/token", grant)["access_token"]
    call = partial(_call, cloud, shop, token=token)
    feed_id = _submit_over_sp_api(call, a_feed(acknowledges(5)), ACKNOWLEDGEMENT)
    submission = cloud.backend.submissions.get(SELLER, feed_id)
    assert submission is not None
    cloud.deliver(submission)
    done = call("GET", f"/feeds/2021-06-30/feeds/{feed_id}")
    result = call("GET", f"/feeds/2021-06-30/documents/{done['resultFeedDocumentId']}")
    assert b"<MessagesSuccessful>1" in requests.get(result["url"], timeout=30).content
    package = {
        "packageReferenceId": "1",
        "carrierCode": "DHL",
        "trackingNumber": "1",
        "shipDate": f"{cloud.now:%Y-%m-%dT%H:%M:%SZ}",
        "orderItems": [{"orderItemId": item_code(4), "quantity": 2}],
    }
    path = f"/orders/v0/orders/{order_id(4)}"
    call("POST", f"{path}/shipmentConfirmation", {"marketplaceId": GERMANY, "packageDetail": package})
    assert call("GET", path)["payload"]["OrderStatus"] == "Shipped"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "COPY_BYTES", 5 * 2**20)
        _submit_over_sp_api(call, b"<large/>" + b" " * 6 * 2**20, FULFILLMENT)


def _submit_over_sp_api(call: Any, feed: bytes, feed_type: str) -> str:
    made = call("POST", "/feeds/2021-06-30/documents", {"contentType": "text/xml"})
    put = requests.put(made["url"], data=feed, headers={"Content-Type": "text/xml"}, timeout=30)
    assert put.status_code == 200
    body = {"feedType": feed_type, "marketplaceIds": [GERMANY], "inputFeedDocumentId": made["feedDocumentId"]}
    return str(call("POST", "/feeds/2021-06-30/feeds", body)["feedId"])


def _call(cloud: Cloud, shop: LambdaShop, method: str, path: str, body: Any = None, token: str = "") -> Any:
    content = b"" if body is None else json.dumps(body).encode()
    event = shop.event(method, path, content, content_type="application/json", x_amz_access_token=token)
    answer = cloud.request(event)
    text = base64.b64decode(answer["body"] or "")
    assert answer["statusCode"] < 300, text
    return json.loads(text) if text else None


def _processed(cloud: Cloud) -> None:
    feeds = [
        (a_feed(acknowledges(1, "M-1"), cancels(2), acknowledges(99)), ACKNOWLEDGEMENT),
        (a_feed(acknowledges(1, "M-2")), ACKNOWLEDGEMENT),
        (a_feed(ships(3), feed_type=FULFILLMENT), FULFILLMENT),
        (a_feed(refunds(3), feed_type=ADJUSTMENT), ADJUSTMENT),
        (b"<broken", ACKNOWLEDGEMENT),
        (_replaces_all(60), "POST_INVENTORY_AVAILABILITY_DATA"),
    ]
    for feed, feed_type in feeds:
        cloud.deliver(cloud.submit(feed, feed_type))
    older, newer = cloud.submit(a_feed(acknowledges(4))), cloud.submit(a_feed(acknowledges(5)))
    assert cloud.deliver(newer, 59_000)["batchItemFailures"]
    assert not cloud.deliver(newer)["batchItemFailures"]
    assert not cloud.deliver(older)["batchItemFailures"]


def _replaces_all(skus: int) -> bytes:
    levels = (f"<Inventory><SKU>S-{number}</SKU><Quantity>9</Quantity></Inventory>" for number in range(skus))
    feed = a_feed(*levels, feed_type="Inventory")
    return feed.replace(b"</MessageType>", b"</MessageType><PurgeAndReplace>true</PurgeAndReplace>")


def _notified(settings: Any) -> str:
    return str(get_clients(settings).sqs.create_queue(QueueName="feedproc-dev-notify-1")["QueueUrl"])


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Calls]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", "feedproc/test")
        return run(tmp_path_factory.mktemp("permissions"))


@pytest.mark.parametrize("role", SPARE)
def test_a_function_may_do_what_its_code_does_and_no_more(calls: dict[str, Calls], role: str) -> None:
    own = {one for one in granted(role) if one[0] not in TAKEN_BY_LAMBDA and not one[0].startswith("logs:")}
    queue = {"DeadLetterRole": "DeadLetters"}.get(role, "Feeds")
    used = {(action, queue if place == "Feeds" else place) for action, place in calls[role]}
    assert used - own == set(), "not allowed, and needed"
    assert own - used == SPARE[role], "allowed, and not needed"
