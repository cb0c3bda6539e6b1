"""A running server, and sellers who each come to it with an order book of their own."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from msgspec.structs import replace

from feedproc.imports.order_lines import read_order_lines
from feedproc.orders.order import Order
from feedproc.ports import Secret
from feedproc.settings import Place
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_store
from tests.clients.drivers import Account
from tests.serve.builders import Running, eventually, report_of, submitted

SAMPLES = Path(__file__).parents[2] / "samples"
FEEDS = {
    "acknowledgement": "_POST_ORDER_ACKNOWLEDGEMENT_DATA_",
    "fulfillment": "_POST_ORDER_FULFILLMENT_DATA_",
    "adjustment": "_POST_PAYMENT_ADJUSTMENT_DATA_",
}
"""The mixed samples, and the feed type of each."""
ACKNOWLEDGEMENT, FULFILLMENT, ADJUSTMENT = FEEDS.values()
SAMPLES_SUBMISSION_ID = b"50001019793"


class Shop:
    """A server with its data directory."""

    def __init__(self, server: Running, data_dir: Path) -> None:
        self.server = server
        self.data_dir = data_dir
        self._numbers = count(1)

    @property
    def endpoint(self) -> str:
        return self.server.endpoint

    @property
    def authority(self) -> Path:
        return self.data_dir / "tls" / "ca.pem"

    def new_account(self) -> Account:
        """Add a seller who has the sample orders, and to whom the sample feeds belong."""
        number = next(self._numbers)
        account = Account(f"A1CLIENT{number:06d}", f"AKIACLIENT{number:010d}", f"secret/of+client={number}")
        seller = replace(
            LOCAL_SELLER,
            seller_id=account.seller_id,
            access_key=account.access_key,
            secret_key=Secret(account.secret_key),
            auth_token=Secret(""),
        )
        with open_store(Place(data_dir=self.data_dir)) as backend, (SAMPLES / "orders.jsonl").open("rb") as file:
            backend.sellers.add(seller)
            backend.orders.load(seller.seller_id, [one for one in read_order_lines(file) if isinstance(one, Order)])
        return account

    def copies(self, feed: bytes) -> set[Path]:
        """The files that hold a feed, whole or in part."""
        return {path for path in (self.data_dir / "documents").rglob("*") if _holds(path, feed)}

    @contextmanager
    def halted(self) -> Iterator[None]:
        """Let the worker stand still, so that no feed is begun; but not while it keeps others from the store."""
        client = self.server.client()
        report_of(client, submitted(client))
        (worker,) = self.server.workers
        os.kill(worker, signal.SIGSTOP)
        while not self._can_be_written():
            os.kill(worker, signal.SIGCONT)
            time.sleep(0.01)
            os.kill(worker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(worker, signal.SIGCONT)

    def _can_be_written(self) -> bool:
        try:
            with closing(sqlite3.connect(self.data_dir / "feedproc.db", timeout=1, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
        return True


@contextmanager
def open_shop(folder: Path, *options: str) -> Iterator[Shop]:
    data_dir = folder / "data"
    with Running(data_dir, "--workers", "1", *options) as server:
        assert eventually(lambda: list((data_dir / "workers").glob("*")))
        yield Shop(server, data_dir)


def _holds(path: Path, feed: bytes) -> bool:
    try:
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        return False
    return feed.startswith(content) or content.startswith(feed)


def sample(name: str) -> bytes:
    return (SAMPLES / "feeds" / "mixed" / f"{name}.xml").read_bytes()


def expected_report(name: str, submission_id: str) -> bytes:
    report = (SAMPLES / "feeds" / "mixed" / f"{name}.report.xml").read_bytes()
    return report.replace(SAMPLES_SUBMISSION_ID, submission_id.encode())
