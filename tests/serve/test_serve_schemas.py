"""A server judges feeds by the schemas of a folder: its workers, and the console's check."""

import re
import shutil
from pathlib import Path

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
