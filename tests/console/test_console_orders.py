"""Manage Orders without a browser: the list, one order, and what each action submits."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from feedproc.console.pages.orders import PAGE
from feedproc.control.stream import SellersCalls
from feedproc.feeds.submission import FeedSubmission
from feedproc.orders.order import Address, Buyer, Item, Order, OrderStatus
from feedproc.ports import Filter
from tests.builders import (
    FULFILLMENT,
    NOON,
    PURCHASED,
    SELLER,
    Shop,
    a_feed,
    a_seller,
    an_order,
    item_code,
    order_id,
    orders,
    ships,
)
from tests.console.builders import Visitor, application, with_password
from tests.console.stage import JAPAN
from tests.control.builders import a_log

PENDING = OrderStatus.PENDING


def listed(visitor: Visitor) -> list[str]:
    """The ids in the list, from top to bottom."""
    return re.findall(r'name="order" value="([^"]+)"', visitor.page)


def stocked(visitor: Visitor, *stock: Order) -> Visitor:
    visitor.shop.stocked(*stock)
    return visitor


def submitted(shop: Shop) -> list[FeedSubmission]:
    return list(shop.backend.submissions.find(SELLER, Filter(), 100))


def feed_of(shop: Shop) -> str:
    """The one feed that was submitted."""
    (submission,) = submitted(shop)
    with shop.backend.documents.open(submission.document) as feed:
        return feed.read().decode()


def test_orders_are_listed_newest_first_a_page_at_a_time(seller: Visitor) -> None:
    stocked(seller, *orders(PAGE + 7))
    seller.get("/orders")
    first = listed(seller)
    assert first == [order_id(number) for number in range(PAGE + 7, 7, -1)]
    following = re.search(r'rel="next" href="/console([^"]+)"', seller.page)
    assert following
    seller.get(following[1].replace("&amp;", "&"))
    assert listed(seller) == [order_id(number) for number in range(7, 0, -1)]
    assert 'rel="next"' not in seller.page


def test_several_statuses_and_a_range_of_days_are_shown_together(seller: Visitor) -> None:
    days = [replace(one, purchased_at=PURCHASED + timedelta(days=number)) for number, one in enumerate(orders(8))]
    waiting = [replace(one, marker=PENDING) if number % 2 else one for number, one in enumerate(days)]
    stocked(seller, *waiting)
    seller.shop.run(a_feed(ships(1, on="2024-03-02T10:00:00Z"), feed_type=FULFILLMENT), FULFILLMENT)
    seller.get("/orders?status=Pending&status=Shipped")
    assert listed(seller) == [order_id(number) for number in (8, 6, 4, 2, 1)]
    seller.get("/orders?status=Pending&status=Shipped&from=2024-03-02&to=2024-03-04")
    assert listed(seller) == [order_id(number) for number in (4, 2)]


def test_paging_through_several_statuses_misses_none_and_repeats_none(seller: Visitor) -> None:
    stocked(seller, *(replace(one, marker=PENDING) if number % 3 else one for number, one in enumerate(orders(120))))
    path, seen = "/orders?status=Pending&status=Unshipped", []
    while path:
        seller.get(path)
        seen += listed(seller)
        following = re.search(r'rel="next" href="/console([^"]+)"', seller.page)
        path = following[1].replace("&amp;", "&") if following else ""
    assert seen == [order_id(number) for number in range(120, 0, -1)]


@pytest.mark.parametrize("query", [order_id(3), f"%20{order_id(3)}%20", "WEB-3"])
def test_a_search_goes_to_the_order_of_that_id_whoever_gave_it(seller: Visitor, query: str) -> None:
    stocked(seller, *orders(2), an_order(3, merchant_order_id="WEB-3"))
    answer = seller.get(f"/orders?q={query}")
    assert (answer.status_code, answer.location) == (303, f"/console/orders/{order_id(3)}")


def test_an_order_tells_what_it_is_and_who_it_is_for(seller: Visitor) -> None:
    ship_to = Address(name="渡辺 隆", lines=("中央1-1-1",), city="仙台市", state_or_region="宮城県")
    stocked(seller, an_order(buyer=Buyer("田中 陽菜", "hina@example.jp"), ship_to=ship_to, merchant_order_id="WEB-1"))
    seller.get(f"/orders/{order_id(1)}")
    for told in ("WEB-1", "田中 陽菜", "hina@example.jp", "渡辺 隆", "中央1-1-1", "仙台市, 宮城県", "SKU-1", "¥2,200"):
        assert told in seller.text


def test_the_history_tells_everything_in_the_order_it_happened(seller: Visitor) -> None:
    stocked(seller, an_order(quantity=3))
    act(seller, "ship", **{f"units-{item_code(1)}": 1}, carrier="UPS", tracking="1Z-9", shipped_at="2024-03-02T10:00")
    act(seller, "refund", **{f"amount-{item_code(1)}-Principal": "200"}, reason="CustomerReturn")
    act(seller, "refund", **{f"amount-{item_code(1)}-Principal": "1500"}, reason="CouldNotShip")
    act(seller, "cancel-units", **{f"units-{item_code(1)}": 1}, reason="NoInventory")
    seller.get(f"/orders/{order_id(1)}")
    kinds = re.findall(r'<li class="(\w+)">', seller.page)
    assert kinds == ["purchased", "shipped", "cancelled", "refunded", "held"]
    assert "1Z-9" in seller.text


def act(visitor: Visitor, page: str, number: int = 1, **fields: object) -> str:
    """Fill in a page about an order, let the feed run, and return what the order's page then says."""
    assert visitor.get(f"/orders/{order_id(number)}/{page}").status_code == 200
    answer = visitor.post(f"/orders/{order_id(number)}/{page}", **fields)
    assert answer.status_code == 303, visitor.text
    visitor.shop.work()
    visitor.get(answer.location.removeprefix("/console"))
    return visitor.text


def test_one_order_is_cancelled_with_its_reason_by_a_feed(seller: Visitor) -> None:
    stocked(seller, *orders(2))
    seller.get(f"/orders/cancel?order={order_id(1)}")
    answer = seller.post("/orders/cancel", order=order_id(1), reason="BuyerCanceled", memo="called -- <b>twice</b>")
    assert answer.location.startswith(f"/console/orders/{order_id(1)}?submission=")
    seller.get(answer.location.removeprefix("/console"))
    assert 'data-outcome="running"' in seller.page
    seller.shop.work()
    seller.get(answer.location.removeprefix("/console"))
    assert 'data-outcome="good"' in seller.page
    assert "called -- <b>twice</b>" in seller.text
    assert [status.value for status in seller.shop.statuses()] == ["Unshipped", "Canceled"]
    assert seller.shop.order(1).items[0].cancellations[0].reason == "BuyerCanceled"
    assert seller.shop.stock_of(1) == 2


def test_many_orders_are_cancelled_by_one_feed_and_each_refusal_is_told(seller: Visitor) -> None:
    stocked(seller, *orders(3))
    seller.shop.run(a_feed(ships(2), feed_type=FULFILLMENT), FULFILLMENT)
    chosen = [order_id(number) for number in (1, 2, 3)]
    seller.get("/orders/cancel?" + "&".join(f"order={one}" for one in chosen))
    answer = seller.post("/orders/cancel", order=chosen, reason="NoInventory")
    seller.shop.work()
    seller.get(answer.location.removeprefix("/console"))
    assert 'data-outcome="warn"' in seller.page
    assert "2 of 3 succeeded, 1 failed" in seller.text
    assert "Units of order 250-0000000-0000002 have shipped" in seller.text, "the plain words"
    assert "18028" in seller.text, "Amazon's code"
    assert len(submitted(seller.shop)) == 2


def test_pending_orders_are_found_by_status_and_day_and_cancelled_together(seller: Visitor) -> None:
    waiting = [an_order(day, marker=PENDING, purchased_at=PURCHASED + timedelta(days=day - 1)) for day in (1, 2, 3, 4)]
    stocked(seller, *waiting, an_order(9))
    seller.get("/orders/pending?status=Pending&to=2024-03-03")
    assert listed(seller) == [order_id(number) for number in (3, 2, 1)]
    seller.get("/orders/pending/cancel?all=1&status=Pending&to=2024-03-03")
    answer = seller.post("/orders/pending/cancel", order=listed(seller), reason="NoInventory", memo="在庫\tなし")
    assert "POST_FLAT_FILE_PENDING" in submitted(seller.shop)[0].feed_type
    seller.shop.work()
    seller.get(answer.location.removeprefix("/console"))
    assert 'data-outcome="good"' in seller.page
    assert "在庫 なし" in seller.text
    statuses = {one.amazon_order_id: one.status.value for one in map(seller.shop.order, (1, 2, 3, 4, 9))}
    assert list(statuses.values()) == ["Canceled", "Canceled", "Canceled", "Pending", "Unshipped"]


def test_a_shipment_names_its_units_carrier_and_number(seller: Visitor) -> None:
    stocked(seller, an_order(quantity=3))
    code = f"units-{item_code(1)}"
    told = act(seller, "ship", **{code: 2}, carrier="YamatoTransport", method="宅急便", tracking="4567 & 8")
    assert "Partially shipped" in told
    (package,) = seller.shop.order().packages
    assert (package.carrier, package.shipping_method) == ("YamatoTransport", "宅急便")
    assert (package.tracking_number, package.items[0].quantity) == ("4567 & 8", 2)
    assert package.shipped_at == seller.shop.now


def test_a_carrier_that_is_not_listed_is_named(seller: Visitor) -> None:
    stocked(seller, an_order())
    code = f"units-{item_code(1)}"
    seller.get(f"/orders/{order_id(1)}/ship")
    assert seller.post(f"/orders/{order_id(1)}/ship", **{code: 2}, carrier="Other").status_code == 400
    act(seller, "ship", **{code: 2}, carrier="Other", carrier_name="山田便 <急>")
    assert seller.shop.order().packages[0].carrier == "山田便 <急>"


def test_more_units_than_are_open_are_refused_by_the_rules_and_not_by_the_page(seller: Visitor) -> None:
    stocked(seller, an_order(quantity=1))
    told = act(seller, "ship", **{f"units-{item_code(1)}": 5}, carrier="UPS")
    assert "18021" in told
    assert "has 1 open units; 5 cannot be shipped" in told
    assert seller.shop.order().status is OrderStatus.UNSHIPPED


def test_a_shipment_is_edited_and_the_history_keeps_what_it_was(seller: Visitor) -> None:
    stocked(seller, an_order(1, quantity=3))
    act(seller, "ship", **{f"units-{item_code(1)}": 2}, carrier="YamatoTransport", tracking="111122223333")
    assert f'/orders/{order_id(1)}/packages/0"' in seller.page

    told = act(seller, "packages/0", carrier="", tracking="111122224444")

    (package,) = seller.shop.order(1).packages
    assert (package.carrier, package.tracking_number) == ("YamatoTransport", "111122224444")
    assert seller.shop.order(1).items[0].quantity_open == 1
    assert "Shipment corrected; before:" in told
    assert "111122223333" in told


def test_a_shipment_that_the_order_does_not_have_is_not_edited(seller: Visitor) -> None:
    stocked(seller, an_order(1))

    assert seller.get(f"/orders/{order_id(1)}/packages/0").status_code == 404


def test_part_of_the_money_goes_back_after_shipping(seller: Visitor) -> None:
    stocked(seller, an_order())
    act(seller, "ship", **{f"units-{item_code(1)}": 2}, carrier="UPS")
    amounts = {f"amount-{item_code(1)}-Principal": "1,000", f"amount-{item_code(1)}-Tax": "100"}
    fields = {**amounts, f"units-{item_code(1)}": 1}
    told = act(seller, "refund", **fields, reason="CustomerReturn", memo="one came back")
    assert "1 of 1 succeeded" in told
    (refund,) = seller.shop.order().refunds
    assert refund.amounts == {"Principal": Decimal(1000), "Tax": Decimal(100)}
    assert (refund.reason, refund.quantity) == ("CustomerReturn", 1)


@pytest.mark.parametrize("typed", ["1,50", "1,0000", ",100", "1.000,50", "1,000,00"])
def test_a_comma_that_may_be_meant_as_a_point_is_no_amount(seller: Visitor, typed: str) -> None:
    stocked(seller, an_order())
    seller.get(f"/orders/{order_id(1)}/refund")
    amount = {f"amount-{item_code(1)}-Principal": typed}
    assert seller.post(f"/orders/{order_id(1)}/refund", **amount, reason="CustomerReturn").status_code == 400
    assert submitted(seller.shop) == []


def test_a_form_that_was_gone_back_to_and_changed_is_sent_anew(seller: Visitor) -> None:
    stocked(seller, an_order())
    seller.get(f"/orders/{order_id(1)}/refund")
    first, again, changed = (
        seller.post(f"/orders/{order_id(1)}/refund", **{f"amount-{item_code(1)}-Tax": typed}, reason="CustomerReturn")
        for typed in ("9999", "9999", "99")
    )
    assert first.location == again.location != changed.location
    assert len(submitted(seller.shop)) == 2


def test_times_at_the_end_of_the_calendar_can_be_shown_in_japan(shop: Shop) -> None:
    shop.backend.sellers.change(a_seller(marketplace_id=JAPAN))
    seller = stocked(Visitor(with_password(shop)), an_order(latest_ship_date=datetime.max.replace(tzinfo=UTC)))
    seller.sign_in()
    assert seller.get(f"/orders/{order_id(1)}").status_code == 200
    assert "9999-12-31 23:59" in seller.text
    assert "Times are in JST" in seller.text


def test_numbers_may_be_typed_on_a_japanese_keyboard(seller: Visitor) -> None:
    stocked(seller, an_order())
    act(seller, "ship", **{f"units-{item_code(1)}": "２"}, carrier="UPS")
    act(seller, "refund", **{f"amount-{item_code(1)}-Principal": "１，０００．５０"}, reason="CustomerReturn")
    assert seller.shop.order().refunds[0].amounts == {"Principal": Decimal("1000.50")}


def test_a_component_that_was_not_charged_can_be_given_too(seller: Visitor) -> None:
    stocked(seller, an_order())
    act(seller, "ship", **{f"units-{item_code(1)}": 2}, carrier="UPS")
    extra = {f"extra-{item_code(1)}": "-50", f"extra-kind-{item_code(1)}": "RestockingFee"}
    act(seller, "refund", **extra, **{f"amount-{item_code(1)}-Principal": "500"}, reason="CustomerReturn")
    assert seller.shop.order().refunds[0].amounts == {"Principal": Decimal(500), "RestockingFee": Decimal(-50)}


def test_more_money_than_was_charged_is_refused_by_the_rules(seller: Visitor) -> None:
    stocked(seller, an_order())
    act(seller, "ship", **{f"units-{item_code(1)}": 2}, carrier="UPS")
    told = act(seller, "refund", **{f"amount-{item_code(1)}-Principal": "2001"}, reason="CustomerReturn")
    assert f"Principal of item {item_code(1)}: 2001 is asked for, 2000 was charged" in told


def test_units_that_cannot_be_shipped_with_the_rest_are_cancelled(seller: Visitor) -> None:
    stocked(seller, an_order(quantity=3))
    act(seller, "ship", **{f"units-{item_code(1)}": 2}, carrier="UPS")
    act(seller, "cancel-units", **{f"units-{item_code(1)}": 1}, reason="NoInventory", memo="broken")
    order = seller.shop.order()
    assert (order.status, order.items[0].quantity_cancelled) == (OrderStatus.SHIPPED, 1)


def test_a_form_sent_twice_acts_once(seller: Visitor) -> None:
    stocked(seller, an_order())
    act(seller, "ship", **{f"units-{item_code(1)}": 2}, carrier="UPS")
    seller.get(f"/orders/{order_id(1)}/refund")
    fields = {f"amount-{item_code(1)}-Principal": "100", "reason": "CustomerReturn"}
    answers = [seller.post(f"/orders/{order_id(1)}/refund", **fields) for _ in range(3)]
    assert len({answer.location for answer in answers}) == 1
    seller.shop.work()
    assert len(seller.shop.order().refunds) == 1


@pytest.mark.parametrize(
    ("form", "fields", "told"),
    [
        ("ship", {"carrier": "UPS"}, "Ship at least one unit."),
        ("ship", {"units": "1", "carrier": "<script>"}, "Something is still to be chosen."),
        ("ship", {"units": "1.5", "carrier": "UPS"}, "is not a number of units"),
        ("ship", {"units": "²", "carrier": "<>"}, "Something is still to be chosen."),
        ("ship", {"units": "1", "carrier": "UPS", "shipped_at": "soon"}, "is not a date and time"),
        ("ship", {"units": "1", "carrier": "UPS", "tracking": "x" * 51}, "At most 50 characters fit."),
        ("refund", {"reason": "CustomerReturn"}, "Give at least one amount."),
        ("refund", {"reason": "Whim", "amount": "1"}, "Something is still to be chosen."),
        ("refund", {"reason": "CustomerReturn", "amount": "1.005"}, "is not an amount"),
        ("refund", {"reason": "CustomerReturn", "amount": "NaN"}, "is not an amount"),
        ("refund", {"reason": "CustomerReturn", "amount": "1e9999999"}, "is not an amount"),
        ("refund", {"reason": "CustomerReturn", "amount": "¥100"}, "is not an amount"),
        ("cancel-units", {"reason": "NoInventory"}, "Cancel at least one unit."),
        ("cancel-units", {"reason": "BuyerCanceled", "units": "1"}, "Something is still to be chosen."),
    ],
)
def test_what_no_feed_could_say_is_said_on_the_page_and_submitted_nowhere(
    seller: Visitor, form: str, fields: dict[str, str], told: str
) -> None:
    stocked(seller, an_order())
    names = {"units": f"units-{item_code(1)}", "amount": f"amount-{item_code(1)}-Principal"}
    seller.get(f"/orders/{order_id(1)}/{form}")
    typed = {names.get(name, name): value for name, value in fields.items()}
    answer = seller.post(f"/orders/{order_id(1)}/{form}", **typed)
    assert answer.status_code == 400
    assert told in answer.text
    assert submitted(seller.shop) == []


@pytest.mark.parametrize("path", ["/orders/cancel", "/orders/pending/cancel"])
def test_nothing_selected_and_no_reason_are_said(seller: Visitor, path: str) -> None:
    stocked(seller, an_order())
    assert seller.get(path).status_code == 400
    assert "Select at least one order." in seller.text
    seller.get(f"{path}?order={order_id(1)}")
    assert seller.post(path, order=order_id(1)).status_code == 400
    assert submitted(seller.shop) == []


HOSTILE = "</td><script>alert(1)</script>{{7*7}}]]>--><!--&amp;\"'"


def test_hostile_text_of_an_order_stays_text(seller: Visitor) -> None:
    item = Item(item_code(1), "S<i>", 2, {"Principal": Decimal(10)}, HOSTILE)
    who = {"buyer": Buyer(HOSTILE, HOSTILE), "ship_to": Address(HOSTILE), "merchant_order_id": "<b>"}
    stocked(seller, an_order(items=(item,), **who))
    for page in ("", "/ship", "/refund", "/cancel-units"):
        seller.get(f"/orders/{order_id(1)}{page}")
        assert "<script>alert" not in seller.page
        assert "{{7*7}}" in seller.page
    seller.get("/orders")
    assert "<script>alert" not in seller.page


def test_a_hostile_memo_stays_a_memo(seller: Visitor) -> None:
    stocked(seller, an_order())
    seller.get(f"/orders/cancel?order={order_id(1)}")
    answer = seller.post("/orders/cancel", order=order_id(1), reason="NoInventory", memo=HOSTILE)
    assert feed_of(seller.shop).count("<script>") == 0
    seller.shop.work()
    seller.get(answer.location.removeprefix("/console"))
    assert HOSTILE in seller.text
    assert 'data-outcome="good"' in seller.page


@pytest.mark.parametrize(
    ("accepted", "title"), [("ja", "注文管理"), ("ja-JP,en;q=0.5", "注文管理"), ("de", "Manage Orders")]
)
def test_the_browsers_language_is_spoken_until_another_is_chosen(seller: Visitor, accepted: str, title: str) -> None:
    seller.get("/orders", headers={"Accept-Language": accepted})
    assert title in seller.text
    answer = seller.post("/language", language="ja", next="/console/orders?status=Shipped")
    assert answer.location == "/console/orders?status=Shipped"
    seller.get("/orders", headers={"Accept-Language": accepted})
    assert "注文管理" in seller.text


@pytest.mark.parametrize(("page", "back", "not_back"), [("cancel?order={}", 4, 2), ("{}/cancel-units", 0, 2)])
def test_each_reason_says_whether_units_come_back(seller: Visitor, page: str, back: int, not_back: int) -> None:
    seller.shop.stocked(an_order())
    seller.get(f"/orders/{page.format(order_id(1))}")
    assert seller.text.count("units come back to your stock") == back
    assert seller.text.count("units do not come back to your stock") == not_back


def test_the_memo_and_the_feed_behind_a_change_stand_with_the_order_and_outlive_the_feed(seller: Visitor) -> None:
    stocked(seller, *orders(1))
    seller.get(f"/orders/cancel?order={order_id(1)}")
    seller.post("/orders/cancel", order=order_id(1), reason="BuyerCanceled", memo="-- <b>one</b>")
    seller.shop.work()
    seller.get(f"/orders/{order_id(1)}")
    (change,) = seller.shop.order().changes
    assert change.memo == "-- <b>one</b>"
    assert f'href="/console/feeds/{change.submission_id}"' in seller.page
    assert "Your memo: -- <b>one</b>" in seller.text
    assert "<b>one</b>" not in seller.page


def test_where_tests_control_the_server_a_press_of_a_button_places_an_order(shop: Shop) -> None:
    calls = SellersCalls(a_log(at=NOON))
    visitor = Visitor(shop, application_=application(with_password(shop), calls=calls))
    visitor.sign_in()
    visitor.get("/orders")
    assert "Place an order" in visitor.page
    went = visitor.post("/orders/place")
    visitor.get(went.location.removeprefix("/console"))
    assert "Pending" in visitor.text


def test_elsewhere_there_is_no_such_button(seller: Visitor) -> None:
    seller.get("/orders")
    assert "Place an order" not in seller.page
    assert seller.post("/orders/place").status_code in {404, 405}
