"""Take the pictures of `docs/screenshots` anew: `python -m tests.console.screenshots` from the repository's root."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from feedproc.orders.order import OrderStatus
from feedproc.ports import Filter, OrderFilter
from feedproc.resources import folder
from tests.builders import SELLER, Shop
from tests.console.browser import signed_in, told
from tests.console.builders import Serving
from tests.console.stage import staged

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
FAULTY = folder("samples") / "feeds" / "bad" / "acknowledgement-schema-faults.xml"
LOCALES = {"en": "en-GB", "ja": "ja-JP"}
WIDE, PHONE = {"width": 1100, "height": 680}, {"width": 390, "height": 800}


def pages(shop: Shop) -> dict[str, str]:
    """Name to address."""
    unshipped, pending, shipped, partly = (
        _newest(shop, status)
        for status in (
            OrderStatus.UNSHIPPED, OrderStatus.PENDING, OrderStatus.SHIPPED, OrderStatus.PARTIALLY_SHIPPED,
        )
    )  # fmt: skip
    feeds = shop.backend.submissions.find(SELLER, Filter(), 100)
    mixed = max(feeds, key=lambda one: one.summary.processed if one.summary else 0)
    return {
        "orders": "/orders",
        "order": f"/orders/{shipped[0]}",
        "cancel": "/orders/cancel?" + "&".join(f"order={name}" for name in unshipped[:3]),
        "pending": "/orders/pending",
        "cancel-pending": "/orders/pending/cancel?" + "&".join(f"order={name}" for name in pending[:2]),
        "ship": f"/orders/{unshipped[1]}/ship",
        "refund": f"/orders/{shipped[1]}/refund",
        "cancel-units": f"/orders/{partly[0]}/cancel-units",
        "feeds": "/feeds",
        "feed": f"/feeds/{mixed.submission_id}",
        "stock": "/stock",
        "sku": f"/stock/{_liveliest(shop)}",
        "metrics": "/metrics?from=2024-02-04&to=2024-03-04",
        "outbox": "/outbox",
    }


def take(browser: Browser, serving: Serving, language: str) -> None:
    """Take all pictures in one language."""
    context = browser.new_context(locale=LOCALES[language], viewport=WIDE)
    page = context.new_page()
    page.goto(serving.url("/sign-in"))
    _kept(page, f"sign-in-{language}")
    signed_in(page, serving)
    for name, path in pages(serving.shop).items():
        page.goto(serving.url(path))
        _kept(page, f"{name}-{language}")
    page.goto(serving.url("/outbox"))
    page.locator("a[href*='/outbox/letter']").first.click()
    _kept(page, f"letter-{language}")
    page.goto(serving.url("/feeds"))
    page.locator("input[type=file]").set_input_files(FAULTY)
    page.locator("form[enctype] button.main").click()
    _kept(page, f"draft-{language}")
    _refused(page, serving)
    _kept(page, f"outcome-{language}")
    for name in ("orders", "order"):
        page.set_viewport_size(PHONE)
        page.goto(serving.url(pages(serving.shop)[name]))
        _kept(page, f"{name}-phone-{language}")
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="dark")
    page.goto(serving.url(pages(serving.shop)["order"]))
    _kept(page, f"order-dark-{language}")
    context.close()


def _refused(page: Page, serving: Serving) -> None:
    """Ask for more money back than was charged, so that the page tells what the rules say."""
    shipped = _newest(serving.shop, OrderStatus.SHIPPED)[2]
    page.goto(serving.url(f"/orders/{shipped}/refund"))
    page.locator("input.amount").first.fill("99999")
    page.locator("#reason").select_option("CustomerReturn")
    page.locator("form.card button.main").click()
    told(page)


def _newest(shop: Shop, status: OrderStatus) -> list[str]:
    return [one.amazon_order_id for one in shop.backend.orders.list(SELLER, OrderFilter(statuses=(status,)), 10)]


def _liveliest(shop: Shop) -> str:
    """The SKU with the longest ledger."""
    stock = shop.backend.stock
    return max(stock.list_levels(SELLER), key=lambda level: len(stock.list_entries(SELLER, level.sku, 100))).sku


def _kept(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png")


def main() -> None:
    """Take them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        with Serving(staged(Path(temporary) / "data")) as serving:
            for language in LOCALES:
                take(browser, serving, language)
        browser.close()


if __name__ == "__main__":
    main()
