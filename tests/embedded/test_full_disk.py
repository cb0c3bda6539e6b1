"""A disk that fills up at any step of a feed's life: once there is room, all is as if there had always been."""

import gc
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.errors import HeldUp
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import OrderFilter
from feedproc.services.process.processing import Policy
from feedproc.stock.level import StockLevel
from tests.builders import NOON, SELLER, Shop, a_feed, acknowledges, cancels, orders
from tests.services.faults import Wrapped

MESSAGES = 1_100
FEED = a_feed(*(cancels(one) if one % 3 else acknowledges(one, f"M-{one}") for one in range(1, MESSAGES + 1)))
"""Several batches, some messages of which fail."""
SIZE = 64 * 1024 * 1024
IMPATIENT = Policy(first_pause=timedelta(microseconds=-1))
"""Pauses are over at once, so that all happens at the same time as in a calm run."""


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system of 64 MiB."""
    folder = tmp_path_factory.mktemp("small")
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    mount = [*as_root, "mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0777", "tmpfs", str(folder)]
    made = which(mount[0]) and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if not made:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no small file system can be mounted here")
    yield folder
    subprocess.run([*as_root, "umount", "-l", str(folder)], check=True)


class Disk:
    """A small disk, which another program fills at one call of the store, or never."""

    def __init__(self, folder: Path, at: int | None = None, leaves: int = 0) -> None:
        self.filler = folder / "filler"
        self.at = at
        self.leaves = leaves
        self.calls: list[str] = []

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: object) -> object:
            if len(self.calls) == self.at:
                self.fill()
            self.calls.append(call.__name__)
            return call(*arguments)

        return counted

    def fill(self) -> None:
        """Leave so many bytes."""
        with self.filler.open("wb", buffering=0) as filler:
            with suppress(OSError):
                while True:
                    filler.write(bytes(65_536))
            filler.truncate(max(filler.tell() - self.leaves, 0))

    def free(self) -> None:
        self.filler.unlink(missing_ok=True)


@contextmanager
def a_shop_on(folder: Path, disk: Disk) -> Iterator[Shop]:
    gc.collect()  # The room of earlier stores comes back only once nothing holds their files open.
    shop = Shop(folder / "store").stocked(*orders(900))
    shop.backend.stock.load(SELLER, [StockLevel("SKU-2", 5)], NOON)
    named = shop.backend._asdict()
    ports: dict[str, Any] = {name: Wrapped(port, disk.around) for name, port in named.items() if not callable(port)}
    shop.backend = shop.backend._replace(**ports)
    yield shop
    disk.free()
    subprocess.run(["rm", "-rf", str(folder / "store")], check=True)


def handed_in(shop: Shop, disk: Disk) -> FeedSubmission:
    """Submit as a client does: again, when that is answered with an error."""
    try:
        return shop.submit(FEED)
    except (OSError, sqlite3.OperationalError) as error:
        said = shop.backend.describe_fault(error)
    assert said
    assert shop.backend.submissions.find_overdue(NOON + timedelta(days=1), 9) == []
    disk.free()
    return shop.submit(FEED)


def live(shop: Shop, disk: Disk, tries: int = 30) -> dict[str, object]:
    """A feed's whole life, with so many tries while the disk is full; return all that it left behind."""
    submission = handed_in(shop, disk)
    for _ in range(tries):
        with suppress(HeldUp):
            shop.work(IMPATIENT)
    disk.free()
    shop.work(IMPATIENT)
    return left_behind(shop, submission)


def left_behind(shop: Shop, submission: FeedSubmission) -> dict[str, object]:
    backend = shop.backend
    ended = shop.again(submission)
    assert (ended.status, ended.reason) == (ProcessingStatus.DONE, None)
    levels = list(backend.stock.list_levels(SELLER))
    assert not list((shop.data_dir / "documents" / "incoming").iterdir())
    return {
        "report": shop.raw_report(submission),
        "orders": [replace(one, updated_at=None) for one in backend.orders.list(SELLER, OrderFilter(), 9_999)],
        "stock": levels,
        "ledger": [backend.stock.list_entries(SELLER, level.sku, 9) for level in levels],
        "outbox": [one.entry_id for one in backend.outbox.list_waiting(9_999)],
        "tallies": backend.tallies.count(SELLER, NOON.date().replace(month=1), NOON.date().replace(month=12)),
    }


def test_a_disk_may_fill_up_at_any_step_of_a_feeds_life(small_disk: Path) -> None:
    calm = Disk(small_disk)
    with a_shop_on(small_disk, calm) as shop:
        expected = live(shop, calm, tries=1)
    life = calm.calls[: calm.calls.index("finish") + 1]
    assert {"create", "add", "claim", "open", "commit", "finish"} <= set(life)
    for step, name in enumerate(life):
        for leaves in (0, 100_000):
            disk = Disk(small_disk, step, leaves)
            with a_shop_on(small_disk, disk) as shop:
                found = live(shop, disk)
            assert disk.at is not None
            assert [part for part in expected if found[part] != expected[part]] == [], f"full at {name}, call {step}"
