"""Every file under samples/ is a test."""

import json
import re
from itertools import product
from pathlib import Path

import pytest

from feedproc.cli import main
from feedproc.imports.order_report import read_order_report
from feedproc.orders.order import Order, OrderStatus
from feedproc.wiring.feed_types import load_feed_types
from tests.samples.builders import (
    FEEDS,
    NOON,
    SAMPLES,
    SUBMISSION_ID,
    a_store,
    feed_type_of,
    findings_of,
    processed,
    report_of,
    sample_id,
    sample_levels,
    seller_of,
)
from tests.samples.builders import sample_orders as orders

FLAT = [path for path in FEEDS if path.suffix == ".txt"]
of_each_feed = pytest.mark.parametrize("path", FEEDS, ids=sample_id)


@of_each_feed
def test_processing_it_alone_gives_exactly_the_report_beside_it(path: Path, tmp_path: Path) -> None:
    assert processed(a_store(tmp_path, seller_of(path)), path) == report_of(path).read_bytes()


@of_each_feed
def test_validating_it_gives_the_findings_beside_it_or_none(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(SAMPLES / "feeds")
    beside = findings_of(path)
    told = ["--feed-type", feed_type_of(path), "--marketplace", seller_of(path).marketplace_ids[0]]
    code = main(["validate", "--format", "json", *(told if path in FLAT else []), f"{path.parent.name}/{path.name}"])
    printed = re.sub(r"submitted at [0-9T:.+-]+", f"submitted at {NOON.isoformat()}", capsys.readouterr().out)
    found = json.loads(printed)
    assert code == (1 if beside.exists() else 0)
    assert found["valid"] is not beside.exists()
    if beside.exists():
        assert found == json.loads(beside.read_text())


@pytest.mark.parametrize("path", sorted(set(FEEDS) - set(FLAT)), ids=sample_id)
def test_its_report_is_valid_itself(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(path.with_suffix(".report.xml"))]) == 0
    assert path.with_suffix(".report.xml").read_text().count(SUBMISSION_ID) == 1


def test_good_feeds_have_no_errors_and_bad_ones_have() -> None:
    for path in FEEDS:
        clean = b"<MessagesWithError>0<" in report_of(path).read_bytes()
        if path in FLAT:
            clean = report_of(path).read_bytes().endswith(b"\n\n")
        assert clean is (path.parent.name == "good"), path


def test_every_feed_type_is_shown_with_a_good_a_bad_and_a_mixed_feed() -> None:
    shown = {(path.parent.name, feed_type_of(path)) for path in FEEDS}
    assert shown == set(product(("good", "bad", "mixed"), load_feed_types().offered))


def test_the_orders_show_every_standing() -> None:
    standings = {order.status for order in orders()}
    assert standings >= {
        OrderStatus.PENDING,
        OrderStatus.UNSHIPPED,
        OrderStatus.PARTIALLY_SHIPPED,
        OrderStatus.SHIPPED,
        OrderStatus.CANCELED,
    }
    assert any(order.fulfilled_by_amazon for order in orders())
    assert any(item.promotions for order in orders() for item in order.items)
    assert any("COD" in item.charges for order in orders() for item in order.items)


def test_the_stock_names_the_skus_of_the_orders() -> None:
    assert {level.sku for level in sample_levels()} == {item.sku for order in orders() for item in order.items}


def test_the_order_report_loads() -> None:
    with (SAMPLES / "orders-report.xml").open("rb") as file:
        assert all(isinstance(one, Order) for one in read_order_report(file, "A1VC38T7YXB528"))


def test_every_file_is_told_of_in_the_readme() -> None:
    told = (SAMPLES / "README.md").read_text()
    for path in SAMPLES.rglob("*.*"):
        name = path.name
        for ending in (".report.xml", ".findings.json", ".report.txt", ".txt"):
            name = name.removesuffix(ending)
        names = (path.name, f"{name}.xml", f"{name}.txt")
        assert any(f"`{one}`" in told for one in names) or name == "README.md", path
