"""The processing report, as bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedproc.feeds.feed_type import ReportHead
from feedproc.feeds.report import Result, Severity, Summary
from feedproc.formats.xml.report import write_report
from tests.builders import Report, told_by

ABOUT = ReportHead("50001019786", "A2SHOP", "A1PA6795UKMFR9")
WARNING = Result("3", 5000, "Have a look", Severity.WARNING)


def report(*results: Result, about: ReportHead = ABOUT) -> Report:
    return told_by(b"".join(write_report(about, Summary(7, 5, 2, 1), results)))


def test_a_report_has_tabs_line_feeds_no_mark_and_no_line_end_at_its_end() -> None:
    raw = report(WARNING).raw
    assert raw.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<AmazonEnvelope ')
    assert raw.endswith(b"\n</AmazonEnvelope>")
    assert b"\r" not in raw
    assert b"  " not in raw


def test_a_warning_is_told_as_one() -> None:
    assert report(WARNING).results == [("3", "Warning", 5000, "Have a look", None)]


def test_the_order_is_told_in_additional_info() -> None:
    found = report(Result("3", 18021, "Too many", amazon_order_id="250-0000000-0000001"), WARNING)
    assert [one.amazon_order_id for one in found.results] == ["250-0000000-0000001", None]


def test_reasons_for_people_are_never_in_a_report() -> None:
    assert b"secret" not in report(Result("3", 18028, "Wrong", reason="secret")).raw


@pytest.mark.parametrize("text", ["", "'", '"', "<&>", "]]>", "日本語 😀", "&apos;", " a  b "])
def test_a_description_is_read_as_it_was_meant(text: str) -> None:
    assert report(Result("3", 25, text)).results[0].description == text


@given(st.text(max_size=50))
def test_no_text_makes_a_report_invalid(text: str) -> None:
    told = report(Result("0", 5001, text), about=ReportHead("1", text[:50], "")).results[0].description
    assert len(told) <= len(text)


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1_500])
def test_results_are_written_a_few_hundred_at_a_time_and_none_is_lost(count: int) -> None:
    parts = list(write_report(ABOUT, Summary(), (Result(str(number), 25, "x") for number in range(1, count + 1))))
    assert [one.message_id for one in told_by(b"".join(parts)).results] == [str(n) for n in range(1, count + 1)]
    assert len(parts) == 2 + count // 500


def test_the_first_part_is_there_before_any_result() -> None:
    def results() -> object:
        raise AssertionError
        yield

    parts = write_report(ABOUT, Summary(), results())  # type: ignore[arg-type]
    assert b"<ProcessingSummary>" in next(parts)
