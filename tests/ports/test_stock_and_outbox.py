"""The ports `Stock` and `Outbox`."""

from msgspec.structs import replace

from feedproc.feeds.effects import BuyerNotice
from feedproc.feeds.progress import Mark, Position
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import NewSubmission, ProcessingStatus
from feedproc.orders.order import Event
from feedproc.ports import Backend, Batch, OutboxEntry, OutboxKind, SentEntry
from feedproc.stock.change import By, StockChange
from feedproc.stock.level import StockLevel
from tests.builders import ACKNOWLEDGEMENT, LEASE, NOON, OTHER_SELLER, SELLER, order_id
from tests.ports.conftest import Store


def committed(backend: Backend, changes: list[StockChange], notices: list[OutboxEntry]) -> None:
    new = NewSubmission(seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document="0" * 32, size=7, submitted_at=NOON)
    submission = backend.submissions.add(new)
    claim = backend.submissions.claim(SELLER, submission.submission_id, "w", NOON, LEASE)
    assert claim is not None
    caused = [("1", change) for change in changes]
    backend.batches.commit(Batch(claim, (), caused, notices, Mark(1, Position(), Summary())), NOON, LEASE)
    backend.submissions.finish(claim, replace(submission, status=ProcessingStatus.DONE), [])


def back(sku: str, quantity: int) -> StockChange:
    return StockChange(sku, By(quantity), "BuyerCanceled", order_id(1))


def a_notice(entry_id: str) -> OutboxEntry:
    return OutboxEntry(
        entry_id, OutboxKind.BUYER_NOTICE, SELLER, "50001019786", "7", BuyerNotice(Event.SHIPPED, order_id(1))
    )


def test_a_sku_that_was_never_seen_has_no_units(backend: Backend) -> None:
    assert backend.stock.get_level(SELLER, "SKU-1") == 0


def test_loading_sets_the_level(store: Store) -> None:
    assert store.backend.stock.load(SELLER, [StockLevel("SKU-1", 5), StockLevel("SKU-2", 1)], NOON) == 2
    store.backend.stock.load(SELLER, [StockLevel("SKU-1", 7)], NOON)
    assert store.reopened().stock.get_level(SELLER, "SKU-1") == 7


def test_levels_come_by_sku_and_belong_to_one_seller(backend: Backend) -> None:
    backend.stock.load(SELLER, [StockLevel("B", 2), StockLevel("A", 1)], NOON)
    assert list(backend.stock.list_levels(SELLER)) == [StockLevel("A", 1), StockLevel("B", 2)]
    assert not list(backend.stock.list_levels(OTHER_SELLER))


def test_batches_add_to_the_level(backend: Backend) -> None:
    backend.stock.load(SELLER, [StockLevel("A", 10)], NOON)
    committed(backend, [back("A", 2), back("NEW", 4), back("A", 1)], [])
    committed(backend, [back("A", -5)], [])
    assert list(backend.stock.list_levels(SELLER)) == [StockLevel("A", 8), StockLevel("NEW", 4)]


def test_what_waits_to_be_sent_comes_oldest_first(store: Store) -> None:
    committed(store.backend, [], [a_notice("z"), a_notice("a")])
    committed(store.backend, [], [a_notice("m")])
    outbox = store.reopened().outbox
    assert [one.entry_id for one in outbox.list_waiting(2)] == ["z", "a"]
    assert outbox.list_waiting(10)[-1] == a_notice("m")


def test_all_of_many_entries_wait_in_their_order_and_one_written_twice_waits_once(store: Store) -> None:
    names = [str(number) for number in range(90)]  # AWS takes no more in one transaction
    committed(store.backend, [], [a_notice(name) for name in (*names[40:50], "z")])
    committed(store.backend, [], [a_notice(name) for name in names])
    waiting = [one.entry_id for one in store.reopened().outbox.list_waiting(200)]
    assert waiting == [*names[40:50], "z", *names[:40], *names[50:]]


def test_what_was_sent_waits_no_longer_and_can_still_be_looked_at(backend: Backend) -> None:
    committed(backend, [], [a_notice("z"), a_notice("a")])
    backend.outbox.note_sent([a_notice("z"), a_notice("unknown")], NOON)
    backend.outbox.note_sent([a_notice("z")], NOON + LEASE)
    assert [one.entry_id for one in backend.outbox.list_waiting(10)] == ["a"]
    assert backend.outbox.list_recent(SELLER, 10) == [SentEntry(a_notice("a"), None), SentEntry(a_notice("z"), NOON)]


def test_an_entry_that_is_written_again_is_sent_once(backend: Backend) -> None:
    committed(backend, [], [a_notice("z")])
    committed(backend, [], [a_notice("z")])
    assert len(backend.outbox.list_waiting(10)) == 1
