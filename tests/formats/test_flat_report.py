"""The report of a flat file, byte for byte."""

import tracemalloc
from collections.abc import Iterator

import pytest

from feedproc.feeds.feed_type import ReportHead
from feedproc.feeds.report import NO_MESSAGE, Result, Severity, Summary
from feedproc.feedtypes.order_fulfillment.flat import TEMPLATE as FULFILLMENT
from feedproc.formats.flat.form import FlatFile
from tests.builders import GERMANY
from tests.formats.flatfiles import JAPAN, told_by
from tests.mws.clients import md5

FORM = FlatFile(FULFILLMENT, tuple)


def written(results: list[Result], processed: int = 1, successful: int = 1, marketplace: str = GERMANY) -> bytes:
    head = ReportHead("1", "A2SHOP", marketplace)
    return b"".join(FORM.report(head, Summary(processed, successful), results))


def test_without_results_it_is_the_recorded_one_of_91_bytes() -> None:
    report = written([])
    assert (len(report), md5(report)) == (91, "rkkx1Xv/k56/onrN0m7E/Q==")


def test_without_results_in_japanese_it_is_the_recorded_one_of_56_bytes() -> None:
    report = written([], marketplace=JAPAN)
    assert (len(report), md5(report)) == (56, "R5UpHmaZgsFmiQ1bjoUIjw==")


def test_a_japanese_account_that_chose_english_gets_english() -> None:
    head = ReportHead("1", "A2SHOP", JAPAN, in_english=True)
    result = Result("3", 18021, "Too many.", Severity.WARNING)
    report = b"".join(FORM.report(head, Summary(3, 2), [result])).decode("cp932")
    assert report.startswith("Feed Processing Summary:\n\tNumber of records processed\t\t3\n")
    assert report.endswith("3\t\t\t18021\tWarning\tToo many.\n")


def test_rows_follow_the_headings_of_order_feeds() -> None:
    result = Result("3", 18021, "Too many.", amazon_order_id="302-1-1", order_item_code="12345678901234")
    assert written([result], 3, 2).decode("cp1252") == (
        "Feed Processing Summary:\n\tNumber of records processed\t\t3\n\tNumber of records successful\t\t2\n\n"
        "original-record-number\torder-id\torder-item-id\terror-code\terror-type\terror-message\n"
        "3\t302-1-1\t12345678901234\t18021\tError\tToo many.\n"
    )


def test_in_japanese_the_two_order_columns_are_called_as_in_the_template() -> None:
    result = Result("12", 18028, "だめです。", Severity.WARNING)
    assert written([result], 139, 137, JAPAN) == (
        "フィード処理結果：\n\t処理された件数\t\t139\n\t成功した件数\t\t137\n\n"
        "処理されたファイルの行番号\t注文番号\t注文商品番号\tエラーコード\tエラータイプ\tエラーメッセージ\n"
        "12\t\t\t18028\t警告\tだめです。\n"
    ).encode("cp932")


@pytest.mark.parametrize(
    ("marketplace", "content_type"),
    [(GERMANY, "text/plain;charset=windows-1252"), (JAPAN, "text/plain;charset=windows-31j")],
)
def test_its_content_type_tells_the_encoding(marketplace: str, content_type: str) -> None:
    assert FORM.report_content_type(marketplace) == content_type


@pytest.mark.parametrize(
    ("code", "severity", "english", "japanese"),
    [
        (90012, Severity.ERROR, "Fatal", "エラー"),
        (18028, Severity.ERROR, "Error", "エラー"),
        (90061, Severity.WARNING, "Warning", "警告"),
    ],
)
def test_the_error_type_is_in_the_sellers_language(code: int, severity: Severity, english: str, japanese: str) -> None:
    result = Result(NO_MESSAGE, code, "Text", severity)
    assert told_by(written([result])).rows[0].severity == english
    assert told_by(written([result], marketplace=JAPAN), "cp932").rows[0].severity == japanese


def test_rows_are_sorted_by_record_number_as_text_and_those_of_one_record_stay_in_order() -> None:
    numbers = ["2", "11", "11", "100", "1009", NO_MESSAGE]
    results = [Result(number, code, "x") for code, number in enumerate(numbers)]
    rows = told_by(written(results)).rows
    assert [(row.record, row.code) for row in rows] == [
        ("0", "5"), ("100", "3"), ("1009", "4"), ("11", "1"), ("11", "2"), ("2", "0"),
    ]  # fmt: skip


def test_what_the_encoding_does_not_have_becomes_a_question_mark_and_cells_stay_cells() -> None:
    result = Result("1", 1, "€ é → \t\r\n 注", amazon_order_id="1\t2")
    assert told_by(written([result])).rows[0][1:] == ("1 2", "", "1", "Error", "€ é ?   ?")
    assert told_by(written([result], marketplace=JAPAN), "cp932").rows[0].text == "? ? →   注"


def test_more_results_than_memory_is_given_are_sorted_on_disk() -> None:
    count = 120_000
    results = [Result(str(number), 18028, "x") for number in range(1, count + 1)]
    rows = told_by(written(results)).rows
    assert [row.record for row in rows] == sorted(str(number) for number in range(1, count + 1))


def test_memory_does_not_grow_with_the_results() -> None:
    def results(count: int) -> Iterator[Result]:
        return (Result(str(number), 18028, "A text that is about as long as most." * 4) for number in range(count))

    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in FORM.report(ReportHead("1", "A2SHOP", GERMANY), Summary(), results(count)):
            pass
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    assert peak(300_000) < 1.3 * peak(100_000)
