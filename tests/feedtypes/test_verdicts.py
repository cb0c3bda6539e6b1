"""The table of verdicts."""

import tomllib
from pathlib import Path
from string import Formatter

import pytest

from feedproc import feedtypes
from feedproc.feedtypes.verdicts import VERDICTS
from feedproc.orders.rules import Rule
from feedproc.wiring.feed_types import load_feed_types


def test_every_rule_has_a_verdict() -> None:
    assert set(VERDICTS) == set(Rule)


@pytest.mark.parametrize("rule", Rule)
def test_a_verdict_asks_for_nothing_that_is_not_known(rule: Rule) -> None:
    fields = {field for _, field, _, _ in Formatter().parse(VERDICTS[rule].text) if field}

    assert fields <= {"host", "amazon_order_id"}
    assert VERDICTS[rule].code in {18021, 18028, 5002}


def test_every_folder_is_a_feed_type_and_has_names_and_each_is_declared_once() -> None:
    folders = [path.parent for path in Path(feedtypes.__file__).parent.glob("*/__init__.py")]
    declared = load_feed_types()
    named = [name for folder in folders for name in tomllib.loads((folder / "names.toml").read_text())["ja"]]
    assert sorted(named) == list(declared.names)
