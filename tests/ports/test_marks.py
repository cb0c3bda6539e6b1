"""The port `Marks`: the marks of a submission's batches, one at a time."""

from msgspec.structs import replace

from feedproc.feeds.progress import Mark, Position
from feedproc.feeds.report import Result, Summary
from feedproc.ports import Backend, Batch
from tests.builders import LEASE, NOON, OTHER_SELLER, SELLER
from tests.ports.conftest import Store
from tests.ports.test_book import claimed

ERROR = Result("7", 18028, "no <such> order", reason="because")
FIRST = Mark(1, Position(100, 9, 3), Summary(5, 4, 1), (ERROR,), messages=12, places=(3,))
SECOND = Mark(2, Position(200, 19, 3), Summary(12, 11, 1), messages=12, taken=2)


def marked(backend: Backend) -> str:
    claim = claimed(backend)
    for mark in (FIRST, SECOND):
        backend.batches.commit(Batch(claim, (), (), (), mark), NOON, LEASE)
    return claim.submission_id


def test_each_mark_is_returned_with_its_results(store: Store) -> None:
    submission_id = marked(store.backend)
    marks = store.reopened().marks
    assert marks.get(SELLER, submission_id, 1) == FIRST
    assert marks.get(SELLER, submission_id, 2) == SECOND


def test_the_last_mark_is_without_its_results(backend: Backend) -> None:
    claim = claimed(backend)
    backend.batches.commit(Batch(claim, (), (), (), FIRST), NOON, LEASE)
    assert backend.marks.get_last(SELLER, claim.submission_id) == replace(FIRST, results=())


def test_a_mark_that_is_not_there_is_none(backend: Backend) -> None:
    submission_id = marked(backend)
    assert backend.marks.get(SELLER, submission_id, 3) is None
    assert backend.marks.get(SELLER, submission_id, 0) is None
    assert backend.marks.get(OTHER_SELLER, submission_id, 1) is None
    assert backend.marks.get(SELLER, "5", 1) is None
