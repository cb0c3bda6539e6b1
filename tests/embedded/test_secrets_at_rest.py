"""No secret of a seller stands in the store in clear, and the key file that opens them must be the right one."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from feedproc.embedded import open_backend
from feedproc.embedded.key_file import KEY_FILE, SecretBox
from feedproc.errors import StoreUnusable
from feedproc.ports import Backend, Secret, Seller
from tests.builders import SELLER, a_seller, new_keys

SECRET, TOKEN = "clearAsDay0123456789clearAsDay0123456789", "amzn.mws.clear-as-day"
TABLES_OF_2 = Path(__file__).parent / "version-2.sql"


def opened(folder: Path) -> Backend:
    return open_backend(folder, new_keys())


def a_seller_with_secrets(seller_id: str = SELLER) -> Seller:
    known = msgspec.structs.replace(a_seller(seller_id), secret_key=Secret(SECRET), auth_token=Secret(TOKEN))
    return msgspec.structs.replace(known, password_hash=Secret("scrypt:clearAsDay"))


def of_version_2(folder: Path) -> Path:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "feedproc.db")) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(TABLES_OF_2.read_text(encoding="utf-8"))
        data = msgspec.json.encode(a_seller_with_secrets(), enc_hook=str)
        connection.execute("INSERT INTO sellers VALUES (?, 'AK', ?)", (SELLER, data))
        connection.executemany("INSERT INTO sellers VALUES (?, 'gone', ?)", [(f"S{n}", data) for n in range(50)])
        connection.execute("DELETE FROM sellers WHERE access_key = 'gone'")
    return folder


def holding_secrets(folder: Path) -> list[str]:
    clear = (SECRET.encode(), TOKEN.encode(), b"scrypt:clearAsDay")
    return [p.name for p in folder.iterdir() if p.is_file() and any(one in p.read_bytes() for one in clear)]


def test_no_file_of_a_store_holds_a_secret_in_clear(tmp_path: Path) -> None:
    backend = opened(tmp_path)
    backend.sellers.add(a_seller_with_secrets())
    assert not holding_secrets(tmp_path)
    assert opened(tmp_path).sellers.get(SELLER) == a_seller_with_secrets()


def test_a_store_of_before_is_encrypted_with_what_was_deleted_and_it_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = of_version_2(tmp_path / "data")
    assert holding_secrets(folder)
    backend = opened(folder)
    assert not holding_secrets(folder)
    assert backend.sellers.get(SELLER) == a_seller_with_secrets()
    assert "upgraded from store version 2" in caplog.text


def test_a_store_of_before_is_encrypted_once_a_program_that_looks_at_it_is_done(tmp_path: Path) -> None:
    folder = of_version_2(tmp_path / "data")
    with closing(sqlite3.connect(folder / "feedproc.db", check_same_thread=False)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM sellers").fetchone()
        ending = threading.Timer(0.5, other.rollback)
        ending.start()
        backend = opened(folder)
        assert not holding_secrets(folder)
        ending.join()
    assert backend.sellers.get(SELLER) == a_seller_with_secrets()


def test_a_missing_key_file_is_told_and_none_is_made(tmp_path: Path) -> None:
    opened(tmp_path).sellers.add(a_seller_with_secrets())
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(StoreUnusable, match=r"key file of this store is missing.*backup"):
        opened(tmp_path)
    assert not (tmp_path / KEY_FILE).exists()


@pytest.mark.parametrize("content", ["ab" * 32, "ab" * 31, "", "no key", "\u00e9" * 64])
def test_a_key_file_that_is_not_the_stores_is_told(tmp_path: Path, content: str) -> None:
    opened(tmp_path).sellers.add(a_seller_with_secrets())
    (tmp_path / KEY_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(StoreUnusable, match=r"store\.key: .*backup") as refusal:
        opened(tmp_path)
    assert SECRET not in str(refusal.value)


def test_a_sellers_secret_cannot_stand_in_for_anothers(tmp_path: Path) -> None:
    backend = opened(tmp_path)
    backend.sellers.add(a_seller_with_secrets())
    backend.sellers.add(a_seller("A3RIVAL"))
    with closing(sqlite3.connect(tmp_path / "feedproc.db")) as connection, connection:
        (data,) = connection.execute("SELECT data FROM sellers WHERE seller_id = ?", (SELLER,)).fetchone()
        swapped = data.replace(SELLER.encode(), b"A3RIVAL")
        connection.execute("UPDATE sellers SET data = ? WHERE seller_id = 'A3RIVAL'", (swapped,))
    with pytest.raises(StoreUnusable, match="of seller A3RIVAL is damaged"):
        backend.sellers.get("A3RIVAL")


def test_the_same_secret_is_kept_as_another_text_each_time() -> None:
    box = SecretBox(bytes(32))
    first, second = box.seal(SECRET, "it"), box.seal(SECRET, "it")
    assert first != second
    assert box.unseal(first, "it") == box.unseal(second, "it") == SECRET
