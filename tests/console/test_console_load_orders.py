"""Orders from files, on the Orders page."""

from io import BytesIO

from tests.console.builders import Visitor
from tests.console.feeds import upload

ORDER = "250-7654321-0000001"
REPORT = (
    "order-id\torder-item-id\tpurchase-date\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\r\n"
    f"{ORDER}\t77001460000011\t2024-03-01T01:00:00+00:00\tSKU-0011\tタオル\t1\tJPY\t880\r\n"
)
BAD = "250-7654321-0000002\t77001460000012\tyesterday\tSKU-0011\t<script>\t1\tJPY\t880\r\n"


def load(seller: Visitor, *files: str | bytes) -> str:
    seller.get("/orders")
    given = [
        (BytesIO(file.encode("cp932") if isinstance(file, str) else file), f"{number}.txt")
        for number, file in enumerate(files)
    ]
    seller.page = seller.post("/orders/load", orders=given).text
    return seller.text


def test_an_order_report_is_loaded_and_its_orders_listed(seller: Visitor) -> None:
    assert "Orders loaded: 1." in load(seller, REPORT)
    seller.get(f"/orders/{ORDER}")
    assert "タオル" in seller.text


def test_rows_that_cannot_be_taken_are_told_and_the_others_loaded(seller: Visitor) -> None:
    told = load(seller, REPORT + BAD)
    assert "Orders loaded: 1. Not taken: 1." in told
    assert "line 3 purchase-date: 'yesterday' is no time" in told


def test_what_holds_no_orders_is_told_in_both_languages(seller: Visitor) -> None:
    assert "Not taken: 1." in load(seller, b"PK\x03\x04")
    assert "an Excel workbook" in seller.text
    seller.speak("ja")
    assert "1件は読み込めませんでした。" in load(seller, b"%PDF-1.4")


def test_without_a_file_nothing_happens(seller: Visitor) -> None:
    seller.get("/orders")
    assert seller.post("/orders/load").status_code == 400


def test_only_one_who_signed_in_and_saw_the_page_can_load(seller: Visitor) -> None:
    given = [(BytesIO(REPORT.encode()), "a.txt")]
    assert seller.post("/orders/load", token="forged", orders=given).status_code == 403


def test_an_order_report_that_is_uploaded_as_a_feed_can_be_loaded_as_orders(seller: Visitor) -> None:
    path = upload(seller, REPORT.encode("cp932"), "orders.txt")
    assert "This file holds orders of your own; it is no feed." in seller.text
    seller.page = seller.post(f"{path}/load").text
    assert "Orders loaded: 1." in seller.text
