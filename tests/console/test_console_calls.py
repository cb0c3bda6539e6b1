"""The page of calls: there where tests control the server, each seller's own, and live."""

import pytest
import requests
from playwright.sync_api import Page, expect

from feedproc.console.words import read_languages
from feedproc.control.faults import Trouble
from feedproc.control.stream import SellersCalls
from feedproc.serve.ephemeral import EphemeralOptions, EphemeralServer
from feedproc.testing.clients import TEST_SELLER
from tests.builders import NOON, SELLER, Shop
from tests.console.browser import follow
from tests.console.builders import Visitor, application, with_password
from tests.console.test_console_accessibility import faults
from tests.control.builders import a_log


def visit(shop: Shop, *sellers: str) -> Visitor:
    """A seller who signed in to a server that each of some sellers called once."""
    visitor = Visitor(shop, application_=application(with_password(shop), calls=SellersCalls(a_log(*sellers, at=NOON))))
    visitor.sign_in()
    return visitor


def test_a_seller_sees_his_own_calls_and_those_of_nobody(shop: Shop) -> None:
    page = visit(shop, SELLER, "A9OTHER", "").get("/calls").text
    assert page.count("GetFeedSubmissionList") == 2
    assert "A9OTHER" not in page


def test_the_page_speaks_japanese(shop: Shop) -> None:
    visitor = visit(shop, SELLER)
    visitor.speak("ja")
    assert "スロットリング" in visitor.get("/calls").text


def test_each_fault_has_a_word_of_its_own() -> None:
    words = read_languages(())["en"]
    assert [one for one in Trouble if f"trouble.{one}" not in words] == []


@pytest.mark.parametrize("path", ["/calls", "/calls/list", "/calls/live"])
def test_without_control_there_is_no_such_page(seller: Visitor, path: str) -> None:
    assert seller.get(path).status_code == 404
    assert "/calls" not in seller.get("/orders").text


def test_a_call_appears_while_the_page_is_looked_at(page: Page) -> None:
    with EphemeralServer(EphemeralOptions(sellers=(TEST_SELLER,), has_control=True)) as server:
        page.goto(f"{server.url}/console/sign-in")
        follow(page, page.locator("form[action$='/sign-in/here'] button"))
        page.goto(f"{server.url}/console/calls")
        for times in (1, 2):
            expect(page.locator("tbody tr")).to_have_count(times - 1)
            requests.get(server.url, timeout=10)
        expect(page.locator("tbody tr")).to_have_count(2)
        assert faults(page) == []
        page.goto("about:blank")
