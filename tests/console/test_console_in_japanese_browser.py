"""A Japanese browser: what is wrong is told, understood and mended without a word of English but Amazon's."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.builders import a_feed, cancels, orders
from tests.console.browser import follow, signed_in
from tests.console.builders import Serving
from tests.console.feeds import BAD

UNKNOWN = 9_000_000


@pytest.fixture
def browser_context_args() -> dict[str, Any]:
    return {"locale": "ja-JP", "viewport": {"width": 390, "height": 800}}


@pytest.fixture
def feeds(page: Page, serving: Serving) -> Page:
    """The page of feeds on a telephone, of a shop with some orders."""
    serving.shop.stocked(*orders(5))
    return signed_in(page, serving, "/feeds")


def pick(page: Page, feed: bytes) -> None:
    field = page.locator("input[type=file]")
    field.set_input_files({"name": "feed.xml", "mimeType": "text/xml", "buffer": feed})
    follow(page, page.get_by_role("button", name="送信前に確認する"))


def is_as_wide_as_the_telephone(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_bad_feed_is_understood_and_mended_in_japanese(feeds: Page, serving: Serving) -> None:
    pick(feeds, BAD)
    place = feeds.locator(".findings li")
    expect(place.locator(".reason")).to_contain_text(
        "CancelReason に NoStock は指定できません。次のいずれか（NoInventory、"
    )
    expect(place.locator(".tip")).to_have_text("ヒント： NoInventory と記入してください。")
    expect(place.locator(".reason code").first).to_have_text("CancelReason")
    assert is_as_wide_as_the_telephone(feeds)
    field = feeds.get_by_label("フィードの本文")
    field.fill(field.input_value().replace("NoStock", "NoInventory"))
    follow(feeds, feeds.get_by_role("button", name="もう一度確認"))
    follow(feeds, feeds.get_by_role("button", name="送信", exact=True))
    expect(feeds.locator("table.lines .badge.successful")).to_have_count(2)


def test_what_failed_is_told_beside_its_message_on_a_telephone(feeds: Page, serving: Serving) -> None:
    pick(feeds, a_feed(cancels(1, "NoStock"), cancels(UNKNOWN)))
    follow(feeds, feeds.get_by_role("button", name="このまま送信"))
    told = feeds.locator("table.lines tr.error .reason")
    expect(told).to_have_count(2)
    expect(told.first).to_contain_text("NoInventory と記入してください。")
    expect(told.last).to_contain_text("は見つかりません。")
    assert is_as_wide_as_the_telephone(feeds)
