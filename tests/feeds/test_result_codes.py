"""The table of Amazon's sentences."""

import re
from pathlib import Path
from string import Formatter

import pytest

from feedproc.feeds import result_codes
from feedproc.feeds.result_codes import MISSING_COLUMN, UNPROCESSABLE, ReportText

TEXTS = {name: one for name, one in vars(result_codes).items() if isinstance(one, ReportText)}
BETWEEN_PARTS = re.compile(r'"\n +f?"')
SOURCES = {
    path: BETWEEN_PARTS.sub("", path.read_text()) for path in Path(result_codes.__file__).parents[1].rglob("*.py")
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_sentence_is_written_in_the_table_alone(name: str) -> None:
    middle = max((part for part, *_ in Formatter().parse(TEXTS[name].text)), key=len)
    assert len(middle) > 10
    assert [path.name for path, source in SOURCES.items() if middle in source] == ["result_codes.py"]


def test_the_places_of_a_sentence_are_filled() -> None:
    assert MISSING_COLUMN.fill(name="order-id").startswith("The required order-id field is missing from the file.")
    assert UNPROCESSABLE.fill() == UNPROCESSABLE.text


def test_what_a_feed_says_is_no_place_to_be_filled() -> None:
    assert "{host}" in MISSING_COLUMN.fill(name="{host}")


def test_a_place_that_nothing_fills_is_an_error() -> None:
    with pytest.raises(KeyError, match="name"):
        MISSING_COLUMN.fill()
