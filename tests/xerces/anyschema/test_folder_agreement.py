"""Random schemas, and documents by them: what Xerces says of a document by any schema, feedproc says."""

from pathlib import Path

import pytest

from feedproc.formats.xml.folder import load_folder
from tests.xerces.anyschema.agreement import Pair, feeds, kinds, pairs, same
from tests.xerces.anyschema.asking import Job, ask_all
from tests.xerces.anyschema.documents import DocumentMaker
from tests.xerces.anyschema.shop import write_shop
from tests.xerces.compare import told_of_feed
from tests.xerces.oracle import java, must_have_java

_VALUES = (
    "1.01",
    "AB123",
    "12345678",
    "2021-02-03",
    "2021-02-03T04:05:06Z",
    "3.50",
    "12",
    "",
    "a",
    "b c",
    "x" * 51,
    "7",
)


@pytest.fixture(scope="module", autouse=True)
def with_java() -> None:
    if java() is None:
        if must_have_java():
            pytest.fail("CI has no java to compare with")
        pytest.skip("no java here to compare with")


def counted(found: list[Pair]) -> tuple[int, int]:
    """How many documents were compared, and how many of them are valid."""
    told = [one for pair in found if not pair.theirs.refusal for one in pair.theirs.told]
    return len(told), sum(not one for one in told)


def test_documents_are_judged_as_by_xerces_whatever_the_schema(tmp_path: Path) -> None:
    found = pairs(tmp_path, range(1, 121), documents=15)
    compared, valid = counted(found)
    assert compared > 1200
    assert valid > 50
    assert [pair.refusal for pair in found if pair.refusal and not pair.theirs.refusal] == []
    assert not kinds(found), [(pair.seed, list(pair.differing)) for pair in found if list(pair.differing)]


def test_feeds_are_judged_as_by_xerces_whatever_the_folder(tmp_path: Path) -> None:
    found = feeds(tmp_path, range(1, 121), documents=15)
    compared, valid = counted(found)
    assert compared > 1200
    assert valid > 100
    assert not kinds(found), [(pair.seed, list(pair.differing)) for pair in found if list(pair.differing)]


def test_a_large_set_of_files_with_product_data_is_judged_as_by_xerces(tmp_path: Path) -> None:
    write_shop(tmp_path)
    assert len(list(tmp_path.iterdir())) == 20
    schemas = load_folder(tmp_path)
    source = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    maker = DocumentMaker(schemas.compiled, source, seed=5, values=_VALUES)
    documents = [maker.document() for _ in range(400)]
    (answer,) = ask_all([Job(tmp_path / "amzn-envelope.xsd", documents)])
    assert answer.refusal == ""
    assert sum(not told for told in answer.told) > 40
    for document, theirs in zip(documents, answer.told, strict=True):
        assert same(theirs, told_of_feed(document, schemas)), document
