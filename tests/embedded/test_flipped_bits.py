"""A bit of the database flips on the disk: what is read is right, or is told as damaged, and never "unknown"."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from feedproc.embedded import look_for_damage, open_backend
from feedproc.embedded.backup import back_up
from feedproc.errors import HeldUp, StoreDamaged, StoreUnusable
from feedproc.feeds.submission import ProcessingStatus
from feedproc.orders.order import Buyer, Order, OrderKey
from feedproc.ports import Backend
from tests.builders import SELLER, Shop, a_feed, an_order, cancels, new_keys, order_id

ORDER = an_order(1, buyer=Buyer("Hanako", "hanako@example.jp"))
PRICE, BUYER, ID = b'"Principal":"2000"', b"hanako@example.jp", order_id(1).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with two orders, all of it in one file."""
    shop = Shop(tmp_path / "data").stocked(ORDER, an_order(2, quantity=3))
    shop.backend.release()
    with closing(sqlite3.connect(shop.data_dir / "feedproc.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return shop.data_dir


def flip(folder: Path, what: bytes, place: int = -1) -> None:
    """Flip a bit of the last letter but one of what stands in the database, at a place or at the first."""
    database = folder / "feedproc.db"
    whole = bytearray(database.read_bytes())
    at = whole.find(what) if place < 0 else place
    assert at >= 0
    whole[at + len(what) - 2] ^= 0x04
    database.write_bytes(whole)


def flips(folder: Path, what: bytes) -> Iterator[Backend]:
    """The store with a bit flipped at each place, one after the other, where something stands."""
    whole = (folder / "feedproc.db").read_bytes()
    at = whole.find(what)
    while at >= 0:
        flip(folder, what, at)
        yield open_backend(folder, new_keys())
        for left in folder.glob("feedproc.db-*"):
            left.unlink()
        (folder / "feedproc.db").write_bytes(whole)
        at = whole.find(what, at + 1)


def looked_up(backend: Backend) -> list[Order | None]:
    """The order, in each way in which it is read; nothing for a way in which it is told to be damaged."""
    key, found = OrderKey(order_id(1)), []
    looks: list[Callable[[], Order | None]] = [
        lambda: backend.orders.get(SELLER, order_id(1)),
        lambda: backend.orders.find(SELLER, [key]).get(key),
    ]
    for look in looks:
        try:
            found.append(look())
        except (StoreDamaged, sqlite3.DatabaseError):
            continue
    return found


@pytest.mark.parametrize("what", [ID, PRICE, BUYER])
def test_an_order_is_read_right_or_told_to_be_damaged_wherever_a_bit_flips(folder: Path, what: bytes) -> None:
    tried = 0
    for backend in flips(folder, what):
        tried += 1
        assert all(one in (ORDER, replace(ORDER, buyer=Buyer())) for one in looked_up(backend))
    assert tried


def test_a_feed_waits_that_meets_a_damaged_order_and_says_so(folder: Path) -> None:
    flip(folder, PRICE)
    shop = Shop(folder)
    submission = shop.submit(a_feed(cancels(1)))
    with pytest.raises(HeldUp, match=f"{folder / 'feedproc.db'}: order {order_id(1)} is damaged"):
        shop.work()
    waiting = shop.again(submission)
    assert (waiting.status, waiting.attempts) == (ProcessingStatus.IN_PROGRESS, 0)
    assert "restore it from a backup" in str(waiting.reason)


def test_a_look_at_the_whole_store_finds_what_nobody_has_asked_for(folder: Path) -> None:
    assert look_for_damage(folder) is None
    flip(folder, PRICE)
    assert look_for_damage(folder) == f"{order_id(1)} in table orders"


def test_no_backup_is_made_of_a_damaged_store(folder: Path, tmp_path: Path) -> None:
    flip(folder, BUYER)
    with pytest.raises(StoreUnusable, match=f"damaged .{order_id(1)} in table recipients"):
        back_up(folder / "feedproc.db", tmp_path / "copy")


def test_an_order_that_was_never_there_is_unknown(folder: Path) -> None:
    assert open_backend(folder, new_keys()).orders.get(SELLER, order_id(99)) is None
