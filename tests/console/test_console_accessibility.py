"""No page has a serious fault by axe, in either light."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.builders import an_order, order_id, orders
from tests.console.browser import follow, signed_in
from tests.console.builders import Serving

SERIOUS = {"serious", "critical"}
PATHS = (
    "/sign-in", "/orders", "/orders?from=nonsense", "/orders/{id}", "/orders/cancel?order={id}", "/orders/cancel",
    "/orders?q=SKU-1", "/orders/cancel?order={id}&order={by_amazon}&order=nothing",
    "/orders/pending", "/orders/{id}/ship", "/orders/{id}/refund", "/orders/{id}/cancel-units", "/nowhere",
    "/feeds", "/stock", "/stock/SKU-1", "/metrics", "/outbox",
)  # fmt: skip


def faults(page: Page) -> list[str]:
    """What axe finds serious, and where."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("light", ["light", "dark"])
def test_axe_finds_no_serious_fault(page: Page, serving: Serving, light: Literal["light", "dark"]) -> None:
    by_amazon = an_order(99, fulfilled_by_amazon=True)
    serving.shop.stocked(an_order(merchant_order_id="WEB-1"), *orders(60, first=2), by_amazon)
    page.emulate_media(color_scheme=light)
    page.goto(serving.url("/sign-in"))
    assert faults(page) == []
    signed_in(page, serving)
    for path in PATHS:
        page.goto(serving.url(path.format(id=order_id(1), by_amazon=by_amazon.amazon_order_id)))
        for summary in page.locator("details:not([open]) > summary").all():
            summary.click()
        assert faults(page) == [], path


@pytest.mark.parametrize("light", ["light", "dark"])
def test_axe_finds_no_serious_fault_in_what_became_of_a_feed(
    page: Page, serving: Serving, light: Literal["light", "dark"]
) -> None:
    serving.shop.stocked(an_order())
    page.emulate_media(color_scheme=light)
    serving.at_work = False
    for amount in ("100", "99999"):
        signed_in(page, serving, f"/orders/{order_id(1)}/refund")
        page.get_by_label("Refund of Product for SKU-1").fill(amount)
        page.get_by_label("Reason").select_option("Price error")
        follow(page, page.get_by_role("button", name="Refund"))
        page.locator("[data-outcome=running]").wait_for()
        assert faults(page) == []
        serving.shop.work()
        page.locator("[data-outcome]:not([data-outcome=running])").wait_for()
        assert faults(page) == []
