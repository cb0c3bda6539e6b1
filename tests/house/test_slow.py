"""The list of slow tests names tests that are there."""

import re

from tests.house.sources import ROOT


def test_every_slow_test_is_still_there() -> None:
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    lines = (ROOT / "tests" / "slow.txt").read_text("utf-8").splitlines()
    names = {line.partition("[")[0] for line in lines if not line.startswith("#")}
    there = set(re.findall(r"def (test_\w+)\(", tests))
    assert not names - there, "measure again: bench/slow.py"
