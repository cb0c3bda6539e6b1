"""What the functions write: which submission of whom, how much of it, and nothing of what is in it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feedproc.errors import Conflict
from feedproc.orders.order import Address, Buyer
from tests.builders import SELLER, a_feed, acknowledges, an_order, cancels
from tests.lambdas.builders import LambdaShop, a_lambda_shop

PRIVATE = ["山田太郎", "1-2-3 Chiyoda", "taro@example.com", "M-7001", "BuyerCanceled", "hush", "token of A2SHOP"]


@pytest.fixture
def shop(tmp_path: Path, written: Any) -> LambdaShop:
    """A shop whose functions write to what the test reads: that must be there before they are made."""
    assert written() == []
    return a_lambda_shop(tmp_path)


def test_every_line_about_a_submission_names_it_and_its_seller(shop: LambdaShop, written: Any) -> None:
    shop.sends(a_feed(acknowledges(1)))
    shop.delivered()
    lines = [one for one in written() if "message" in one]
    assert [one["message"].split()[0] for one in lines] == ["submitted", "SubmitFeed", "claimed", "ended"]
    assert {(one["seller_id"], one["submission_id"]) for one in lines} == {(SELLER, "50001019786")}


def test_a_line_after_the_event_names_no_submission(shop: LambdaShop, written: Any) -> None:
    shop.sends(a_feed(acknowledges(1)))
    shop.call("GetFeedSubmissionCount")
    assert "submission_id" not in written()[-1]


def test_metrics_tell_feeds_messages_errors_seconds_and_age(shop: LambdaShop, written: Any) -> None:
    shop.submit(a_feed(acknowledges(1), acknowledges(900), cancels(2)))
    shop.now += timedelta(seconds=7)
    shop.delivered()
    told = written()[-1]
    named = ("Feeds", "Messages", "Errors", "Seconds", "QueueAge")
    assert [told[name] for name in named] == [[1], [3], [1], [0], [7]]
    assert told["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "feedproc/test"


def test_metrics_that_cannot_be_written_fail_no_request(
    shop: LambdaShop, written: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POWERTOOLS_METRICS_NAMESPACE")
    assert shop.sends(a_feed(acknowledges(1))).status == 200
    assert shop.delivered() == []
    lost = [one for one in written() if "metrics are lost" in one.get("message", "")]
    assert len(lost) == 2
    assert "Must contain a metric namespace" in lost[0]["message"]


def test_a_delivery_that_fails_is_counted(shop: LambdaShop, written: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(type(shop.machine.backend.batches), "prepare", breaks)
    shop.submit(a_feed(acknowledges(1)))
    shop.delivered()
    assert written()[-1]["DeliveriesFailed"] == [1]


def test_nothing_private_is_written(shop: LambdaShop, written: Any) -> None:
    buyer = Buyer(name=PRIVATE[0], email=PRIVATE[2])
    shop.stocked(an_order(1, buyer=buyer, ship_to=Address(lines=(PRIVATE[1],))))
    shop.sends(a_feed(acknowledges(1, PRIVATE[3]), cancels(2)))
    shop.sends(b"<broken>" + "山田太郎".encode())
    for _ in range(3):
        shop.delivered()
        shop.call("GetFeedSubmissionList")
    everything = json.dumps(written(), ensure_ascii=False)
    assert [one for one in PRIVATE if one in everything] == []


def test_an_errors_text_is_not_written_for_it_may_quote_a_feed(
    shop: LambdaShop, written: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError("cannot put 山田太郎")

    monkeypatch.setattr(type(shop.machine.backend.batches), "prepare", breaks)
    shop.submit(a_feed(acknowledges(1)))
    assert shop.delivered() == ["message-1"]
    (line,) = [one for one in written() if one.get("level") == "ERROR"]
    assert line["exception"].startswith("ValueError\n")
    assert "test_logs.py" in line["exception"]
    assert "山田" not in json.dumps(line, ensure_ascii=False)


def test_an_error_of_our_own_is_told_with_its_text(
    shop: LambdaShop, written: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise Conflict("busy")

    monkeypatch.setattr(shop.machine.backend.documents.__class__, "open", breaks)
    shop.submit(a_feed(acknowledges(1)))
    shop.delivered()
    (line,) = [one for one in written() if one.get("level") == "ERROR"]
    assert line["exception"].startswith("Conflict: busy\n")


def test_a_fault_of_the_server_is_an_internal_error_whose_text_stays_here(
    shop: LambdaShop, written: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError("cannot read 山田太郎")

    monkeypatch.setattr(type(shop.machine.backend.sellers), "find_by_access_key", breaks)
    answer = shop.call("GetFeedSubmissionCount")
    assert (answer.status, "山田" in answer.text) == (500, False)
    assert "山田" not in json.dumps(written(), ensure_ascii=False)
