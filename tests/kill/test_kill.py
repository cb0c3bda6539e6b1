"""Workers are killed at random instants and started again: nobody can tell from the result."""

import contextlib
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import Filter
from feedproc.stock.level import StockLevel
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    NOON,
    OTHER_SELLER,
    SELLER,
    Shop,
    a_feed,
    a_seller,
    acknowledges,
    an_order,
    cancels,
    refunds,
    ships,
)

PROJECT = Path(__file__).parents[2]
KILLS = 25
"""By each of the two tests."""
KILLS_OF_HELPED = 6
ORDERS = 900
FEEDS = 3
"""Of each type and seller."""
LONGEST_LIFE = 1 / 6
"""A worker lives at most this part of what all the work takes undisturbed, and what it needs to begin."""
BEGINNING = 0.03
"""Seconds."""

Outcome = dict[str, object]


def payload(feed_type: str, number: int, chance: random.Random) -> str:
    """What a feed says of an order: mostly right, at times refused, at times invalid."""
    made = {
        ACKNOWLEDGEMENT: lambda: chance.choice((acknowledges(number, f"M-{number}"), cancels(number), cancels(number))),
        FULFILLMENT: lambda: ships(number, chance.choice((None, 1, 1, 2, 9))),
        ADJUSTMENT: lambda: refunds(number, chance.choice((10, 90, 500, -1, 99_999))),
    }[feed_type]()
    return made.replace("Code>", "Cod>") if chance.random() < 0.02 else made


def numbers(feed_type: str, shared: bool, chance: random.Random) -> Iterator[int]:
    """Which orders the feeds of a type speak of: any, or those that no other type speaks of."""
    place = (ACKNOWLEDGEMENT, FULFILLMENT, ADJUSTMENT).index(feed_type)
    for _ in range(250):
        number = chance.randrange(ORDERS + 20)
        yield number + 1 if shared else number // 3 * 3 + place + 1


def prepared(folder: Path, shared: bool) -> Shop:
    """A store with two sellers, their orders, and feeds of all types that wait; the same every time."""
    shop, chance = Shop(folder), random.Random(7)
    minutes = count()
    for seller_id in (SELLER, OTHER_SELLER):
        shop.stocked(*[an_order(n, quantity=n % 4 + 1) for n in range(1, ORDERS + 1)], seller=a_seller(seller_id))
        shop.backend.stock.load(seller_id, [StockLevel(f"SKU-{n}", n) for n in range(1, ORDERS, 2)], NOON)
    for _ in range(FEEDS):
        for feed_type in (ACKNOWLEDGEMENT, FULFILLMENT, ADJUSTMENT):
            for seller_id in (SELLER, OTHER_SELLER):
                payloads = [payload(feed_type, number, chance) for number in numbers(feed_type, shared, chance)]
                feed = a_feed(*payloads, feed_type=feed_type, merchant=seller_id)
                shop.submit(feed, feed_type, seller_id, NOON - timedelta(days=1) + timedelta(minutes=next(minutes)))
    faulty = a_feed(*map(acknowledges, range(1, 100)))
    for feed in (faulty[:-30], faulty.replace(b"1.01", b"1"), faulty.replace(SELLER.encode(), b"ELSE"), b""):
        shop.submit(feed, at=NOON)
    return shop


def submissions(shop: Shop) -> list[FeedSubmission]:
    sellers = (SELLER, OTHER_SELLER)
    return [one for seller_id in sellers for one in shop.backend.submissions.find(seller_id, Filter(), 1_000)]


def outcome(shop: Shop) -> Outcome:
    with contextlib.closing(sqlite3.connect(shop.data_dir / "feedproc.db")) as connection:
        tables = {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY {by}").fetchall()
            for name, by in (("orders", "1, 2"), ("stock", "1, 2"), ("stock_changes", "1, 6, rowid"), ("outbox", "1"))
        }
    ended = submissions(shop)
    assert {one.status for one in ended} == {ProcessingStatus.DONE}
    reports = {(one.seller_id, one.submission_id): shop.raw_report(one) for one in ended}
    return tables | {"reports": reports, "summaries": [one.summary for one in ended]}


class Crew:
    """Workers of one store: some at work, one that stands by, and always one that takes a killed one's place."""

    def __init__(self, folder: Path, size: int, *manner: str) -> None:
        self._folder = folder
        self._manner = manner
        self._names = count()
        self._standing_by = deque(self._hired() for _ in range(size + 1))
        self.at_work = [self._begun() for _ in range(size)]

    def _hired(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.kill.worker", str(self._folder), f"w{next(self._names)}", *self._manner]
        return subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def _begun(self) -> "subprocess.Popen[bytes]":
        worker = self._standing_by.popleft()
        assert worker.stdout is not None
        assert worker.stdin is not None
        assert worker.stdout.readline() == b"ready\n"
        worker.stdin.write(b"go\n")
        worker.stdin.flush()
        return worker

    def kill(self, victim: int) -> bool:
        """Kill a worker and put another in its place; say whether it was still at work."""
        worker = self.at_work[victim]
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        killed = worker.returncode == -signal.SIGKILL
        assert killed or worker.returncode == 0
        if killed:
            self._standing_by.append(self._hired())
            self.at_work[victim] = self._begun()
        return killed

    def dismissed(self) -> None:
        for worker in self.at_work:
            worker.communicate(timeout=60)
            assert worker.returncode == 0
        for worker in self._standing_by:
            worker.kill()
            worker.communicate()


def kill_until_done(crew: Crew, longest_life: float, chance: random.Random) -> int:
    """Kill workers until all is done; return how many died at work."""
    kills = 0
    while True:
        time.sleep(chance.uniform(0, longest_life))
        if not crew.kill(chance.randrange(len(crew.at_work))):
            break
        kills += 1
    crew.dismissed()
    return kills


@pytest.mark.parametrize(("crew_size", "shared"), [(1, True), (2, False)], ids=["one worker", "two workers"])
def test_killed_workers_leave_what_an_undisturbed_run_leaves(tmp_path: Path, crew_size: int, shared: bool) -> None:
    undisturbed = prepared(tmp_path / "undisturbed", shared)
    began = time.monotonic()
    undisturbed.work()
    longest_life = (time.monotonic() - began) * LONGEST_LIFE + BEGINNING
    expected, chance, kills = outcome(undisturbed), random.Random(crew_size), 0
    for attempt in count():
        shop = prepared(tmp_path / str(attempt), shared)
        kills += kill_until_done(Crew(shop.data_dir, crew_size), longest_life, chance)
        found = outcome(shop)
        for part, wanted in expected.items():
            assert found[part] == wanted, part
        if kills >= KILLS:
            break


def test_killed_workers_with_helpers_leave_what_an_undisturbed_run_leaves(tmp_path: Path) -> None:
    undisturbed = with_one_feed(tmp_path / "undisturbed")
    undisturbed.work()
    expected, chance, kills = outcome(undisturbed), random.Random(3), 0
    began = time.monotonic()
    Crew(with_one_feed(tmp_path / "helped").data_dir, 1, "helped").dismissed()
    longest_life = time.monotonic() - began
    for attempt in count():
        shop = with_one_feed(tmp_path / str(attempt))
        kills += kill_until_done(Crew(shop.data_dir, 1, "helped"), longest_life, chance)
        assert outcome(shop) == expected
        if kills >= KILLS_OF_HELPED:
            break


def with_one_feed(folder: Path) -> Shop:
    """A store and a feed of several batches that waits."""
    shop, chance = Shop(folder), random.Random(9)
    shop.stocked(*[an_order(number, quantity=number % 4 + 1) for number in range(1, ORDERS + 1)])
    payloads = [payload(ADJUSTMENT, chance.randrange(ORDERS + 20), chance) for _ in range(3_000)]
    shop.submit(a_feed(*payloads, feed_type=ADJUSTMENT), ADJUSTMENT, at=NOON)
    return shop
