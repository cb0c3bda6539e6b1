"""The port `Stock`: the ledger of a SKU, in which its level can be read off."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace

from feedproc.feeds.progress import Mark, Position
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import NewSubmission, ProcessingStatus
from feedproc.ports import Backend, Batch
from feedproc.stock.change import By, StockChange
from feedproc.stock.level import LOADED, StockEntry, StockLevel
from tests.builders import ACKNOWLEDGEMENT, LEASE, NOON, OTHER_SELLER, SELLER, order_id
from tests.ports.conftest import Store

LATER = NOON + timedelta(hours=1)


def loaded(backend: Backend, *levels: tuple[str, int], seller_id: str = SELLER) -> int:
    return backend.stock.load(seller_id, [StockLevel(*level) for level in levels], NOON)


def returned(backend: Backend, *changes: tuple[str, StockChange]) -> str:
    """Commit a batch with these changes by (message id, change); return the submission's id."""
    new = NewSubmission(seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document="0" * 32, size=7, submitted_at=NOON)
    submission = backend.submissions.add(new)
    claim = backend.submissions.claim(SELLER, submission.submission_id, "w", NOON, LEASE)
    assert claim is not None
    backend.batches.commit(Batch(claim, (), changes, (), Mark(1, Position(), Summary())), LATER, LEASE)
    backend.submissions.finish(claim, replace(submission, status=ProcessingStatus.DONE), [])
    return submission.submission_id


def back(sku: str, quantity: int, number: int = 1, reason: str = "BuyerCanceled") -> StockChange:
    return StockChange(sku, By(quantity), reason, order_id(number))


def ledger(backend: Backend, sku: str = "A", limit: int = 50) -> Sequence[StockEntry]:
    return list(backend.stock.list_entries(SELLER, sku, limit))


def test_a_sku_that_was_never_seen_has_an_empty_ledger(backend: Backend) -> None:
    assert ledger(backend) == []


def test_a_level_that_is_set_is_noted_as_the_difference(backend: Backend) -> None:
    loaded(backend, ("A", 10), ("B", 1))
    loaded(backend, ("A", 4))
    assert ledger(backend) == [StockEntry("A", -6, LOADED, NOON), StockEntry("A", 10, LOADED, NOON)]
    assert [entry.quantity for entry in ledger(backend, "B")] == [1]


def test_a_level_that_is_set_to_what_it_was_is_not_noted(backend: Backend) -> None:
    loaded(backend, ("A", 10))
    assert loaded(backend, ("A", 10)) == 1
    assert len(ledger(backend)) == 1


def test_of_a_sku_that_comes_twice_in_one_load_the_last_level_counts(backend: Backend) -> None:
    assert loaded(backend, ("A", 5), ("B", 1), ("A", 7)) == 2
    assert backend.stock.get_level(SELLER, "A") == sum(entry.quantity for entry in ledger(backend)) == 7


def test_what_a_feed_changed_is_noted_with_its_cause(store: Store) -> None:
    submission = returned(store.backend, ("7", back("A", 2, 3)))
    cause = StockEntry("A", 2, "BuyerCanceled", LATER, order_id(3), submission, "7")
    assert list(store.reopened().stock.list_entries(SELLER, "A", 5)) == [cause]


def test_several_changes_of_one_batch_are_noted_one_by_one_newest_first(backend: Backend) -> None:
    loaded(backend, ("A", 1))
    returned(backend, ("1", back("A", 2, 1)), ("2", back("B", 9, 2)), ("3", back("A", 3, 3)))
    assert [(entry.message_id, entry.quantity) for entry in ledger(backend)] == [("3", 3), ("1", 2), (None, 1)]
    assert backend.stock.get_level(SELLER, "A") == 6


def test_the_ledger_adds_up_to_the_level(backend: Backend) -> None:
    for number in range(1, 6):
        loaded(backend, ("A", 3 * number % 7))
        returned(backend, ("1", back("A", number, number)))
    assert sum(entry.quantity for entry in ledger(backend)) == backend.stock.get_level(SELLER, "A")


def test_only_the_last_changes_are_told(backend: Backend) -> None:
    for quantity in range(1, 9):
        loaded(backend, ("A", quantity * quantity))
    assert [entry.quantity for entry in ledger(backend, limit=3)] == [15, 13, 11]


def test_a_ledger_belongs_to_one_seller(backend: Backend) -> None:
    loaded(backend, ("A", 3))
    loaded(backend, ("A", 8), seller_id=OTHER_SELLER)
    assert [entry.quantity for entry in ledger(backend)] == [3]


@pytest.mark.parametrize("sku", ["a/b#c", "在庫-01", "x" * 40, "' OR 1=1 --", "A%"])
def test_a_sku_may_have_any_name(backend: Backend, sku: str) -> None:
    loaded(backend, (sku, 2), ("A", 5))
    returned(backend, ("1", back(sku, 1)))
    assert [entry.quantity for entry in ledger(backend, sku)] == [1, 2]
    assert backend.stock.get_level(SELLER, sku) == 3


def test_skus_come_page_by_page(backend: Backend) -> None:
    loaded(backend, ("C", 3), ("A", 1), ("B", 2))
    assert [level.sku for level in backend.stock.list_levels(SELLER, "A")] == ["B", "C"]
    assert not list(backend.stock.list_levels(SELLER, "C"))
