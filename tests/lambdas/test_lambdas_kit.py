"""The functions on AWS under a test's own moto: what a test makes in one call, and delivers by another."""

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urlencode

import msgspec
import pytest

from feedproc.aws.testing import AwsFunctions, make_http_event
from feedproc.feeds.submission import ProcessingStatus
from feedproc.feedtypes.order_adjustment.compose import compose_refunds
from feedproc.testing.clients import TEST_SELLER
from tests.builders import NOON, an_order, hand_in
from tests.clients.drivers import installed


@pytest.fixture
def functions() -> Iterator[AwsFunctions]:
    with installed("moto", "moto").mock_aws():
        yield AwsFunctions()


def fetch_token(functions: AwsFunctions) -> str:
    form = {
        "grant_type": "refresh_token",
        "client_id": TEST_SELLER.client_id,
        "client_secret": TEST_SELLER.client_secret,
        "refresh_token": TEST_SELLER.refresh_token,
    }
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = functions.answer(make_http_event("POST", "/auth/o2/token", urlencode(form).encode(), headers))
    assert answer.status == 200, answer.body
    return str(msgspec.json.decode(answer.body)["access_token"])


def test_the_function_answers_events_under_moto(functions: AwsFunctions) -> None:
    headers = {"x-amz-access-token": fetch_token(functions)}
    answer = functions.answer(make_http_event("GET", "/sellers/v1/marketplaceParticipations", headers=headers))
    assert (answer.status, b"A1VC38T7YXB528" in answer.body) == (200, True)


def test_a_feed_in_the_queue_is_pumped_through_the_worker(functions: AwsFunctions) -> None:
    seller_id, backend, order = TEST_SELLER.seller_id, functions.backend, an_order(1)
    backend.orders.load(seller_id, [order])
    feed = compose_refunds(TEST_SELLER.merchant_token, [order], "CustomerReturn").body
    submission = hand_in(backend, BytesIO(feed), seller_id, "POST_PAYMENT_ADJUSTMENT_DATA", NOON)
    assert functions.pump() == 1
    ended = backend.submissions.get(seller_id, submission.submission_id)
    assert ended is not None
    assert (ended.status, ended.summary and ended.summary.successful) == (ProcessingStatus.DONE, 1)
    assert functions.pump() == 0
