"""A copy of a store, made while it is at work, is a store: with all that it was asked to do, and what it did."""

import re
import stat
from pathlib import Path

import pytest

from feedproc.embedded.private import lock_alone
from feedproc.feeds.submission import ProcessingStatus
from feedproc.ports import Filter, Submissions
from feedproc.services.retention import forget_old
from feedproc.wiring.clock import read_clock
from feedproc.wiring.embedded import get_forgetting, open_embedded
from feedproc.wiring.local_seller import LOCAL_SELLER
from tests.builders import Shop, a_feed, cancels, orders
from tests.cli.builders import SAMPLES, Shell, one_line
from tests.serve.builders import Running, eventually, report_of, submitted


def submissions_in(folder: Path) -> Submissions:
    return open_embedded(folder).submissions


def test_a_copy_made_while_feeds_run_goes_on_and_ends_them_all(shop: Shell, tmp_path: Path) -> None:
    with Running(shop.data_dir) as server:
        ids = [submitted(server.client()) for _ in range(5)]
        assert shop("backup", tmp_path / "copy").code == 0
        reports = [report_of(server.client(), one) for one in ids]
    assert shop("restore", tmp_path / "copy", "--data-dir", tmp_path / "new").code == 0
    with Running(tmp_path / "new") as server:
        assert [same(report_of(server.client(), one)) for one in ids] == [same(one) for one in reports]
    ended = submissions_in(tmp_path / "new").find(LOCAL_SELLER.seller_id, Filter(), 10)
    assert {one.status for one in ended} == {ProcessingStatus.DONE}


def same(report: str) -> str:
    """A report without what depends on when and where it was made."""
    return re.sub(r"<DocumentTransactionID>.*?<", "<", report)


def test_a_copy_holds_orders_stock_documents_and_keys_for_its_owner_alone(shop: Shell, tmp_path: Path) -> None:
    shop("inventory", "load", SAMPLES / "stock.jsonl")
    shop("sellers", "add", "A2SELLER", "--secret-key", "a secret of forty characters, or nearly so")
    before = [shop(*one, "--format", "json").out for one in LISTS]
    assert shop("backup", tmp_path / "copy").code == 0
    assert shop("restore", tmp_path / "copy", "--data-dir", tmp_path / "new").code == 0
    assert [shop(*one, "--format", "json", "--data-dir", tmp_path / "new").out for one in LISTS] == before
    for folder in ("copy", "new"):
        loose = [p for p in (tmp_path / folder).rglob("*") if p.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
        assert not loose


LISTS = (("orders", "list"), ("inventory", "list"), ("sellers", "list", "--show-secrets"), ("feeds", "list"))


def test_a_document_that_was_missing_already_is_told(tmp_path: Path, feedproc: Shell) -> None:
    store = Shop(feedproc.data_dir).stocked(*orders(1))
    store.run(a_feed(cancels(1)))
    next((feedproc.data_dir / "documents").glob("??/*")).unlink()
    ran = feedproc("backup", tmp_path / "copy")
    assert ran.code == 1
    assert "1 documents of submissions were missing" in ran.err


def test_no_document_is_deleted_while_a_copy_is_made(feedproc: Shell) -> None:
    Shop(feedproc.data_dir).stocked(*orders(1)).run(a_feed(cancels(1)))
    with lock_alone(feedproc.data_dir / "housekeeping.lock"):
        assert list(forget_old(get_forgetting(feedproc.data_dir), read_clock(), 1)) == []
    assert list(forget_old(get_forgetting(feedproc.data_dir), read_clock(), 1))


@pytest.mark.parametrize("left_out", ["backup.json", "feedproc.db"])
def test_a_copy_that_was_interrupted_is_refused(shop: Shell, tmp_path: Path, left_out: str) -> None:
    shop("backup", tmp_path / "copy")
    (tmp_path / "copy" / left_out).unlink()
    ran = shop("restore", tmp_path / "copy", "--data-dir", tmp_path / "new")
    assert ran.code == 1
    assert one_line(ran.err)
    assert not (tmp_path / "new" / "feedproc.db").exists()


def test_a_store_is_not_overwritten_and_a_folder_neither(shop: Shell, tmp_path: Path) -> None:
    shop("backup", tmp_path / "copy")
    assert "holds a store already" in shop("restore", tmp_path / "copy").err
    assert "holds something already" in shop("backup", tmp_path / "copy").err
    assert "no store to copy" in shop("backup", tmp_path / "b", "--data-dir", tmp_path / "none").err


def test_a_store_on_aws_is_copied_by_aws(shop: Shell, tmp_path: Path) -> None:
    assert "point-in-time recovery" in shop("backup", tmp_path / "copy", "--backend", "aws").err


def test_a_damaged_store_is_not_copied_over_good_ones(shop: Shell, tmp_path: Path) -> None:
    assert shop("backup", tmp_path / "first").code == 0
    database = tmp_path / "first" / "feedproc.db"
    content = bytearray(database.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    database.write_bytes(content)
    ran = shop("restore", tmp_path / "first", "--data-dir", tmp_path / "new")
    assert ran.code == 1
    assert "damaged" in ran.err or "malformed" in ran.err
    assert eventually(lambda: not (tmp_path / "new" / "feedproc.db").exists())
