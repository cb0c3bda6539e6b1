"""Another feed type is one folder: every door takes it, every store keeps what it does, and no file is edited."""

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from feedproc.feedtypes.catalogue import find_sample_type
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.local_seller import LOCAL_SELLER
from tests.builders import NOON, SELLER, Shop, hand_in
from tests.cli.builders import Shell
from tests.console.builders import Visitor, with_password
from tests.console.feeds import follow, upload
from tests.ports.conftest import ADAPTERS
from tests.serve.builders import Running

FOLDER = Path(__file__).parent / "elsewhere"
SAMPLES = sorted(path for path in FOLDER.rglob("samples/*") if not path.stem.endswith(".report"))
SUBMISSION_ID = b"50001019793"
"""What the reports beside the samples call their submission."""
of_each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of feed types somewhere else, which the environment names."""
    place = shutil.copytree(FOLDER, tmp_path / "feed types", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv("FEEDPROC_FEEDTYPES", str(place))
    return place


@pytest.fixture
def feedproc(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    return Shell(capsys, monkeypatch, tmp_path / "data")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with Running(tmp_path / "data") as running:
        yield running


def report_beside(sample: Path, submission_id: str) -> bytes:
    expected = sample.with_suffix(f".report{sample.suffix}").read_bytes()
    return expected.replace(SUBMISSION_ID, submission_id.encode())


@of_each_sample
def test_a_server_takes_it_and_its_workers_answer_to_the_byte(sample: Path, server: Running, feedproc: Shell) -> None:
    client = server.client()
    with sample.open("rb") as feed:
        submission_id = client.submit(feed, find_sample_type(sample.name, load_feed_types()))
    assert client.wait(submission_id) == "DONE"
    report = BytesIO()
    client.report(submission_id, report)
    assert report.getvalue() == report_beside(sample, submission_id)
    assert ["KETTLE-02", "7"] in feedproc("inventory", "list").rows


def test_a_command_submits_it_and_prints_the_report(server: Running, feedproc: Shell) -> None:
    sample = SAMPLES[-1]
    ran = feedproc("submit", sample, "--feed-type", "POST_RECOUNT_DATA", "--endpoint", server.endpoint, "--wait")
    assert (ran.code, ran.out.encode()) == (1, report_beside(sample, ran.err.splitlines()[0]))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("In a recount it is called `Counted`.", "this is empty.", "Write 0 where nothing is left.", "`Store`")),
        ("ja", ("棚卸しでは `Counted` という名前です。", "数字で表した実際の数量", "0と記入してください。", "`Store`")),
    ],
)
def test_what_is_wrong_with_it_is_explained_in_both_languages(
    language: str, told: tuple[str, ...], feedproc: Shell
) -> None:
    ran = feedproc("validate", "--language", language, SAMPLES[-1])
    assert ran.code == 1
    assert [words for words in told if words not in ran.out] == []


def test_an_order_feed_that_holds_it_is_told_where_to_send_it(feedproc: Shell) -> None:
    ran = feedproc("validate", "--feed-type", "POST_ORDER_FULFILLMENT_DATA", SAMPLES[-1])
    assert "Send it as `POST_RECOUNT_DATA`." in ran.out


def test_a_file_without_a_name_is_recognised_by_its_headings(feedproc: Shell) -> None:
    ran = feedproc("validate", "-", stdin=b"sku\tcounted\nKETTLE-02\tseven\n")
    assert (ran.code, "counted" in ran.out, "It must be a whole number" in ran.out) == (1, True, True)


@pytest.mark.parametrize(
    ("language", "kind", "hint", "reason"),
    [
        ("en", "Recount (XML)", "In a recount it is called Counted .", "No shelf holds 10000 units"),
        ("ja", "棚卸し（XML）", "棚卸しでは Counted という名前です。", "10000個を置ける棚はありません。"),
    ],
)
def test_the_console_looks_at_it_sends_it_and_tells_what_became_of_it(
    language: str, kind: str, hint: str, reason: str, shop: Shop
) -> None:
    seller = Visitor(with_password(shop))
    seller.speak(language)
    assert seller.sign_in().status_code == 303
    path = upload(seller, SAMPLES[-1].read_bytes().replace(LOCAL_SELLER.merchant_token.encode(), SELLER.encode()))
    assert kind in seller.text
    assert hint in seller.text
    page = follow(seller, seller.post(f"{path}/send", type="POST_RECOUNT_DATA"))
    shop.work()
    seller.get(page)
    assert reason in seller.text
    assert shop.backend.stock.get_level(SELLER, "KETTLE-02") == 7


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_store_keeps_what_it_does(adapter: str, tmp_path: Path) -> None:
    with ADAPTERS[adapter](tmp_path) as store:
        backend = store.backend
        backend.sellers.add(LOCAL_SELLER)
        for _ in range(2):
            with SAMPLES[-1].open("rb") as feed:
                hand_in(backend, feed, LOCAL_SELLER.seller_id, "POST_RECOUNT_DATA", NOON)
            assert process_next(Processing(backend, load_feed_types(), "w", Policy(), lambda: NOON))
        entries = backend.stock.list_entries(LOCAL_SELLER.seller_id, "KETTLE-02", 10)
        assert [(one.quantity, one.reason) for one in entries] == [(7, "Recounted")]


def test_its_own_schema_must_be_one(folder: Path, feedproc: Shell) -> None:
    schema = folder / "recount" / "Recount.xsd"
    schema.write_text(schema.read_text().replace('ref="SKU"', 'ref="NoSuch"'))
    ran = feedproc("validate", SAMPLES[-1])
    assert (ran.code, f"{schema}:8: " in ran.err) == (1, True), ran.err


def test_a_folder_that_is_not_there_or_declares_a_type_again_is_told(
    folder: Path, feedproc: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    init = folder / "recount" / "__init__.py"
    init.write_text(init.read_text().replace("POST_RECOUNT_DATA", "POST_ORDER_FULFILLMENT_DATA"))
    assert "there are two feed types POST_ORDER_FULFILLMENT_DATA" in feedproc("validate", SAMPLES[-1]).err
    monkeypatch.setenv("FEEDPROC_FEEDTYPES", str(folder / "none"))
    assert "none: there is no such folder of feed types" in feedproc("validate", SAMPLES[-1]).err
