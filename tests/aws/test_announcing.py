"""SQS refuses: a feed that is stored has its id, is announced later, and keeps its place in its line."""

import base64
import json
import logging
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import get_clients
from feedproc.aws.notifier import SqsNotifier
from feedproc.feeds.submission import ProcessingStatus
from feedproc.lambdas import api, outbox
from feedproc.lambdas.watching import watch, wrap_handler
from feedproc.ports import Filter
from feedproc.services.announce import OVERDUE
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing, Outlets
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.writers import load_writers
from tests.aws.builders import CloudShop
from tests.aws.cloud import Answer, Answering, between, operation, timed_out
from tests.builders import ACKNOWLEDGEMENT, SELLER, a_feed, acknowledges, cancels, orders
from tests.lambdas.builders import Context, LambdaShop, an_event
from tests.mws.clients import md5


def throttled(_request: Any, _answer: Answering) -> Answer:
    return 400, {}, json.dumps({"__type": "com.amazonaws.sqs#RequestThrottled", "message": "slow down"})


def denied(_request: Any, _answer: Answering) -> Answer:
    return 403, {}, json.dumps({"__type": "AccessDeniedException", "message": "arn:aws:sts::1:user"})


def broken(_request: Any, _answer: Answering) -> Answer:
    return 503, {}, json.dumps({"__type": "ServiceUnavailable", "message": "later"})


def unreachable(request: Any, _answer: Answering) -> Answer:
    raise EndpointConnectionError(endpoint_url=request.url)


def sqs(fails: Any) -> AbstractContextManager[None]:
    """Let every message that is sent to SQS go wrong."""
    return between(
        lambda request, answer: (fails if operation(request) == "sqs SendMessage" else lambda _, then: then(request))(
            request, answer
        )
    )


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries take no time."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "feedproc/test")


@pytest.fixture
def front(tmp_path: Path, shop: CloudShop) -> LambdaShop:
    """Who signs requests and hands them to the function `api`, whose store is the one on AWS."""
    shop.stocked(*orders(3))
    signer = LambdaShop(tmp_path)
    signer.machine = signer.machine._replace(backend=watch(shop.backend))
    return signer


def submitted(front: LambdaShop, feed: bytes) -> str:
    """Submit a feed as a client does; return the id that it gets."""
    target = front.target("SubmitFeed", "POST", FeedType=f"_{ACKNOWLEDGEMENT}_")
    event = front.event("POST", target, feed, content_type="text/xml", content_md5=md5(feed))
    answer = wrap_handler(api.make_handler(front.machine, front.links))(event, Context())
    assert answer["statusCode"] == 200
    return base64.b64decode(answer["body"]).decode().partition("<FeedSubmissionId>")[2].partition("<")[0]


def swept(shop: CloudShop, settings: AwsSettings, front: LambdaShop) -> dict[str, Any]:
    """Let the function run that a clock calls."""
    shop.now += OVERDUE + timedelta(seconds=1)
    outlets = Outlets(outbox.NoMailer(), SqsNotifier(settings), load_writers(load_feed_types()))
    outgoing = Outgoing(front.machine.backend, outlets, shop.clock, Patience())
    return wrap_handler(lambda event, context: outbox.respond(event, context, outgoing))(
        an_event("schedule"), Context(55_000)
    )


def status(shop: CloudShop, submission_id: str) -> ProcessingStatus:
    found = shop.backend.submissions.get(SELLER, submission_id)
    assert found is not None
    return found.status


@pytest.mark.parametrize("fails", [throttled, denied, broken, unreachable, timed_out])
def test_a_feed_that_sqs_does_not_take_has_its_id_and_is_processed_all_the_same(
    shop: CloudShop, front: LambdaShop, cloud: AwsSettings, fails: Any
) -> None:
    with sqs(fails):
        named = submitted(front, a_feed(cancels(1)))
    assert status(shop, named) is ProcessingStatus.SUBMITTED
    assert len(shop.backend.submissions.find(SELLER, Filter(), 9)) == 1
    swept(shop, cloud, front)
    shop.work()
    assert status(shop, named) is ProcessingStatus.DONE


def test_it_is_told_in_the_log_without_the_words_of_aws(
    front: LambdaShop, cloud: AwsSettings, caplog: pytest.LogCaptureFixture
) -> None:
    with sqs(denied), caplog.at_level(logging.WARNING):
        named = submitted(front, a_feed(cancels(1)))
    assert f"submission {named} is kept" in caplog.text
    assert "AccessDenied" in caplog.text
    assert "arn:aws" not in caplog.text


def test_the_next_feed_of_its_line_takes_it_along_and_they_stay_in_order(shop: CloudShop, front: LambdaShop) -> None:
    with sqs(broken):
        first = submitted(front, a_feed(cancels(1)))
    second = submitted(front, a_feed(acknowledges(1)))
    shop.work()
    assert {status(shop, first), status(shop, second)} == {ProcessingStatus.DONE}
    found = shop.backend.submissions.get(SELLER, second)
    assert found is not None
    assert shop.report(found).codes == [("1", 18028)]  # its order was cancelled before


def test_while_sqs_refuses_the_rest_of_the_outbox_goes_out(
    shop: CloudShop, front: LambdaShop, cloud: AwsSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    submitted(front, a_feed(cancels(1)))
    shop.work()
    with sqs(broken):
        named = submitted(front, a_feed(cancels(2)))
        capsys.readouterr()
        assert swept(shop, cloud, front) == {"sent": 2, "announced": 0}
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"Unsent"' in line]
    assert [one["Unsent"] for one in metrics] == [[1]]
    assert swept(shop, cloud, front)["announced"] == 1
    shop.work()
    assert status(shop, named) is ProcessingStatus.DONE


def test_a_client_waits_no_longer_than_its_request_may_take(front: LambdaShop, cloud: AwsSettings) -> None:
    config = get_clients(cloud).announcing.meta.config
    assert config.retries["total_max_attempts"] * (config.connect_timeout + config.read_timeout) < 29 - 10
