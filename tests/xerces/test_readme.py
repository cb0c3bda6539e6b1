"""What the engine's README says is so."""

import contextlib
import io
import re
from pathlib import Path

import feedproc.xerces
from feedproc.resources import folder

ROOT = Path(feedproc.xerces.__file__).parents[2]
README = Path(feedproc.xerces.__file__).with_name("README.md").read_text(encoding="utf-8")


def test_its_example_prints_what_it_says() -> None:
    code, printed = re.findall(r"```python\n(.*?)```\n\nprints `(.*?)`", README, re.DOTALL)[0]
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(code.replace('"schemas/', f'"{folder("schemas")}/'), {})
    assert told.getvalue() == f"{printed}\n"


def test_it_names_all_that_is_offered() -> None:
    table = README.partition("## What it offers")[2].partition("##")[0]
    assert set(re.findall(r"`(\w+)`", table)) >= set(feedproc.xerces.__all__)
    assert len(feedproc.xerces.__all__) == 12
    assert all(hasattr(feedproc.xerces, name) for name in feedproc.xerces.__all__)


def test_its_commands_exist() -> None:
    scripts = re.findall(r"^(?:python|pytest) (\S+)", README, re.MULTILINE)
    assert scripts
    assert all((ROOT / script).exists() for script in scripts)
