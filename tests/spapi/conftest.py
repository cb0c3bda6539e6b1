from pathlib import Path

import pytest

from tests.spapi.builders import SpShop, a_shop


@pytest.fixture
def sp(tmp_path: Path) -> SpShop:
    return a_shop(tmp_path)
