"""What pytest loads at its start: the fixture, and nothing else until a test asks for it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from feedproc.testing.kit import Feedproc


@pytest.fixture(name="feedproc")
def lend_feedproc() -> Iterator["Feedproc"]:
    """Lend a server of feedproc in this process, empty but for one seller.

    It listens on a free port of this machine, and is kept from test to test; what happened in it is not.
    """
    from feedproc.testing.lending import use_feedproc  # noqa: PLC0415 - most test runs never need it

    with use_feedproc() as kit:
        yield kit
