"""Flat files on the command line: looked at, and sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from feedproc.imports.order_lines import read_order_lines
from feedproc.orders.order import Order
from feedproc.settings import Place
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_store
from tests.builders import order_id
from tests.cli.builders import SAMPLES, Shell, one_line
from tests.formats.flatfiles import (
    ADJUSTMENT,
    CANCELLATION,
    FULFILLMENT,
    PENDING_CANCELLATION,
    a_file,
    cancels,
    refunds,
    ships,
)
from tests.serve.builders import Running

FEEDS = SAMPLES / "feeds"
SHIFT_JIS = FEEDS / "mixed" / "fulfillment.txt"
GERMANY = "A1PA6795UKMFR9"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "feed.txt"


def told(feedproc: Shell, file: Path, text: str | bytes, *options: str) -> list[dict[str, object]]:
    """What `validate` finds in a file with this text."""
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    findings: list[dict[str, object]] = feedproc("validate", "--format", "json", *options, file).json["findings"]
    return findings


# -- validate ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["cancellation-items", "fulfillment-shift-jis", "adjustment-utf-8-bom", "adjustment-partial-cancel"]
)
def test_a_flat_file_is_known_by_its_headings(feedproc: Shell, name: str) -> None:
    file = FEEDS / "good" / f"{name}.txt"
    ran = feedproc("validate", file)
    assert ran.code == 0
    assert ran.out.startswith(f"{file}: valid in ")
    assert ran.out.rstrip().endswith(("record", "records"))


def test_text_points_at_the_cell_under_its_column(feedproc: Shell) -> None:
    lines = feedproc("validate", SHIFT_JIS).out.splitlines()
    lines = lines[next(at for at, line in enumerate(lines) if ":7:23:" in line) :]
    assert lines[0].startswith(f"{SHIFT_JIS}:7:23: record 4: We are sorry, but we were unable to process this message.")
    assert lines[1].strip() == "--> ship-date"
    assert lines[2].index("2024/03/05") == lines[3].index("^")
    assert lines[3].count("^") == len("2024/03/05")
    assert lines[4:6] == [
        "       = It must be a day such as 2009-06-15; this is `2024/03/05`", "       = hint: Write 2024-03-05.",
    ]  # fmt: skip
    assert lines[-1] == f"{SHIFT_JIS}: 3 findings in 5 records"


def test_json_tells_record_column_and_place(feedproc: Shell) -> None:
    _, first, _ = feedproc("validate", "--format", "json", SHIFT_JIS).json["findings"]
    assert first == {
        "line": 7, "column": 23, "message_id": "4", "code": 5002, "rule": "flat-file", "path": "ship-date",
        "description": first["description"], "reason": "It must be a day such as 2009-06-15; this is `2024/03/05`",
        "hint": "Write 2024-03-05.",
    }  # fmt: skip


def test_the_report_is_the_one_that_such_faults_would_lead_to(feedproc: Shell, file: Path) -> None:
    file.write_text(a_file(FULFILLMENT, ships(1), ships(2, ship_date="yesterday")))
    ran = feedproc("validate", "--format", "report", "--marketplace", GERMANY, file)
    assert ran.code == 1
    assert ran.out.startswith(
        "Feed Processing Summary:\n\tNumber of records processed\t\t2\n\tNumber of records successful\t\t1\n\n"
        "original-record-number\torder-id\torder-item-id\terror-code\terror-type\terror-message\n"
        f"2\t{order_id(2)}\t\t5002\tError\tWe are sorry"
    )


def test_a_warning_leaves_a_file_valid(feedproc: Shell, file: Path) -> None:
    file.write_text(a_file(CANCELLATION, cancels(1, memo="x")))
    ran = feedproc("validate", file)
    assert (ran.code, ran.out.splitlines()[-1]) == (0, f"{file}: valid, with 1 warning in 1 record")
    assert feedproc("validate", "--format", "json", file).json["valid"] is True


def test_in_japan_a_missing_shipping_method_is_a_warning_as_in_the_report(feedproc: Shell, file: Path) -> None:
    text, type_name = a_file(FULFILLMENT, ships(1, ship_method="")), "POST_FLAT_FILE_FULFILLMENT_DATA"
    (finding,) = told(feedproc, file, text, "--feed-type", type_name)
    assert (finding["severity"], finding["message_id"]) == ("Warning", "1")
    assert str(finding["description"]).startswith("ship-method")
    assert feedproc("validate", "--feed-type", type_name, file).code == 0
    assert told(feedproc, file, text, "--feed-type", type_name, "--marketplace", GERMANY) == []


def test_a_finding_has_the_words_of_the_marketplaces_report(feedproc: Shell, file: Path) -> None:
    text, type_name = a_file(ADJUSTMENT, refunds(1, item_price_adj="-5.00")), "POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA"
    for host, options in (("amazon.co.jp", ()), ("amazon.de", ("--marketplace", GERMANY))):
        (finding,) = told(feedproc, file, text, "--feed-type", type_name, *options)
        assert f"http://sellercentral.{host}/" in str(finding["description"])


def test_all_that_is_wrong_with_a_row_is_told(feedproc: Shell, file: Path) -> None:
    row = ships(1, ship_date="soon", quantity="0", carrier_code="yamato") | {"order-id": "1"}
    findings = told(feedproc, file, a_file(FULFILLMENT, row))
    assert [one["path"] for one in findings] == ["order-id", "quantity", "ship-date", "carrier-code"]
    assert [one["column"] for one in findings] == [1, 4, 6, 11]


def test_a_row_that_only_a_correction_may_be_is_a_warning(feedproc: Shell, file: Path) -> None:
    (finding,) = told(feedproc, file, a_file(FULFILLMENT, ships(1, ship_date="")))
    reason = "A shipment needs a value in ship-date; only what corrects one may leave it out"
    assert (finding["severity"], finding["reason"]) == ("Warning", reason)


def test_a_feed_type_that_is_told_decides(feedproc: Shell, file: Path) -> None:
    file.write_text(a_file(FULFILLMENT, ships(1)))
    assert feedproc("validate", "--feed-type", FULFILLMENT, file).code == 0
    ran = feedproc("validate", "--feed-type", CANCELLATION, "--format", "json", file)
    assert "Send it as POST_FLAT_FILE_FULFILLMENT_DATA." in [one.get("hint") for one in ran.json["findings"]]


def test_a_feed_type_that_is_not_offered_is_none(feedproc: Shell) -> None:
    assert one_line(feedproc("validate", "--feed-type", PENDING_CANCELLATION, SHIFT_JIS).err.splitlines()[-1] + "\n")
    assert feedproc("validate", "--feed-type", PENDING_CANCELLATION, SHIFT_JIS).code == 2


def test_the_marketplace_tells_the_encoding_unless_the_charset_does(feedproc: Shell, file: Path) -> None:
    text = a_file(FULFILLMENT, ships(1, carrier_code="Other", carrier_name="Müller")).encode("cp1252")
    (finding,) = told(feedproc, file, text)
    assert (finding["path"], "0xFC" in str(finding["reason"])) == ("carrier-name", True)
    assert told(feedproc, file, text, "--marketplace", GERMANY) == []
    assert told(feedproc, file, text, "--charset", "iso-8859-1") == []


@pytest.mark.parametrize(
    ("row", "column", "hint"),
    [
        (ships(1, ship_date="2024/3/4"), "ship-date", "Write 2024-03-04."),
        (ships(1, ship_date="2024年3月4日"), "ship-date", "Write 2024-03-04."),
        (ships(1, ship_date="04.03.2024"), "ship-date", "Write the year first"),
        (ships(1, ship_date="45355"), "ship-date", "A spreadsheet has made a number of the day; write `2024-03-04`."),
        (ships(1, ship_date="1709510400"), "ship-date", "This is Unix time; write it as `2024-03-04`."),
        (ships(1, carrier_code="Yamato"), "carrier-code", "Write YAMATO."),
        (ships(1, carrier_code="Bike"), "carrier-code", "Write Other here"),
        (ships(1, order_item_id="1.23457E+13"), "order-item-id", "A spreadsheet has rounded it"),
        (ships(1, order_item_id="1234567890123"), "order-item-id", "Zeros in front may have been lost: 01234567890123"),
        (ships(1) | {"order-id": "25000000000000001"}, "order-id", "Write it with hyphens: 250-0000000-0000001."),
        (ships(1) | {"order-id": "２50-0000000-0000001"}, "order-id", "Write it in half-width letters"),
        (ships(1, order_item_id="1" * 14, quantity="2.0"), "quantity", "Leave the decimals out."),
        (ships(1, quantity="2"), "quantity", "Name the item"),
        (refunds(1, item_price_adj="10,50"), "item-price-adj", "Write a point for the comma"),
        (refunds(1, item_price_adj="1,000.00"), "item-price-adj", "Leave the thousands separators out."),
        (refunds(1, item_price_adj="1000"), "item-price-adj", "Write two decimals behind a point"),
        (refunds(1, item_price_adj="¥10.00"), "item-price-adj", "Leave the currency sign out"),
        (refunds(1, currency="円"), "currency", "Write JPY."),
        (refunds(1, adjustment_reason_code="BuyerCanceled"), "adjustment-reason-code", "BuyerCanceled is a reason of"),
        (refunds(1, adjustment_reason_code="customer_return"), "adjustment-reason-code", "Write CustomerReturn."),
        (cancels(1, cancellation_reason_code="NoInventory"), "amazon-order-item-code", "To cancel the whole order"),
    ],
)
def test_hints_say_what_was_probably_meant(
    feedproc: Shell, file: Path, row: dict[str, object], column: str, hint: str
) -> None:
    findings = told(feedproc, file, "\t".join(row) + "\n" + "\t".join(map(str, row.values())) + "\n")
    assert [(one["path"], str(one.get("hint", ""))[: len(hint)]) for one in findings] == [(column, hint)]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("order-id\tship-date\tcarrier-code\ttraking-number\n", "Write tracking-number."),
        ("order-id\tship_date\tcarrier-code\n", "Write ship-date for `ship_date`."),
        ("order-id,ship-date,carrier-code\n", "Put tabs between the columns, not commas."),
        ("<?xml version='1.0'?>\n<AmazonEnvelope/>", "Send it as the XML feed type"),
        ("PK\x03\x04 and so on", "Save it as Text (Tab delimited)"),
        ("250-0000000-0000001\t\t\n", "Let the columns' names stand in the first row."),
    ],
)
def test_hints_are_given_on_headings(feedproc: Shell, file: Path, text: str, hint: str) -> None:
    findings = told(feedproc, file, text, "--feed-type", FULFILLMENT)
    assert any(str(one.get("hint", "")).startswith(hint) for one in findings), findings


def test_amounts_are_not_repeated(feedproc: Shell, file: Path) -> None:
    (finding,) = told(feedproc, file, a_file(ADJUSTMENT, refunds(1, item_price_adj="9876")))
    assert "9876" not in f"{finding}"


# -- submit --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    data_dir = tmp_path_factory.mktemp("flat") / "data"
    with open_store(Place(data_dir=data_dir)) as backend, (SAMPLES / "orders.jsonl").open("rb") as file:
        orders = [one for one in read_order_lines(file) if isinstance(one, Order)]
        backend.orders.load(LOCAL_SELLER.seller_id, orders)
    with Running(data_dir) as running:
        yield running, data_dir


def test_a_flat_file_is_sent_with_its_charset_and_its_counts_are_read(
    feedproc: Shell, shop: tuple[Running, Path]
) -> None:
    server, data_dir = shop
    sent = ("submit", "--feed-type", FULFILLMENT, "--endpoint", server.endpoint, "--wait", "--format", "json")
    ran = feedproc(*sent, "--charset", "Shift_JIS", SHIFT_JIS)
    assert ran.json["summary"] == {"processed": 5, "successful": 2, "with_error": 3, "with_warning": 1}
    assert ran.code == 1
    with open_store(Place(data_dir=data_dir)) as backend:
        kept = backend.submissions.get(LOCAL_SELLER.seller_id, ran.json["submission_id"])
    assert kept is not None
    assert kept.content_type == "text/tab-separated-values; charset=Shift_JIS"


def test_text_that_is_read_otherwise_than_it_was_written_is_a_warning(feedproc: Shell, file: Path) -> None:
    text = a_file(FULFILLMENT, ships(1, carrier_code="Other", carrier_name="Kurier Müller"))
    (finding,) = told(feedproc, file, text, "--charset", "iso-8859-1")
    assert (finding["severity"], finding["line"], finding["rule"]) == ("Warning", 2, "misread-text")
    ran = feedproc("validate", "--charset", "iso-8859-1", file)
    assert (ran.code, "`Kurier MÃ¼ller` was meant to be `Kurier Müller`." in ran.out) == (0, True)
    assert ran.out.rstrip().endswith("valid, with 1 warning in 1 record")
