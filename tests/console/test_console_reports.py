"""Reports of orders on the console: asked for, followed and taken."""

import re

import pytest

from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.submission import SubmissionKind
from feedproc.ports import Filter
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from tests.builders import OTHER_SELLER, SELLER, a_seller, orders
from tests.console.builders import Visitor

BY_ORDER = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE"
DATES = {"start": "2024-02-01T00:00", "end": "2024-03-04T00:00"}


def asked(seller: Visitor, **fields: str) -> int:
    seller.get("/reports")
    return seller.post("/reports", report_type=BY_ORDER, **(DATES | fields)).status_code


def work(seller: Visitor) -> None:
    shop = seller.shop
    while process_next(Processing(shop.backend, FeedTypes([]), "w", Policy(), shop.clock, load_report_types())):
        pass


def counted(seller: Visitor) -> int:
    return seller.shop.backend.submissions.count(SELLER, Filter(kind=SubmissionKind.REPORT_REQUEST))


def test_a_report_is_asked_for_followed_and_taken_to_the_byte(seller: Visitor) -> None:
    seller.shop.backend.orders.load(SELLER, orders(3))
    assert asked(seller) == 303
    seller.get("/reports")
    assert "All orders by order date" in seller.text
    assert "Submitted" in seller.text
    work(seller)
    seller.get("/reports")
    link = re.search(r'href="/console(/reports/\d+)"', seller.page)
    assert link is not None
    answer = seller.get(link[1])
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data.count(b"\n") == 4


def test_a_form_that_is_sent_twice_asks_once(seller: Visitor) -> None:
    seller.get("/reports")
    for _ in range(2):
        assert seller.post("/reports", report_type=BY_ORDER, **DATES).status_code == 303
    assert counted(seller) == 1


@pytest.mark.parametrize(
    "fields", [{"report_type": "GET_ORDERS_DATA"}, {"report_type": "x"}, {"start": "soon"}, {"end": "2023-01-01T00:00"}]
)
def test_what_cannot_be_asked_for_is_said_and_nothing_is_asked(seller: Visitor, fields: dict[str, str]) -> None:
    seller.get("/reports")
    answer = seller.post("/reports", **({"report_type": BY_ORDER} | DATES | fields))
    assert (answer.status_code, counted(seller)) == (400, 0)
    assert 'role="alert"' in answer.text


def test_anothers_report_and_one_that_is_not_there_lead_back_to_the_list(seller: Visitor) -> None:
    shop = seller.shop
    if shop.backend.sellers.get(OTHER_SELLER) is None:
        shop.backend.sellers.add(a_seller(OTHER_SELLER))
    for name in ("50001019786", "1"):
        assert seller.get(f"/reports/{name}").status_code == 303


def test_the_page_speaks_japanese(seller: Visitor) -> None:
    asked(seller)
    seller.speak("ja")
    seller.get("/reports")
    assert "全注文レポート（注文日）" in seller.text
    assert "受付済み" in seller.text
