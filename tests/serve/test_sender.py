"""The sender that runs with a server: e-mail goes out by itself, whatever happens to it."""

import os
import signal
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from feedproc.imports.order_lines import read_order_lines
from feedproc.orders.order import Order
from feedproc.ports import Filter
from feedproc.settings import Place
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_store
from tests.builders import SELLER, Shop, a_feed, cancels, orders
from tests.embedded.mails import arrived, parsed
from tests.embedded.post import Post, serving
from tests.serve.builders import SAMPLES, Running, eventually, lives, report_of, submitted

CANCELLED = "buyer02@marketplace.example"
"""The buyer of the order that the sample feed cancels."""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A data directory with the sample orders."""
    with open_store(Place(data_dir=tmp_path / "data")) as backend, (SAMPLES / "orders.jsonl").open("rb") as file:
        orders = [one for one in read_order_lines(file) if isinstance(one, Order)]
        backend.orders.load(LOCAL_SELLER.seller_id, orders)
    return tmp_path / "data"


def waiting(shop: Path) -> int:
    with open_store(Place(data_dir=shop)) as backend:
        return len(backend.outbox.list_waiting(100))


def mails(shop: Path) -> list[str]:
    return [mail["To"] for mail in arrived(shop / "mail")] if (shop / "mail").exists() else []


def sender_of(shop: Path) -> int | None:
    """The process that holds the sender's lock."""
    inode = str((shop / "sender.lock").stat().st_ino) if (shop / "sender.lock").exists() else "none"
    return next((int(one[4]) for one in locks() if one[5].rpartition(":")[2] == inode and one[1] == "FLOCK"), None)


def locks() -> Iterable[list[str]]:
    return [line.split() for line in Path("/proc/locks").read_text().splitlines()]


def test_a_damaged_order_is_told_when_a_server_starts(shop: Path) -> None:
    with closing(sqlite3.connect(shop / "feedproc.db")) as connection, connection:
        connection.execute("UPDATE orders SET data = replace(data, '1', '2') WHERE rowid = 1")
    with Running(shop) as server:
        assert eventually(lambda: "in table orders; restore it from a backup" in server.log)


def test_buyers_get_their_email_while_the_server_runs(shop: Path) -> None:
    with Running(shop) as server:
        assert eventually(lambda: sender_of(shop))
        report_of(server.client(), submitted(server.client()))
        assert eventually(lambda: not waiting(shop))
        assert mails(shop) == [CANCELLED]


@pytest.mark.parametrize(("setting", "left"), [("", 1), ("400", 1), ("0", 3)])
def test_what_ended_long_ago_goes_while_the_server_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, left: int
) -> None:
    monkeypatch.setenv("FEEDPROC_KEEP_DAYS", setting)
    shop = Shop(tmp_path / "data").stocked(*orders(3))
    for number in range(1, 4):
        shop.run(a_feed(cancels(number)))
    with Running(shop.data_dir) as server:
        assert eventually(lambda: not waiting(shop.data_dir))
        assert eventually(lambda: len(list(shop.data_dir.glob("documents/??/*"))) == 2 * left)
        assert shop.backend.submissions.count(SELLER, Filter()) == left
        assert server.stop() == 0
        assert "Traceback" not in server.log


def test_it_stops_with_the_server_and_without_a_word(shop: Path) -> None:
    with Running(shop) as server:
        assert eventually(lambda: sender_of(shop))
        sender = sender_of(shop)
        assert sender is not None
        assert server.stop() == 0
        assert not lives(sender)
        assert "Traceback" not in server.log


def test_a_sender_that_dies_is_replaced(shop: Path) -> None:
    with Running(shop) as server:
        assert eventually(lambda: sender_of(shop))
        first = sender_of(shop)
        assert first is not None
        os.kill(first, signal.SIGKILL)
        report_of(server.client(), submitted(server.client()))
        assert eventually(lambda: mails(shop))
        assert f"sender {first} ended with -9; another takes its place" in server.log


def test_the_sender_ends_with_a_server_that_is_killed(shop: Path) -> None:
    with Running(shop) as server:
        assert eventually(lambda: sender_of(shop))
        sender = sender_of(shop)
        assert sender is not None
        server.stop(signal.SIGKILL)
        assert eventually(lambda: not lives(sender))


def test_of_two_servers_on_one_store_one_sends(shop: Path) -> None:
    with Running(shop) as first, Running(shop) as second:
        report_of(second.client(), submitted(second.client()))
        assert eventually(lambda: not waiting(shop))
        sender = sender_of(shop)
        first.stop()
        assert eventually(lambda: sender_of(shop) not in {None, sender}) or sender_of(shop) == sender
        report_of(second.client(), submitted(second.client()))
        assert eventually(lambda: not waiting(shop))
    assert mails(shop) == [CANCELLED]


def test_email_goes_through_the_smtp_server_that_is_set(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    post = Post()
    with serving(post) as port:
        monkeypatch.setenv("FEEDPROC_SMTP_URL", f"smtp://127.0.0.1:{port}")
        monkeypatch.setenv("FEEDPROC_MAIL_FROM", "shop@seller.example")
        with Running(shop) as server:
            report_of(server.client(), submitted(server.client()))
            assert eventually(lambda: not waiting(shop))
    (envelope,) = post.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("shop@seller.example", [CANCELLED])
    assert "様" in parsed(envelope.content).get_content()
    assert not (shop / "mail").exists()


def test_email_waits_for_an_smtp_server_that_is_away(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    post = Post()
    with serving(post) as port:
        pass
    monkeypatch.setenv("FEEDPROC_SMTP_URL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setenv("FEEDPROC_MAIL_FROM", "shop@seller.example")
    with Running(shop) as server:
        report_of(server.client(), submitted(server.client()))
        assert eventually(lambda: "was not sent (the SMTP server cannot be reached: Connection refused)" in server.log)
        assert not post.envelopes
        with serving(post, port):
            assert eventually(lambda: not waiting(shop))
        assert CANCELLED not in server.log
    assert len(post.envelopes) == 1
