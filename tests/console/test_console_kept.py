"""What was typed is not lost: when a feed is refused, when a form is, and when the language changes."""

import html
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from feedproc.ports import Filter
from tests.builders import (
    FULFILLMENT,
    OTHER_SELLER,
    SELLER,
    a_feed,
    a_seller,
    an_order,
    item_code,
    order_id,
    orders,
    ships,
)
from tests.console.builders import Visitor, with_password

AMOUNT = f"amount-{item_code(1)}-Principal"


def refused_refund(seller: Visitor) -> str:
    """Ask for more money back than was charged, and return the link that the outcome offers."""
    seller.shop.stocked(an_order())
    seller.shop.run(a_feed(ships(1), feed_type=FULFILLMENT), FULFILLMENT)
    seller.get(f"/orders/{order_id(1)}/refund")
    fields = {AMOUNT: "99999", "reason": "CustomerReturn", "memo": "two came <b>back"}
    answer = seller.post(f"/orders/{order_id(1)}/refund", **fields)
    seller.shop.work()
    seller.get(answer.location.removeprefix("/console"))
    assert 'data-outcome="bad"' in seller.page
    link = re.search(r'href="/console([^"]+)">Change it and send again', seller.page)
    assert link
    return html.unescape(link[1])


def test_a_refund_that_was_refused_comes_back_filled_in(seller: Visitor) -> None:
    seller.get(refused_refund(seller))
    assert f'name="{AMOUNT}" value="99999"' in seller.page
    assert 'value="two came &lt;b&gt;back"' in seller.page
    assert '<option value="CustomerReturn" selected>' in seller.page


def test_a_shipment_that_was_refused_comes_back_filled_in(seller: Visitor) -> None:
    seller.shop.stocked(an_order(quantity=1))
    seller.get(f"/orders/{order_id(1)}/ship")
    fields = {f"units-{item_code(1)}": "5", "carrier": "UPS", "tracking": "1Z-9"}
    answer = seller.post(f"/orders/{order_id(1)}/ship", **fields)
    seller.shop.work()
    seller.get(answer.location.removeprefix("/console"))
    link = re.search(r'href="/console([^"]+)">Change it and send again', seller.page)
    assert link
    seller.get(html.unescape(link[1]))
    assert 'value="1Z-9"' in seller.page
    assert '<option value="UPS" selected>' in seller.page
    assert f'name="units-{item_code(1)}" value="5"' in seller.page


CHOSEN = [order_id(1), order_id(2), order_id(3)]


def sent_for_several(seller: Visitor, meanwhile: Callable[[], object] = lambda: None) -> str:
    """Ask to cancel three orders, while something happens; return where that leads."""
    seller.shop.stocked(*orders(3))
    seller.get(f"/orders/cancel?{urlencode({'order': CHOSEN, 'place': 'status=Unshipped'}, doseq=True)}")
    meanwhile()
    fields = {"reason": "NoInventory", "memo": "sold out", "place": "status=Unshipped"}
    return seller.post("/orders/cancel", order=CHOSEN, **fields).location.removeprefix("/console")


def offered_again(seller: Visitor, place: str) -> list[str]:
    """Follow the way back to the form; return the orders that it is about."""
    seller.get(place)
    link = re.search(r'href="/console([^"]+)">Change it and send again', seller.page)
    assert link
    seller.get(html.unescape(link[1]))
    return re.findall("order=([^&]+)", html.unescape(link[1]))


def test_a_form_for_several_orders_that_was_not_processed_comes_back_filled_in(seller: Visitor) -> None:
    place = sent_for_several(seller)
    (waiting,) = seller.shop.backend.submissions.find(SELLER, Filter(), 9)
    seller.shop.backend.submissions.cancel(SELLER, waiting.submission_id, seller.shop.now)
    assert offered_again(seller, place) == CHOSEN
    assert 'value="sold out"' in seller.page
    assert 'value="NoInventory" required checked' in seller.page
    assert re.findall(r'name="order" value="([^"]+)"', seller.page) == CHOSEN
    assert 'name="place" value="status=Unshipped"' in seller.page


def test_of_several_orders_those_that_were_refused_are_offered_again(seller: Visitor) -> None:
    shipped = a_feed(ships(2), feed_type=FULFILLMENT)
    place = sent_for_several(seller, lambda: seller.shop.run(shipped, FULFILLMENT))
    seller.shop.work()
    assert offered_again(seller, place) == [order_id(2)]
    assert "Units have shipped" in seller.text


def test_a_form_that_succeeded_is_not_offered_again(seller: Visitor) -> None:
    seller.shop.stocked(an_order())
    seller.get(f"/orders/{order_id(1)}/ship")
    answer = seller.post(f"/orders/{order_id(1)}/ship", **{f"units-{item_code(1)}": "2", "carrier": "UPS"})
    seller.shop.work()
    seller.get(answer.location.removeprefix("/console"))
    assert "Change it and send again" not in seller.text


@pytest.mark.parametrize("given", ["", "x", "eyJhIjoxfQ.forged"])
def test_a_filled_form_that_this_console_did_not_seal_is_empty(seller: Visitor, given: str) -> None:
    seller.shop.stocked(an_order())
    assert seller.get(f"/orders/{order_id(1)}/refund?filled={given}").status_code == 200
    assert seller.get(f"/orders/{order_id(1)}?filled={given}").status_code == 200


def test_what_one_seller_typed_is_not_shown_to_another(seller: Visitor) -> None:
    link = refused_refund(seller)
    seller.shop.stocked(an_order(), seller=a_seller(OTHER_SELLER))
    with_password(seller.shop, OTHER_SELLER)
    other = Visitor(seller.shop)
    other.sign_in(OTHER_SELLER)
    assert other.get(link).status_code == 200
    assert "99999" not in other.page


def test_a_language_is_changed_on_the_page_of_a_form_that_was_refused(seller: Visitor) -> None:
    seller.shop.stocked(*orders(2))
    chosen = [order_id(1), order_id(2)]
    seller.get(f"/orders/cancel?order={chosen[0]}&order={chosen[1]}")
    assert seller.post("/orders/cancel", order=chosen).status_code == 400
    here = re.search(r'name="next" value="([^"]+)"', seller.page)
    assert here
    assert html.unescape(here[1]) == f"/console/orders/cancel?order={chosen[0]}&order={chosen[1]}"


def test_done_is_green_only_where_something_succeeded(seller: Visitor) -> None:
    refused_refund(seller)
    seller.get("/feeds")
    states = re.findall(r'<span class="badge (\w+)">Done</span>', seller.page)
    assert states == ["failed", "done"]
