"""Servers and workers are killed at random instants while clients submit: no feed is lost, and none acts twice."""

import http.client
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self
from uuid import uuid4

import pytest

from feedproc.feeds.submission import ProcessingStatus
from feedproc.imports.order_lines import write_line
from feedproc.ports import Filter, OrderFilter
from feedproc.settings import Place
from feedproc.wiring.store import open_store
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    a_feed,
    a_seller,
    acknowledges,
    an_order,
    cancels,
    refunds,
    ships,
)
from tests.clients.drivers import Account
from tests.clients.wire import HandWritten
from tests.serve.builders import eventually, lives

PROJECT = Path(__file__).parents[2]
SELLERS = ("A2SHOP", "A3RIVAL")
FEED_TYPES = (ACKNOWLEDGEMENT, FULFILLMENT, ADJUSTMENT)
ORDERS = 300
FEEDS = 36
"""Of each seller."""
MESSAGES = 700
SERVERS_KILLED = 15
LONGEST_PAUSE = 0.14
"""Seconds between two feeds of a seller, so that there is submitting while there is killing."""
LONGEST_LIFE = 0.9
"""Seconds from the start of a server to its death; it needs about a third of that to begin."""
PATIENCE = 120
"""Seconds after which clients give up."""
WORKERS_KILLED = 5
LONGEST_LIFE_OF_WORKER = 0.5


class Feed(NamedTuple):
    feed_type: str
    content: bytes


class Outcome(NamedTuple):
    """All that must not depend on what was killed when."""

    reports: dict[tuple[str, str], bytes]
    orders: dict[str, list[object]]
    stock: list[object]
    stock_changes: list[object]
    notices: int


def payload(feed_type: str, number: int, chance: random.Random) -> str:
    if feed_type == ACKNOWLEDGEMENT:
        return chance.choice((acknowledges(number, f"M-{number}"), cancels(number)))
    return ships(number, 1) if feed_type == FULFILLMENT else refunds(number, chance.choice((1, 10, 100, -1)))


def feeds_of(seller_id: str) -> list[Feed]:
    """The same every time. Feeds of one type meet at the same orders, those of different types never do."""
    chance, feeds = random.Random(seller_id), []
    for place in range(FEEDS):
        kind = place % len(FEED_TYPES)
        numbers = [chance.randrange(ORDERS // 3) * 3 + kind + 1 for _ in range(MESSAGES)]
        payloads = [payload(FEED_TYPES[kind], number, chance) for number in numbers]
        feeds.append(Feed(FEED_TYPES[kind], a_feed(*payloads, feed_type=FEED_TYPES[kind], merchant=seller_id)))
    return feeds


def prepared(data_dir: Path) -> Path:
    """A store with sellers, and orders of many units."""
    with open_store(Place(data_dir=data_dir)) as backend:
        for seller_id in SELLERS:
            backend.sellers.add(a_seller(seller_id))
            backend.orders.load(seller_id, [an_order(number, quantity=60) for number in range(1, ORDERS + 1)])
    return data_dir


def outcome(data_dir: Path) -> Outcome:
    """Look into a store whose feeds are all processed; of a submission's id, only the counter stays the same."""
    reports, orders = {}, {}
    with open_store(Place(data_dir=data_dir)) as backend:
        for seller_id in SELLERS:
            for one in backend.submissions.find(seller_id, Filter(), 1000):
                assert (one.status, bool(one.report)) == (ProcessingStatus.DONE, True)
                with backend.documents.open(str(one.report)) as file:
                    report = file.read().replace(one.submission_id.encode(), b"ID")
                reports[seller_id, one.submission_id[:5]] = report
            orders[seller_id] = [
                timeless(write_line(one)) for one in backend.orders.list(seller_id, OrderFilter(), 10_000)
            ]
    with closing(sqlite3.connect(data_dir / "feedproc.db")) as connection:
        stock = connection.execute("SELECT * FROM stock ORDER BY 1, 2").fetchall()
        columns = "seller_id, sku, quantity, reason, amazon_order_id, substr(submission_id, 1, 5), message_id"
        changes = connection.execute(f"SELECT {columns} FROM stock_changes ORDER BY {columns}").fetchall()
        (notices,) = connection.execute("SELECT count(*) FROM outbox").fetchone()
    return Outcome(reports, orders, stock, changes, notices)


def timeless(value: object) -> object:
    """Leave out when something was done."""
    if isinstance(value, dict):
        return {
            name: timeless(one) for name, one in value.items() if name not in {"at", "acknowledged_at", "updated_at"}
        }
    return [timeless(one) for one in value] if isinstance(value, list | tuple) else value


class Servers:
    """One server after another on the same data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._mark = f"FEEDPROC_KILL_TEST={uuid4()}"
        self._told = data_dir.parent / "told"
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process in self.processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def start(self) -> None:
        name, _, value = self._mark.partition("=")
        command = [sys.executable, "-m", "feedproc", "serve", "--port", "0", "--workers", "2"]
        with self._told.open("wb") as told, (self.data_dir.parent / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [*command, "--data-dir", str(self.data_dir)],
                cwd=PROJECT,
                env=os.environ | {name: value},
                stdout=told,
                stderr=log,
            )

    def kill(self) -> None:
        assert self._server is not None
        self._server.kill()
        assert self._server.wait() == -signal.SIGKILL

    def stop(self) -> None:
        """Let the last server end in good order; then nothing must be left of any of them."""
        assert self._server is not None
        assert eventually(lambda: self.endpoint)
        self._server.terminate()
        assert self._server.wait(30) == 0
        assert eventually(lambda: not self.processes())

    def processes(self) -> list[int]:
        """All that lives of all servers: themselves, their workers, and whatever else they began."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if self._mark.encode() in (folder / "environ").read_bytes() and lives(int(folder.name)):
                    found.append(int(folder.name))
        return found

    @property
    def workers(self) -> list[int]:
        """The workers that live."""
        found = []
        for process in self.processes():
            with suppress(OSError):
                if b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes():
                    found.append(process)
        return found

    @property
    def endpoint(self) -> str:
        """Where the newest server is; nothing before it says so."""
        with suppress(OSError):
            first, _, rest = self._told.read_text().partition("\n")
            return first.rpartition(" ")[2] if rest else ""
        return ""


class Submitter:
    """A careful client: without an answer it looks whether the feed is there, and sends it again only if it is not."""

    def __init__(self, servers: Servers, seller_id: str) -> None:
        self._servers = servers
        self._account = Account(seller_id, f"KEY-{seller_id}", "hush")
        self.acknowledged: dict[int, str] = {}
        """Ids that were answered, by the feeds' places."""

    def submit_all(self) -> None:
        chance, deadline = random.Random(1), time.monotonic() + PATIENCE
        for place, feed in enumerate(feeds_of(self._account.seller_id)):
            time.sleep(chance.uniform(0, LONGEST_PAUSE))
            while not self._submitted(place, feed):
                assert time.monotonic() < deadline
                time.sleep(0.01)

    def _submitted(self, place: int, feed: Feed) -> bool:
        """Submit a feed; say whether it is there. All that was answered before must be there, too."""
        endpoint = self._servers.endpoint
        if not endpoint:
            return False
        with suppress(OSError, http.client.HTTPException):
            client = HandWritten(endpoint, self._account)
            count = client.count()
            assert count in (place, place + 1)
            if count == place:
                target = client.submitting(feed.content, f"_{feed.feed_type}_")
                head = client.request(f"POST {target}", f"Content-Length: {len(feed.content)}")
                answer = client.sent(head, feed.content)
                assert answer.status == 200, answer.body
                self.acknowledged[place] = answer.text("FeedSubmissionId")
            return True
        return False


@contextmanager
def submitting(servers: Servers) -> Iterator[None]:
    """Let all sellers submit at once. At the end all is submitted, and what was answered is what is there."""
    submitters = {seller_id: Submitter(servers, seller_id) for seller_id in SELLERS}
    with ThreadPoolExecutor(len(SELLERS)) as pool:
        running = [pool.submit(one.submit_all) for one in submitters.values()]
        yield
        for one in running:
            one.result()
    with open_store(Place(data_dir=servers.data_dir)) as backend:
        for seller_id, submitter in submitters.items():
            there = [one.submission_id for one in backend.submissions.find(seller_id, Filter(), 1000)][::-1]
            assert len(there) == FEEDS
            assert {place: there[place] for place in submitter.acknowledged} == submitter.acknowledged


def all_done(data_dir: Path) -> bool:
    with open_store(Place(data_dir=data_dir)) as backend:
        done = Filter(statuses=(ProcessingStatus.DONE,))
        return all(backend.submissions.count(seller_id, done) == FEEDS for seller_id in SELLERS)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    with Servers(prepared(tmp_path_factory.mktemp("undisturbed") / "data")) as servers:
        servers.start()
        with submitting(servers):
            pass
        assert eventually(lambda: all_done(servers.data_dir))
        servers.stop()
        return outcome(servers.data_dir)


def test_killed_servers_leave_what_an_undisturbed_one_leaves(tmp_path: Path, undisturbed: Outcome) -> None:
    chance = random.Random(12)
    with Servers(prepared(tmp_path / "data")) as servers:
        with submitting(servers):
            for _ in range(SERVERS_KILLED):
                servers.start()
                time.sleep(chance.uniform(0, LONGEST_LIFE))
                servers.kill()
            assert eventually(lambda: not servers.processes())
            servers.start()
        assert eventually(lambda: all_done(servers.data_dir))
        servers.stop()
        found = outcome(servers.data_dir)
    for part, expected in undisturbed._asdict().items():
        assert getattr(found, part) == expected, part


def test_killed_workers_of_a_server_leave_what_undisturbed_ones_leave(tmp_path: Path, undisturbed: Outcome) -> None:
    chance, killed = random.Random(5), 0
    with Servers(prepared(tmp_path / "data")) as servers:
        servers.start()
        with submitting(servers):
            while killed < WORKERS_KILLED:
                time.sleep(chance.uniform(0, LONGEST_LIFE_OF_WORKER))
                with suppress(ProcessLookupError, IndexError):
                    os.kill(chance.choice(servers.workers), signal.SIGKILL)
                    killed += 1
        assert eventually(lambda: all_done(servers.data_dir))
        servers.stop()
        found = outcome(servers.data_dir)
    for part, expected in undisturbed._asdict().items():
        assert getattr(found, part) == expected, part
