"""Feeds, stock, metrics and e-mails in a real browser."""

import time
from pathlib import Path
from threading import Semaphore
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from feedproc.orders.order import Buyer
from feedproc.ports import Filter
from feedproc.stock.level import StockLevel
from tests.builders import NOON, SELLER, a_feed, an_order, cancels, order_id, orders
from tests.console.browser import follow, signed_in
from tests.console.builders import Serving
from tests.console.feeds import BAD, SCRIPT
from tests.services.faults import after_commits

UNKNOWN = 9_000_000
PATHS = ("/feeds", "/feeds/{feed}", "/drafts/{draft}", "/stock", "/stock/SKU-1", "/metrics", "/outbox")
DROP = """([form, text]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([text], "dropped.xml", { type: "text/xml" }));
  form.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def feeds(page: Page, serving: Serving) -> Page:
    """The page of feeds, of a shop with some orders."""
    serving.shop.stocked(*orders(20))
    return signed_in(page, serving, "/feeds")


def pick(page: Page, feed: bytes, name: str = "feed.xml") -> None:
    page.get_by_label("Drop a file here").set_input_files({"name": name, "mimeType": "text/xml", "buffer": feed})
    follow(page, page.get_by_role("button", name="Look at it before sending"))


def send(page: Page, feed: bytes) -> None:
    """Upload a feed and send it as it is."""
    pick(page, feed)
    follow(page, page.get_by_role("button", name="Send"))


def ended(page: Page) -> None:
    expect(page.locator("dl.facts :is(.badge.done, .badge.failed)")).to_be_visible(timeout=15_000)


def test_a_bad_feed_is_uploaded_understood_mended_and_sent(feeds: Page, serving: Serving) -> None:
    pick(feeds, BAD)
    expect(feeds.locator(".findings li")).to_have_count(1)
    expect(feeds.locator(".findings .where")).to_contain_text("Line 14, column 208 · message 2")
    expect(feeds.locator(".findings mark")).to_have_text("NoStock")
    expect(feeds.get_by_role("button", name="Send anyway")).to_be_visible()
    field = feeds.get_by_label("The feed's text")
    field.fill(field.input_value().replace("NoStock", "NoInventory"))
    feeds.get_by_role("button", name="Check again").click()
    expect(feeds.locator(".note[role=status]")).to_contain_text("Nothing is wrong.")
    feeds.get_by_role("button", name="Send", exact=True).click()
    ended(feeds)
    expect(feeds.locator("table.lines .badge.successful")).to_have_count(2)
    assert [one.quantity for one in serving.shop.order(2).items[0].cancellations] == [2]


def test_only_the_failed_messages_are_sent_again(feeds: Page, serving: Serving) -> None:
    send(feeds, a_feed(cancels(1), cancels(UNKNOWN), cancels(2)))
    ended(feeds)
    expect(feeds.locator("table.lines .badge.error")).to_have_count(1)
    feeds.get_by_role("link", name="Only failed (1)").click()
    expect(feeds.locator("table.lines tbody tr")).to_have_count(1)
    feeds.get_by_role("button", name="Mend and resend failed messages").click()
    field = feeds.get_by_label("The feed's text")
    assert field.input_value().count("<Message>") == 1
    field.fill(field.input_value().replace(order_id(UNKNOWN), order_id(3)).replace(f"{UNKNOWN:014}", f"{3:014}"))
    feeds.get_by_role("button", name="Check again").click()
    feeds.get_by_role("button", name="Send", exact=True).click()
    ended(feeds)
    assert serving.shop.order(3).status == "Canceled"


def test_progress_is_seen_without_reloading(feeds: Page, serving: Serving) -> None:
    seen = Semaphore(0)
    serving.shop.backend = after_commits(serving.shop.backend, lambda: seen.acquire(timeout=60))
    send(feeds, a_feed(*[cancels(1)] * 1_500))
    expect(feeds.locator("dl.facts")).to_contain_text("500 of 1,500")
    follow(feeds, feeds.get_by_role("link", name="Feeds").first)
    seen.release()
    expect(feeds.locator("#feed-list")).to_contain_text("1,000 of 1,500")
    seen.release(9)
    expect(feeds.locator("#feed-list .badge.done")).to_be_visible()


def test_a_waiting_feed_is_cancelled(feeds: Page, serving: Serving) -> None:
    serving.at_work = False
    send(feeds, a_feed(cancels(1)))
    feeds.get_by_role("button", name="Cancel this feed").click()
    expect(feeds.locator("dl.facts .badge.cancelled")).to_be_visible()
    expect(feeds.get_by_role("button", name="Cancel this feed")).to_have_count(0)
    serving.at_work = True
    feeds.wait_for_timeout(300)
    assert serving.shop.order(1).status == "Unshipped"


def test_feed_and_report_are_downloaded_to_the_byte(feeds: Page, serving: Serving, tmp_path: Path) -> None:
    feed = a_feed(cancels(1), cancels(UNKNOWN))
    send(feeds, feed)
    ended(feeds)
    (submission,) = serving.shop.backend.submissions.find(SELLER, Filter(), 9)
    expected = {"feed": feed, "report": serving.shop.raw_report(submission)}
    for name, content in expected.items():
        with feeds.expect_download() as download:
            feeds.get_by_role("link", name=f"Download {name}").click()
        assert download.value.suggested_filename == f"{name}-{submission.submission_id}.xml"
        download.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes() == content


def test_a_file_can_be_dropped(feeds: Page) -> None:
    form = feeds.locator("form[data-drop]").element_handle()
    feeds.evaluate(DROP, [form, a_feed(cancels(1)).decode()])
    feeds.get_by_role("button", name="Look at it before sending").click()
    expect(feeds.get_by_role("heading", name="Check: dropped.xml")).to_be_visible()


def test_a_cancellation_is_seen_in_stock_metrics_and_e_mail(page: Page, serving: Serving) -> None:
    buyer = Buyer("Aoi Tanaka", "aoi@marketplace.example")
    serving.shop.stocked(*[replace(an_order(number), buyer=buyer) for number in range(1, 11)])
    serving.shop.backend.stock.load(SELLER, [StockLevel("SKU-1", 5)], NOON)
    signed_in(page, serving, "/metrics")
    expect(page.locator(".tile").first).to_contain_text("0.00 %")
    page.goto(serving.url("/feeds"))
    send(page, a_feed(cancels(1)))
    ended(page)
    page.get_by_role("link", name="Stock").click()
    page.get_by_role("link", name="SKU-1").click()
    expect(page.locator("main")).to_contain_text("7 units")
    expect(page.locator("tbody tr").first).to_contain_text("Buyer cancelled")
    page.get_by_role("link", name=order_id(1)).click()
    expect(page.get_by_role("heading", name=order_id(1))).to_be_visible()
    page.get_by_role("link", name="Metrics").click()
    expect(page.locator(".tile").first).to_contain_text("10.00 %")
    page.get_by_role("link", name="Outbox").click()
    page.get_by_role("link", name="E-mail: order cancelled").click()
    expect(page.locator("article")).to_contain_text("aoi@marketplace.example")
    expect(page.locator("article pre")).to_contain_text("Aoi Tanaka")


def test_a_level_is_set_with_the_keyboard_alone(page: Page, serving: Serving) -> None:
    serving.shop.backend.stock.load(SELLER, [StockLevel("SKU-1", 5)], NOON)
    signed_in(page, serving, "/stock/SKU-1")
    page.get_by_label("Units counted").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(page.locator("[data-outcome='good']")).to_be_visible(timeout=15_000)
    page.reload()
    expect(page.locator("main")).to_contain_text("9 units")


def test_a_feed_full_of_script_runs_nothing(feeds: Page, serving: Serving) -> None:
    told: list[str] = []
    feeds.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
    feeds.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    hostile = cancels(1, SCRIPT.replace("<", "&lt;"))
    pick(feeds, a_feed(hostile, f"<img src='x' onerror='alert(2)'/>{SCRIPT}"), "<img src=x onerror=alert(3)>.xml")
    feeds.get_by_role("button", name="Send anyway").click()
    ended(feeds)
    feeds.locator("summary").first.click()
    feeds.wait_for_timeout(200)
    assert told == []
    expect(feeds.locator("table.lines")).to_contain_text(SCRIPT)


@pytest.mark.parametrize(
    "path", ["/feeds", "/feeds/{feed}", "/drafts/{draft}", "/stock", "/stock/SKU-1", "/metrics", "/outbox"]
)
@pytest.mark.parametrize("language", ["en-GB", "ja-JP"])
def test_a_page_fits_the_width_of_a_phone(feeds: Page, serving: Serving, path: str, language: str) -> None:
    pick(feeds, BAD)
    draft = feeds.url.rpartition("/")[2]
    follow(feeds, feeds.get_by_role("button", name="Send anyway"))
    ended(feeds)
    feed = feeds.url.rpartition("/")[2]
    feeds.set_viewport_size({"width": 360, "height": 740})
    feeds.set_extra_http_headers({"Accept-Language": language})
    feeds.goto(serving.url(path.format(feed=feed, draft=draft)))
    assert feeds.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_script_a_feed_is_sent_and_its_end_seen_by_reloading(
    browser: Browser, browser_context_args: dict[str, Any], serving: Serving
) -> None:
    serving.shop.stocked(*orders(2))
    serving.at_work = False
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = signed_in(context.new_page(), serving, "/feeds")
    send(page, a_feed(cancels(1)))
    expect(page.locator("dl.facts .badge.submitted")).to_be_visible()
    serving.at_work = True
    deadline = time.monotonic() + 30
    while not page.locator("dl.facts .badge.done").count() and time.monotonic() < deadline:
        follow(page, page.get_by_role("link", name="Look again"))
    ended(page)
    context.close()
