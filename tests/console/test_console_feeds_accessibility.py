"""No page on feeds, stock, metrics or e-mails has a serious fault by axe, in either language and light."""

from typing import Literal

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page

from feedproc.orders.order import Buyer
from feedproc.stock.level import StockLevel
from tests.builders import NOON, SELLER, a_feed, an_order, cancels, orders, refunds
from tests.console.browser import follow, signed_in
from tests.console.builders import Serving
from tests.console.feeds import BAD, FLAT_CANCELLATION
from tests.console.test_console_accessibility import faults

PATHS = (
    "/feeds", "/feeds?status=CANCELLED", "/feeds/{mixed}", "/feeds/{mixed}?which=failed", "/feeds/{refused}",
    "/feeds/{flat}", "/feeds/{waiting}", "/stock", "/stock/SKU-1", "/metrics", "/metrics?from=x", "/outbox",
    "/outbox?which=waiting",
)  # fmt: skip


def submitted(serving: Serving) -> dict[str, str]:
    """Feeds that ended in every way, and one that waits; by what became of them."""
    shop = serving.shop
    mixed = shop.submit(a_feed(cancels(1), cancels(900), "<OrderAcknowledgement/>", *map(cancels, range(2, 70))))
    refused = shop.submit(BAD[:-20])
    flat = shop.submit(b"order-id\tmemo\n250\tx\n", FLAT_CANCELLATION)
    shop.work()
    waiting = shop.submit(a_feed(refunds(1)))
    named = {"mixed": mixed, "refused": refused, "flat": flat, "waiting": waiting}
    return {name: one.submission_id for name, one in named.items()}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("light", ["light", "dark"])
def test_axe_finds_no_serious_fault(
    page: Page, serving: Serving, light: Literal["light", "dark"], language: str
) -> None:
    serving.at_work = False
    serving.shop.stocked(replace(an_order(1), buyer=Buyer("Aoi", "aoi@x.example")), *orders(80, first=2))
    serving.shop.backend.stock.load(SELLER, [StockLevel(f"SKU-{number}", number) for number in range(60)], NOON)
    named = submitted(serving)
    page.emulate_media(color_scheme=light)
    signed_in(page, serving, "/feeds")
    follow(page, page.locator(f".languages button[value={language}]"))
    for path in PATHS:
        page.goto(serving.url(path.format(**named)))
        assert faults(page) == [], path
    page.goto(serving.url("/outbox"))
    follow(page, page.locator("a[href*='/outbox/letter']").first)
    assert faults(page) == []
    page.goto(serving.url("/feeds"))
    page.locator("input[name=feed]").set_input_files({"name": "x.xml", "mimeType": "text/xml", "buffer": BAD})
    follow(page, page.locator("form[data-drop] button"))
    page.locator(".findings").wait_for()
    assert faults(page) == []
