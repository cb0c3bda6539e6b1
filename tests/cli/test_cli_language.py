"""In which language commands say what is wrong."""

import re
from unicodedata import east_asian_width

import pytest

from feedproc.settings import find_language
from tests.cli.builders import SAMPLES, Shell
from tests.cli.test_cli_validate import on_a_terminal

ADJUSTMENTS = SAMPLES / "feeds" / "bad" / "adjustment-schema-faults.xml"
CANCELLATIONS = SAMPLES / "feeds" / "bad" / "cancellation-refused.txt"
REASON = "`Amount` の小数点以下は2桁までです（`100.005` は3桁です）。"
HINT = (
    "金額を計算する時点で端数を処理してください。"
    "プログラムで金額を扱うときは、浮動小数点数ではなく10進数を使用してください。"
)


def test_reasons_and_hints_are_said_in_the_language_that_was_asked_for(feedproc: Shell) -> None:
    lines = feedproc("validate", "--language", "ja", ADJUSTMENTS).out.splitlines()
    assert lines[5:7] == [f"       = {REASON}", f"       = ヒント: {HINT}"]
    assert lines[0].endswith("but the number of fraction digits has been limited to 2.")


def test_json_has_them_too_and_is_the_same_but_for_that(feedproc: Shell) -> None:
    def told(spoken: str) -> list[dict[str, object]]:
        return feedproc("validate", "--format", "json", "--language", spoken, ADJUSTMENTS).json["findings"]

    japanese, english = told("ja"), told("en")
    assert (japanese[0]["reason"], japanese[0]["hint"]) == (REASON, HINT)
    words = {"reason", "hint"}
    plain = [[{name: one[name] for name in one if name not in words} for one in each] for each in (japanese, english)]
    assert plain[0] == plain[1]
    assert [words & set(one) for one in japanese] == [words & set(one) for one in english]


def test_rows_of_flat_files_are_told_so_too(feedproc: Shell) -> None:
    findings = feedproc("validate", "--format", "json", "--language", "ja", CANCELLATIONS).json["findings"]
    assert findings
    assert all(re.search("[ぁ-ん]", str(one["reason"])) for one in findings)


def test_without_being_asked_it_is_the_language_of_the_surroundings(
    feedproc: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "= hint: Round where" in feedproc("validate", ADJUSTMENTS).out
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    assert f"= ヒント: {HINT}" in feedproc("validate", ADJUSTMENTS).out
    assert "= hint: Round where" in feedproc("validate", "--language", "en", ADJUSTMENTS).out


@pytest.mark.parametrize(
    ("environ", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja"}, "ja"),
        ({"LANG": "ja_JP.eucJP", "LC_ALL": "C"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": ""}, "ja"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "jam_JM.UTF-8"}, "en"),
        ({"LANG": "fr_FR"}, "en"),
    ],
)
def test_the_first_variable_that_is_set_decides(environ: dict[str, str], spoken: str) -> None:
    assert find_language(environ) == spoken


def test_a_language_that_is_not_spoken_is_refused(feedproc: Shell) -> None:
    ran = feedproc("validate", "--language", "fr", ADJUSTMENTS)
    assert (ran.code, ran.out) == (2, "")
    assert "'en', 'ja'" in ran.err


@pytest.mark.parametrize("columns", [30, 60, 100])
def test_japanese_reasons_fit_the_terminal(columns: int) -> None:
    shown = on_a_terminal(ADJUSTMENTS, "--all", "--language", "ja", columns=columns, NO_COLOR="1")
    said = re.findall(r"^ +(?:= |  )\S.*[ぁ-ん].*$", shown, re.MULTILINE)
    assert len(said) > 10
    assert all(_columns(line) <= columns + 4 or "`" in line for line in said)
    assert not any(line.strip()[0] in "。、）" for line in said)


def _columns(line: str) -> int:
    return sum(2 if east_asian_width(char) in {"F", "W"} else 1 for char in line)
