import subprocess
import sys
from pathlib import Path

import pytest

from feedproc.cli import demo
from tests.cli.builders import Shell


def test_the_demo_shows_each_report_and_what_became_of_the_orders(
    feedproc: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = feedproc("demo")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count("<StatusCode>Complete</StatusCode>") == 3
    assert "250-1000002-0000002\tUnshipped → Canceled\t2\t0\t0 → 2\t0\n" in ran.out
    assert "KETTLE-02\t10\t11\n" in ran.out
    assert list(tmp_path.iterdir()) == []


def test_nothing_but_the_demo_speaks_to_a_newcomer() -> None:
    ran = subprocess.run([sys.executable, "-m", "feedproc", "demo"], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("A server with 2 workers listens at ")
    assert ran.stderr == ""


def test_the_demo_says_what_is_not_as_expected(feedproc: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_CHANGED", set())
    ran = feedproc("demo", "--workers", 1)
    assert ran.code == 1
    assert ran.err.startswith("Not as expected: orders changed: ")
