"""The search of Manage Orders: by whatever is at hand, however it is typed, and never without a bound."""

import re

import pytest

from feedproc.orders.order import Address, Buyer, Item
from feedproc.ports import OrderFilter
from feedproc.services.read.orders import MOST_SEARCHED, search_orders
from tests.builders import SELLER, an_order, item_code, order_id, orders
from tests.console.builders import Visitor

FOUND = 3


def listed(visitor: Visitor) -> list[str]:
    return re.findall(r'name="order" value="([^"]+)"', visitor.page)


@pytest.fixture
def searching(seller: Visitor) -> Visitor:
    """Five orders, of which the third is told apart by everything."""
    item = Item(item_code(FOUND), "TOWEL-07", 1, {}, "今治タオル ブルー")
    buyer, ship_to = Buyer("田中 Haruna", "hina@example.jp"), Address(name="渡辺 隆")
    seller.shop.stocked(
        *orders(2), an_order(FOUND, items=(item,), buyer=buyer, ship_to=ship_to), an_order(4), an_order(5)
    )
    return seller


@pytest.mark.parametrize(
    "query",
    [
        "TOWEL-07",
        "towel",
        "ＴＯＷＥＬ－０７",
        "今治タオル",
        "田中",
        "ｈａｒｕｎａ",
        "hina@example.jp",
        "HINA@",
        "渡辺 隆",
        item_code(3),
    ],
)
def test_orders_are_found_by_what_they_mention(searching: Visitor, query: str) -> None:
    assert searching.get("/orders", query_string={"q": query}).status_code == 200
    assert listed(searching) == [order_id(FOUND)]


@pytest.mark.parametrize("dash", ["－", "ー", "―", "‐", "-"])
def test_an_id_in_full_width_digits_leads_to_its_order(searching: Visitor, dash: str) -> None:
    query = f" ２５０{dash}０００００００{dash}００００００３ "
    assert searching.get("/orders", query_string={"q": query}).location == f"/console/orders/{order_id(FOUND)}"


@pytest.mark.parametrize("query", ["hina@example.jp", "HINA@", "渡辺 隆", item_code(FOUND)])
def test_orders_are_found_by_who_bought_them_and_by_the_code_of_an_item(searching: Visitor, query: str) -> None:
    assert searching.get("/orders", query_string={"q": query}).status_code == 200
    assert listed(searching) == [order_id(FOUND)]


def test_what_no_order_mentions_is_said_and_nothing_is_listed(searching: Visitor) -> None:
    searching.get("/orders", query_string={"q": "<b>UMBRELLA"})
    assert "No order mentions “<b>UMBRELLA”." in searching.text
    assert listed(searching) == []


def test_a_search_keeps_to_the_filter_and_goes_on_where_its_page_ended(seller: Visitor) -> None:
    seller.shop.stocked(*orders(120))
    seen, path = list[str](), "/orders?q=SKU-1&status=Unshipped"
    while path:
        seller.get(path)
        seen += listed(seller)
        following = re.search(r'rel="next" href="/console([^"]+)"', seller.page)
        path = following[1].replace("&amp;", "&") if following else ""
    every = [one for one in range(120, 0, -1) if "SKU-1" in seller.shop.order(one).items[0].sku]
    assert seen == [order_id(number) for number in every]


def test_a_search_looks_at_a_bounded_number_of_orders_and_can_go_on(seller: Visitor) -> None:
    seller.shop.stocked(*orders(MOST_SEARCHED), an_order(MOST_SEARCHED + 1, merchant_order_id="WEB-9"))
    stored = seller.shop.backend.orders
    first = search_orders(stored, SELLER, OrderFilter(), order_id(1)[4:], 10)
    assert (first.orders, first.is_cut_off) == ([], True)
    rest = search_orders(stored, SELLER, OrderFilter(after=first.following), order_id(1)[4:], 10)
    assert [one.amazon_order_id for one in rest.orders] == [order_id(1)]
