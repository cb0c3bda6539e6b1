"""Reports 2021-06-30: asked for, produced, downloaded; and schedules that ask again and again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from feedproc.orders.order import Address, Buyer
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.reports.schedules import request_due
from tests.builders import an_order, order_id
from tests.spapi.builders import GERMANY, JAPAN, NOON, SpShop, a_shop, an_sp_seller, error_of

REPORTS, SCHEDULES = "/reports/2021-06-30/reports", "/reports/2021-06-30/schedules"
ALL_ORDERS = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"
TO_SHIP = "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING"
XML_ORDERS = "GET_ORDER_REPORT_DATA_SHIPPING"
RIVAL = an_sp_seller("A3RIVAL")
INVALID = (400, "InvalidInput", "Invalid request parameters")


@pytest.fixture
def sp(tmp_path: Path) -> SpShop:
    made = a_shop(tmp_path)
    made.shop.stocked(
        an_order(
            7,
            purchased_at=NOON - timedelta(hours=5),
            marketplace_id=JAPAN,
            buyer=Buyer("佐藤 蓮", "a1@example.jp"),
            ship_to=Address("佐藤 蓮", ("丸の内1-9-1",), "千代田区", "", "東京都", "100-0005", "JP"),
        )
    )
    return made


def ask(sp: SpShop, report_type: str = ALL_ORDERS, token: str | None = None, **more: Any) -> TestResponse:
    return sp.call("POST", REPORTS, {"reportType": report_type, "marketplaceIds": [JAPAN], **more}, token)


def asked(sp: SpShop, report_type: str = ALL_ORDERS, **more: Any) -> str:
    made = ask(sp, report_type, **more)
    assert made.status_code == 202, made.text
    return str(made.json["reportId"])


def report(sp: SpShop, report_id: str) -> Any:
    return sp.call("GET", f"{REPORTS}/{report_id}").json


def produced(sp: SpShop, report_type: str = ALL_ORDERS) -> str:
    """The path of a report's document."""
    report_id = asked(sp, report_type)
    sp.work()
    return f"/reports/2021-06-30/documents/{report(sp, report_id)['reportDocumentId']}"


def restricted(sp: SpShop, path: str) -> str:
    body = {"restrictedResources": [{"method": "GET", "path": path}]}
    return str(sp.call("POST", "/tokens/2021-03-01/restrictedDataToken", body).json["restrictedDataToken"])


def test_a_report_is_asked_for_produced_and_downloaded(sp: SpShop) -> None:
    report_id = asked(sp, dataStartTime="2026-11-28T00:00:00Z")
    assert report(sp, report_id)["processingStatus"] == "IN_QUEUE"
    sp.work()
    told = report(sp, report_id)
    assert (told["processingStatus"], told["reportType"]) == ("DONE", ALL_ORDERS)
    assert told["dataStartTime"] == "2026-11-28T00:00:00+00:00"
    document = sp.call("GET", f"/reports/2021-06-30/documents/{told['reportDocumentId']}").json
    got = sp.follow("GET", document["url"])
    assert got.headers["Content-Type"].lower() == "text/plain;charset=windows-31j"
    heading, row = got.data.decode("cp932").splitlines()
    assert heading.startswith("amazon-order-id\t")
    assert row.startswith(f"{order_id(7)}\t")


def test_a_report_without_any_order_is_cancelled(sp: SpShop) -> None:
    report_id = asked(sp, dataStartTime="2020-01-01", dataEndTime="2020-01-02")
    sp.work()
    told = report(sp, report_id)
    assert (told["processingStatus"], "reportDocumentId" in told) == ("CANCELLED", False)


def test_a_document_that_tells_of_buyers_takes_a_token_for_just_that_document(sp: SpShop) -> None:
    path = produced(sp, TO_SHIP)
    assert sp.call("GET", path).status_code == 403
    generic = restricted(sp, "/reports/2021-06-30/documents/{reportDocumentId}")
    assert sp.call("GET", path, token=generic).status_code == 403
    answer = sp.call("GET", path, token=restricted(sp, path))
    assert answer.status_code == 200
    assert "佐藤 蓮" in sp.follow("GET", answer.json["url"]).data.decode("cp932")


def test_another_seller_finds_neither_report_nor_document_nor_schedule(sp: SpShop) -> None:
    path, token = produced(sp), sp.token(RIVAL)
    report_id = asked(sp)
    made = sp.call("POST", SCHEDULES, {"reportType": XML_ORDERS, "marketplaceIds": [JAPAN], "period": "PT1H"})
    assert sp.call("GET", f"{REPORTS}/{report_id}", token=token).status_code == 404
    assert sp.call("DELETE", f"{REPORTS}/{report_id}", token=token).status_code == 404
    assert sp.call("GET", path, token=token).status_code == 400
    assert sp.call("GET", REPORTS, token=token, query={"reportTypes": ALL_ORDERS}).json == {"reports": []}
    schedule = f"{SCHEDULES}/{made.json['reportScheduleId']}"
    assert [sp.call(one, schedule, token=token).status_code for one in ("GET", "DELETE")] == [404, 404]
    assert report(sp, report_id)["processingStatus"] == "IN_QUEUE"


def test_a_waiting_report_can_be_cancelled_and_an_ended_one_cannot(sp: SpShop) -> None:
    report_id = asked(sp)
    assert sp.call("DELETE", f"{REPORTS}/{report_id}").json == {}
    assert report(sp, report_id)["processingStatus"] == "CANCELLED"
    assert error_of(sp.call("DELETE", f"{REPORTS}/{report_id}"))[:3] == INVALID


def test_an_unknown_report_is_not_found(sp: SpShop) -> None:
    feed_id = sp.submit(b"<x/>", "POST_ORDER_ACKNOWLEDGEMENT_DATA")
    for name in ("1", feed_id):
        assert error_of(sp.call("GET", f"{REPORTS}/{name}")) == (
            404, "NotFound", "One or more of the provided ReportRequestIds could not be found.", None
        )  # fmt: skip


def test_a_feed_and_a_report_never_share_an_id_and_lists_keep_them_apart(sp: SpShop) -> None:
    feed_id, report_id = sp.submit(b"<x/>", "POST_ORDER_ACKNOWLEDGEMENT_DATA"), asked(sp)
    assert feed_id != report_id
    assert sp.call("GET", f"/feeds/2021-06-30/feeds/{report_id}").status_code == 404
    listed = sp.call("GET", REPORTS, query={"reportTypes": ALL_ORDERS}).json["reports"]
    assert [one["reportId"] for one in listed] == [report_id]


def test_reports_are_listed_newest_first_a_page_at_a_time(sp: SpShop) -> None:
    made = [asked(sp) for _ in range(5)]
    seen, query = list[str](), {"reportTypes": f"{ALL_ORDERS},{TO_SHIP}", "pageSize": "2"}
    while query:
        page = sp.call("GET", REPORTS, query=query).json
        seen += [one["reportId"] for one in page["reports"]]
        query = {"nextToken": page["nextToken"]} if "nextToken" in page else {}
    assert seen == made[::-1]


@pytest.mark.parametrize(
    ("statuses", "found"), [("IN_QUEUE", 1), ("DONE", 1), ("CANCELLED", 1), ("FATAL", 0), ("DONE,IN_QUEUE", 2)]
)
def test_reports_are_found_by_their_status(sp: SpShop, statuses: str, found: int) -> None:
    asked(sp, dataStartTime="2020-01-01", dataEndTime="2020-01-02")
    asked(sp)
    sp.work()
    asked(sp)
    listed = sp.call("GET", REPORTS, query={"reportTypes": ALL_ORDERS, "processingStatuses": statuses}).json
    assert len(listed["reports"]) == found


@pytest.mark.parametrize(
    "body",
    [
        {"reportType": "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA"},  # dead since MWS
        {"reportType": "GET_NOTHING"},
        {"reportType": XML_ORDERS},  # comes by schedules alone
        {"marketplaceIds": [GERMANY]},
        {"dataEndTime": "2027-01-01"},
        {"dataStartTime": "2026-11-28T11:00:00Z", "dataEndTime": "2026-11-28T10:00:00Z"},
        {"reportOptions": {"ShowSalesChannel": 1}},
    ],
)
def test_what_is_wrong_with_a_request_is_refused(sp: SpShop, body: Any) -> None:
    asked_for = {"reportType": ALL_ORDERS, "marketplaceIds": [JAPAN]} | body
    assert error_of(sp.call("POST", REPORTS, asked_for))[:3] == INVALID


def test_what_is_missing_is_named(sp: SpShop) -> None:
    assert error_of(sp.call("POST", REPORTS, {}))[3] == "reportType;marketplaceIds;"
    assert error_of(sp.call("GET", REPORTS))[3] == "reportTypes;"
    assert error_of(sp.call("GET", SCHEDULES))[3] == "reportTypes;"


def test_a_schedule_asks_for_reports_until_it_is_cancelled(sp: SpShop) -> None:
    body = {"reportType": XML_ORDERS, "marketplaceIds": [JAPAN], "period": "PT12H"}
    made = sp.call("POST", SCHEDULES, body)
    assert made.status_code == 201
    path = f"{SCHEDULES}/{made.json['reportScheduleId']}"
    told = sp.call("GET", path).json
    assert (told["period"], told["reportType"], told["nextReportCreationTime"]) == (
        "PT12H", XML_ORDERS, "2026-11-28T12:00:00+00:00"
    )  # fmt: skip
    assert sp.call("GET", SCHEDULES, query={"reportTypes": XML_ORDERS}).json == {"reportSchedules": [told]}
    sp.later(hours=1)
    request_due(sp.shop.backend, load_report_types(), sp.now)
    sp.work()
    (done,) = sp.call("GET", REPORTS, query={"reportTypes": XML_ORDERS}).json["reports"]
    assert (done["processingStatus"], done["reportScheduleId"]) == ("DONE", told["reportScheduleId"])
    assert sp.call("DELETE", path).json == {}
    assert sp.call("GET", path).status_code == 404


@pytest.mark.parametrize(
    "changed", [{"period": "PT7M"}, {"nextReportCreationTime": "2028-01-01"}, {"reportType": ALL_ORDERS}]
)
def test_a_schedule_that_cannot_be_is_refused(sp: SpShop, changed: Any) -> None:
    body = {"reportType": XML_ORDERS, "marketplaceIds": [JAPAN], "period": "PT1H"} | changed
    assert error_of(sp.call("POST", SCHEDULES, body))[:3] == INVALID
