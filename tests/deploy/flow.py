"""Everything that a seller's program does, done by real clients to the deployed API."""

import http.client
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.builders import a_feed
from tests.clients.drivers import Account, Driver, Pymws, PythonMws, refused
from tests.clients.shops import ACKNOWLEDGEMENT, FEEDS, expected_report, sample
from tests.clients.sp_drivers import XML, AmznSpApi, a_package
from tests.clients.wire import HandWritten
from tests.deploy.deployment import STACK, Deployment
from tests.deploy.steps import step
from tests.deploy.template import resources
from tests.mws.clients import md5

CLIENTS: tuple[type[Driver], ...] = (PythonMws, Pymws)
FINISHED = ("_DONE_", "_CANCELLED_")
ALARMS = [name for name, one in resources().items() if one["Type"] == "AWS::CloudWatch::Alarm"]
CANCELLED, SHIPPED = "250-1000002-0000002", "250-1000003-0000003"
MESSAGES_OF_A_MIB = 24
"""Of a feed that neither Lambda (6 MB) nor API Gateway (10 MB) would take in a request."""
_PATIENCE = 60


@contextmanager
def local_names() -> Iterator[None]:
    """Find every name below `localhost` on this machine (RFC 6761), which not every resolver does."""
    resolved = socket.getaddrinfo

    def here(host: Any, *arguments: Any, **named: Any) -> Any:
        return resolved("127.0.0.1" if str(host).endswith(".localhost") else host, *arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", here)
        yield


def drive(deployed: Deployment) -> None:
    """Submit, poll, read, cancel, list, count and err with each client."""
    with local_names():
        for number, client in enumerate(CLIENTS, 1):
            with step(f"{client.package}: seller and orders added with `feedproc … --backend aws`"):
                account = deployed.add_seller(f"A1DEPLOYED000{number}")
            driver = client(deployed.endpoint, account)
            _each_feed_type(driver)
            _changes_orders(deployed, account)
            _cancels(deployed, driver)
            _lists(driver)
            _errs(deployed, driver, account)
        _sp_api(deployed)
        _repeats(deployed, account)
        _dead_letter(deployed, PythonMws(deployed.endpoint, account), account)
        _notification(deployed, PythonMws(deployed.endpoint, account), account)
        _logs(deployed)
        _alarms(deployed)


def _each_feed_type(driver: Driver) -> None:
    with step(f"{driver.package}: three feed types submitted, polled, their reports read: as the samples, to the byte"):
        submitted = {name: driver.submit(sample(name), feed_type).submission_id for name, feed_type in FEEDS.items()}
        for name, submission_id in submitted.items():
            assert _finished(driver, submission_id) == "_DONE_"
            assert driver.report(submission_id) == driver.as_shown(expected_report(name, submission_id))


def _changes_orders(deployed: Deployment, account: Account) -> None:
    with step("`feedproc orders show` tells the cancelled order and the shipped one"):
        assert deployed.order(account, "250-1000002-0000002")["status"] == "Canceled"
        assert deployed.order(account, "250-1000010-0000010")["status"] == "Shipped"


def _cancels(deployed: Deployment, driver: Driver) -> None:
    with step(f"{driver.package}: a feed that no worker has begun is cancelled, and has no report"):
        with _worker_held(deployed):
            submission_id = driver.submit(sample("acknowledgement"), ACKNOWLEDGEMENT).submission_id
            count, (told,) = driver.cancel([submission_id])
        assert (count, told.status) == (1, "_CANCELLED_")
        with refused(driver, "FeedCanceled"):
            driver.report(submission_id)


def _lists(driver: Driver) -> None:
    with step(f"{driver.package}: listed in pages, counted by status"):
        first = driver.page(size=3)
        second = driver.next_page(first.next_token or "")
        assert [len(first.submissions), len(second.submissions), second.next_token] == [3, 1, None]
        assert [driver.count(), driver.count(statuses=["_DONE_"]), driver.count(types=[ACKNOWLEDGEMENT])] == [4, 3, 2]


def _errs(deployed: Deployment, driver: Driver, account: Account) -> None:
    with step(f"{driver.package}: wrong signature, unknown id, unknown feed type, result not ready, wrong MD5"):
        stranger = type(driver)(deployed.endpoint, account._replace(secret_key="guessed"))
        with refused(driver, "SignatureDoesNotMatch"):
            stranger.count()
        with refused(driver, "InvalidFeedSubmissionId"):
            driver.report("99999019000")
        with refused(driver, "InvalidFeedType"):
            driver.submit(b"<x/>", "_POST_UNHEARD_OF_")
        with _worker_held(deployed):
            submission_id = driver.submit(sample("acknowledgement") + b"\n", ACKNOWLEDGEMENT).submission_id
            with refused(driver, "FeedProcessingResultNotReady"):
                driver.report(submission_id)
            driver.cancel([submission_id])
        query = HandWritten(deployed.endpoint, account).query(
            "SubmitFeed", FeedType=ACKNOWLEDGEMENT, ContentMD5Value=md5(b"other")
        )
        status, text = _post(deployed.endpoint, query, sample("acknowledgement"))
        assert (status, "ContentMD5DoesNotMatch" in text) == (400, True)


def _sp_api(deployed: Deployment) -> None:
    with step("amzn-sp-api: seller and orders added, token fetched, orders listed"):
        application = deployed.add_application("A1DEPLOYED0009")
        client = AmznSpApi(deployed.endpoint, application)
        assert {SHIPPED, CANCELLED} <= set(client.list_orders())
    queue, arn = _make_queue(deployed, f"{STACK}-notify-sp")
    client.subscribe(arn, "FEED_PROCESSING_FINISHED", "ORDER_CHANGE")
    feed = _write_large_feed(application.seller_id)
    with step(
        f"amzn-sp-api: a feed of {len(feed) / 2**20:.0f} MiB goes straight to S3, and its report comes from there"
    ):
        feed_id = _submit_past_the_function(deployed, client, feed)
        assert _eventually(lambda: client.get_feed(feed_id)["processingStatus"] == "DONE")
        result = client.read_result(client.get_feed(feed_id)["resultFeedDocumentId"])
        assert f"<MessagesSuccessful>{MESSAGES_OF_A_MIB}<" in result
        assert client.get_status(CANCELLED) == "Canceled"
    with step("amzn-sp-api: a shipment is confirmed, and a report tells of it"):
        client.confirm(SHIPPED, a_package(client.list_items(SHIPPED)))
        assert client.get_status(SHIPPED) == "Shipped"
        report = client.read_report("GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL")
        assert [line for line in report.splitlines() if SHIPPED in line and "Shipped" in line]
    with step("amzn-sp-api: the feed's end and the order's change come to the queue that it subscribed"):
        assert _eventually(lambda: deployed.invoke("outbox")["announced"] == 0)
        told = _receive(deployed, queue, lambda texts: any(feed_id in one for one in texts))
        assert any("OrderChangeNotification" in one and CANCELLED in one for one in told)


def _write_large_feed(seller_id: str) -> bytes:
    """A feed that cancels an order, and acknowledges another one; each message is a MiB, nearly all of it a comment."""
    comment = f"<!--{'x' * (2**20 - 1_000)}-->"
    orders = [(CANCELLED, "Failure"), *[(SHIPPED, "Success")] * (MESSAGES_OF_A_MIB - 1)]
    payloads = (
        f"{comment}<OrderAcknowledgement><AmazonOrderID>{order_id}</AmazonOrderID>"
        f"<StatusCode>{status}</StatusCode></OrderAcknowledgement>"
        for order_id, status in orders
    )
    return a_feed(*payloads, merchant=seller_id)


def _submit_past_the_function(deployed: Deployment, client: AmznSpApi, feed: bytes) -> str:
    """Put a feed where its address says, which is S3 and takes it with its content type alone; then submit it."""
    document = client.make_document()
    address, s3 = urlsplit(document.url), urlsplit(deployed.cloud.endpoint)
    assert (address.netloc, address.path.split("/")[1:3]) == (
        s3.netloc,
        [deployed.outputs["DocumentsBucket"], "uploads"],
    )
    put = requests.put(document.url, data=feed, headers={"Content-Type": XML}, timeout=_PATIENCE)
    assert put.status_code == 200
    return client.submit_uploaded(document.feed_document_id, ACKNOWLEDGEMENT.strip("_"))


def _make_queue(deployed: Deployment, name: str) -> tuple[str, str]:
    """A queue that may be notified: its address and its ARN."""
    sqs = deployed.cloud.client("sqs")
    made = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=made, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return deployed.cloud.endpoint + urlsplit(made).path, arn


def _receive(deployed: Deployment, queue: str, is_enough: Callable[[list[str]], bool]) -> list[str]:
    """What came to a queue, until it is enough."""
    told: list[str] = []

    def came() -> bool:
        answer = deployed.cloud.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        told.extend(one["Body"] for one in answer.get("Messages", ()))
        return is_enough(told)

    assert _eventually(came)
    deployed.cloud.client("sqs").delete_queue(QueueUrl=queue)
    return told


def _repeats(deployed: Deployment, account: Account) -> None:
    with step("the very same request, sent again, is answered with the first id"):
        feed = sample("acknowledgement") + b"\n\n"
        query = HandWritten(deployed.endpoint, account).query(
            "SubmitFeed", FeedType=ACKNOWLEDGEMENT, ContentMD5Value=md5(feed)
        )
        answers = [_post(deployed.endpoint, query, feed) for _ in range(2)]
        assert [status for status, _ in answers] == [200, 200]
        assert len({re.findall(r"<FeedSubmissionId>(\d+)<", text)[0] for _, text in answers}) == 1


def _post(endpoint: str, query: str, feed: bytes) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=_PATIENCE)
    connection.request("POST", f"/?{query}", feed, {"Content-Type": "text/xml"})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def _dead_letter(deployed: Deployment, driver: Driver, account: Account) -> None:
    with step("a dead letter ends as _CANCELLED_, and `feedproc feeds show` tells the reason"):
        with _worker_held(deployed):
            submission_id = driver.submit(sample("acknowledgement") + b"\n" * 3, ACKNOWLEDGEMENT).submission_id
            nudge = {
                "seller_id": account.seller_id,
                "feed_type": ACKNOWLEDGEMENT.strip("_"),
                "submission_id": submission_id,
            }
            deployed.cloud.client("sqs").send_message(
                QueueUrl=deployed.outputs["DeadLettersQueueUrl"], MessageBody=json.dumps(nudge),
                MessageGroupId="dead", MessageDeduplicationId=submission_id,
            )  # fmt: skip
            assert _finished(driver, submission_id) == "_CANCELLED_"
        with refused(driver, "FeedCanceled"):
            driver.report(submission_id)
        told = deployed.feedproc("feeds", "show", submission_id, "--seller", account.seller_id, "--format", "json")
        assert "delivered too often" in json.loads(told)["reason"]


def _notification(deployed: Deployment, driver: Driver, account: Account) -> None:
    with step("FeedProcessingFinished reaches the seller's queue from the outbox"):
        queue, _ = _make_queue(deployed, f"{STACK}-notify-1")
        deployed.feedproc("sellers", "notify", account.seller_id, "--queue-url", queue)
        submission_id = driver.submit(sample("acknowledgement") + b"\n" * 4, ACKNOWLEDGEMENT).submission_id
        assert _finished(driver, submission_id) == "_DONE_"
        assert _eventually(lambda: deployed.invoke("outbox")["announced"] == 0)
        _receive(deployed, queue, lambda texts: any(submission_id in one for one in texts))


def _logs(deployed: Deployment) -> None:
    with step("every function's log names submissions and sellers, and nothing of what is in feeds and orders"):
        logs = {name: deployed.log(name) for name in ("api", "worker", "deadLetter", "outbox")}
        about = [one for one in logs["worker"] if one.get("message") in {"claimed", "ended"}]
        assert about
        assert all(one["seller_id"].startswith("A1DEPLOYED") and one["submission_id"] for one in about)
        written = json.dumps(logs, ensure_ascii=False)
        assert [one for one in ("250-10000", "buyer", "@", "AmazonEnvelope", "AccessDenied") if one in written] == []


def _alarms(deployed: Deployment) -> None:
    with step("the feed that was given up rings, and so does each alarm when its metric passes its threshold"):
        assert {"FeedsCancelled", "DeadLetters", "OutboxAge"} <= deployed.measure_what_was_logged()
        assert {"FeedsCancelled", "DeadLetters"} <= {one["MetricName"] for one in _ringing(deployed)}
        for one in deployed.alarms():
            deployed.measure(one["Namespace"], one["MetricName"], one["Dimensions"], one["Threshold"] + 1_000_000)
        assert [one["AlarmName"] for one in deployed.alarms() if one["StateValue"] != "ALARM"] == []
        assert len(deployed.alarms()) == len(ALARMS)
        told: set[str] = set()

        def came() -> bool:
            answer = deployed.cloud.client("sqs").receive_message(QueueUrl=deployed.cloud.rung, MaxNumberOfMessages=10)
            told.update(
                json.loads(json.loads(one["Body"])["Message"])["AlarmName"] for one in answer.get("Messages", ())
            )
            return told == {one["AlarmName"] for one in deployed.alarms()}

        assert _eventually(came)


def _ringing(deployed: Deployment) -> list[dict[str, Any]]:
    return [one for one in deployed.alarms() if one["StateValue"] == "ALARM"]


@contextmanager
def _worker_held(deployed: Deployment) -> Iterator[None]:
    deployed.hold_worker(True)
    try:
        yield
    finally:
        deployed.hold_worker(False)


def _finished(driver: Driver, submission_id: str) -> str:
    status = ""

    def over() -> bool:
        nonlocal status
        ((_, _, status),) = driver.page([submission_id]).submissions
        return status in FINISHED

    assert _eventually(over), f"{submission_id} is still {status}"
    return status


def _eventually(happened: Callable[[], bool]) -> bool:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if happened():
            return True
        time.sleep(0.25)
    return False
