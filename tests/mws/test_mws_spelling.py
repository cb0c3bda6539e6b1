"""How the wire spells names, statuses and times."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedproc.feeds.submission import ProcessingStatus
from feedproc.mws import spelling

QUARTER_TO = datetime(2018, 4, 27, 14, 47, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2018-04-27T14:47:14Z", 0),
        ("2018-04-27T14:47:14z", 0),
        ("2018-04-27T14:47:14.123Z", 123_000),
        ("2018-04-27T14:47:14,123Z", 123_000),
        ("2018-04-27T14:47:14.50Z", 500_000),
        ("2018-04-27T14:47:14.123456789Z", 123_456),
        ("2018-04-27T07:47:14.093-07", 93_000),
        ("2018-04-27T14:47:14+0000", 0),
        ("2018-04-27T14:47:14+00:00", 0),
        ("2018-04-27T23:47:14+09:00", 0),
        ("2018-04-27T14:47:14", 0),
        ("2018-04-27T14:47:14.123456", 123_456),
        ("20180427T144714Z", 0),
        (" 2018-04-27T14:47:14Z ", 0),
    ],
)
def test_every_known_form_of_a_time_is_read(text: str, micros: int) -> None:
    assert spelling.parse_time(text) == QUARTER_TO.replace(microsecond=micros)


def test_a_date_alone_is_its_first_instant() -> None:
    assert spelling.parse_time("2018-04-27") == datetime(2018, 4, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "now", "2018", "2018-13-01T00:00:00Z", "2018-04-27 14:47:14 GMT", "0001-01-01T00:00:00+14:00", "2018-W17-5"],
)
def test_anything_else_is_no_time(text: str) -> None:
    assert spelling.parse_time(text) is None


@given(st.text(max_size=40))
def test_reading_a_time_never_fails(text: str) -> None:
    read = spelling.parse_time(text)
    assert read is None or read.utcoffset() == timedelta()


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(timezone(timedelta(hours=9)))))
def test_a_time_that_was_written_is_read_again(at: datetime) -> None:
    assert spelling.parse_time(spelling.format_second(at)) == at.replace(microsecond=0)
    assert spelling.parse_time(spelling.format_millisecond(at)) == at.replace(microsecond=at.microsecond // 1000 * 1000)


def test_times_are_written_as_amazon_writes_them() -> None:
    at = datetime(2014, 12, 18, 7, 39, 0, 5_999, UTC)
    assert spelling.format_second(at) == "2014-12-18T07:39:00+00:00"
    assert spelling.format_millisecond(at) == "2014-12-18T07:39:00.005Z"
    assert spelling.format_java_date(at) == "Thu Dec 18 07:39:00 UTC 2014"


@pytest.mark.parametrize("status", ProcessingStatus)
def test_a_status_is_spelled_between_underscores(status: ProcessingStatus) -> None:
    assert spelling.add_underscores(status) == f"_{status}_"
    assert spelling.strip_underscores(f"_{status}_") == status


@pytest.mark.parametrize("spelled", ["POST_X", "__", "_post_x_", "_POST X_", "_POST_X_\n", "_POST_\udc80_"])
def test_a_name_without_its_underscores_is_none(spelled: str) -> None:
    assert spelling.strip_underscores(spelled) is None
    assert spelling.strip_underscores("_POST_X_") == "POST_X"
