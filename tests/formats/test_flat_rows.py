"""Headings, rows and cells: what a flat file may look like, and what is said of one that does not."""

import io
import tracemalloc
from contextlib import suppress
from pathlib import Path
from time import process_time
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedproc.feeds.feed_type import Provenance
from feedproc.feeds.manner import Manner, ReportLanguage
from feedproc.feeds.message import Message
from feedproc.feeds.report import Result
from feedproc.feeds.result_codes import MISSING_COLUMN, UNKNOWN_COLUMN
from feedproc.feedtypes.order_acknowledgement.flat import TEMPLATE as CANCELLATION_TEMPLATE
from feedproc.formats.flat.form import FlatFile
from feedproc.formats.limits import MAX_ROW_BYTES
from feedproc.orders.order import OrderStatus
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from tests.builders import Shop, a_seller, feed_types, item_code, order_id, orders
from tests.formats.flatfiles import (
    ADJUSTMENT,
    CANCELLATION,
    FULFILLMENT,
    HEADINGS,
    INCOMPLETE,
    JAPAN,
    PENDING_CANCELLATION,
    a_file,
    a_shop_in,
    cancels,
    hand_in,
    refunds,
    run,
    ships,
    table,
)
from tests.services.faults import BrokeDown, Fuse, breaking

FORM = FlatFile(CANCELLATION_TEMPLATE, tuple)
THREE_ROWS = (
    "TemplateType=OrderFulfillment\tVersion=2011.1102\tこの行はAmazonが使用しますので変更や削除しないでください。\t\t\t\t\t\t\n"
    "注文番号\t注文商品番号\t出荷数\t出荷日\t配送業者コード\t配送業者名\tお問い合わせ伝票番号\t配送方法\t代金引換\n"
    "order-id\torder-item-id\tquantity\tship-date\tcarrier-code\tcarrier-name\ttracking-number\tship-method"
    "\tcod-collection-method\n"
)
CURRENT = (
    "TemplateType=OrderCancellation\tVersion=1.0/1.0.3"
    "\tThis row for Amazon.com use only.  Do not modify or delete.\n"
    "order-id\tcancellation-reason-code\tamazon-order-item-code\n"
)
OLDER = (
    "TemplateType=OrderCancellation\tVersion=1.0/1.0.1\tThis row for Amazon.com use only.\n"
    "order-id\tmerchant-order-id\tcancellation-reason-code\tamazon-order-item-code\n"
)


def canceled(shop: Shop) -> list[bool]:
    return [shop.order(number).status is OrderStatus.CANCELED for number in (1, 2, 3)]


# -- Headings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head", [CURRENT, "order-id\tcancellation-reason-code\tamazon-order-item-code\n", "order-id\n"]
)
def test_a_cancellation_may_have_the_template_row_or_not(shop: Shop, head: str) -> None:
    report = run(shop.stocked(*orders(3)), head + f"{order_id(1)}\n{order_id(9)}\n", CANCELLATION)
    assert (report.counts, [row.record for row in report.rows]) == ((2, 1), ["2"])
    assert canceled(shop) == [True, False, False]


def test_the_older_cancellation_template_has_the_sellers_id(shop: Shop) -> None:
    row = table((order_id(1), "SHOP-1", "NoInventory", item_code(1)))
    assert run(shop.stocked(*orders(3)), OLDER + row, CANCELLATION).counts == (1, 1)
    assert shop.order(1).items[0].cancellations[0].reason == "NoInventory"


def test_the_japanese_shipping_template_has_three_rows_of_headings(shop: Shop) -> None:
    a_shop_in(shop, JAPAN).stocked(*orders(3))
    rows = table((order_id(1), "", "", "2024-03-03", "YAMATO", "", "1234-5678-9012", "宅急便", "DirectPayment"), ("x",))
    report = run(shop, (THREE_ROWS + rows).replace("\n", "\r\n").encode("cp932"), FULFILLMENT, codec="cp932")
    assert (report.counts, [row.record for row in report.rows]) == ((2, 1), ["2"])
    (package,) = shop.order(1).packages
    assert (package.carrier, package.tracking_number, package.shipping_method) == ("YAMATO", "1234-5678-9012", "宅急便")


def test_columns_may_stand_in_any_order_and_in_any_letters(shop: Shop) -> None:
    names = [name.upper() if place % 2 else name for place, name in enumerate(HEADINGS[FULFILLMENT])][::-1]
    row = ships(1, order_item_id=item_code(1), quantity=1)
    text = table(names, [row.get(name.lower(), "") for name in names])
    assert run(shop.stocked(*orders(3)), text, FULFILLMENT).counts == (1, 1)
    assert shop.order(1).items[0].quantity_shipped == 1


def test_an_unknown_column_is_warned_of_at_record_0_and_its_values_are_ignored(shop: Shop) -> None:
    report = run(shop.stocked(*orders(3)), a_file(CANCELLATION, cancels(1, memo="nice people")), CANCELLATION)
    assert (report.counts, report.rows[0].severity) == ((1, 1), "Warning")
    assert report.told == [("0", "90061", UNKNOWN_COLUMN.fill(heading="memo"))]
    assert canceled(shop)[0]


def test_in_japan_the_warning_is_the_recorded_one(shop: Shop) -> None:
    a_shop_in(shop, JAPAN).stocked(*orders(1))
    report = run(shop, a_file(CANCELLATION, cancels(1, expedited_shipping="1")), CANCELLATION, codec="cp932")
    assert report.rows[0][3:] == (
        "90061",
        "警告",
        "expedited-shipping 列が無効です。この列の値は無視されます。このエラーを修正するには、再度テンプレートを"
        "ダウンロードして新しくファイルを作成する、または既存ファイルにある無効な列の見出しを修正してください。.",
    )


def test_of_thousands_of_unknown_columns_a_hundred_are_warned_of_at_once(shop: Shop) -> None:
    names = ("order-id", *(f"x{number}" for number in range(10_000)))
    begin = process_time()
    report = run(shop.stocked(*orders(3)), table(names, (order_id(1),)), CANCELLATION)
    assert process_time() - begin < 1.5  # to look at each of them took three seconds
    assert (report.counts, len(report.rows)) == ((1, 1), 101)
    assert canceled(shop) == [True, False, False]


def test_of_a_column_that_is_there_twice_the_first_counts(shop: Shop) -> None:
    text = table(("order-id", "order-id"), (order_id(1), order_id(2)))
    report = run(shop.stocked(*orders(3)), text, CANCELLATION)
    assert [row.code for row in report.rows] == ["90061"]
    assert canceled(shop) == [True, False, False]


def test_a_required_column_that_is_missing_stops_the_file_and_only_the_first_is_told(shop: Shop) -> None:
    text = table(("order-id", "order-item-id", "quantity"), (order_id(1), item_code(1), 1))
    report = run(shop.stocked(*orders(3)), text, FULFILLMENT)
    assert (report.counts, report.rows[0].severity) == ((0, 0), "Fatal")
    assert report.told == [("0", "90012", MISSING_COLUMN.fill(name="ship-date"))]
    assert not shop.order(1).packages


def test_a_file_without_headings_lacks_the_order_id(shop: Shop) -> None:
    report = run(shop.stocked(*orders(3)), table((order_id(1),), (order_id(2),)), CANCELLATION)
    assert report.counts == (0, 0)
    assert report.told == [
        ("0", "90012", MISSING_COLUMN.fill(name="order-id")),
        ("0", "90061", UNKNOWN_COLUMN.fill(heading=order_id(1))),
    ]
    assert not any(canceled(shop))


def test_xml_sent_as_a_flat_file_gets_the_recorded_report_of_616_bytes(shop: Shop) -> None:
    xml = '<?xml version="1.0" encoding="UTF-8"?>\n<AmazonEnvelope>\n</AmazonEnvelope>\n'
    report = run(shop, xml, FULFILLMENT)
    assert len(report.raw) == 616
    assert [row.code for row in report.rows] == ["90012", "90061"]


@pytest.mark.parametrize("feed", ["", "\n\n \t\n", "\ufeff", "\r"])
def test_an_empty_file_lacks_the_order_id(shop: Shop, feed: str) -> None:
    report = run(shop, feed, ADJUSTMENT)
    assert report.counts == (0, 0)
    assert ("0", "90012", MISSING_COLUMN.fill(name="order-id")) in report.told


@pytest.mark.parametrize("head", [CURRENT, CURRENT.rstrip("\n"), CURRENT + "\n\t\t\n \n"])
def test_headings_alone_are_a_feed_of_no_records(shop: Shop, head: str) -> None:
    report = run(shop, head, CANCELLATION)
    assert (report.counts, report.headings) == ((0, 0), [])


@pytest.mark.parametrize("sent_as", [CANCELLATION, ADJUSTMENT, FULFILLMENT])
@pytest.mark.parametrize("template", [CANCELLATION, ADJUSTMENT, FULFILLMENT])
def test_a_file_of_another_template_changes_nothing(shop: Shop, template: str, sent_as: str) -> None:
    shop.stocked(*orders(3))
    row = {CANCELLATION: cancels, ADJUSTMENT: refunds, FULFILLMENT: ships}[template](1)
    report = run(shop, a_file(template, row), sent_as)
    assert ("90012" in [one.code for one in report.rows]) is (template != sent_as)
    assert (shop.order(1) == orders(1)[0]) is (template != sent_as)


@pytest.mark.parametrize("names", [("order-id", "order-item-id", "quantity"), ("order-id", "quantity")])
def test_a_few_columns_of_shipping_cancel_no_order(shop: Shop, names: tuple[str, ...]) -> None:
    report = run(shop.stocked(*orders(3)), table(names, (order_id(1), item_code(1), 1)), CANCELLATION)
    assert report.told[0] == ("0", "90012", MISSING_COLUMN.fill(name="cancellation-reason-code"))
    assert not any(canceled(shop))


def test_a_template_row_of_another_kind_cancels_no_order(shop: Shop) -> None:
    text = "TemplateType=OrderFulfillment\tVersion=2011.1102\norder-id\n" + order_id(1)
    assert run(shop.stocked(*orders(3)), text, CANCELLATION).counts == (0, 0)
    assert not any(canceled(shop))


# -- Rows and cells ------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_end_at_any_line_end(shop: Shop, end: str) -> None:
    text = a_file(CANCELLATION, cancels(1), cancels(9), cancels(3), end=end)
    report = run(shop.stocked(*orders(3)), text.removesuffix(end), CANCELLATION)
    assert (report.counts, [row.record for row in report.rows]) == ((3, 2), ["2"])
    assert canceled(shop) == [True, False, True]


def test_empty_rows_are_no_records_but_keep_their_numbers(shop: Shop) -> None:
    text = table(("order-id",), (), ("", ""), (order_id(1),), ('""', " "), (order_id(9),), ())
    report = run(shop.stocked(*orders(3)), text, CANCELLATION)
    assert (report.counts, [row.record for row in report.rows]) == ((2, 1), ["5"])


def test_cells_may_be_in_a_spreadsheets_quotes(shop: Shop) -> None:
    head = '"order-id"\tship-date\tcarrier-code\t"carrier-name"\n'
    rows = f'"{order_id(1)}"\t2024-03-03\tOther\t"The ""good"" one"\n{order_id(2)}\t2024-03-03\tOther\t"half\n'
    assert run(shop.stocked(*orders(3)), head + rows, FULFILLMENT).counts == (2, 2)
    assert [shop.order(number).packages[0].carrier for number in (1, 2)] == ['The "good" one', '"half']


def test_blanks_around_a_value_do_not_count(shop: Shop) -> None:
    text = table((" order-id ", "cancellation-reason-code"), (f"\u3000{order_id(1)} \xa0", " "))
    assert run(shop.stocked(*orders(3)), text, CANCELLATION).counts == (1, 1)


def test_a_row_with_too_many_cells_is_refused_unless_they_are_empty(shop: Shop) -> None:
    text = table(("order-id",), (order_id(1), "", ""), (order_id(2), "", "x"), (order_id(3),))
    report = run(shop.stocked(*orders(3)), text, CANCELLATION)
    assert report.told == [("2", "18028", INCOMPLETE)]
    assert canceled(shop) == [True, False, True]


def test_a_row_with_too_few_cells_has_empty_ones(shop: Shop) -> None:
    text = table(HEADINGS[CANCELLATION], (order_id(1),))
    assert run(shop.stocked(*orders(3)), text, CANCELLATION).counts == (1, 1)


@pytest.mark.parametrize("strange", ["\0", "\x1b", "\x85", "\ufffe"])
def test_a_row_with_characters_that_nobody_can_read_is_refused(shop: Shop, strange: str) -> None:
    shop.stocked(*orders(3))
    report = run(shop, a_file(FULFILLMENT, ships(1, tracking_number=f"1{strange}2"), ships(2)), FULFILLMENT)
    assert report.told == [("1", "18028", INCOMPLETE)]
    assert report.rows[0].order == order_id(1)


def test_zeros_alone_are_a_file_without_columns(shop: Shop) -> None:
    assert run(shop, b"\0" * 1_000_000, FULFILLMENT).told[0] == ("0", "90012", MISSING_COLUMN.fill(name="order-id"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_that_is_too_long_is_refused_alone(shop: Shop, end: str) -> None:
    long = cancels(2, cancellation_reason_code="x" * 1_000_000)
    text = a_file(CANCELLATION, cancels(1), long, cancels(3), end=end)
    report = run(shop.stocked(*orders(3)), text, CANCELLATION)
    assert (report.counts, report.told) == ((3, 2), [("2", "18028", INCOMPLETE)])
    assert (report.rows[0].order, canceled(shop)) == (order_id(2), [True, False, True])


def test_the_longest_row_that_is_allowed_counts(shop: Shop) -> None:
    for surplus, counts in ((0, (1, 1)), (1, (1, 0))):
        row = order_id(1 + surplus).ljust(MAX_ROW_BYTES + surplus)
        assert run(shop.stocked(*orders(3)), f"order-id\n{row}\n", CANCELLATION).counts == counts


class Endless(io.RawIOBase):
    """A file that goes on and on, after some headings."""

    def __init__(self, unit: bytes, size: int) -> None:
        self._unit, self._size, self._at = unit, size, 0

    def read(self, size: int = -1) -> bytes:
        begin, self._at = self._at, min(self._at + size, self._size)
        text = b"order-id\n" + self._unit * (size // len(self._unit) + 2)
        if begin:
            text = self._unit * (size // len(self._unit) + 2)
        return text[: self._at - begin]

    def seek(self, offset: int, _whence: int = 0) -> int:
        self._at = offset
        return offset


def test_a_japanese_seller_who_chose_english_reads_english(shop: Shop) -> None:
    seller = a_seller(marketplace_id=JAPAN)
    shop.backend.sellers.change(replace(seller, manner=Manner(report_language=ReportLanguage.ENGLISH)))
    report = run(shop, "order-id\tship-date\tcarrier-code\tcolour\n", FULFILLMENT)
    assert report.told == [("0", "90061", UNKNOWN_COLUMN.fill(heading="colour"))]


def test_the_reason_of_a_refused_row_says_what_was_probably_meant(shop: Shop) -> None:
    submission = hand_in(shop.stocked(), a_file(FULFILLMENT, ships(1, ship_date="45355")), FULFILLMENT)
    shop.work()
    (result,) = shop.backend.marks.list_results(submission.seller_id, submission.submission_id)
    assert str(result.reason).endswith("Hint: A spreadsheet has made a number of the day; write `2024-03-04`.")


def test_what_was_meant_by_a_wrong_carrier_is_not_looked_for_in_each_row_of_a_report(shop: Shop) -> None:
    rows = [ships(number, carrier_code=f"Kuroneko {number}") for number in range(1, 1501)]
    begin = process_time()
    report = run(shop.stocked(), a_file(FULFILLMENT, *rows), FULFILLMENT)
    assert process_time() - begin < 1.5  # the list of carriers is long: it took three seconds
    assert report.counts == (1500, 0)
    assert {row.text for row in report.rows} == {INCOMPLETE}


@pytest.mark.parametrize("unit", [b"x", b"\t", b'"', b"\n", b"\r", b"\r\n", b" \n", b"\0"])
def test_memory_does_not_grow_with_a_line_or_with_empty_ones(unit: bytes) -> None:
    feed = cast(BinaryIO, Endless(unit, 64 * 1024 * 1024))
    tracemalloc.start()
    survey = FORM.survey(feed, lambda _done: None, Provenance())
    messages = sum(len(portion.messages) for portion in FORM.read(feed, survey, survey.start))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 32 * 1024 * 1024
    assert messages == survey.messages == (unit in b"x\0")


# -- Reading on ----------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_reading_goes_on_behind_any_portion(codec: str, end: str) -> None:
    names = [cancels(number, merchant_order_id=f"注文{number}") for number in range(1, 3_000)]
    raw = a_file(CANCELLATION, *names, {"order-id": "短"}, end=end).encode(codec)
    provenance = Provenance(marketplace_id=JAPAN)
    survey = FORM.survey(io.BytesIO(raw), lambda _done: None, provenance)
    portions = list(FORM.read(io.BytesIO(raw), survey, survey.start))
    assert len(portions) > 5
    assert sum(len(portion.messages) for portion in portions) == survey.messages == 3_000
    for place, portion in enumerate(portions):
        again = [one for part in FORM.read(io.BytesIO(raw), survey, portion.end) for one in part.messages]
        assert again == [one for part in portions[place + 1 :] for one in part.messages]


def test_a_worker_may_die_at_any_step_of_a_flat_file(tmp_path: Path) -> None:
    text = a_file(CANCELLATION, *(cancels(number % 1_100 + 1) for number in range(1_250)), end="\r\n")
    undisturbed = Shop(tmp_path / "0").stocked(*orders(1_100))
    expected = run(undisturbed, text, CANCELLATION)
    assert expected.counts == (1_250, 1_100)
    for step in range(1, 30, 3):
        shop = Shop(tmp_path / str(step)).stocked(*orders(1_100))
        submission = hand_in(shop, text, CANCELLATION)
        broken = breaking(shop.backend, Fuse(step, takes_effect=bool(step & 2)))
        with suppress(BrokeDown):
            process_next(Processing(broken, feed_types(), "first", Policy(), shop.clock))
        shop.work()
        assert shop.raw_report(submission) == expected.raw
        assert list(shop.statuses()) == list(undisturbed.statuses())


# -- Anything at all -----------------------------------------------------------------------------

CELL = st.sampled_from(["", order_id(1), item_code(1), "NoInventory", '"', "x\x1f", "é", "\u3000", "9"]) | st.text(
    max_size=8
)


@given(st.lists(st.lists(CELL, max_size=6), max_size=8), st.sampled_from(["utf-8", "cp932", "utf-16"]), st.booleans())
def test_whatever_a_file_holds_each_record_is_a_message_or_has_its_result(
    rows: list[list[str]], codec: str, headed: bool
) -> None:
    head = "\t".join(HEADINGS[CANCELLATION]) + "\n" if headed else ""
    raw = (head + "\n".join(map("\t".join, rows))).encode(codec, "ignore")
    feed = io.BytesIO(raw)
    survey = FORM.survey(feed, lambda _done: None, Provenance())
    messages = [one for part in FORM.read(feed, survey, survey.start) for one in part.messages]
    inspected = [one for part in FORM.inspect(feed, any_type=True) for one in part.findings]
    refused = {one.message_id for one in messages if isinstance(one, Result)}
    assert all(isinstance(one, Message | Result) for one in messages)
    assert refused == {one.message_id for one in inspected if one.message_id is not None}
    if not survey.withheld:
        assert len(messages) == survey.messages


@given(st.binary(max_size=300))
def test_whatever_bytes_a_file_has_it_is_read_to_its_end(raw: bytes) -> None:
    for name in (CANCELLATION, ADJUSTMENT, FULFILLMENT, PENDING_CANCELLATION):
        form = feed_types().look_up(name).format
        text = "\t".join(HEADINGS[name]).encode() + b"\n" + raw
        survey = form.survey(io.BytesIO(text), lambda _done: None, Provenance())
        assert sum(len(part.messages) for part in form.read(io.BytesIO(text), survey, survey.start)) == survey.messages
