"""The data directory is its owner's alone, whatever the umask, and whatever another user holds."""

import fcntl
import logging
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from feedproc.embedded import open_backend
from feedproc.errors import StoreUnusable
from tests.builders import Shop, a_feed, cancels, new_keys, orders

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    return [str(path) for path in (folder, *folder.rglob("*")) if path.lstat().st_mode & OTHERS]


@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_a_store_is_its_owners_alone_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    with umask(mask):
        shop = Shop(tmp_path / "data").stocked(*orders(2))
        shop.run(a_feed(cancels(1)))
    assert (tmp_path / "data" / "feedproc.db-wal").exists()
    assert not open_to_others(tmp_path / "data")


def test_a_store_that_others_could_read_is_closed_and_it_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Shop(tmp_path / "data").stocked(*orders(2)).run(a_feed(cancels(1)))
    for path in (tmp_path / "data", *(tmp_path / "data").rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with caplog.at_level(logging.WARNING):
        open_backend(tmp_path / "data", new_keys())
    assert not open_to_others(tmp_path / "data")
    assert "other users of this machine could look into it" in caplog.text


def test_an_empty_directory_that_others_can_read_is_closed_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").mkdir(0o755)
    open_backend(tmp_path / "data", new_keys())
    assert not open_to_others(tmp_path / "data")
    assert not caplog.text


def test_a_directory_that_all_users_share_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o1777)
    with pytest.raises(StoreUnusable, match="shared by all users"):
        open_backend(tmp_path / "shared", new_keys())
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o1777
    assert not list((tmp_path / "shared").iterdir())


def test_nobody_waits_for_a_lock_on_the_folder_itself(tmp_path: Path) -> None:
    open_backend(tmp_path, new_keys())
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "feedproc", "sellers", "list", "--data-dir", str(tmp_path)]
        assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0
    finally:
        os.close(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
@pytest.mark.parametrize("name", ["feedproc.db", "feedproc.db-wal", "opening.lock", "in-use.lock", "documents"])
def test_another_user_can_neither_read_nor_lock_anything(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        Shop(Path(folder, "data")).stocked(*orders(1))
        Path(folder, "data", "in-use.lock").touch(0o600)
        read = ["/bin/ls", str(Path(folder, "data", name))]
        refused = subprocess.run(read, capture_output=True, user="nobody", check=False)
        assert b"denied" in refused.stderr
