"""xs:dateTime in every spelling that a schema lets through."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedproc.feedtypes.instant import EARLIEST, LATEST, read_instant


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-02T12:00:00Z", datetime(2024, 3, 2, 12, tzinfo=UTC)),
        ("2024-03-02T12:00:00", datetime(2024, 3, 2, 12, tzinfo=UTC)),
        (" \n2024-03-02T12:00:00Z\t", datetime(2024, 3, 2, 12, tzinfo=UTC)),
        ("2024-03-02T12:00:00+09:00", datetime(2024, 3, 2, 3, tzinfo=UTC)),
        ("2024-03-02T12:00:00-14:00", datetime(2024, 3, 3, 2, tzinfo=UTC)),
        ("2024-03-02T12:00:00-00:00", datetime(2024, 3, 2, 12, tzinfo=UTC)),
        ("2024-03-02T12:00:00.5Z", datetime(2024, 3, 2, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2024-03-02T12:00:00.1234567890123+09:00", datetime(2024, 3, 2, 3, 0, 0, 123_456, tzinfo=UTC)),
        ("2024-03-02T12:00:00." + "0" * 5000, datetime(2024, 3, 2, 12, tzinfo=UTC)),
        ("2024-12-31T24:00:00Z", datetime(2025, 1, 1, tzinfo=UTC)),
        ("2024-02-28T24:00:00", datetime(2024, 2, 29, tzinfo=UTC)),
        ("2024-02-29T24:00:00.000+09:00", datetime(2024, 2, 29, 15, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", EARLIEST),
        ("0999-01-01T00:00:00Z", datetime(999, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_utc(text: str, moment: datetime) -> None:
    assert read_instant(text) == moment
    assert read_instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("0000-01-01T00:00:00Z", EARLIEST),
        ("-0001-01-01T00:00:00Z", EARLIEST),
        ("-12024-01-01T00:00:00Z", EARLIEST),
        ("0001-01-01T00:00:00+14:00", EARLIEST),
        ("9999-12-31T23:00:00-14:00", LATEST),
        ("9999-12-31T24:00:00Z", LATEST),
        ("9999-12-31T24:00:00-05:00", LATEST),
        ("12024-01-01T00:00:00Z", LATEST),
        ("9" * 5000 + "-01-01T00:00:00Z", LATEST),
        ("", EARLIEST),
        ("yesterday", EARLIEST),
    ],
)
def test_what_the_calendar_cannot_hold_is_clamped(text: str, moment: datetime) -> None:
    assert read_instant(text) == moment


@given(st.datetimes(timezones=st.timezones() | st.just(UTC), allow_imaginary=False))
def test_python_and_the_schema_agree(moment: datetime) -> None:
    offset = moment.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        return
    assert read_instant(moment.isoformat()) == moment or read_instant(moment.isoformat()) in {EARLIEST, LATEST}


@given(st.from_regex(r"-?\d{1,6}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", fullmatch=True) | st.text())
def test_nothing_crashes(text: str) -> None:
    assert EARLIEST <= read_instant(text) <= LATEST
