"""Each schema file compiles, and the JDK's Xerces comes to the same verdicts as libxml2."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import xmlschema
from lxml import etree

from tests.schemas.test_acknowledgement_schema import ACKNOWLEDGEMENTS
from tests.schemas.test_adjustment_schema import ADJUSTMENTS, AMOUNTS
from tests.schemas.test_envelope_schema import ENVELOPES, IDENTIFIERS
from tests.schemas.test_fulfillment_schema import BLANKS_AROUND_A_DATE, DATES, FULFILLMENTS
from tests.schemas.test_report_schema import ORDERS, REPORTS

SCHEMAS = Path(__file__).parents[2] / "schemas"
SCHEMA_FILES = sorted(SCHEMAS.glob("*.xsd"))
ENVELOPE = SCHEMAS / "amzn-envelope.xsd"
XERCES_VERDICTS = Path(__file__).with_name("XercesVerdicts.java")
CASES = (
    *ACKNOWLEDGEMENTS,
    *ADJUSTMENTS,
    *AMOUNTS,
    *FULFILLMENTS,
    *DATES,
    *IDENTIFIERS,
    *ENVELOPES,
    *REPORTS,
    *ORDERS,
)
ONLY_XERCES_ACCEPTS = frozenset({BLANKS_AROUND_A_DATE})


@pytest.mark.parametrize(
    "compiled_by", [lambda file: etree.XMLSchema(etree.parse(file)), xmlschema.XMLSchema], ids=["lxml", "xmlschema"]
)
@pytest.mark.parametrize("file", SCHEMA_FILES, ids=lambda file: file.name)
def test_every_schema_file_compiles_by_itself(file: Path, compiled_by: Callable[[Path], object]) -> None:
    assert compiled_by(file)


def test_the_carriers_are_the_418_entries_of_2021_some_of_them_twice() -> None:
    enumeration = "{*}element[@name='CarrierCode']//{*}enumeration"
    carriers = [entry.get("value") for entry in etree.parse(SCHEMAS / "amzn-base.xsd").iterfind(enumeration)]
    assert (len(carriers), len(set(carriers))) == (418, 377)


def test_xerces_agrees_but_for_the_disagreements_listed(tmp_path: Path) -> None:
    java = shutil.which("java")
    if java is None:
        assert not os.environ.get("CI"), "the continuous build must have Java"
        pytest.skip("Java is not installed")
    files = {f"{number}.xml": case for number, case in enumerate(CASES)}
    for name, case in files.items():
        (tmp_path / name).write_text(case.document, encoding="utf-8")

    answer = subprocess.run(
        [java, str(XERCES_VERDICTS), str(ENVELOPE), *(str(tmp_path / name) for name in files)],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    findings = [line.split("\t") for line in answer.stdout.splitlines()]
    assert {name for name, *_ in findings} == files.keys()
    accepted = {files[name] for name, kind, *_ in findings if kind == "OK"}

    assert accepted == {case for case in CASES if case.fault is None or case in ONLY_XERCES_ACCEPTS}
