"""A clock that is set wrong deletes nothing: only time that the store has lived through counts."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from feedproc.embedded import DATABASE, look_at_clock
from feedproc.embedded.store import open_database
from tests.builders import NOON

DAY = timedelta(days=1)
NINETY = 90 * DAY


def oldest_kept(folder: Path, *days: float) -> datetime:
    """What a store of that age forgets, after it looked at the clock on these days."""
    open_database(folder / DATABASE)
    for day in days:
        back = look_at_clock(folder, NOON + day * DAY)
    return back(NINETY)


def test_a_store_at_work_each_day_forgets_what_is_older_than_it_should_keep(tmp_path: Path) -> None:
    assert oldest_kept(tmp_path, *range(120)) == NOON + (119 - 90) * DAY


def test_a_weekend_counts_as_lived_through(tmp_path: Path) -> None:
    assert oldest_kept(tmp_path, *range(0, 120, 3)) == NOON + (117 - 90) * DAY


def test_a_clock_that_jumps_ahead_makes_nothing_older(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert oldest_kept(tmp_path, 0, 1, 101) == NOON + (101 - 90 - 100) * DAY
    assert "100 days have passed" in caplog.text


def test_nor_does_it_when_the_clock_stays_there(tmp_path: Path) -> None:
    assert oldest_kept(tmp_path, 0, 1, *range(101, 150)) == NOON + (149 - 90 - 100) * DAY


def test_what_comes_after_the_jump_grows_old_as_ever(tmp_path: Path) -> None:
    assert oldest_kept(tmp_path, 0, 1, *range(101, 250)) == NOON + (249 - 90) * DAY


def test_a_jump_that_is_taken_back_is_forgotten(tmp_path: Path) -> None:
    assert oldest_kept(tmp_path, 0, 1, 101, *range(2, 120)) == NOON + (119 - 90) * DAY


def test_a_clock_that_goes_back_makes_nothing_older(tmp_path: Path) -> None:
    assert oldest_kept(tmp_path, 400, 0, 1) == NOON + (1 - 90) * DAY
