"""Lock files, by which workers know which of them live."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from feedproc.embedded.workers import Workers
from tests.builders import LEASE, Shop, a_feed, acknowledges, an_order, open_files

HOLDS_A_LOCK = """
import sys, time
from pathlib import Path
from feedproc.embedded.workers import Workers
Workers(Path(sys.argv[1])).join("other")
print("joined", flush=True)
time.sleep(60)
"""


def other_process(folder: Path) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen([sys.executable, "-c", HOLDS_A_LOCK, folder], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"joined\n"
    return process


def ended(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_worker_lives_from_joining_to_leaving(tmp_path: Path) -> None:
    workers = Workers(tmp_path)
    assert not workers.lives("w")
    workers.join("w")
    assert Workers(tmp_path).lives("w")
    workers.leave("w")
    assert not workers.lives("w")
    assert not list(tmp_path.iterdir())


def test_a_killed_process_is_dead_at_once(tmp_path: Path) -> None:
    process = other_process(tmp_path)
    assert Workers(tmp_path).lives("other")
    ended(process)
    assert not Workers(tmp_path).lives("other")


def test_a_dead_workers_feed_is_taken_over_before_its_lease_ends(tmp_path: Path) -> None:
    shop = Shop(tmp_path).stocked(an_order())
    process = other_process(tmp_path / "workers")
    one = shop.submit(a_feed(acknowledges()))
    held = shop.backend.submissions.claim(one.seller_id, one.submission_id, "other", shop.now, LEASE)
    assert held
    assert shop.work() == 0
    ended(process)
    assert shop.work() == 1


def test_the_sweep_removes_dead_workers_only(tmp_path: Path) -> None:
    workers = Workers(tmp_path)
    workers.join("alive")
    ended(other_process(tmp_path))
    workers.sweep()
    assert [path.name for path in tmp_path.iterdir()] == ["alive.lock"]
    assert workers.lives("alive")


def test_asking_often_never_makes_a_dead_worker_live(tmp_path: Path) -> None:
    workers = Workers(tmp_path)
    ended(other_process(tmp_path))
    wrong: list[bool] = []

    def ask() -> None:
        wrong.extend(workers.lives("other") for _ in range(2_000))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not any(wrong)


def test_a_sweep_never_removes_a_worker_that_is_just_joining(tmp_path: Path) -> None:
    workers, done = Workers(tmp_path), threading.Event()

    def sweep() -> None:
        while not done.is_set():
            Workers(tmp_path).sweep()

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    lived = []
    for number in range(500):
        workers.join(f"w{number}")
        lived.append(workers.lives(f"w{number}"))
        workers.leave(f"w{number}")
    done.set()
    sweeper.join()
    assert all(lived)


@pytest.mark.parametrize("name", ["", "../w", "a/b", "w.lock", "w" * 65, "w\n", "é"])
def test_a_worker_needs_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a worker's name"):
        Workers(tmp_path).join(name)


def test_no_file_stays_open_behind_the_question(tmp_path: Path) -> None:
    workers = Workers(tmp_path)
    workers.join("w")
    before = open_files(tmp_path)
    for _ in range(50):
        workers.lives("w")
        workers.lives("nobody")
    assert open_files(tmp_path) == before
