"""The command that gives a seller a password for the console."""

from pathlib import Path

import pytest

from feedproc.services.passwords import is_password_of
from feedproc.settings import Place
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_store
from tests.cli.builders import Shell, one_line

LOCAL = LOCAL_SELLER.seller_id


@pytest.fixture
def feedproc(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    with open_store(Place(data_dir=tmp_path / "data")):
        return Shell(capsys, monkeypatch, tmp_path / "data")


def _fits(feedproc: Shell, password: str) -> bool:
    with open_store(Place(data_dir=feedproc.data_dir)) as backend:
        return is_password_of(backend.sellers, LOCAL, password) is not None


def test_a_password_comes_from_standard_input(feedproc: Shell) -> None:
    assert feedproc("sellers", "password", LOCAL, stdin="青い鳥が三羽とんだ日\n".encode()).code == 0
    assert _fits(feedproc, "青い鳥が三羽とんだ日")
    assert not _fits(feedproc, "青い鳥が三羽とんだ火")


def test_a_password_is_neither_printed_nor_kept_in_clear(feedproc: Shell) -> None:
    ran = feedproc("sellers", "password", LOCAL, stdin=b"plain to see\n")
    assert "plain to see" not in ran.out + ran.err
    kept = b"".join(file.read_bytes() for file in feedproc.data_dir.glob("feedproc.db*"))
    assert b"scrypt" not in kept
    assert b"plain to see" not in kept
    with open_store(Place(data_dir=feedproc.data_dir)) as backend:
        assert backend.sellers.get(LOCAL).password_hash.startswith("scrypt")
    assert "scrypt" not in feedproc("sellers", "list", "--show-secrets", "--format", "json").out


def test_a_short_password_is_refused(feedproc: Shell) -> None:
    ran = feedproc("sellers", "password", LOCAL, stdin=b"short\n")
    assert (ran.code, one_line(ran.err)) == (1, True)
    assert not _fits(feedproc, "short")


def test_nobody_signs_in_with_an_empty_password(feedproc: Shell) -> None:
    assert feedproc("sellers", "password", LOCAL, stdin=b"").code == 1
    assert not _fits(feedproc, "")


def test_an_unknown_seller_is_named(feedproc: Shell) -> None:
    ran = feedproc("sellers", "password", "A2NOBODY", stdin=b"long enough for all\n")
    assert (ran.code, one_line(ran.err)) == (1, True)
    assert "A2NOBODY" in ran.err
