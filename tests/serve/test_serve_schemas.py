"""A server judges feeds by the schemas of a folder: its workers, and the console's check."""

import re
import shutil
from pathlib import Path

import pytest

from feedproc.resources import folder
from tests.serve.builders import Running, report_of, submitted


def test_workers_judge_by_the_folder(tmp_path: Path) -> None:
    place = shutil.copytree(folder("schemas"), tmp_path / "stricter")
    file = place / "OrderAcknowledgement.xsd"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('<xsd:enumeration value="Success"/>', ""), encoding="utf-8")
    with Running(tmp_path / "data", "--schemas", str(place)) as server:
        client = server.client()
        report = report_of(client, submitted(client))
    first = re.search(r"<Result>\s*<MessageID>1<.*?</Result>", report, re.DOTALL)
    assert first is not None
    assert "<ResultMessageCode>5000</ResultMessageCode>" in first[0]


_ODD = (
    '<xsd:simpleType name="Odd{}"><xsd:restriction base="xsd:string"><xsd:minLength value="2"/>'
    '<xsd:maxLength value="1"/></xsd:restriction></xsd:simpleType>'
)


@pytest.mark.parametrize(("faults", "told"), [(0, 0), (1, 1), (12, 10)])
def test_what_a_full_check_finds_in_the_folder_is_told_at_the_start(tmp_path: Path, faults: int, told: int) -> None:
    place = shutil.copytree(folder("schemas"), tmp_path / "odd")
    file = place / "OrderAcknowledgement.xsd"
    odd = "\n".join(_ODD.format(number) for number in range(faults))
    file.write_text(file.read_text(encoding="utf-8").replace("</xsd:schema>", f"{odd}</xsd:schema>"), encoding="utf-8")
    with Running(tmp_path / "data", "--schemas", str(place)) as server:
        assert "<ProcessingReport>" in report_of(server.client(), submitted(server.client())), (
            "they are used all the same"
        )
        log = server.log
    assert log.count("'maxLength' value is less than 'minLength'") == told
    assert (f"2 more; `feedproc schemas check {place}` tells all" in log) == (faults > told)
