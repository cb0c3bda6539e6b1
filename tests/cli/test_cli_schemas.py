"""`--schemas` and FEEDPROC_SCHEMAS: feeds are judged by the schemas of a folder."""

import shutil
from pathlib import Path

import pytest

from feedproc.resources import folder
from tests.cli.builders import ACKNOWLEDGEMENT, SAMPLES, Shell, one_line

GOOD = SAMPLES / "feeds" / "good" / "acknowledgement-success.xml"


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """Our own schemas, but for the status, which must be Failure."""
    place = shutil.copytree(folder("schemas"), tmp_path / "stricter")
    file = place / "OrderAcknowledgement.xsd"
    text = file.read_text(encoding="utf-8")
    assert text.count('<xsd:enumeration value="Success"/>') == 1
    file.write_text(text.replace('<xsd:enumeration value="Success"/>', ""), encoding="utf-8")
    return place


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_folder_decides_what_is_valid(feedproc: Shell, stricter: Path, form: str) -> None:
    ran = feedproc("validate", "--format", form, "--schemas", stricter, GOOD)
    assert ran.code == 1
    assert "cvc-enumeration-valid" in ran.out
    assert "'[Failure]'" in ran.out


def test_the_folder_decides_for_a_feed_type_and_in_a_report_as_well(feedproc: Shell, stricter: Path) -> None:
    told = feedproc("validate", "--feed-type", ACKNOWLEDGEMENT, "--format", "report", "--schemas", stricter, GOOD)
    assert (told.code, told.out.count("<ResultMessageCode>5000<")) == (1, 2)


def test_the_environment_can_name_the_folder(feedproc: Shell, stricter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDPROC_SCHEMAS", str(stricter))
    assert feedproc("validate", GOOD).code == 1
    assert feedproc("validate", "--schemas", folder("schemas"), GOOD).code == 0


def test_a_folder_without_schemas_is_named(feedproc: Shell, tmp_path: Path) -> None:
    ran = feedproc("validate", "--schemas", tmp_path, GOOD)
    assert ran.code != 0
    assert one_line(ran.err)
    assert f"{tmp_path}: has no amzn-envelope.xsd" in ran.err


def test_a_schema_that_is_wrong_is_named_with_its_line(feedproc: Shell, stricter: Path) -> None:
    (stricter / "amzn-header.xsd").write_text("<xsd:schema/>", encoding="utf-8")
    ran = feedproc("validate", "--schemas", stricter, GOOD)
    assert ran.code != 0
    assert f"{stricter / 'amzn-header.xsd'}:1: is not well-formed XML" in ran.err


def test_a_server_does_not_start_with_schemas_that_are_none(feedproc: Shell, tmp_path: Path) -> None:
    ran = feedproc("serve", "--port", "0", "--schemas", tmp_path / "none")
    assert ran.code != 0
    assert "there is no such folder of schemas" in ran.err
