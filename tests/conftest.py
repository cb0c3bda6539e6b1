"""What all tests share."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.builders import Shop

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
