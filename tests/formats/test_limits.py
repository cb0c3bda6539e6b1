"""What a hostile feed can cost: each ends as a report, within limits of time and memory, and the next feed runs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.formats.hostile import FEEDS

MOST_SECONDS = 20
"""For any of these feeds; most take less than a tenth of a second on a fast machine, the worst three."""
MOST_MIB = 300
"""Above what an ordinary feed takes."""
UNREADABLE = {5001, 50001}
FAULTY = {5000, 5002}
PROJECT = Path(__file__).parents[2]
READ_TO_THEIR_END = {
    "many invalid items", "many attributes of the root", "many attributes of a message", "many namespaces of a message",
    "many elements in a message", "junk between messages", "faulty messages", "empty messages", "deep nesting",
}  # fmt: skip
Told = dict[str, Any]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """All hostile feeds, one after the other through one store, by a process of its own."""
    command = [sys.executable, "-m", "tests.formats.hostile", str(tmp_path_factory.mktemp("hostile"))]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=600, check=False)
    assert ended.returncode == 0, ended.stderr
    return {one["name"]: one for one in map(json.loads, ended.stdout.splitlines())}


@pytest.mark.parametrize("name", FEEDS)
def test_a_hostile_feed_ends_as_a_report_and_the_next_one_runs(name: str, told: dict[str, Told]) -> None:
    assert told[name]["codes"]
    assert set(told[name]["codes"]) <= (FAULTY if name in READ_TO_THEIR_END else UNREADABLE)
    assert told[name]["next"] == [1, 1, 0, 0]


@pytest.mark.parametrize("name", FEEDS)
def test_a_hostile_feed_takes_no_more_time_and_memory_than_allowed(name: str, told: dict[str, Told]) -> None:
    assert told[name]["seconds"] < MOST_SECONDS
    assert told[name]["mib"] < MOST_MIB
