"""Two thousand faulty documents: what Xerces says of them, feedproc says."""

import pytest

from tests.formats.diagnostics.compare import TARGETS, Score, compare, told
from tests.formats.diagnostics.mutants import mutants
from tests.formats.diagnostics.oracle import ask, java, must_have_java
from tests.formats.diagnostics.seeds import seeds

_NUMBER = 2_000


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    if java() is None:
        if must_have_java():
            pytest.fail("CI has no java to compare with")
        pytest.skip("no java here to compare with")
    documents = [document for _, document in mutants(_NUMBER, seed=20)]
    found, _ = compare(ask(documents), [told(document) for document in documents])
    return found


@pytest.mark.parametrize("row", TARGETS)
def test_mutants_are_explained_as_xerces_explains_them(scores: dict[str, Score], row: str) -> None:
    assert scores[row].all > _NUMBER / 5
    assert scores[row].share >= TARGETS[row], scores[row].examples[:10]


@pytest.mark.parametrize("number", range(len(seeds())))
def test_there_is_nothing_to_say_of_a_seed(number: int) -> None:
    assert told(seeds()[number].encode()) == []


def test_mutants_of_one_seed_are_the_same_each_time() -> None:
    assert list(mutants(50, seed=3)) == list(mutants(50, seed=3))
