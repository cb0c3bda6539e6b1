"""The page about the test kit: each of its examples runs as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.clients.drivers import installed

PAGE = Path(__file__).parents[2] / "docs/testing.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)


def test_the_two_refunds_are_told_in_under_25_lines_each() -> None:
    refunds = [one for one in EXAMPLES if "fail_message" in one]
    assert len(refunds) == 2
    assert [one for one in refunds if len(one.splitlines()) >= 25] == []


def test_each_example_passes(tmp_path: Path) -> None:
    installed("mws", "mws")
    installed("python-amazon-sp-api", "sp_api.api")
    installed("moto", "moto")
    for number, example in enumerate(EXAMPLES):
        (tmp_path / f"test_{number}.py").write_text(example)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "feedproc.testing.plugin", "-p", "no:cacheprovider", "."]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ran = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False)
    count = sum(one.count("def test_") for one in EXAMPLES)
    assert f"{count} passed" in ran.stdout, ran.stdout + ran.stderr
