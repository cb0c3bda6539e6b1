"""The port `Outbox`: what waits, what went out and when."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from feedproc.feeds.effects import BuyerNotice
from feedproc.feeds.submission import NewSubmission, ProcessingStatus
from feedproc.orders.order import Event
from feedproc.ports import Backend, Lane, OutboxEntry, OutboxKind, SentEntry, Undelivered
from tests.builders import ACKNOWLEDGEMENT, LEASE, NOON, OTHER_SELLER, SELLER, order_id
from tests.ports.conftest import Store
from tests.ports.test_subscriptions import WANTED


def an_entry(number: int, seller_id: str = SELLER) -> OutboxEntry:
    notice = BuyerNotice(Event.REFUNDED, order_id(number), since=number)
    entry_id = f"{seller_id}/{number}"
    return OutboxEntry(entry_id, OutboxKind.BUYER_NOTICE, seller_id, "5", "7", notice, NOON + timedelta(seconds=number))


def put(backend: Backend, *entries: OutboxEntry, seller_id: str = SELLER) -> None:
    """Write entries as a feed's end does."""
    new = NewSubmission(seller_id=seller_id, feed_type=ACKNOWLEDGEMENT, document="0" * 32, size=7, submitted_at=NOON)
    submission = backend.submissions.add(new)
    claim = backend.submissions.claim(seller_id, submission.submission_id, "w", NOON, LEASE)
    assert claim is not None
    backend.submissions.finish(claim, replace(submission, status=ProcessingStatus.DONE), entries)


def test_entries_come_back_as_they_were_written(store: Store) -> None:
    put(store.backend, an_entry(1))
    assert list(store.reopened().outbox.list_waiting(5)) == [an_entry(1)]
    assert list(store.reopened().outbox.list_recent(SELLER, 5)) == [SentEntry(an_entry(1), None)]


def test_the_moment_at_which_an_entry_went_out_stays(store: Store) -> None:
    put(store.backend, an_entry(1), an_entry(2))
    store.backend.outbox.note_sent([an_entry(1)], NOON)
    store.backend.outbox.note_sent([an_entry(1), an_entry(2)], NOON + LEASE)
    told = {one.entry.entry_id: one.sent_at for one in store.reopened().outbox.list_recent(SELLER, 5)}
    assert told == {an_entry(1).entry_id: NOON, an_entry(2).entry_id: NOON + LEASE}


def test_why_an_entry_was_given_up_is_kept_with_it_alone(store: Store) -> None:
    put(store.backend, *[an_entry(number) for number in range(1, 5)])
    bounced, nobody = Undelivered("550 no such user"), Undelivered("no address", has_nobody=True)
    store.backend.outbox.note_sent([an_entry(1)], NOON, bounced)
    store.backend.outbox.note_sent([an_entry(2)], NOON, nobody)
    store.backend.outbox.note_sent([an_entry(3)], NOON)
    store.backend.outbox.note_sent([an_entry(1), an_entry(3)], NOON + LEASE, nobody)
    told = {one.entry.entry_id: one for one in store.reopened().outbox.list_recent(SELLER, 5)}
    assert [told[an_entry(number).entry_id] for number in range(1, 5)] == [
        SentEntry(an_entry(1), NOON, bounced),
        SentEntry(an_entry(2), NOON, nobody),
        SentEntry(an_entry(3), NOON),
        SentEntry(an_entry(4), None),
    ]
    assert list(store.backend.outbox.list_waiting(5)) == [an_entry(4)]


def test_what_was_sent_waits_no_longer(store: Store) -> None:
    put(store.backend, *[an_entry(number) for number in range(1, 6)])
    store.backend.outbox.note_sent([an_entry(1), an_entry(4)], NOON)
    assert list(store.reopened().outbox.list_waiting(10)) == [an_entry(2), an_entry(3), an_entry(5)]
    assert list(store.backend.outbox.list_waiting(2)) == [an_entry(2), an_entry(3)]


def test_noting_nothing_changes_nothing(backend: Backend) -> None:
    put(backend, an_entry(1))
    backend.outbox.note_sent([], NOON)
    assert len(backend.outbox.list_waiting(5)) == 1


def test_an_entry_that_is_not_kept_can_be_noted(backend: Backend) -> None:
    backend.outbox.note_sent([an_entry(9)], NOON)
    assert not backend.outbox.list_recent(SELLER, 5)


def test_an_entry_that_was_sent_and_is_written_again_is_not_sent_again(store: Store) -> None:
    if store.writes_once:
        pytest.skip("what writes an entry cannot be committed twice here, so it is not looked for among earlier ones")
    backend = store.backend
    put(backend, an_entry(1))
    backend.outbox.note_sent([an_entry(1)], NOON)
    put(backend, an_entry(1))
    assert not backend.outbox.list_waiting(5)
    assert list(backend.outbox.list_recent(SELLER, 5)) == [SentEntry(an_entry(1), NOON)]


def test_a_sellers_last_entries_are_told_newest_first(backend: Backend) -> None:
    for number in range(1, 5):
        put(backend, an_entry(number))
    put(backend, an_entry(9, OTHER_SELLER), seller_id=OTHER_SELLER)
    assert [one.entry for one in backend.outbox.list_recent(SELLER, 3)] == [an_entry(4), an_entry(3), an_entry(2)]
    assert len(backend.outbox.list_recent(OTHER_SELLER, 3)) == 1


def test_lanes_are_those_in_which_something_waits(store: Store) -> None:
    end = replace(an_entry(2), entry_id="end", kind=OutboxKind.FEED_FINISHED, notice=None)
    put(store.backend, an_entry(1), end)
    put(store.backend, an_entry(3, OTHER_SELLER), seller_id=OTHER_SELLER)
    lanes = [
        Lane(OutboxKind.BUYER_NOTICE, SELLER),
        Lane(OutboxKind.BUYER_NOTICE, OTHER_SELLER),
        Lane(OutboxKind.FEED_FINISHED, SELLER),
    ]
    outbox = store.reopened().outbox
    assert list(outbox.list_lanes(5)) == sorted(lanes)
    assert list(outbox.list_lanes(1)) == sorted(lanes)[:1]
    assert list(outbox.list_lanes(5, sorted(lanes)[0])) == sorted(lanes)[1:]
    assert [list(outbox.list_waiting(5, lane)) for lane in lanes] == [[an_entry(1)], [an_entry(3, OTHER_SELLER)], [end]]
    outbox.note_sent([end], NOON)
    assert list(outbox.list_lanes(5)) == sorted(lanes[:2])


def test_a_sellers_name_leads_into_no_other_lane(backend: Backend) -> None:
    for name in ("A/1", "A", "A%2F1"):
        put(backend, replace(an_entry(1, name)), seller_id=name)
    lanes = backend.outbox.list_lanes(9)
    assert {one.seller_id for one in lanes} == {"A/1", "A", "A%2F1"}
    assert [len(backend.outbox.list_waiting(9, lane)) for lane in lanes] == [1, 1, 1]


def test_entries_of_all_sellers_wait_together(backend: Backend) -> None:
    put(backend, an_entry(1))
    put(backend, an_entry(2, OTHER_SELLER), seller_id=OTHER_SELLER)
    assert {one.seller_id for one in backend.outbox.list_waiting(5)} == {SELLER, OTHER_SELLER}


def test_an_entry_that_belongs_to_nothing_else_waits_like_any(store: Store) -> None:
    trial = replace(WANTED, subscription_id="7")
    entry = OutboxEntry(f"{SELLER}/test/7", OutboxKind.TEST, SELLER, "", at=NOON, trial=trial)
    store.backend.outbox.add(entry, NOON)
    assert list(store.reopened().outbox.list_waiting(5)) == [entry]
    store.reopened().outbox.note_sent([entry], NOON)
    assert not store.backend.outbox.list_waiting(5)
