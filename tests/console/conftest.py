"""A visitor to the console, and a browser: Debian's chromium, which CI must have and a laptop need not."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.builders import Shop
from tests.console.builders import Serving, Visitor, with_password

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = os.environ.get("FEEDPROC_CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        told = "no chromium on this machine; the console is not tested in a browser"
        pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
    return {"executable_path": path, "args": _ARGUMENTS}


@pytest.fixture
def browser_context_args() -> dict[str, Any]:
    return {"locale": "en-GB", "viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}


@pytest.fixture
def visitor(shop: Shop) -> Visitor:
    """Nobody yet; the shop's seller has a password."""
    return Visitor(with_password(shop))


@pytest.fixture
def seller(visitor: Visitor) -> Visitor:
    """Signed in."""
    assert visitor.sign_in().status_code == 303
    return visitor


@pytest.fixture
def serving(shop: Shop) -> Iterator[Serving]:
    """The console on a port, with a worker at work."""
    with Serving(shop) as running:
        yield running
