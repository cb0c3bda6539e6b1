"""The ports `Stock` and `Batches` together: a level that a message sets, and what guards it."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from feedproc.errors import Conflict
from feedproc.feeds.progress import Claim, Mark, Position
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import NewSubmission, ProcessingStatus
from feedproc.ports import Backend, Batch
from feedproc.stock.change import By, StockChange, To
from feedproc.stock.level import StockLevel
from tests.builders import ACKNOWLEDGEMENT, LEASE, NOON, OTHER_SELLER, SELLER, order_id
from tests.ports.conftest import Store


def claimed(backend: Backend) -> Claim:
    new = NewSubmission(seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document="0" * 32, size=7, submitted_at=NOON)
    submission = backend.submissions.add(new)
    claim = backend.submissions.claim(SELLER, submission.submission_id, "w", NOON, LEASE)
    assert claim is not None
    return claim


def a_batch(claim: Claim, *changes: StockChange, seen: dict[str, int | None] | None = None) -> Batch:
    """A batch of one message a change, numbered from 1."""
    caused = [(str(number), change) for number, change in enumerate(changes, 1)]
    return Batch(claim, (), caused, (), Mark(1, Position(), Summary()), levels=seen or {})


def committed(backend: Backend, *changes: StockChange) -> str:
    """Commit changes after a look at the levels, as a worker does; return the submission's id."""
    claim = claimed(backend)
    levels = backend.stock.get_levels(SELLER, [change.sku for change in changes])
    seen = {change.sku: levels.get(change.sku) for change in changes}
    backend.batches.commit(a_batch(claim, *changes, seen=seen), NOON, LEASE)
    submission = backend.submissions.get(SELLER, claim.submission_id)
    assert submission is not None
    backend.submissions.finish(claim, replace(submission, status=ProcessingStatus.DONE), [])
    return claim.submission_id


def to(units: int, sku: str = "A") -> StockChange:
    return StockChange(sku, To(units), "Set")


def by(units: int, sku: str = "A") -> StockChange:
    return StockChange(sku, By(units), "BuyerCanceled", order_id(1))


def noted(backend: Backend, sku: str = "A") -> list[tuple[str | None, int]]:
    return [(entry.message_id, entry.quantity) for entry in backend.stock.list_entries(SELLER, sku, 50)]


def test_levels_are_told_of_the_skus_that_were_ever_seen(store: Store) -> None:
    store.backend.stock.load(SELLER, [StockLevel("A", 5), StockLevel("在庫 1", 0), StockLevel("B", 2)], NOON)
    stock = store.reopened().stock
    assert stock.get_levels(SELLER, ["A", "在庫 1", "C", "A", "x" * 2000]) == {"A": 5, "在庫 1": 0}
    assert stock.get_levels(OTHER_SELLER, ["A"]) == {}


def test_many_levels_are_told_at_once(store: Store) -> None:
    levels = [StockLevel(f"SKU-{number}", number) for number in range(1_500 // store.scale)]
    store.backend.stock.load(SELLER, levels, NOON)
    assert store.backend.stock.get_levels(SELLER, [one.sku for one in levels]) == {
        one.sku: one.quantity for one in levels
    }


def test_set_7_twice_is_7(store: Store) -> None:
    store.backend.stock.load(SELLER, [StockLevel("A", 10)], NOON)
    first = committed(store.backend, to(7))
    committed(store.backend, to(7))
    reopened = store.reopened()
    assert reopened.stock.get_level(SELLER, "A") == 7
    entry, loaded = reopened.stock.list_entries(SELLER, "A", 50)
    assert (entry.quantity, entry.reason, entry.amazon_order_id) == (-3, "Set", None)
    assert (entry.submission_id, entry.message_id, loaded.quantity) == (first, "1", 10)


def test_a_sku_that_was_never_seen_can_be_set(backend: Backend) -> None:
    committed(backend, to(4), to(0, "B"))
    assert list(backend.stock.list_levels(SELLER)) == [StockLevel("A", 4), StockLevel("B", 0)]
    assert (noted(backend), noted(backend, "B")) == ([("1", 4)], [])


@pytest.mark.parametrize(
    ("changes", "level", "ledger"),
    [
        ((by(3), to(7)), 7, [("2", -6), ("1", 3)]),
        ((to(7), by(3)), 10, [("2", 3), ("1", -3)]),
        ((to(7), to(2), by(-1)), 1, [("3", -1), ("2", -5), ("1", -3)]),
        ((to(10), by(1), to(11)), 11, [("2", 1)]),
    ],
)
def test_changes_of_one_batch_follow_each_other(
    backend: Backend, changes: Sequence[StockChange], level: int, ledger: list[tuple[str, int]]
) -> None:
    backend.stock.load(SELLER, [StockLevel("A", 10)], NOON)
    committed(backend, *changes)
    assert backend.stock.get_level(SELLER, "A") == level
    assert noted(backend) == [*ledger, (None, 10)]


@pytest.mark.parametrize("meanwhile", [to(9), by(2)])
def test_a_level_that_changed_since_it_was_looked_at_is_not_set(backend: Backend, meanwhile: StockChange) -> None:
    backend.stock.load(SELLER, [StockLevel("A", 10), StockLevel("B", 1)], NOON)
    committed(backend, meanwhile)
    before, claim = backend.stock.get_level(SELLER, "A"), claimed(backend)
    stale = a_batch(claim, to(5, "B"), to(7), seen={"A": 10, "B": 1})
    with pytest.raises(Conflict):
        backend.batches.commit(stale, NOON, LEASE)
    assert (backend.stock.get_level(SELLER, "A"), backend.stock.get_level(SELLER, "B")) == (before, 1)
    backend.batches.commit(replace(stale, levels={"A": before, "B": 1}), NOON, LEASE)
    assert (backend.stock.get_level(SELLER, "A"), backend.stock.get_level(SELLER, "B")) == (7, 5)


def test_a_sku_that_appeared_since_it_was_looked_for_is_not_set(backend: Backend) -> None:
    claim = claimed(backend)
    backend.stock.load(SELLER, [StockLevel("A", 0)], NOON)
    with pytest.raises(Conflict):
        backend.batches.commit(a_batch(claim, to(7), seen={"A": None}), NOON, LEASE)
    assert backend.marks.get_last(SELLER, claim.submission_id) is None


def test_units_that_come_back_ask_for_no_look(backend: Backend) -> None:
    claim = claimed(backend)
    backend.stock.load(SELLER, [StockLevel("A", 3)], NOON)
    backend.batches.commit(a_batch(claim, by(2), by(2, "NEW")), NOON, LEASE)
    assert backend.stock.get_levels(SELLER, ["A", "NEW"]) == {"A": 5, "NEW": 2}


def test_a_batch_cannot_set_what_nobody_looked_at(backend: Backend) -> None:
    with pytest.raises(ValueError, match="sets the level of 'A'"):
        a_batch(claimed(backend), to(7))
