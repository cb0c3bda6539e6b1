"""Orders chosen in the list and cancelled: which can be, what is sent for them, and what is said before and after."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace

from feedproc.orders.order import OrderStatus
from feedproc.ports import Filter
from tests.builders import FULFILLMENT, NOON, SELLER, Shop, a_feed, an_order, order_id, orders, ships
from tests.console.builders import Visitor


def tickable(visitor: Visitor) -> dict[str, bool]:
    """The ids in the list, and whether they can be ticked."""
    boxes = re.findall(r'<input type="checkbox" name="order" value="([^"]+)"( disabled)?', visitor.page)
    return {name: not disabled for name, disabled in boxes}


def sent(shop: Shop) -> dict[str, str]:
    """The feeds that were submitted, by type."""
    feeds = {}
    for one in shop.backend.submissions.find(SELLER, Filter(), 10):
        with shop.backend.documents.open(one.document) as feed:
            feeds[one.feed_type] = feed.read().decode()
    return feeds


def stock_of_every_kind(seller: Visitor) -> None:
    """An open order, a pending one, one that has shipped, one that Amazon fulfils, and a cancelled one."""
    shipped, cancelled = an_order(3), an_order(5)
    seller.shop.stocked(
        an_order(1), an_order(2, marker=OrderStatus.PENDING), shipped, an_order(4, fulfilled_by_amazon=True), cancelled
    )
    seller.shop.run(a_feed(ships(3), feed_type=FULFILLMENT), FULFILLMENT)
    seller.get(f"/orders/cancel?order={order_id(5)}")
    seller.post("/orders/cancel", order=order_id(5), reason="NoInventory")
    seller.shop.work()


def test_an_order_that_cannot_be_cancelled_cannot_be_ticked_and_says_why(seller: Visitor) -> None:
    stock_of_every_kind(seller)
    seller.get("/orders")
    assert tickable(seller) == {order_id(number): number in (1, 2) for number in (5, 4, 3, 2, 1)}
    for why in ("Units have shipped", "Already cancelled", "Fulfilled by Amazon"):
        assert why in seller.text


def test_each_row_leads_to_the_cancellation_of_its_order_and_back_to_the_same_list(seller: Visitor) -> None:
    seller.shop.stocked(*orders(3))
    seller.get("/orders?status=Unshipped&from=2024-01-01")
    link = re.search(rf'href="/console(/orders/cancel\?order={order_id(2)}[^"]*)"[^>]*>Cancel Order<', seller.page)
    assert link
    seller.get(link[1].replace("&amp;", "&"))
    place = re.search(r'name="place" value="([^"]*)"', seller.page)
    assert place
    answer = seller.post(
        "/orders/cancel", order=order_id(2), reason="NoInventory", place=place[1].replace("&amp;", "&")
    )
    assert answer.location.startswith("/console/orders?")
    seller.shop.work()
    seller.get(answer.location.removeprefix("/console"))
    assert 'data-outcome="good"' in seller.page
    assert tickable(seller) == {order_id(3): True, order_id(1): True}, "the filter stays"


def test_pending_and_unshipped_orders_are_cancelled_together_each_by_their_own_feed(seller: Visitor) -> None:
    seller.shop.stocked(an_order(1), an_order(2, marker=OrderStatus.PENDING), an_order(3))
    chosen = [order_id(number) for number in (1, 2, 3)]
    seller.get("/orders/cancel?" + urlencode({"order": chosen}, doseq=True))
    assert "Pending orders among these: 1." in seller.text
    answers = [seller.post("/orders/cancel", order=chosen, reason="NoInventory", memo="gone") for _ in range(2)]
    feeds = sent(seller.shop)
    assert len(feeds) == 2
    assert order_id(2) in feeds["POST_FLAT_FILE_PENDING_ORDER_CANCELLATION_DATA"]
    assert order_id(2) not in feeds["POST_ORDER_ACKNOWLEDGEMENT_DATA"]
    assert answers[0].location == answers[1].location, "a form sent twice acts once"
    seller.shop.work()
    seller.get(answers[0].location.removeprefix("/console"))
    assert seller.page.count('data-outcome="good"') == 2
    assert {status.value for status in seller.shop.statuses()} == {"Canceled"}


def test_what_cannot_be_cancelled_is_left_out_of_a_selection_with_its_reason(seller: Visitor) -> None:
    stock_of_every_kind(seller)
    seller.get("/orders/cancel?" + "&".join(f"order={order_id(number)}" for number in (1, 2, 3, 4, 5, 6)))
    assert re.findall(r'name="order" value="([^"]+)"', seller.page) == [order_id(1), order_id(2)]
    for number, why in ((3, "Units have shipped"), (4, "Fulfilled by Amazon"), (5, "Already"), (6, "Not one of your")):
        assert f"{order_id(number)} : {why}" in seller.text


def test_when_nothing_of_a_selection_can_be_cancelled_that_is_said_and_no_form_is_shown(seller: Visitor) -> None:
    stock_of_every_kind(seller)
    assert seller.get(f"/orders/cancel?order={order_id(3)}").status_code == 400
    assert "None of these orders can be cancelled." in seller.text
    assert 'name="reason"' not in seller.page


@pytest.mark.parametrize("place", ["", "x=1&status=<b>", "//evil.example/", "after=%00&from=" + "9" * 5000])
def test_the_way_back_stays_within_the_list_whatever_a_form_says(seller: Visitor, place: str) -> None:
    seller.shop.stocked(*orders(2))
    seller.get(f"/orders/cancel?order={order_id(1)}")
    answer = seller.post("/orders/cancel", order=order_id(1), reason="NoInventory", place=place)
    assert answer.location.startswith("/console/orders?")
    assert seller.get(answer.location.removeprefix("/console")).status_code in (200, 400)


def test_what_a_cancellation_does_to_the_cancel_rate_is_said_before_it_is_sent(seller: Visitor) -> None:
    seller.shop.stocked(*(replace(one, purchased_at=NOON - timedelta(hours=9)) for one in orders(50)))
    seller.get(f"/orders/cancel?order={order_id(1)}")
    assert "goes from 0.00 % to 2.00 %; Amazon wants it below 2.50 %" in seller.text
    assert 'href="/console/metrics"' in seller.page
    seller.post("/orders/cancel", order=order_id(1), reason="NoInventory")
    seller.shop.work()
    seller.get(f"/orders/cancel?order={order_id(2)}")
    assert "goes from 2.00 % to 4.00 %" in seller.text
    seller.get("/metrics")
    assert "2.00 %" in seller.text, "what was told is what it became"


def test_a_cancellation_that_the_buyer_asked_for_is_said_to_leave_the_rate_alone(seller: Visitor) -> None:
    seller.shop.stocked(an_order(purchased_at=NOON - timedelta(hours=9), buyer_asked_to_cancel=True))
    seller.get(f"/orders/cancel?order={order_id(1)}")
    assert "does not raise your pre-fulfilment cancel rate" in seller.text
