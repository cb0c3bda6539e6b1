"""What a person does in a browser, said once."""

from playwright.sync_api import Page, expect

from tests.console.builders import Serving


def signed_in(page: Page, serving: Serving, path: str = "/orders") -> Page:
    """Come in with one click, unless that was done before, and go to a page."""
    page.goto(serving.url("/sign-in"))
    here = page.locator("form[action$='/sign-in/here'] button")
    if here.count():
        here.click()
    page.goto(serving.url(path))
    return page


def told(page: Page) -> str:
    """Wait until the feed that was sent has run, and return what the page then says of it."""
    outcome = page.locator("[data-outcome]")
    expect(outcome).not_to_have_attribute("data-outcome", "running", timeout=15_000)
    return outcome.inner_text()
