"""Real clients live with orders from the first call to the last: list, read, ship, see the change; take reports."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.clients.order_programs import PROGRAMS, BotoMwsOrders, ToldReport
from tests.clients.shops import ACKNOWLEDGEMENT, FULFILLMENT, Shop, sample
from tests.serve.builders import eventually

FLAT = "_GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_"
SINCE = "2024-01-01T00:00:00Z"
SHIPPED = "250-1000010-0000010"


@pytest.fixture(params=PROGRAMS, ids=lambda program: program.driver.package)
def program(request: pytest.FixtureRequest, plain_shop: Shop) -> Any:
    account = plain_shop.new_account()
    made = request.param(plain_shop.endpoint, account)
    made.feeds = request.param.driver(plain_shop.endpoint, account)
    return made


def processed(program: Any, name: str, feed_type: str) -> bool:
    told = program.feeds.submit(sample(name), feed_type)
    return bool(eventually(lambda: program.feeds.page([told.submission_id]).submissions[0].status == "_DONE_"))


def reported(program: Any, request_id: str) -> ToldReport:
    assert eventually(lambda: program.poll(request_id).status.startswith("_DONE_"))
    told: ToldReport = program.poll(request_id)
    return told


def test_an_order_is_listed_read_acknowledged_shipped_and_seen_to_have_changed(program: Any) -> None:
    began = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    listed = program.list_orders(created=SINCE)
    assert listed[SHIPPED] == "Unshipped"
    assert program.list_units(SHIPPED) == 1
    assert processed(program, "acknowledgement", ACKNOWLEDGEMENT)
    assert processed(program, "fulfillment", FULFILLMENT)
    changed = program.list_orders(updated=began)
    assert changed[SHIPPED] == "Shipped"
    assert len(changed) < len(listed)


def test_a_report_is_requested_polled_fetched_and_told_as_not_taken(program: Any) -> None:
    told = reported(program, program.request(FLAT, SINCE))
    assert told.status == "_DONE_"
    report = program.fetch(told.report_id)
    text = report if isinstance(report, str) else report.decode("cp932")
    assert SHIPPED in text
    assert told.report_id in program.list_untaken()


def test_a_report_that_was_taken_is_told_no_more(plain_shop: Shop) -> None:
    program = BotoMwsOrders(plain_shop.endpoint, plain_shop.new_account())
    first, second = (reported(program, program.request(FLAT, SINCE)).report_id or "" for _ in range(2))
    program.take(first)
    assert program.list_untaken() == [second]
