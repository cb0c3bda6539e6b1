"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.builders import Shop

# Commands speak the language of whoever runs the tests, unless told otherwise.
os.environ["LC_ALL"] = "C.UTF-8"
settings.register_profile(
    "feedproc",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("feedproc")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop with one seller and no orders."""
    return Shop(tmp_path / "data").stocked()
