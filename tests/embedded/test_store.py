"""The data directory as a whole: its version, damage, and several processes and threads that open it."""

import multiprocessing
import os
import resource
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from feedproc.embedded import forget_sent, open_backend
from feedproc.embedded.advice import advise
from feedproc.embedded.store import open_database
from feedproc.embedded.tables import VERSION
from feedproc.errors import StoreUnusable
from feedproc.ports import Backend
from feedproc.settings import Place
from feedproc.wiring.store import open_store
from tests.builders import LEASE, NOON, SELLER, Shop, a_feed, a_seller, an_order, cancels, new_keys, order_id, orders


def opened(folder: Path) -> Backend:
    return open_backend(folder, new_keys())


def a_database(folder: Path, *statements: str) -> Path:
    folder.mkdir(exist_ok=True)
    with sqlite3.connect(folder / "feedproc.db", isolation_level=None) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return folder


def test_a_store_is_created_with_its_folders(tmp_path: Path) -> None:
    backend = opened(tmp_path / "new" / "deep")
    assert not backend.sellers.list_sellers()
    assert sorted(path.name for path in (tmp_path / "new" / "deep").iterdir() if path.is_dir()) == [
        "documents",
        "workers",
    ]


def test_a_store_is_opened_again_with_all_that_it_holds(tmp_path: Path) -> None:
    Shop(tmp_path).stocked(*orders(3))
    assert opened(tmp_path).orders.get(SELLER, order_id(3)) == orders(3)[2]


def test_a_store_records_its_version(tmp_path: Path) -> None:
    opened(tmp_path)
    with sqlite3.connect(tmp_path / "feedproc.db") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_newer_store_is_refused_in_one_line(tmp_path: Path) -> None:
    opened(tmp_path)
    a_database(tmp_path, f"PRAGMA user_version={VERSION + 1}")
    with pytest.raises(StoreUnusable, match=f"newer feedproc .*version {VERSION + 1}.*upgrade") as refusal:
        opened(tmp_path)
    assert "\n" not in str(refusal.value)


def test_another_programs_database_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    a_database(tmp_path, "CREATE TABLE songs (title TEXT)", "INSERT INTO songs VALUES ('x')")
    before = (tmp_path / "feedproc.db").read_bytes()
    with pytest.raises(StoreUnusable, match="another program's database"):
        opened(tmp_path)
    assert (tmp_path / "feedproc.db").read_bytes() == before


def test_a_database_with_a_version_but_no_tables_is_anothers(tmp_path: Path) -> None:
    a_database(tmp_path, "PRAGMA user_version=7")
    with pytest.raises(StoreUnusable, match="another program's database"):
        opened(tmp_path)


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / "feedproc.db").touch()
    opened(tmp_path).sellers.add(a_seller())
    assert opened(tmp_path).sellers.get(SELLER)


@pytest.mark.parametrize("damage", ["text", "head", "cut"])
def test_a_damaged_store_is_refused_in_one_line(tmp_path: Path, damage: str) -> None:
    a_database(tmp_path, *[f"CREATE TABLE t{number} (x)" for number in range(50)])
    path = tmp_path / "feedproc.db"
    whole = path.read_bytes()
    path.write_bytes(
        {"text": b"this is no database\n" * 500, "head": bytes(100) + whole[100:], "cut": whole[:1500]}[damage]
    )
    with pytest.raises(StoreUnusable, match=r"feedproc\.db: .*--data-dir") as refusal:
        opened(tmp_path)
    assert "\n" not in str(refusal.value)


def test_a_file_in_place_of_the_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreUnusable, match="cannot be used as a data directory"):
        opened(tmp_path / "data")


def test_a_folder_in_place_of_the_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "feedproc.db").mkdir()
    with pytest.raises(StoreUnusable, match=r"feedproc\.db"):
        opened(tmp_path)


def _open_when_told(folder: Path, gate: "multiprocessing.synchronize.Barrier", worker: int) -> None:
    gate.wait()
    opened(folder).sellers.add(a_seller(f"S{worker}"))


def test_many_processes_may_create_one_store_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for attempt in range(30):
        gate = context.Barrier(4)
        folder = tmp_path / str(attempt)
        processes = [context.Process(target=_open_when_told, args=(folder, gate, number)) for number in range(4)]
        for one in processes:
            one.start()
        for one in processes:
            one.join()
        assert [one.exitcode for one in processes] == [0, 0, 0, 0]
        assert len(opened(folder).sellers.list_sellers()) == 4


def test_every_thread_has_a_connection_of_its_own(tmp_path: Path) -> None:
    database = open_database(tmp_path / "feedproc.db")
    seen: list[sqlite3.Connection] = [database.connection]
    thread = threading.Thread(target=lambda: seen.append(database.connection))
    thread.start()
    thread.join()
    assert seen[0] is database.connection
    assert seen[1] is not seen[0]


def test_a_connection_that_is_given_back_serves_the_next_thread(tmp_path: Path) -> None:
    database = open_database(tmp_path / "feedproc.db")
    database.release()
    seen: set[int] = set()

    def ask() -> None:
        seen.add(id(database.connection))
        database.release()

    for _ in range(20):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert len(seen) == 1


def test_the_connections_of_many_threads_leave_no_more_files_open_each_time(tmp_path: Path) -> None:
    database = open_database(tmp_path / "feedproc.db")
    gate = threading.Barrier(40)

    def ask(_: int) -> None:
        database.connection.execute("SELECT count(*) FROM orders").fetchall()
        gate.wait()
        database.release()

    counts = []
    for _ in range(3):
        with ThreadPoolExecutor(40) as pool:
            list(pool.map(ask, range(40)))
        counts.append(sum(str(tmp_path) in os.path.realpath(one) for one in Path("/proc/self/fd").iterdir()))
    # SQLite keeps a file of a closed connection for the next one, as closing it would take its own locks away.
    assert counts[0] < 60  # two for each of 8, and one for each of the others
    assert counts[1:] == counts[:1] * 2


def test_a_failed_transaction_leaves_nothing_and_harms_no_later_one(tmp_path: Path) -> None:
    database = open_database(tmp_path / "feedproc.db")
    with pytest.raises(sqlite3.IntegrityError), database.transaction() as connection:
        connection.executemany("INSERT INTO stock VALUES ('S', ?, 1)", [("A",), (None,)])
    with database.transaction() as connection:
        connection.execute("INSERT INTO stock VALUES ('S', 'B', 1)")
    assert database.connection.execute("SELECT sku FROM stock").fetchall() == [("B",)]


def test_a_full_disk_is_told_as_such_and_the_next_transaction_works(tmp_path: Path) -> None:
    database = open_database(tmp_path / "feedproc.db")
    (pages,) = database.connection.execute("PRAGMA page_count").fetchone()
    database.connection.execute(f"PRAGMA max_page_count={pages + 1}")
    with pytest.raises(sqlite3.OperationalError, match="full"), database.transaction() as connection:
        connection.execute("INSERT INTO stock VALUES ('S', ?, 1)", ("A" * 1_000_000,))
    database.connection.execute(f"PRAGMA max_page_count={pages + 1000}")
    with database.transaction() as connection:
        connection.execute("INSERT INTO stock VALUES ('S', 'B', 1)")
    assert database.connection.execute("SELECT sku FROM stock").fetchall() == [("B",)]


@contextmanager
def full_disk(file: Path) -> Iterator[None]:
    """Let no file grow beyond the size that this one has now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_commit_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = open_database(tmp_path / "feedproc.db")
    wal = tmp_path / "feedproc.db-wal"
    with full_disk(wal), pytest.raises(sqlite3.OperationalError), database.transaction() as connection:
        connection.execute("INSERT INTO stock VALUES ('S', ?, 1)", ("A" * 1_000_000,))
    with database.transaction() as connection:
        connection.execute("INSERT INTO stock VALUES ('S', 'B', 1)")
    assert database.connection.execute("SELECT sku FROM stock").fetchall() == [("B",)]


def test_what_is_written_alone_waits_for_another_process_behind_a_transaction_too(tmp_path: Path) -> None:
    database = open_database(tmp_path / "feedproc.db")
    with database.transaction():
        pass
    with closing(sqlite3.connect(tmp_path / "feedproc.db", check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        ending = threading.Timer(0.2, other.rollback)
        ending.start()
        database.connection.execute("INSERT INTO stock VALUES ('S', 'B', 1)")
        ending.join()


def test_what_was_sent_long_ago_is_forgotten(tmp_path: Path) -> None:
    shop = Shop(tmp_path).stocked(*orders(4))
    shop.run(a_feed(*map(cancels, range(1, 5))))
    first, second, *_ = shop.backend.outbox.list_waiting(10)
    shop.backend.outbox.note_sent([first], NOON)
    shop.backend.outbox.note_sent([second], NOON + 2 * LEASE)
    assert forget_sent(tmp_path, NOON + LEASE) == 1
    left = [told.entry.entry_id for told in shop.backend.outbox.list_recent(SELLER, 10)]
    assert first.entry_id not in left
    assert len(left) == 4  # one that was sent lately, and three that wait


def a_blank_database(path: Path) -> None:
    """A database in WAL mode of which only the file itself was copied."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


@pytest.mark.parametrize("leave", [lambda path: None, Path.touch, a_blank_database])
def test_a_store_whose_database_is_lost_is_not_made_anew(tmp_path: Path, leave: Callable[[Path], None]) -> None:
    Shop(tmp_path).stocked(*orders(1)).run(a_feed(cancels(1)))
    for lost in tmp_path.glob("feedproc.db*"):
        lost.unlink()
    leave(tmp_path / "feedproc.db")
    before = {path: path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(StoreUnusable, match=r"(missing|empty), though .*documents holds.*backup"):
        opened(tmp_path)
    assert {path: path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_copy_of_a_new_stores_file_alone_is_no_empty_one(tmp_path: Path) -> None:
    opened(tmp_path / "data")
    (tmp_path / "copy").mkdir()
    shutil.copy(tmp_path / "data" / "feedproc.db", tmp_path / "copy")
    with pytest.raises(StoreUnusable, match="key file of this store is missing"):
        opened(tmp_path / "copy")


def test_a_full_disk_is_no_reason_to_restore_a_backup(tmp_path: Path) -> None:
    opened(tmp_path)
    large = orders(2_000)
    file, place = tmp_path / "feedproc.db", Place(data_dir=tmp_path)
    with pytest.raises(StoreUnusable) as refusal, open_store(place) as backend, full_disk(file):
        backend.orders.load(SELLER, large)
    assert "make room" in str(refusal.value)
    assert "backup" not in str(refusal.value)


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (sqlite3.SQLITE_FULL, "make room"),
        (sqlite3.SQLITE_READONLY, "read-only"),
        (sqlite3.SQLITE_READONLY | 8 << 8, "read-only"),
        (sqlite3.SQLITE_CANTOPEN, "may write"),
        (sqlite3.SQLITE_IOERR, "system's log"),
        (sqlite3.SQLITE_BUSY, "another program"),
        (sqlite3.SQLITE_CORRUPT, "restore it from a backup"),
        (sqlite3.SQLITE_NOTADB, "restore it from a backup"),
    ],
)
def test_advice_is_about_what_is_wrong(code: int, advice: str) -> None:
    error = sqlite3.OperationalError("what SQLite says")
    error.sqlite_errorcode = code
    assert advise(error).startswith("what SQLite says: ")
    assert advice in advise(error)


def test_what_an_order_does_not_say_takes_no_room(tmp_path: Path) -> None:
    shop = Shop(tmp_path).stocked(an_order())
    with closing(sqlite3.connect(tmp_path / "feedproc.db")) as connection:
        (data,) = connection.execute("SELECT data FROM orders").fetchone()
    assert b"buyer" not in data
    assert b"ship_to" not in data
    assert shop.order() == an_order()
