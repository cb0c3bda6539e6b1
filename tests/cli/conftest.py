"""A shell with a data directory of its own."""

from pathlib import Path

import pytest

from feedproc.settings import Place
from feedproc.wiring.store import open_store
from tests.cli.builders import SAMPLES, Shell


@pytest.fixture
def feedproc(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    return Shell(capsys, monkeypatch, tmp_path / "data")


@pytest.fixture
def opened(feedproc: Shell) -> Shell:
    """The store is there, with the local seller alone."""
    with open_store(Place(data_dir=feedproc.data_dir)):
        return feedproc


@pytest.fixture
def shop(feedproc: Shell) -> Shell:
    """The sample orders are loaded."""
    assert feedproc("orders", "load", SAMPLES / "orders.jsonl").code == 0
    return feedproc
