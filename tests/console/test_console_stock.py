"""The stock, and how each SKU came to its level."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest

from feedproc.stock.level import StockLevel
from tests.builders import NOON, OTHER_SELLER, SELLER, a_feed, a_seller, cancels, order_id, orders
from tests.console.builders import Visitor, with_password
from tests.console.feeds import SCRIPT


def loaded(seller: Visitor, **levels: int) -> None:
    shelf = [StockLevel(sku.replace("_", "-"), units) for sku, units in levels.items()]
    seller.shop.backend.stock.load(SELLER, shelf, NOON)


def skus(seller: Visitor) -> list[str]:
    return [part.partition('">')[0] for part in seller.page.split('class="id" href="/console/stock/')[1:]]


def test_every_sku_is_listed_in_pages_of_fifty(seller: Visitor) -> None:
    loaded(seller, **{f"SKU_{number:03}": number for number in range(120)})
    seen: list[str] = []
    path = "/stock"
    while path:
        seller.get(path)
        seen += skus(seller)
        path = seller.page.partition('rel="next" href="/console')[2].partition('"')[0]
    assert seen == [f"SKU-{number:03}" for number in range(120)]


def came_from(seller: Visitor) -> str:
    """Where the choice of language leads back to."""
    return unescape(seller.page.partition('name="next" value="')[2].partition('"')[0])


FOUND = (("SKU-05", "SKU-050"), ("SKU-050", "SKU-050"), ("SKU-0505", "SKU-051"), ("A", "SKU-000"), ("日", None))


@pytest.mark.parametrize(("asked", "first"), FOUND)
def test_a_search_goes_to_where_the_name_would_be(seller: Visitor, asked: str, first: str | None) -> None:
    loaded(seller, **{f"SKU_{number:03}": number for number in range(120)})
    seller.get(f"/stock?q={quote(asked)}")
    assert (skus(seller) or [None])[0] == first


ODD = ("全角　空白", "A\u00a0B", "A\u200bB", "A#1", "50%41 off?", SCRIPT)
ELSEWHERE = ("a//b", "//a", "//evil.example", "a/", "../..", "a/./b", ".", "~a", "a\\b", "C:\\x")
"""Names that a browser takes for another address when they stand in one as they are."""


@pytest.mark.parametrize("sku", ELSEWHERE)
def test_a_level_is_set_on_the_page_of_a_name_that_looks_like_another_address(seller: Visitor, sku: str) -> None:
    loaded(seller, **{sku: 7})
    seller.get("/stock")
    (path,) = skus(seller)
    assert re.fullmatch(r"~[\w-]+", path)
    seller.get(f"/stock/{path}")
    answer = seller.post(f"/stock/{path}", units="9")
    assert answer.location.startswith(f"/console/stock/{path}?")
    seller.shop.work()
    assert seller.shop.backend.stock.get_level(SELLER, sku) == 9


@pytest.mark.parametrize("sku", [*ODD, *ELSEWHERE])
def test_every_sku_that_is_listed_has_a_page_and_keeps_it_in_another_language(seller: Visitor, sku: str) -> None:
    loaded(seller, **{sku: 7})
    seller.get("/stock")
    path = f"/stock/{unescape(skus(seller)[0])}"
    assert seller.get(path).status_code == 200
    assert unescape(re.findall(r'<h1 class="id">(.*)</h1>', seller.page)[0]) == sku
    seller.get(seller.post("/language", language="ja", next=came_from(seller)).location.removeprefix("/console"))
    assert unescape(re.findall(r'<h1 class="id">(.*)</h1>', seller.page)[0]) == sku


@pytest.mark.parametrize("asked", ["\0", "\ue000", "\U0010ffff", "%", "'", SCRIPT, " "])
def test_no_search_breaks_the_page(seller: Visitor, asked: str) -> None:
    loaded(seller, A=1)
    assert seller.get(f"/stock?q={quote(asked)}").status_code == 200
    assert SCRIPT not in seller.page


def test_a_cancellation_brings_units_back_and_the_ledger_names_its_cause(seller: Visitor) -> None:
    seller.shop.stocked(*orders(1))
    loaded(seller, SKU_1=5)
    submission = seller.shop.submit(a_feed(cancels(1)))
    seller.shop.work()
    seller.get("/stock/SKU-1")
    assert "7 units" in seller.text
    assert "+2 7 Buyer cancelled" in seller.text
    assert f'href="/console/orders/{order_id(1)}"' in seller.page
    assert f'href="/console/feeds/{submission.submission_id}"' in seller.page
    assert "message 1" in seller.text


def test_a_level_is_set_by_a_feed_and_the_ledger_names_it(seller: Visitor) -> None:
    loaded(seller, SKU_1=5)
    seller.shop.now += timedelta(hours=1)
    seller.get("/stock/SKU-1")
    answer = seller.post("/stock/SKU-1", units="3", form_id="f")
    assert answer.location.startswith("/console/stock/SKU-1?submission=")
    seller.shop.work()
    seller.get(answer.location.removeprefix("/console"))
    assert 'data-outcome="good"' in seller.page
    assert "3 units" in seller.text
    assert "−2 3 Set by a feed" in seller.text
    assert "+5 5 Set by hand or loaded" in seller.text
    assert "message 1" in seller.text


def test_the_form_of_a_level_that_is_sent_twice_acts_once(seller: Visitor) -> None:
    loaded(seller, SKU_1=5)
    seller.get("/stock/SKU-1")
    first, second = [seller.post("/stock/SKU-1", units="3", form_id="f").location for _ in range(2)]
    assert first == second


def test_a_sku_that_was_never_seen_can_be_set(seller: Visitor) -> None:
    seller.get("/stock")
    answer = seller.get("/stock-of?sku=NEW/ONE+%26+more")
    assert answer.location == "/console/stock/NEW/ONE%20&%20more"
    seller.get("/stock/NEW/ONE%20&%20more")
    assert seller.post("/stock/NEW/ONE%20&%20more", units="4").status_code == 303
    seller.shop.work()
    assert seller.shop.backend.stock.get_level(SELLER, "NEW/ONE & more") == 4


def test_a_sku_that_no_feed_can_name_is_not_set(seller: Visitor) -> None:
    loaded(seller, **{"X" * 41: 7})
    seller.get(f"/stock/{'X' * 41}")
    answer = seller.post(f"/stock/{'X' * 41}", units="4")
    assert (answer.status_code, "at most 40 characters" in answer.get_data(as_text=True)) == (400, True)


@pytest.mark.parametrize("units", ["", " ", "-1", "1.5", "x", "٣", "9" * 30, "100000000"])
def test_what_is_no_number_of_units_is_refused_with_its_reason(seller: Visitor, units: str) -> None:
    loaded(seller, SKU_1=5)
    seller.get("/stock/SKU-1")
    assert seller.post("/stock/SKU-1", units=units).status_code == 400
    assert seller.shop.backend.stock.get_level(SELLER, "SKU-1") == 5


def test_a_level_is_not_set_without_the_pages_token(seller: Visitor) -> None:
    loaded(seller, SKU_1=5)
    seller.get("/stock/SKU-1")
    assert seller.post("/stock/SKU-1", token="x", units="9").status_code == 403
    assert seller.shop.backend.stock.get_level(SELLER, "SKU-1") == 5


def test_a_sku_full_of_script_stays_text(seller: Visitor) -> None:
    seller.shop.backend.stock.load(SELLER, [StockLevel(SCRIPT, 1), StockLevel('"><img src=x>', 1)], NOON)
    for path in ("/stock", f"/stock/{quote(SCRIPT)}"):
        assert seller.get(path).status_code == 200
        assert SCRIPT not in seller.page
        assert "<img" not in seller.page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in seller.page


def test_anothers_stock_is_not_seen(seller: Visitor) -> None:
    loaded(seller, SKU_1=5)
    seller.shop.stocked(seller=a_seller(OTHER_SELLER))
    with_password(seller.shop, OTHER_SELLER, "the rival's password")
    rival = Visitor(seller.shop)
    rival.sign_in(OTHER_SELLER, "the rival's password")
    rival.get("/stock")
    assert skus(rival) == []
    rival.get("/stock/SKU-1")
    assert "0 units" in rival.text
    rival.post("/stock/SKU-1", units="1")
    assert seller.shop.backend.stock.get_level(SELLER, "SKU-1") == 5
