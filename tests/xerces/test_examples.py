"""One example of each kind of fault, with the findings written out."""

import ast
import re
from pathlib import Path

import pytest

from tests.xerces.compare import told
from tests.xerces.explaining import explain, scanner_fault
from tests.xerces.oracle import Told

_EXAMPLES = Path(__file__).with_name("examples.txt")
_FINDING = re.compile(r"(F )?(-?\d+):(-?\d+) (.*)")


def _read() -> dict[str, tuple[bytes, list[Told]]]:
    examples = {}
    for section in _EXAMPLES.read_text(encoding="utf-8").split("\n\n")[1:]:
        name, literal, *lines = section.strip("\n").split("\n")
        document = ast.literal_eval(literal)
        found = [_FINDING.fullmatch(line) for line in lines]
        findings = [Told(bool(each[1]), int(each[2]), int(each[3]), _sentence(each[4])) for each in found if each]
        assert len(findings) == len(lines), name
        examples[name[1:-1]] = (document if isinstance(document, bytes) else document.encode(), findings)
    return examples


def _sentence(written: str) -> str:
    return ast.literal_eval(written) if written.startswith(("'c", '"c')) else written


EXAMPLES = _read()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_findings_are_those_of_xerces(name: str) -> None:
    document, findings = EXAMPLES[name]
    assert told(document) == findings


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_scanner_stops_where_the_list_ends(name: str) -> None:
    document, findings = EXAMPLES[name]
    fault = scanner_fault(document)
    if findings[-1].fatal:
        assert fault == explain(document)[-1]
    else:
        assert fault is None


@pytest.mark.parametrize(
    ("document", "column"),
    [(b"<!DOCTYPE SKU><SKU>1</SKU>", 10), (b"<!DOCTYPE SKU [<!ENTITY a 'b'>]><SKU>&a;</SKU>", 10)],
)
def test_a_document_type_declaration_is_refused(document: bytes, column: int) -> None:
    (fault,) = explain(document)
    assert fault == scanner_fault(document)
    assert (fault.line, fault.column, fault.rule, fault.fatal) == (1, column, "DoctypeNotAllowed", True)
    assert fault.sentence.startswith('DOCTYPE is disallowed when the feature "http://apache.org/xml/features/')


def test_every_rule_is_told_with_its_sentence() -> None:
    for document, _ in EXAMPLES.values():
        for fault in explain(document):
            assert fault.fatal or fault.sentence.startswith(f"{fault.rule}: ")


def test_an_unknown_root_is_told_in_the_older_words() -> None:
    (fault,) = explain(b"<Envelope/>")
    assert (fault.rule, fault.sentence) == (
        "cvc-elt.1",
        "cvc-elt.1: Cannot find the declaration of element 'Envelope'.",
    )
