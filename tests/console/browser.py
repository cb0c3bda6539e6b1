"""What a person does in a browser, said once.

A click returns before the page that it leads to is there. Whatever looks at a page without waiting for something on it
first, such as its address or a script run in it, must be preceded by one of these.
"""

from playwright.sync_api import Locator, Page, expect

from tests.console.builders import Serving


def signed_in(page: Page, serving: Serving, path: str = "/orders") -> Page:
    """Come in with one click, unless that was done before, and go to a page."""
    page.goto(serving.url("/sign-in"))
    here = page.locator("form[action$='/sign-in/here'] button")
    if here.count():
        follow(page, here)
    page.goto(serving.url(path))
    return page


def follow(page: Page, link: Locator) -> None:
    """Click what leads to another page, or to the same one anew, and wait until it is there."""
    with page.expect_navigation():
        link.click()


def told(page: Page) -> str:
    """Wait until the feed that was sent has run, and return what the page then says of it."""
    outcome = page.locator("[data-outcome]")
    expect(outcome).not_to_have_attribute("data-outcome", "running")
    return outcome.inner_text()
