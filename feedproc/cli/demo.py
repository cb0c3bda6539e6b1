"""`feedproc demo`."""

import logging
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import unified_diff
from io import BytesIO
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from feedproc.cli.client import Client, Keys
from feedproc.cli.order_rows import format_amount, sum_refunds
from feedproc.cli.output import print_rows
from feedproc.errors import Unusable
from feedproc.feeds.submission import ProcessingStatus
from feedproc.feedtypes.catalogue import find_sample_type
from feedproc.imports.order_lines import read_order_lines
from feedproc.orders.order import Order
from feedproc.ports import Backend, OrderFilter
from feedproc.resources import folder
from feedproc.serve.options import Options
from feedproc.serve.server import Server
from feedproc.settings import Place
from feedproc.stock.level import StockLevel
from feedproc.wiring.clock import read_clock
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_store

SAMPLES_SUBMISSION_ID = "50001019793"
"""What the expected reports beside the sample feeds call their submission."""
_SELLER = LOCAL_SELLER.seller_id


@click.command("demo")
@click.option("--workers", type=click.IntRange(1, 256), default=2, show_default=True, help="Worker processes.")
def command(workers: int) -> int:
    """Show it all in a few seconds: serve, submit feeds, print reports.

    The server works on a temporary store with sample orders. It is sent a feed of each type over HTTP, with good and
    bad messages mixed; then orders and stock are shown, before and after. The exit code is 0 when all came as expected.
    """
    logging.basicConfig(level=logging.WARNING)
    began = time.monotonic()
    with _run_server(workers) as (backend, server):
        click.echo(f"A server with {workers} workers listens at {server.endpoint}, over a temporary store.")
        before = _Snapshot.take(backend)
        client = Client(server.endpoint, Keys(_SELLER, LOCAL_SELLER.access_key, LOCAL_SELLER.secret_key))
        feeds = _send_samples(client)
        surprises = [line for sample, submission in feeds for line in _tell_report(client, sample, submission)]
        after = _Snapshot.take(backend)
    _print_changes(before, after)
    surprises += [] if after.list_changed(before) == _CHANGED else [f"orders changed: {after.list_changed(before)}"]
    for line in surprises:
        click.echo(f"Not as expected: {line}", err=True)
    click.echo(f"{len(feeds)} feeds in {time.monotonic() - began:.1f} s{'' if surprises else ', all as expected'}.")
    return 1 if surprises else 0


_CHANGED = {
    "250-1000001-0000001", "250-1000002-0000002", "250-1000003-0000003", "250-1000005-0000005",
    "250-1000006-0000006", "250-1000010-0000010",
}  # fmt: skip
"""The orders that the good messages are about."""


class _Snapshot(Struct, frozen=True):
    orders: dict[str, Order]
    stock: dict[str, int]

    @classmethod
    def take(cls, backend: Backend) -> "_Snapshot":
        """Look at the local seller's orders and stock."""
        orders = sorted(backend.orders.list(_SELLER, OrderFilter(), 1000), key=lambda order: order.amazon_order_id)
        stock = {level.sku: level.quantity for level in backend.stock.list_levels(_SELLER)}
        return cls({order.amazon_order_id: order for order in orders}, stock)

    def list_changed(self, before: "_Snapshot") -> set[str]:
        """Return the ids of the orders that are not as they were."""
        return {name for name, order in self.orders.items() if order != before.orders.get(name)}


@contextmanager
def _run_server(workers: int) -> Iterator[tuple[Backend, Server]]:
    with tempfile.TemporaryDirectory(prefix="feedproc-demo-") as temporary:
        data_dir = Path(temporary) / "data"
        with open_store(Place(data_dir=data_dir)) as backend:
            with (folder("samples") / "orders.jsonl").open("rb") as file:
                backend.orders.load(_SELLER, [one for one in read_order_lines(file) if isinstance(one, Order)])
            lines = (folder("samples") / "stock.jsonl").read_bytes().splitlines()
            backend.stock.load(_SELLER, [msgspec.json.decode(line, type=StockLevel) for line in lines], read_clock())
            with Server(Options(data_dir=data_dir, port=0, workers=workers, log_level=logging.WARNING)) as server:
                yield backend, server


def _send_samples(client: Client) -> list[tuple[Path, str]]:
    """Submit the mixed XML sample of each feed type that is about orders; return each with its submission id.

    What a feed about stock leaves depends on whether it comes before or after one that brings units back.
    """
    feed_types = load_feed_types()
    mixed = (folder("samples") / "feeds" / "mixed").glob("*.xml")
    submitted = []
    for sample in sorted(path for path in mixed if not path.stem.endswith(".report")):
        feed_type = find_sample_type(sample.name, feed_types)
        if feed_types.look_up(feed_type).purge is not None:
            continue
        with sample.open("rb") as feed:
            submitted.append((sample, client.submit(feed, feed_type)))
        click.echo(f"{sample.name} as {feed_type} is submission {submitted[-1][1]}.")
    return submitted


def _tell_report(client: Client, sample: Path, submission_id: str) -> list[str]:
    """Wait for a feed, print its report, and return what is not as expected."""
    status = client.wait(submission_id)
    if status != ProcessingStatus.DONE:
        raise Unusable(f"Submission {submission_id} ended {status}")
    report = BytesIO()
    client.report(submission_id, report)
    text = report.getvalue().decode()
    click.echo(f"\nThe report on {sample.name}, submission {submission_id}:\n{text}")
    expected = sample.with_suffix(".report.xml").read_text(encoding="utf-8")
    return _compare(expected.replace(SAMPLES_SUBMISSION_ID, submission_id), text)


def _compare(expected: str, text: str) -> list[str]:
    lines = unified_diff(expected.splitlines(), text.splitlines(), "expected", "report", n=0, lineterm="")
    return list(lines)


def _print_changes(before: _Snapshot, after: _Snapshot) -> None:
    click.echo()
    orders = [_make_row(before.orders[name], order) for name, order in after.orders.items()]
    print_rows("Orders, before and after", _COLUMNS, orders)
    click.echo()
    rows = [(sku, level, after.stock.get(sku, 0)) for sku, level in before.stock.items()]
    print_rows("Stock, before and after", ("SKU", "before", "after"), [row for row in rows if row[1] != row[2]])
    click.echo()


_COLUMNS = ("order", "status", "units", "shipped", "cancelled", "refunded")


def _make_row(before: Order, after: Order) -> Sequence[object]:
    facts = zip(_gather_facts(before), _gather_facts(after), strict=True)
    return (before.amazon_order_id, *(f"{old} → {new}" if old != new else new for old, new in facts))


def _gather_facts(order: Order) -> Sequence[object]:
    return (
        order.status,
        sum(item.quantity_ordered for item in order.items),
        sum(item.quantity_shipped for item in order.items),
        sum(item.quantity_cancelled for item in order.items),
        format_amount(sum_refunds(order)),
    )
