"""The console in a real browser: what a person who has only Amazon's help page does."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from feedproc.orders.order import Item, OrderStatus
from tests.builders import ACKNOWLEDGEMENT, PURCHASED, a_feed, an_order, cancels, item_code, order_id, orders
from tests.console.browser import follow, signed_in, told
from tests.console.builders import PASSWORD, Serving, with_password
from tests.console.test_console_orders import HOSTILE

WIDE_AND_NARROW = (1280, 320)


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains of, such as script that the policy blocks; there must be nothing."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    yield heard
    assert heard == []


def status(page: Page) -> str:
    """The status beside the order's id."""
    return page.locator(".head .badge").inner_text()


def choose(page: Page, reason: str, memo: str = "") -> None:
    page.get_by_label(reason).check()
    page.get_by_label("Seller memo").fill(memo)


def test_a_seller_signs_in_with_a_password(page: Page, serving: Serving) -> None:
    with_password(serving.shop).stocked(*orders(3))
    page.goto(serving.url("/orders?status=Unshipped"))
    page.get_by_label("Seller ID").fill("A2SHOP")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(serving.url("/orders?status=Unshipped"))
    expect(page.locator("tbody tr")).to_have_count(3)


@pytest.mark.parametrize("act", ["ship", "refund"])
def test_a_form_on_its_way_is_not_sent_a_second_time(page: Page, serving: Serving, act: str) -> None:
    serving.shop.stocked(an_order())
    signed_in(page, serving, f"/orders/{order_id(1)}/{act}")
    stopped = """form => [1, 2].map(() => !form.dispatchEvent(
        new SubmitEvent("submit", {bubbles: true, cancelable: true})))"""
    assert page.locator("form.card").evaluate(stopped) == [False, True]


@pytest.mark.usefixtures("complaints")
def test_one_order_is_cancelled_and_the_page_shows_it_running_and_done(page: Page, serving: Serving) -> None:
    serving.shop.stocked(an_order())
    serving.at_work = False
    signed_in(page, serving).get_by_role("link", name=order_id(1), exact=True).click()
    page.get_by_role("link", name="Cancel order").click()
    choose(page, "Buyer cancelled", memo="called us")
    page.get_by_role("button", name="Cancel orders (1)").click()
    expect(page.locator("[data-outcome]")).to_contain_text("Running")
    assert status(page) == "Unshipped"
    serving.at_work = True
    said = told(page)
    assert "1 of 1 succeeded" in said
    assert "called us" in said
    assert status(page) == "Canceled"
    expect(page.get_by_role("status")).to_contain_text("1 of 1 succeeded")
    assert "Cancelled – Buyer cancelled" in page.locator(".history").first.inner_text()


@pytest.mark.usefixtures("complaints")
def test_many_orders_are_selected_and_cancelled(page: Page, serving: Serving) -> None:
    serving.shop.stocked(*orders(4))
    signed_in(page, serving)
    expect(page.get_by_role("button", name="Cancel selected orders")).to_be_disabled()
    page.get_by_label("Select all orders on this page").check()
    page.get_by_label(f"Select order {order_id(2)}").uncheck()
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.get_by_role("button", name="Cancel selected orders").click()
    choose(page, "No inventory")
    page.get_by_role("button", name="Cancel orders (3)").click()
    assert "3 of 3 succeeded" in told(page)
    assert page.locator("tbody .badge").all_inner_texts() == ["Canceled", "Canceled", "Unshipped", "Canceled"]


@pytest.mark.usefixtures("complaints")
def test_pending_orders_are_found_by_status_and_date_and_cancelled(page: Page, serving: Serving) -> None:
    days = (an_order(day, purchased_at=PURCHASED + timedelta(days=day - 1)) for day in (1, 2, 3))
    serving.shop.stocked(*(replace(one, marker=OrderStatus.PENDING) for one in days), an_order(9))
    signed_in(page, serving).get_by_role("link", name="Pending orders").click()
    page.get_by_label("Pending", exact=True).check()
    page.get_by_label("Purchased from").fill("2024-03-02")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Cancel all that match").click()
    choose(page, "Pricing error", memo="wrong price")
    page.get_by_role("button", name="Cancel orders (2)").click()
    assert "2 of 2 succeeded" in told(page)
    assert page.locator("tbody tr").count() == 0, "the filter stays"
    follow(page, page.get_by_role("link", name="Clear"))
    expect(page.locator("tbody tr")).to_have_count(1)


@pytest.mark.usefixtures("complaints")
def test_part_is_shipped_part_refunded_and_the_rest_cancelled(page: Page, serving: Serving) -> None:
    serving.shop.stocked(an_order(quantity=3))
    signed_in(page, serving, f"/orders/{order_id(1)}").get_by_role("link", name="Confirm shipment").click()
    page.get_by_label("Units shipped of SKU-1").fill("2")
    page.get_by_label("Carrier", exact=True).select_option("Yamato Transport")
    page.get_by_label("Tracking number").fill("4567-8901-2345")
    page.get_by_role("button", name="Confirm shipment").click()
    told(page)
    assert status(page) == "Partially shipped"
    page.get_by_role("link", name="Refund").click()
    page.get_by_label("Refund of Product for SKU-1").fill("500")
    page.get_by_label("Reason").select_option("Customer return")
    page.get_by_role("button", name="Refund").click()
    assert "1 of 1 succeeded" in told(page)
    page.get_by_role("link", name="Cancel remaining units").click()
    choose(page, "No inventory")
    page.get_by_role("button", name="Cancel units").click()
    told(page)
    assert status(page) == "Shipped"
    history = page.locator(".history li strong").all_inner_texts()
    assert sorted(history) == ["Cancelled", "Purchased", "Refunded", "Shipped"]


def test_what_the_rules_refuse_is_told_in_place(page: Page, serving: Serving) -> None:
    serving.shop.stocked(an_order())
    signed_in(page, serving, f"/orders/{order_id(1)}/refund")
    page.get_by_label("Refund of Product for SKU-1").fill("9999")
    page.get_by_label("Reason").select_option("Price error")
    page.get_by_role("button", name="Refund").click()
    said = told(page)
    assert f"Principal of item {item_code(1)}: 9999 is asked for" in said
    assert "Not done" in said


def test_hostile_text_stays_text(page: Page, serving: Serving, complaints: list[str]) -> None:
    item = Item(item_code(1), "SKU", 1, {}, HOSTILE + "<img src=x onerror=alert(2)>")
    serving.shop.stocked(an_order(items=(item,)))
    for path in ("/orders", f"/orders/{order_id(1)}", f"/orders/{order_id(1)}/ship", f"/orders?q={HOSTILE}"):
        signed_in(page, serving, path)
        expect(page.get_by_text("<script>alert(1)</script>").first).to_be_visible()
        assert page.locator("main script, main img").count() == 0
    assert complaints == []


@pytest.mark.usefixtures("complaints")
def test_everything_can_be_done_with_the_keyboard(page: Page, serving: Serving) -> None:
    serving.shop.stocked(an_order())
    page.goto(serving.url("/"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    _tab_to(page, "Continue as A2SHOP")
    page.keyboard.press("Enter")
    page.wait_for_url(serving.url("/orders"))
    _tab_to(page, f"Select order {order_id(1)}")
    page.keyboard.press("Space")
    _tab_to(page, "Cancel selected orders …")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/cancel?**")
    _tab_to(page, "No inventory")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    _tab_to(page, "Cancel orders (1)")
    page.keyboard.press("Enter")
    told(page)
    assert serving.shop.order().items[0].cancellations[0].reason == "BuyerCanceled"


@pytest.mark.usefixtures("complaints")
def test_the_actions_are_one_key_away_from_any_row(page: Page, serving: Serving) -> None:
    serving.shop.stocked(*orders(50))
    signed_in(page, serving)
    page.get_by_label(f"Select order {order_id(40)}").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value") == order_id(40), "nothing is selected yet"
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cancel selected orders")).to_be_focused()
    page.locator("a.to-bar").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Cancel selected orders")).to_be_focused()


@pytest.mark.usefixtures("complaints")
def test_what_was_typed_survives_a_change_of_language_and_is_kept_no_longer(page: Page, serving: Serving) -> None:
    serving.shop.stocked(an_order())
    signed_in(page, serving, f"/orders/cancel?order={order_id(1)}")
    choose(page, "Pricing error", memo="typed <already>")
    follow(page, page.get_by_role("button", name="日本語"))
    expect(page.get_by_label("価格の誤り")).to_be_checked()
    expect(page.get_by_label("出品者メモ")).to_have_value("typed <already>")
    page.reload()
    expect(page.get_by_label("出品者メモ")).to_have_value("")


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_label_of_a_chart_is_clipped(page: Page, serving: Serving, width: int) -> None:
    days = [replace(one, purchased_at=PURCHASED) for one in orders(8)]
    serving.at_work = False
    serving.shop.stocked(*days)
    serving.shop.run(a_feed(*(cancels(number) for number in (1, 2, 3, 4))), ACKNOWLEDGEMENT)
    page.set_viewport_size({"width": width, "height": 800})
    signed_in(page, serving, f"/metrics?from={PURCHASED:%Y-%m-%d}&to={PURCHASED:%Y-%m-%d}")
    expect(page.locator(".chart text", has_text="37.5%")).to_be_visible()
    clipped = """texts => texts.map(text => [text.textContent, text.getBBox(), text.ownerSVGElement.viewBox.baseVal])
        .filter(([, box, all]) => Math.min(box.x, box.y) < 0
            || box.x + box.width > all.width || box.y + box.height > all.height)
        .map(([said]) => said)"""
    assert page.locator(".chart text").evaluate_all(clipped) == []


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until something of that name has the focus, which must be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(e => [e.ariaLabel || e.labels?.[0]?.innerText || e.innerText || '', getComputedStyle(e).outlineStyle])"
            "(document.activeElement)"
        )
        if focused[0].strip().startswith(name):
            assert focused[1] != "none"
            return
    pytest.fail(f"{name} cannot be reached with the keyboard")


PATHS = (
    "/sign-in", "/orders", "/orders?from=nonsense", "/orders/{id}", "/orders/cancel?order={id}", "/orders/pending",
    "/orders/{id}/ship", "/orders/{id}/refund", "/orders/{id}/cancel-units", "/nowhere",
    "/feeds", "/stock", "/stock/SKU-1", "/metrics", "/outbox",
)  # fmt: skip


@pytest.mark.parametrize("width", WIDE_AND_NARROW)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_page_scrolls_sideways(page: Page, serving: Serving, width: int, language: str) -> None:
    long = Item(item_code(1), "SKU-" + "X" * 36, 2, {"Principal": 10**9}, "とても長い商品名 " * 20 + "W" * 60)
    serving.shop.stocked(an_order(items=(long,), merchant_order_id="M" * 50), *orders(60, first=2))
    page.set_viewport_size({"width": width, "height": 700})
    signed_in(page, serving)
    page.context.add_cookies([{"name": "feedproc_language", "value": language, "url": serving.url()}])
    for path in PATHS:
        page.goto(serving.url(path.format(id=order_id(1))))
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, path


def test_it_speaks_japanese_when_asked_and_remembers(page: Page, serving: Serving) -> None:
    serving.shop.stocked(an_order())
    signed_in(page, serving, f"/orders/{order_id(1)}")
    follow(page, page.get_by_role("button", name="日本語"))
    expect(page).to_have_url(serving.url(f"/orders/{order_id(1)}"))
    assert status(page) == "未出荷"
    page.get_by_role("link", name="注文をキャンセル").click()
    page.get_by_label("在庫切れ").check()
    page.get_by_label("出品者メモ").fill("棚卸しで不足")
    page.get_by_role("button", name="1件をキャンセル").click()
    assert "1件中1件が成功しました" in told(page)
    assert status(page) == "キャンセル済み"
    assert page.evaluate("document.documentElement.lang") == "ja"


def test_without_script_a_page_is_loaded_again_to_see_the_end(browser: Browser, serving: Serving) -> None:
    serving.shop.stocked(an_order())
    serving.at_work = False
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    signed_in(page, serving, f"/orders/cancel?order={order_id(1)}")
    choose(page, "No inventory")
    page.get_by_role("button", name="Cancel orders (1)").click()
    expect(page.locator("[data-outcome]")).to_contain_text("Running")
    serving.shop.work()
    page.get_by_role("link", name="Look again").click()
    assert "1 of 1 succeeded" in told(page)
    context.close()
