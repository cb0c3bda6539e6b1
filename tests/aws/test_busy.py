"""A store with too much to do, and an account in which something is wrong: who is told, and in which words."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError

from feedproc.aws.clients import get_clients
from feedproc.aws.errors import TooBusy, describe_environment_fault
from feedproc.errors import BatchTooLarge, HeldUp
from feedproc.mws.app import create_app
from feedproc.wiring.clock import make_id
from tests.aws.builders import CloudShop
from tests.aws.cloud import Answering, between, operation
from tests.builders import ACKNOWLEDGEMENT, NOON, a_feed, a_seller, acknowledges, cancels, feed_types, orders
from tests.mws.builders import Server

AT_ONCE = 40
CANCELLED = "TransactionCanceledException"


class Edge(Server):
    """The MWS edge over a shop on AWS."""

    def __init__(self, shop: CloudShop) -> None:
        self.sellers = (a_seller(),)
        self.now = NOON
        self.app = create_app(shop.backend, feed_types(), lambda: NOON, make_id)


def an_error(code: str, status: int = 400, reasons: tuple[str, ...] = ()) -> ClientError:
    answer: Any = {
        "Error": {"Code": code, "Message": "about taro@example.com"},
        "ResponseMetadata": {"HTTPStatusCode": status},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(answer, "PutItem")


def test_forty_feeds_of_one_seller_at_once_all_get_a_number(shop: CloudShop) -> None:
    with ThreadPoolExecutor(AT_ONCE) as together:
        made = list(together.map(lambda _: shop.submit(a_feed(acknowledges(1))), range(AT_ONCE)))
    first = min(one.counter for one in made)
    assert sorted(one.counter for one in made) == list(range(first, first + AT_ONCE))


def test_a_feed_for_which_the_table_is_too_busy_is_answered_with_503(
    shop: CloudShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_clients(shop.settings), "pause", lambda seconds: None)

    def busy(request: Any, answer: Answering) -> Any:
        if operation(request) != "dynamodb TransactWriteItems":
            return answer(request)
        reasons = '"CancellationReasons": [{"Code": "TransactionConflict"}, {"Code": "None"}]'
        kind = f"com.amazonaws.dynamodb.v20120810#{CANCELLED}"
        return 400, {}, f'{{"__type": "{kind}", "Message": "busy", {reasons}}}'

    with between(busy):
        reply = Edge(shop).call("SubmitFeed", feed=a_feed(acknowledges(1)), FeedType=f"_{ACKNOWLEDGEMENT}_")
    assert (reply.status, "<Code>RequestThrottled</Code>" in reply.text) == (503, True)


def test_a_feed_waits_while_answers_do_not_arrive_whole_and_that_is_no_attempt_at_it(shop: CloudShop) -> None:
    shop.stocked(*orders(1))
    submission = shop.submit(a_feed(cancels(1)))

    def cut_off(request: Any, answer: Answering) -> Any:
        status, headers, body = answer(request)
        return status, headers, body[:-1] if operation(request) == "dynamodb BatchGetItem" else body

    with between(cut_off), pytest.raises(HeldUp, match="ResponseStreamingError"):
        shop.work()
    assert (shop.again(submission).attempts, shop.again(submission).setbacks) == (0, 1)


@pytest.mark.parametrize(
    "error",
    [
        an_error("ProvisionedThroughputExceededException"),
        an_error("SlowDown", 503),
        an_error("SomethingNew", 500),
        an_error("KMSInvalidStateException"),
        an_error("AccessDeniedException"),
        an_error("ResourceNotFoundException"),
        an_error(CANCELLED, reasons=("None", "TransactionConflict")),
        EndpointConnectionError(endpoint_url="https://dynamodb.eu-west-1.amazonaws.com"),
        TooBusy("table orders left keys unread"),
    ],
    ids=lambda error: type(error).__name__ + getattr(error, "response", {"Error": {"Code": ""}})["Error"]["Code"],
)
def test_what_the_environment_does_wrong_is_named_without_quoting_anybody(error: Exception) -> None:
    told = describe_environment_fault(error)
    assert told is not None
    assert "taro" not in told


@pytest.mark.parametrize(
    "error",
    [
        an_error("ValidationException"),
        an_error("NoSuchKey", 404),
        an_error(CANCELLED, reasons=("ConditionalCheckFailed", "TransactionConflict")),
        ParamValidationError(report="Key"),
        BatchTooLarge("more than 4 MB"),
        ValueError("ours"),
    ],
    ids=lambda error: type(error).__name__ + getattr(error, "response", {"Error": {"Code": ""}})["Error"]["Code"],
)
def test_what_feedproc_or_a_feed_does_wrong_is_no_fault_of_the_environment(error: Exception) -> None:
    assert describe_environment_fault(error) is None
