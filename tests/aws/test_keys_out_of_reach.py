"""KMS cannot be used for a while: who calls is asked to come again, feeds wait, and all goes on by itself."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.errors import HeldUp, StoreBusy
from feedproc.feeds.submission import ProcessingStatus
from feedproc.ports import LONGEST_PAUSE
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from tests.aws.builders import CloudShop
from tests.aws.cloud import Answer, Answering, between, messages_come_again, operation
from tests.aws.test_flow import Edge
from tests.builders import FULFILLMENT, a_feed, a_seller, acknowledges, feed_types, orders, ships
from tests.spapi.builders import SpShop, an_sp_seller

FAULTS = {
    "ThrottlingException": 400,
    "KMSInternalException": 500,
    "DisabledException": 400,
    "AccessDeniedException": 400,
}
FEED = a_feed(ships(1), feed_type=FULFILLMENT)
TOKEN = {
    "grant_type": "refresh_token",
    "client_id": an_sp_seller().client_id,
    "client_secret": str(an_sp_seller().client_secret),
    "refresh_token": str(an_sp_seller().refresh_token),
}


@contextmanager
def keys_out_of_reach(code: str = "KMSInternalException") -> Iterator[None]:
    """Let KMS refuse everything, without a pause between botocore's tries."""

    def refuse(request: Any, answer: Answering) -> Answer:
        if not operation(request).startswith("kms "):
            return answer(request)
        body = json.dumps({"__type": code, "message": "hush-hush"})
        return FAULTS[code], {"Content-Type": "application/x-amz-json-1.1"}, body

    with between(refuse), pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.sleep", lambda _: None)
        yield


@pytest.mark.parametrize("code", FAULTS)
def test_who_calls_is_asked_to_come_again_and_is_served_then(
    shop: CloudShop, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    edge = Edge(shop.reopened())
    with keys_out_of_reach(code), caplog.at_level(logging.INFO):
        refused = edge.call("SubmitFeed", feed=FEED, FeedType=f"_{FULFILLMENT}_")
    assert refused.error == (503, "RequestThrottled")
    assert f"KMS, Decrypt: {code}" in caplog.text
    assert "Traceback" not in caplog.text
    assert edge.submit(FEED, f"_{FULFILLMENT}_") == "50001019786"  # the first one


def test_applications_are_asked_to_come_again(shop: CloudShop) -> None:
    sellers = shop.reopened().backend.sellers
    shop.backend.sellers.change(replace(a_seller(), client_id="an-application"))
    with keys_out_of_reach(), pytest.raises(StoreBusy):
        sellers.find_by_client("an-application")
    assert [one.client_id for one in sellers.find_by_client("an-application")] == ["an-application"]


def test_an_application_that_asks_for_a_token_is_asked_to_come_again(shop: CloudShop) -> None:
    shop.backend.sellers.change(an_sp_seller())
    api = SpShop(shop.reopened())
    with keys_out_of_reach():
        refused = api.ask_token(False, **TOKEN)
    assert (refused.status_code, refused.get_json()["error"]) == (503, "temporarily_unavailable")
    assert api.ask_token(False, **TOKEN).status_code == 200


def test_a_feed_waits_however_long_it_lasts_and_is_applied_once(shop: CloudShop) -> None:
    shop.stocked(*orders(2))
    submission = shop.submit(a_feed(acknowledges(1), acknowledges(2)))
    worker = shop.reopened()
    with keys_out_of_reach():
        for _ in range(30):
            with pytest.raises(HeldUp, match="Decrypt: KMSInternalException"):
                process_next(Processing(worker.backend, feed_types(), worker.worker, Policy(), shop.clock))
            shop.now += LONGEST_PAUSE + timedelta(seconds=1)
            messages_come_again()
    waiting = shop.again(submission)
    assert (waiting.status, waiting.attempts, waiting.setbacks) == (ProcessingStatus.IN_PROGRESS, 0, 30)
    assert shop.work() == 1
    assert shop.report(submission).counts == (2, 2, 0, 0)


def test_a_seller_who_cannot_be_kept_is_told_and_can_be_kept_later(shop: CloudShop) -> None:
    sellers, seller = shop.reopened().backend.sellers, a_seller("LATER")
    with keys_out_of_reach(), pytest.raises(StoreBusy):
        sellers.add(seller)
    assert sellers.get("LATER") is None
    sellers.add(seller)
    assert shop.backend.sellers.get("LATER") == seller
