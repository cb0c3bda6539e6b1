"""Thousands of faulty documents: what Xerces says of them, feedproc says."""

from collections.abc import Callable, Iterable

import pytest

from tests.xerces.compare import TARGETS, compare, told, told_of_feed
from tests.xerces.mutants import mutants, xml_1_1
from tests.xerces.oracle import Told, ask, java, must_have_java
from tests.xerces.seeds import seeds
from tests.xerces.splices import splices

_MUTANTS = 2_000
_SPLICES = 1_000
_NEWER = 1_000


def oracle(documents: Iterable[bytes]) -> list[tuple[bytes, list[Told]]]:
    """Each document, with what Xerces says of it."""
    if java() is None:
        if must_have_java():
            pytest.fail("CI has no java to compare with")
        pytest.skip("no java here to compare with")
    asked = list(documents)
    return list(zip(asked, ask(asked), strict=True))


@pytest.fixture(scope="module")
def judged_mutants() -> list[tuple[bytes, list[Told]]]:
    return oracle(document for _, document in mutants(_MUTANTS, seed=20))


@pytest.fixture(scope="module")
def judged_splices() -> list[tuple[bytes, list[Told]]]:
    return oracle(splices(_SPLICES, seed=20))


@pytest.fixture(scope="module")
def judged_newer() -> list[tuple[bytes, list[Told]]]:
    return oracle(xml_1_1(_NEWER, seed=20))


def agrees(judged: list[tuple[bytes, list[Told]]], teller: Callable[[bytes], list[Told]], least: float = 0.2) -> None:
    """It does not crash, and says the same, as often as it should."""
    scores, kinds = compare([theirs for _, theirs in judged], [teller(document) for document, _ in judged])
    assert all(scores[row].all > len(judged) * least for row in TARGETS)
    missed = {row: scores[row].share for row, target in TARGETS.items() if scores[row].share < target}
    assert not missed, kinds


def test_mutants_are_explained_as_xerces_explains_them(judged_mutants: list[tuple[bytes, list[Told]]]) -> None:
    agrees(judged_mutants, told)


def test_mutants_are_read_as_xerces_reads_them(judged_mutants: list[tuple[bytes, list[Told]]]) -> None:
    agrees(judged_mutants, told_of_feed)


def test_feeds_that_were_cut_up_are_read_as_xerces_reads_them(judged_splices: list[tuple[bytes, list[Told]]]) -> None:
    agrees(judged_splices, told_of_feed)


def test_feeds_in_xml_1_1_are_explained_as_xerces_explains_them(judged_newer: list[tuple[bytes, list[Told]]]) -> None:
    agrees(judged_newer, told, least=0.15)


def test_feeds_in_xml_1_1_are_read_as_xerces_reads_them(judged_newer: list[tuple[bytes, list[Told]]]) -> None:
    agrees(judged_newer, told_of_feed, least=0.15)


@pytest.mark.parametrize("number", range(len(seeds())))
def test_there_is_nothing_to_say_of_a_seed(number: int) -> None:
    assert told(seeds()[number].encode()) == []
    assert told_of_feed(seeds()[number].encode()) == []


def test_mutants_of_one_seed_are_the_same_each_time() -> None:
    assert list(mutants(50, seed=3)) == list(mutants(50, seed=3))
    assert list(splices(50, seed=3)) == list(splices(50, seed=3))
    assert list(xml_1_1(50, seed=3)) == list(xml_1_1(50, seed=3))
