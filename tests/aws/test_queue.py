"""Announcements in the FIFO queue: whose turn it is, how long they are hidden, when they go."""

from datetime import timedelta
from typing import Any

import pytest

from feedproc.aws import open_lambda_queue
from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import get_clients
from feedproc.aws.queue.held_messages import VISIBILITY
from feedproc.aws.queue.message import compose_message, read_nudge
from feedproc.feeds.submission import FeedSubmission
from feedproc.services.process.process import process
from feedproc.services.process.processing import Policy, Processing
from tests.aws.builders import CloudShop
from tests.aws.cloud import Answering, between, noted, operation
from tests.builders import ACKNOWLEDGEMENT, LEASE, NOON, SELLER, a_feed, acknowledges, cancels, feed_types, orders


def a_submission(seller_id: str = SELLER, feed_type: str = ACKNOWLEDGEMENT) -> FeedSubmission:
    return FeedSubmission(
        seller_id=seller_id, feed_type=feed_type, document="0" * 32, size=1, submitted_at=NOON,
        submission_id="50001019786", counter=50_001,
    )  # fmt: skip


def left(cloud: AwsSettings) -> tuple[int, int]:
    """Messages of the queue that can be received, and that are hidden."""
    asked = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = get_clients(cloud).sqs.get_queue_attributes(QueueUrl=cloud.queue_url, AttributeNames=asked)["Attributes"]
    return int(told[asked[0]]), int(told[asked[1]])


def test_a_message_names_its_line_and_itself() -> None:
    message = compose_message(a_submission())
    assert message["MessageGroupId"] == f"{SELLER}/{ACKNOWLEDGEMENT}"
    assert message["MessageDeduplicationId"] == f"{SELLER}/50001019786"
    assert read_nudge(message["MessageBody"]).submission_id == "50001019786"


@pytest.mark.parametrize("seller_id", ["x" * 200, "in Jerusalem", "é", "\udcff", "a\nb"])
def test_names_that_sqs_would_not_take_are_digested(seller_id: str) -> None:
    message = compose_message(
        a_submission().__class__(**{**_fields(a_submission()), "seller_id": seller_id.replace("\udcff", "")})
    )
    ids = {message["MessageGroupId"], message["MessageDeduplicationId"]}
    assert all(len(one) <= 128 and one.isascii() and " " not in one for one in ids)


def _fields(submission: FeedSubmission) -> dict[str, Any]:
    return {name: getattr(submission, name) for name in submission.__struct_fields__}


def test_a_message_goes_when_its_feed_has_ended_and_not_before(shop: CloudShop, cloud: AwsSettings) -> None:
    shop.stocked(*orders(1))
    shop.submit(a_feed(cancels(1)))
    assert left(cloud) == (1, 0)
    waiting = shop.backend.queue.receive(NOON)
    assert waiting is not None
    assert left(cloud) == (0, 1)
    process(Processing(shop.backend, feed_types(), "w", Policy(), shop.clock), waiting)
    assert left(cloud) == (0, 0)


def test_a_worker_that_is_stopped_leaves_its_feed_to_another_at_once(shop: CloudShop, cloud: AwsSettings) -> None:
    shop.stocked(*orders(1))
    submission = shop.submit(a_feed(cancels(1)))
    waiting = shop.backend.queue.receive(NOON)
    assert waiting is not None
    assert shop.backend.submissions.claim(*waiting, "w", NOON, LEASE)
    shop.backend.queue.leave("w", NOON)
    assert left(cloud) == (1, 0)
    assert shop.reopened().work() == 1
    assert shop.report(submission).counts == (1, 1, 0, 0)


def test_a_message_stays_hidden_while_its_worker_lives(shop: CloudShop, cloud: AwsSettings) -> None:
    shop.stocked(*orders(1))
    submission = shop.submit(a_feed(cancels(1)))
    waiting = shop.backend.queue.receive(NOON)
    assert waiting is not None
    claim = shop.backend.submissions.claim(*waiting, "w", NOON, LEASE)
    assert claim is not None
    with noted() as asked:
        for second in range(0, 600, 20):
            shop.backend.submissions.renew(claim, NOON + timedelta(seconds=second), LEASE)
    hidden = asked.count("sqs ChangeMessageVisibility")
    assert 600 // VISIBILITY.seconds <= hidden <= 2 * 600 // VISIBILITY.seconds + 1
    assert left(cloud) == (0, 1)
    assert shop.again(submission).attempts == 1


def test_a_cancelled_feeds_message_is_cleared_away(shop: CloudShop, cloud: AwsSettings) -> None:
    submission = shop.submit(a_feed())
    shop.backend.submissions.cancel(SELLER, submission.submission_id, NOON)
    assert shop.backend.queue.receive(NOON) is None
    assert left(cloud) == (0, 0)


def test_a_message_that_came_to_another_meanwhile_is_let_go(shop: CloudShop) -> None:
    shop.stocked(*orders(1))
    shop.submit(a_feed(cancels(1)))

    def expired(request: Any, answer: Answering) -> Any:
        if operation(request) == "sqs DeleteMessage":
            body = '{"__type": "com.amazonaws.sqs#ReceiptHandleIsInvalid", "message": "too late"}'
            return 400, {"Content-Type": "application/x-amz-json-1.0"}, body
        return answer(request)

    with between(expired):
        assert shop.work() == 1


def test_announced_twice_a_feed_comes_once(shop: CloudShop, cloud: AwsSettings) -> None:
    submission = shop.submit(a_feed(acknowledges()))
    shop.backend.queue.send(submission)
    assert left(cloud) == (1, 0)


@pytest.mark.parametrize("body", ["", "{}", "[1, 2]", "not JSON", '{"seller_id": 5}'])
def test_a_message_that_announces_nothing_stops_nobody(shop: CloudShop, cloud: AwsSettings, body: str) -> None:
    shop.stocked(*orders(1))
    message = {"MessageGroupId": "g", "MessageDeduplicationId": "d", "MessageBody": body or " "}
    get_clients(cloud).sqs.send_message(QueueUrl=cloud.queue_url, **message)
    submission = shop.submit(a_feed(cancels(1)))
    assert (shop.work(), shop.work()) == (0, 1)
    assert shop.report(submission).counts == (1, 1, 0, 0)


def test_an_entry_is_replaced_by_one_that_tells_who_holds_its_feed(cloud: AwsSettings) -> None:
    queue, sqs = open_lambda_queue(cloud), get_clients(cloud).sqs
    first = compose_message(a_submission())
    sqs.send_message(QueueUrl=cloud.queue_url, **first)
    (received,) = sqs.receive_message(QueueUrl=cloud.queue_url)["Messages"]
    queue.replace(received["Body"], "w7")
    assert "Messages" not in sqs.receive_message(QueueUrl=cloud.queue_url)  # behind the other of its group
    sqs.delete_message(QueueUrl=cloud.queue_url, ReceiptHandle=received["ReceiptHandle"])
    (again,) = sqs.receive_message(QueueUrl=cloud.queue_url)["Messages"]
    assert queue.read_waiting(again["Body"]) == queue.read_waiting(first["MessageBody"])
    assert (queue.read_holder(first["MessageBody"]), queue.read_holder(again["Body"])) == (None, "w7")
