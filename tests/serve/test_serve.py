import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from feedproc.cli.client import Keys
from feedproc.cli.connector import ServerRefused
from feedproc.imports.order_lines import read_order_lines
from feedproc.orders.generation import generate_orders
from feedproc.orders.order import Order
from feedproc.ports import Secret, Seller
from feedproc.settings import Place
from feedproc.wiring.clock import read_clock
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_store
from tests.builders import hand_in
from tests.serve.builders import ACKNOWLEDGEMENT, MIXED, SAMPLES, Running, eventually, lives, report_of, submitted


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A data directory with the sample orders."""
    with open_store(Place(data_dir=tmp_path / "data")) as backend, (SAMPLES / "orders.jsonl").open("rb") as file:
        orders = [one for one in read_order_lines(file) if isinstance(one, Order)]
        backend.orders.load(LOCAL_SELLER.seller_id, orders)
    return tmp_path / "data"


def left_unfinished(data_dir: Path) -> str:
    """Submit a feed while no server runs."""
    with open_store(Place(data_dir=data_dir)) as backend, MIXED.open("rb") as feed:
        one = hand_in(backend, feed, LOCAL_SELLER.seller_id, ACKNOWLEDGEMENT, read_clock())
    return one.submission_id


def test_a_feed_that_is_submitted_over_http_is_processed(shop: Path) -> None:
    with Running(shop) as server:
        client = server.client()
        identifier = submitted(client)
        expected = MIXED.with_suffix(".report.xml").read_text().replace("50001019793", identifier)
        assert report_of(client, identifier) == expected
        line = f"feed {identifier} {ACKNOWLEDGEMENT} is DONE: 5 processed, 2 successful"
        assert eventually(lambda: f"{line} {server.endpoint}/console/feeds/{identifier}\n" in server.log)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_quietly_when_it_is_told_to(shop: Path, number: signal.Signals) -> None:
    with Running(shop, "--workers", "2") as server:
        report_of(server.client(), submitted(server.client()))
        assert eventually(lambda: len(server.workers) == 2)
        workers = server.workers
        assert server.stop(number) == 0
        assert not any(map(lives, workers))
        assert "Traceback" not in server.log
    assert list((shop / "workers").iterdir()) == []


def test_it_finishes_what_an_earlier_run_left(shop: Path) -> None:
    identifier = left_unfinished(shop)
    with Running(shop) as server:
        assert "<MessagesSuccessful>2<" in report_of(server.client(), identifier)


def test_a_feed_that_is_interrupted_is_gone_on_with(shop: Path, tmp_path: Path) -> None:
    feed = a_large_feed(shop, tmp_path / "large.xml", 4000)
    with Running(shop, "--workers", "1") as server:
        identifier = submitted(server.client(), feed)
        assert eventually(lambda: (shop / "feedproc.db").exists() and begun(shop, identifier))
        server.stop(signal.SIGTERM)
    with Running(shop) as server:
        report = report_of(server.client(), identifier)
    assert "<MessagesProcessed>4000<" in report
    assert "<MessagesSuccessful>4000<" in report


def a_large_feed(data_dir: Path, path: Path, messages: int) -> Path:
    """Acknowledge as many orders, which are put into the store."""
    orders = list(generate_orders(messages, 1, read_clock()))
    with open_store(Place(data_dir=data_dir)) as backend:
        backend.orders.load(LOCAL_SELLER.seller_id, orders)
    text = (SAMPLES / "feeds" / "good" / "acknowledgement-success.xml").read_text()
    one = "<Message><MessageID>{}</MessageID><OrderAcknowledgement><AmazonOrderID>{}</AmazonOrderID>"
    one += "<StatusCode>Success</StatusCode></OrderAcknowledgement></Message>\n"
    content = "".join(one.format(number, order.amazon_order_id) for number, order in enumerate(orders, 1))
    path.write_text(text[: text.index("  <Message>")] + content + "</AmazonEnvelope>")
    return path


def begun(data_dir: Path, identifier: str) -> bool:
    """Say whether a batch of the feed was applied."""
    with open_store(Place(data_dir=data_dir)) as backend:
        return backend.marks.get_last(LOCAL_SELLER.seller_id, identifier) is not None


def test_workers_end_with_a_server_that_is_killed_and_the_next_server_goes_on(shop: Path) -> None:
    with Running(shop, "--workers", "2") as server:
        assert eventually(lambda: len(server.workers) == 2)
        workers = server.workers
        assert server.stop(signal.SIGKILL) == -signal.SIGKILL
        assert eventually(lambda: not any(map(lives, workers)))
    with Running(shop) as server:
        assert "<MessagesSuccessful>2<" in report_of(server.client(), submitted(server.client()))


def test_a_worker_that_dies_is_replaced(shop: Path) -> None:
    with Running(shop, "--workers", "1") as server:
        assert eventually(lambda: server.workers)
        (first,) = server.workers
        os.kill(first, signal.SIGKILL)
        assert "<MessagesSuccessful>2<" in report_of(server.client(), submitted(server.client()))
        assert first not in server.workers
        assert f"worker {first} ended with -9" in server.log


def test_what_interrupted_uploads_left_is_swept_unless_another_server_runs(shop: Path) -> None:
    left = shop / "documents" / "incoming" / ("0" * 32)
    left.write_bytes(b"half a feed")
    with Running(shop):
        assert not left.exists()
        left.write_bytes(b"half a feed")
        with Running(shop) as second:
            assert second.endpoint
            assert left.exists()


def test_two_servers_share_a_data_directory(shop: Path) -> None:
    with Running(shop) as first, Running(shop) as second:
        identifiers = [submitted(server.client()) for server in (first, second)]
        assert all(report_of(first.client(), one) == report_of(second.client(), one) for one in identifiers)


def test_a_busy_port_is_one_line(shop: Path) -> None:
    with Running(shop) as server:
        port = server.endpoint.rpartition(":")[2]
        command = [sys.executable, "-m", "feedproc", "serve", "--port", port, "--data-dir", str(shop)]
        second = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == (
        f"feedproc: Port {port} on 127.0.0.1 is in use; name another with --port, or 0 for any that is free\n"
    )


def test_an_address_of_another_machine_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "feedproc", "serve", "--host", "192.0.2.1", "--data-dir", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert ran.returncode == 1
    assert ran.stderr == "feedproc: 192.0.2.1 is no address of this machine; name another with --host\n"


def test_the_local_sellers_keys_are_refused_where_other_machines_can_reach(shop: Path) -> None:
    own = Keys("A2SELLER", "AKIAOWN", Secret("hush"))
    with open_store(Place(data_dir=shop)) as backend:
        backend.sellers.add(
            Seller(
                seller_id="A2SELLER",
                merchant_token="M_OWN",
                access_key="AKIAOWN",
                secret_key=Secret("hush"),
                auth_token=Secret("psst"),
                marketplace_ids=(),
            )
        )
    with Running(shop, "--host", "0.0.0.0") as server:
        with pytest.raises(ServerRefused, match="InvalidAccessKeyId"):
            submitted(server.client())
        assert submitted(server.client(own))
        server.stop()
        assert server.process.stdout is not None
        said = server.process.stdout.read()
    assert "The local seller's keys are refused" in said
    assert "localOnly" not in said


def test_the_local_sellers_keys_are_refused_when_asked_to(shop: Path) -> None:
    with Running(shop, "--no-local-seller") as server, pytest.raises(ServerRefused, match="InvalidAccessKeyId"):
        submitted(server.client())


def test_quotas_are_enforced_when_asked_for(shop: Path) -> None:
    with Running(shop, "--quotas", "amazon") as server:
        client = server.client()
        for _ in range(15):
            submitted(client)
        with pytest.raises(ServerRefused, match="RequestThrottled"):
            submitted(client)


def test_a_restocking_table_in_the_data_directory_is_used(shop: Path) -> None:
    (shop / "restocking.json").write_text('{"NoInventory": true, "BuyerCanceled": false}')
    with Running(shop) as server:
        report_of(server.client(), submitted(server.client()))
    with open_store(Place(data_dir=shop)) as backend:
        levels = {level.sku: level.quantity for level in backend.stock.list_levels(LOCAL_SELLER.seller_id)}
    assert levels == {"CABLE-03": 1}


def test_a_restocking_table_that_cannot_be_read_is_one_line(shop: Path) -> None:
    (shop / "restocking.json").write_text('{"NoInventory": "perhaps"}')
    command = [sys.executable, "-m", "feedproc", "serve", "--port", "0", "--data-dir", str(shop)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert ran.returncode == 1
    assert "restocking.json: not a table of reasons" in ran.stderr
    assert ran.stderr.count("\n") == 1
