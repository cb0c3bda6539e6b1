"""What `serverless.yml` deploys really works: see `deploy.py`."""

from pathlib import Path

import pytest

from tests.deploy.deploy import run

pytestmark = pytest.mark.deploy


def test_it_deploys_is_driven_by_real_clients_and_leaves_nothing_behind(tmp_path: Path, installed: Path) -> None:
    run(tmp_path, installed)
