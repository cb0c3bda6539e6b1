"""The test kit: what a test is given, what it finds there, and that nothing is left of the test before."""

import asyncio
import os
import subprocess
import sys
import threading
import unittest
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import urlopen

import pytest

from feedproc.errors import ReportNotReady
from feedproc.feeds.report_request import ReportStatus
from feedproc.feeds.submission import ProcessingStatus
from feedproc.feedtypes.order_adjustment.compose import ItemRefund, compose_refund
from feedproc.orders.order import Order, OrderStatus
from feedproc.testing import Feedproc, use_feedproc, with_feedproc
from feedproc.testing.shop import NotLoaded
from tests.clients.drivers import installed

ADJUSTMENT = "_POST_PAYMENT_ADJUSTMENT_DATA_"
ROOT = Path(__file__).parents[2]
T = TypeVar("T")


def a_refund(feedproc: Feedproc, order: Order, principal: int = 1000) -> bytes:
    refund = ItemRefund(
        item_code=order.items[0].order_item_code, reason="CustomerReturn", amounts={"Principal": Decimal(principal)}
    )
    return compose_refund(feedproc.mws.merchant_token, order.amazon_order_id, [refund], order.currency).body


def submit(feedproc: Feedproc, feed: bytes) -> str:
    installed("mws", "mws")
    return str(feedproc.mws.client().submit_feed(feed, ADJUSTMENT).parsed.FeedSubmissionInfo.FeedSubmissionId)


def test_a_refund_by_mws_reaches_the_order_the_buyer_and_the_queue(feedproc: Feedproc) -> None:
    order = feedproc.orders.add("TOWEL-01", price=1000, shipped=True)
    submission_id = submit(feedproc, a_refund(feedproc, order))
    feedproc.drain()
    assert [dict(one.amounts) for one in feedproc.orders[order.amazon_order_id].refunds] == [{"Principal": 1000}]
    assert feedproc.submissions.last.submission_id == submission_id
    assert b"<MessagesSuccessful>1</MessagesSuccessful>" in feedproc.submissions.get_report()
    assert [mail.recipient for mail in feedproc.mail] == ["buyer1@example.com"]
    assert submission_id in feedproc.notifications[0]


def test_a_refund_by_python_amazon_sp_api_reaches_the_order(feedproc: Feedproc) -> None:
    installed("python-amazon-sp-api", "sp_api.api")
    order = feedproc.orders.add("TOWEL-01", price=1000, shipped=True)
    feeds = feedproc.spapi.client("Feeds")
    _, created = feeds.submit_feed(ADJUSTMENT.strip("_"), BytesIO(a_refund(feedproc, order)), "text/xml")
    feedproc.drain()
    done = feeds.get_feed(created.payload["feedId"]).payload
    assert done["processingStatus"] == "DONE"
    assert "<MessagesSuccessful>1<" in feeds.get_feed_document(done["resultFeedDocumentId"])
    assert len(feedproc.orders[order.amazon_order_id].refunds) == 1


@pytest.mark.parametrize("time", [1, 2])
def test_each_test_begins_with_nothing(feedproc: Feedproc, time: int) -> None:
    assert (len(feedproc.orders), len(feedproc.submissions), feedproc.stock.list()) == (0, 0, {}), time
    assert (feedproc.mail, feedproc.notifications, feedproc.clock.is_frozen) == ([], [], False)
    submit(feedproc, a_refund(feedproc, feedproc.orders.add()))
    feedproc.stock["A"] = 3
    feedproc.clock.freeze()
    feedproc.drain()


def test_a_feed_waits_while_the_kit_is_held_until_it_is_drained(feedproc: Feedproc) -> None:
    feedproc.hold()
    submit(feedproc, a_refund(feedproc, feedproc.orders.add()))
    before = feedproc.submissions.last.status
    feedproc.drain()
    assert (before, feedproc.submissions.last.status) == (ProcessingStatus.SUBMITTED, ProcessingStatus.DONE)


def test_a_released_kit_processes_by_itself(feedproc: Feedproc) -> None:
    feedproc.hold()
    submit(feedproc, a_refund(feedproc, feedproc.orders.add()))
    feedproc.release()
    ended = threading.Event()
    while feedproc.submissions.last.status is not ProcessingStatus.DONE:
        assert not ended.wait(0.01)


def test_an_order_is_made_by_one_line_and_checked(feedproc: Feedproc) -> None:
    order = feedproc.orders.add("KETTLE-02", quantity=2, price=3980)
    assert (order.status, order.items[0].charges["Principal"]) == (OrderStatus.UNSHIPPED, Decimal(7960))
    assert feedproc.orders.add(shipped=True).status is OrderStatus.SHIPPED
    with pytest.raises(NotLoaded, match="amazon_order_id 'no id' has not the form"):
        feedproc.orders.add(amazon_order_id="no id")


def test_a_new_order_is_listed_at_once_by_both_protocols(feedproc: Feedproc) -> None:
    installed("mws", "mws"), installed("python-amazon-sp-api", "sp_api.api")
    order_id = feedproc.orders.add(purchased_at=feedproc.clock()).amazon_order_id
    told = feedproc.mws.client("Orders").list_orders((feedproc.mws.marketplace_id,), created_after="2020-01-01").parsed
    assert told.Orders.Order.AmazonOrderId == order_id
    listed = feedproc.spapi.client("OrdersV0").get_orders(CreatedAfter="2020-01-01").payload["Orders"]
    assert [one["AmazonOrderId"] for one in listed] == [order_id]


def test_files_of_orders_and_levels_are_loaded(feedproc: Feedproc, tmp_path: Path) -> None:
    assert feedproc.orders.load(ROOT / "samples/orders.jsonl") == len(feedproc.orders)
    assert feedproc.stock.load(ROOT / "samples/stock.jsonl") == len(feedproc.stock.list())
    (tmp_path / "bad.jsonl").write_text("{}\n")
    with pytest.raises(NotLoaded, match=r"bad\.jsonl: line 1: "):
        feedproc.orders.load(tmp_path / "bad.jsonl")


def test_no_level_is_set_of_a_sku_that_holds_the_character_0(feedproc: Feedproc) -> None:
    with pytest.raises(NotLoaded, match=r"stock\['KETTLE\\x00'\].sku holds the character 0"):
        feedproc.stock["KETTLE\0"] = 3
    assert feedproc.stock.list() == {}


def test_a_moved_clock_moves_the_life_of_tokens_and_the_time_of_signatures(feedproc: Feedproc) -> None:
    feedproc.clock.freeze(datetime(2024, 2, 29, 12, tzinfo=UTC))
    token = feedproc.spapi.fetch_token()
    submit(feedproc, a_refund(feedproc, feedproc.orders.add()))
    assert feedproc.submissions.last.submitted_at == datetime(2024, 2, 29, 12, tzinfo=UTC)
    feedproc.clock.move(hours=2)
    assert "expired" in ask(feedproc, token)


def ask(feedproc: Feedproc, token: str) -> str:
    import requests

    path = "/feeds/2021-06-30/feeds/50000019000"
    return requests.get(feedproc.url + path, headers={"x-amz-access-token": token}, timeout=10).text


def test_a_clock_runs_on_from_another_time(feedproc: Feedproc) -> None:
    feedproc.clock.run_from(datetime(2030, 1, 1, tzinfo=UTC))
    assert timedelta() <= feedproc.clock() - datetime(2030, 1, 1, tzinfo=UTC) < timedelta(minutes=1)
    assert feedproc.clock.move(days=1) > datetime(2030, 1, 2, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused(feedproc: Feedproc) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        feedproc.clock.freeze(datetime(2030, 1, 1))


def test_the_server_is_kept_and_a_second_one_is_another() -> None:
    with use_feedproc() as first, use_feedproc() as second:
        assert first.url != second.url
        first.orders.add()
        assert len(second.orders) == 0
    with use_feedproc() as third:
        assert third in (first, second)


def run_in_thread(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run it on a loop in a thread of its own: a browser's test before this one may have left a loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


def test_a_test_of_asyncio_uses_the_kit(feedproc: Feedproc) -> None:
    async def ping() -> bytes:
        return await asyncio.to_thread(lambda: urlopen(feedproc.url).read())

    assert b"PingResponse" in run_in_thread(ping())


class OfUnittest(unittest.TestCase):
    @with_feedproc
    def run_plain(self, feedproc: Feedproc) -> str:
        return feedproc.orders.add().amazon_order_id

    @with_feedproc
    async def run_async(self, feedproc: Feedproc) -> int:
        return len(feedproc.orders)


def test_methods_of_unittest_are_given_the_kit() -> None:
    case = OfUnittest("run_plain")
    assert case.run_plain() == "250-0000000-0000001"
    assert run_in_thread(case.run_async()) == 0


def test_pytest_loads_nothing_of_the_server_before_a_fixture_is_used() -> None:
    code = "import feedproc.testing.plugin, sys; print([m for m in sys.modules if m.startswith('feedproc.')])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert eval(loaded) == ["feedproc.testing", "feedproc.testing.plugin"]


def test_a_server_that_was_asked_nothing_has_loaded_neither_the_apis_nor_what_reads_feeds() -> None:
    names = ("cheroot", "werkzeug", "lxml", "feedproc.mws.app", "feedproc.spapi.app", "feedproc.formats")
    code = "from feedproc.testing import Feedproc; Feedproc().start(); import sys; "
    code += f"print(sys.modules.keys() & {set(names)})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded == "set()\n"


def test_a_server_that_nobody_stopped_does_not_keep_its_process() -> None:
    code = "from feedproc.testing import Feedproc; Feedproc().start()"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def test_workers_of_xdist_have_a_server_each(tmp_path: Path) -> None:
    body = "import pytest\n@pytest.mark.parametrize('n', range(6))\ndef test_it(feedproc, n): feedproc.orders.add()\n"
    (tmp_path / "test_many.py").write_text(body)
    options = ["-q", "-n", "2", "-p", "xdist", "-p", "feedproc.testing.plugin", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, "test_many.py"]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ran = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False)
    assert "6 passed" in ran.stdout, ran.stdout + ran.stderr


def test_a_moved_clock_lets_scheduled_reports_become_due(feedproc: Feedproc) -> None:
    installed("mws", "mws")
    feedproc.clock.freeze()
    reports = feedproc.mws.client("Reports")
    asked = {"ReportType": "_GET_ORDERS_DATA_", "Schedule": "_1_HOUR_"}
    reports.make_request({"Action": "ManageReportSchedule", **asked}, method="POST")
    for expected in ("1", "2"):
        feedproc.drain()
        assert reports.get_report_request_count().parsed.Count == expected
        feedproc.clock.move(hours=1)


def test_a_report_that_a_program_asked_for_is_read_from_the_kit(feedproc: Feedproc) -> None:
    installed("mws", "mws")
    order = feedproc.orders.add("TOWEL-01")
    since = (feedproc.clock() - timedelta(days=3)).isoformat()
    asked = feedproc.mws.client("Reports").request_report("_GET_FLAT_FILE_ORDERS_DATA_", start_date=since).parsed
    feedproc.drain()
    told = feedproc.reports.get(asked.ReportRequestInfo.ReportRequestId)
    assert (told, [told]) == (feedproc.reports.last, feedproc.reports.list())
    assert order.amazon_order_id.encode() in feedproc.reports.read(told.request_id)
    assert len(feedproc.submissions) == 0


def test_a_report_is_asked_for_by_the_kit_for_the_last_day_unless_told_otherwise(feedproc: Feedproc) -> None:
    order = feedproc.orders.add()
    feedproc.reports.request("GET_FLAT_FILE_ORDERS_DATA")
    feedproc.drain()
    assert feedproc.reports.last.status is ReportStatus.DONE_NO_DATA
    feedproc.reports.request("_GET_FLAT_FILE_ORDERS_DATA_", start=order.purchased_at)
    feedproc.drain()
    assert order.amazon_order_id.encode() in feedproc.reports.read()
    assert len(feedproc.reports) == 2


def test_without_a_report_the_kit_says_so(feedproc: Feedproc) -> None:
    with pytest.raises(LookupError, match="no report was asked for"):
        feedproc.reports.read()
    feedproc.hold()
    feedproc.reports.request("GET_FLAT_FILE_ORDERS_DATA")
    with pytest.raises(ReportNotReady):
        feedproc.reports.read()
