"""The port `Submissions`: what was handed in, and how far it has come."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.errors import ClaimLost
from feedproc.feeds.progress import Mark, Position
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import FeedSubmission, NewSubmission, ProcessingStatus
from feedproc.ports import Backend, Batch, Filter, OutboxEntry, OutboxKind
from feedproc.services.news import make_end_entry
from tests.builders import ACKNOWLEDGEMENT, ADJUSTMENT, FULFILLMENT, LEASE, NOON, OTHER_SELLER, SELLER
from tests.ports.conftest import Store

LATER = NOON + timedelta(hours=1)


def submitted(
    backend: Backend, feed_type: str = ACKNOWLEDGEMENT, seller_id: str = SELLER, at: datetime = NOON
) -> FeedSubmission:
    return backend.submissions.add(
        NewSubmission(seller_id=seller_id, feed_type=feed_type, document="0" * 32, size=7, submitted_at=at)
    )


def found(backend: Backend, limit: int = 100, **conditions: Any) -> list[str]:
    which = Filter(**conditions)
    ids = [one.submission_id for one in backend.submissions.find(SELLER, which, limit)]
    assert backend.submissions.count(SELLER, which) >= len(ids)
    return ids


def done(backend: Backend, submission: FeedSubmission, worker: str = "w") -> None:
    claim = backend.submissions.claim(submission.seller_id, submission.submission_id, worker, NOON, LEASE)
    assert claim is not None
    backend.submissions.finish(claim, replace(submission, status=ProcessingStatus.DONE), [])


def test_an_id_is_the_sellers_counter_and_the_day(backend: Backend) -> None:
    assert [submitted(backend).submission_id for _ in range(2)] == ["50001019786", "50002019786"]
    assert submitted(backend, seller_id=OTHER_SELLER).submission_id == "50001019786"


def test_a_submission_is_found_by_its_seller_alone(backend: Backend) -> None:
    submission = submitted(backend)
    submitted(backend)
    assert backend.submissions.get(SELLER, submission.submission_id) == submission
    assert backend.submissions.get(OTHER_SELLER, "50002019786") is None


def test_a_submission_outlives_the_process(store: Store) -> None:
    submission = submitted(store.backend)
    assert store.reopened().submissions.get(SELLER, submission.submission_id) == submission


def test_submissions_from_many_threads_all_get_different_ids(backend: Backend) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: submitted(backend).submission_id, range(40)))
    assert len(set(ids)) == 40


def test_the_newest_come_first_and_no_more_than_the_limit(backend: Backend) -> None:
    first, second, third = (submitted(backend).submission_id for _ in range(3))
    assert found(backend) == [third, second, first]
    assert found(backend, limit=2) == [third, second]


def test_a_page_begins_where_the_one_before_ended(backend: Backend) -> None:
    first, second, _ = (submitted(backend) for _ in range(3))
    assert found(backend, before_counter=second.counter) == [first.submission_id]


def test_submissions_are_found_by_type_status_and_time(backend: Backend) -> None:
    early, late = submitted(backend), submitted(backend, ADJUSTMENT, at=LATER)
    done(backend, early)
    assert found(backend, feed_types=(ADJUSTMENT, FULFILLMENT)) == [late.submission_id]
    assert found(backend, statuses=(ProcessingStatus.DONE,)) == [early.submission_id]
    assert found(backend, submitted_from=LATER) == [late.submission_id]
    assert found(backend, submitted_to=NOON) == [early.submission_id]
    assert found(backend, submitted_from=NOON, submitted_to=LATER) == [late.submission_id, early.submission_id]
    assert found(backend, feed_types=(ADJUSTMENT,), statuses=(ProcessingStatus.DONE,)) == []


def test_ids_override_every_other_condition(backend: Backend) -> None:
    submission = submitted(backend)
    assert found(backend, submission_ids=(submission.submission_id,), feed_types=(ADJUSTMENT,)) == [
        submission.submission_id
    ]


def test_a_waiting_submission_can_be_cancelled_once(backend: Backend) -> None:
    submission = submitted(backend)
    assert backend.submissions.cancel(SELLER, submission.submission_id, LATER, [make_end_entry(submission)])
    assert not backend.submissions.cancel(SELLER, submission.submission_id, LATER)
    cancelled = backend.submissions.get(SELLER, submission.submission_id)
    assert cancelled is not None
    assert (cancelled.status, cancelled.completed_at) == (ProcessingStatus.CANCELLED, LATER)


def test_what_is_to_be_told_of_a_cancellation_is_kept_with_it_and_only_then(backend: Backend) -> None:
    one, begun = submitted(backend), submitted(backend, ADJUSTMENT)
    assert backend.submissions.claim(SELLER, begun.submission_id, "w", NOON, LEASE)
    for submission in (one, one, begun):
        backend.submissions.cancel(SELLER, submission.submission_id, LATER, [make_end_entry(submission)])
    assert [entry.submission_id for entry in backend.outbox.list_waiting(10)] == [one.submission_id]


def test_what_a_worker_has_begun_cannot_be_cancelled(backend: Backend) -> None:
    submission = submitted(backend)
    assert backend.submissions.claim(SELLER, submission.submission_id, "w", NOON, LEASE)
    assert not backend.submissions.cancel(SELLER, submission.submission_id, LATER)


def test_another_sellers_submission_cannot_be_cancelled_or_claimed(backend: Backend) -> None:
    submission = submitted(backend)
    assert not backend.submissions.cancel(OTHER_SELLER, submission.submission_id, LATER)
    assert backend.submissions.claim(OTHER_SELLER, submission.submission_id, "w", NOON, LEASE) is None


def test_a_claimed_submission_is_in_progress_since_the_first_claim(store: Store) -> None:
    store.join("w")
    submission = submitted(store.backend)
    claim = store.backend.submissions.claim(SELLER, submission.submission_id, "w", NOON, LEASE)
    claimed = store.backend.submissions.get(SELLER, submission.submission_id)
    assert claimed is not None
    assert claim is not None
    assert claim.expires_at == NOON + LEASE
    assert (claimed.status, claimed.started_at, claimed.attempts) == (ProcessingStatus.IN_PROGRESS, NOON, 1)


def test_a_submission_has_one_living_worker_until_its_lease_ends(store: Store) -> None:
    store.join("old")
    submission = submitted(store.backend)
    claims = store.backend.submissions
    assert claims.claim(SELLER, submission.submission_id, "old", NOON, LEASE)
    assert claims.claim(SELLER, submission.submission_id, "new", NOON + LEASE, LEASE) is None
    late = NOON + LEASE + timedelta(seconds=1)
    assert claims.claim(SELLER, submission.submission_id, "new", late, LEASE)
    taken = claims.get(SELLER, submission.submission_id)
    assert taken is not None
    assert (taken.attempts, taken.started_at) == (2, NOON)


def test_a_renewed_claim_holds_longer(store: Store) -> None:
    store.join("old")
    submission = submitted(store.backend)
    claims = store.backend.submissions
    claim = claims.claim(SELLER, submission.submission_id, "old", NOON, LEASE)
    assert claim is not None
    claims.renew(claim, NOON + LEASE / 2, LEASE)
    assert claims.claim(SELLER, submission.submission_id, "new", NOON + 1.4 * LEASE, LEASE) is None


def test_a_worker_that_lost_its_claim_can_do_nothing_more(store: Store) -> None:
    store.join("old")
    submission = submitted(store.backend)
    claims = store.backend.submissions
    lost = claims.claim(SELLER, submission.submission_id, "old", NOON, LEASE)
    assert lost is not None
    held = claims.claim(SELLER, submission.submission_id, "new", NOON + 2 * LEASE, LEASE)
    with pytest.raises(ClaimLost):
        claims.renew(lost, NOON + 2 * LEASE, LEASE)
    with pytest.raises(ClaimLost):
        claims.finish(lost, replace(submission, status=ProcessingStatus.DONE), [])
    claims.release(lost, "too late to say")
    assert held is not None
    claims.renew(held, NOON + 2 * LEASE, LEASE)


def test_a_released_submission_is_free_at_once_and_says_why(store: Store) -> None:
    store.join("old")
    submission = submitted(store.backend)
    claims = store.backend.submissions
    claim = claims.claim(SELLER, submission.submission_id, "old", NOON, LEASE)
    assert claim is not None
    claims.release(claim, "the disk is full")
    released = claims.get(SELLER, submission.submission_id)
    assert released is not None
    assert released.reason == "the disk is full"
    assert claims.claim(SELLER, submission.submission_id, "new", NOON, LEASE)


def put_off(store: Store, until: datetime) -> FeedSubmission:
    """A submission that a worker had begun and that waits for the world."""
    store.join("old")
    submission = submitted(store.backend)
    claim = store.backend.submissions.claim(SELLER, submission.submission_id, "old", NOON, LEASE)
    assert claim is not None
    store.backend.submissions.put_off(claim, "the disk is full", until)
    return submission


def test_what_is_put_off_waits_says_why_and_counts_no_attempt(store: Store) -> None:
    submission = put_off(store, NOON + LEASE)
    claims = store.backend.submissions
    waiting = claims.get(SELLER, submission.submission_id)
    assert waiting is not None
    told = (waiting.status, waiting.attempts, waiting.setbacks, waiting.reason)
    assert told == (ProcessingStatus.IN_PROGRESS, 0, 1, "the disk is full")
    assert claims.claim(SELLER, submission.submission_id, "new", NOON + LEASE / 2, LEASE) is None
    assert claims.claim(SELLER, submission.submission_id, "old", NOON + LEASE / 2, LEASE) is None
    assert claims.claim(SELLER, submission.submission_id, "new", NOON + 2 * LEASE, LEASE)


def test_what_is_put_off_holds_up_its_own_line_alone(store: Store) -> None:
    submission = put_off(store, NOON + LEASE)
    later, other = submitted(store.backend), submitted(store.backend, ADJUSTMENT)
    claims = store.backend.submissions
    assert claims.claim(SELLER, later.submission_id, "new", NOON, LEASE) is None
    assert claims.claim(SELLER, other.submission_id, "new", NOON, LEASE)
    assert claims.get(SELLER, submission.submission_id) is not None


def test_a_worker_that_lost_its_claim_puts_nothing_off(store: Store) -> None:
    store.join("old")
    submission = submitted(store.backend)
    claims = store.backend.submissions
    lost = claims.claim(SELLER, submission.submission_id, "old", NOON, LEASE)
    assert lost is not None
    held = claims.claim(SELLER, submission.submission_id, "new", NOON + 2 * LEASE, LEASE)
    assert held is not None
    claims.put_off(lost, "too late to say", NOON + 9 * LEASE)
    claims.renew(held, NOON + 2 * LEASE, LEASE)


def test_a_worker_that_claims_anew_what_it_could_not_give_back_makes_no_attempt(store: Store) -> None:
    store.join("w")
    submission = submitted(store.backend)
    claims = store.backend.submissions
    for times in range(3):
        assert claims.claim(SELLER, submission.submission_id, "w", NOON + times * 2 * LEASE, LEASE)
    found = claims.get(SELLER, submission.submission_id)
    assert found is not None
    assert found.attempts == 1


def test_progress_forgives_setbacks(store: Store) -> None:
    submission = put_off(store, NOON)
    claims = store.backend.submissions
    claim = claims.claim(SELLER, submission.submission_id, "new", NOON + LEASE, LEASE)
    assert claim is not None
    store.backend.batches.commit(Batch(claim, (), (), (), Mark(1, Position(), Summary())), NOON + LEASE, LEASE)
    found = claims.get(SELLER, submission.submission_id)
    assert found is not None
    assert (found.attempts, found.setbacks) == (1, 0)


def test_feeds_of_one_type_and_seller_are_claimed_in_their_order(store: Store) -> None:
    store.join("w")
    first, second = submitted(store.backend), submitted(store.backend)
    claims = store.backend.submissions
    assert claims.claim(SELLER, second.submission_id, "w", NOON, LEASE) is None
    assert claims.claim(SELLER, first.submission_id, "w", NOON, LEASE)
    assert claims.claim(SELLER, second.submission_id, "w", NOON, LEASE) is None


def test_other_types_and_sellers_are_claimed_side_by_side(store: Store) -> None:
    store.join("w")
    waiting = [
        submitted(store.backend),
        submitted(store.backend, ADJUSTMENT),
        submitted(store.backend, seller_id=OTHER_SELLER),
    ]
    claims = [store.backend.submissions.claim(one.seller_id, one.submission_id, "w", NOON, LEASE) for one in waiting]
    assert all(claims)


@pytest.mark.parametrize("status", [ProcessingStatus.DONE, ProcessingStatus.CANCELLED])
def test_an_ended_submission_frees_the_next_and_is_never_claimed_again(
    backend: Backend, status: ProcessingStatus
) -> None:
    first, second = submitted(backend), submitted(backend)
    claim = backend.submissions.claim(SELLER, first.submission_id, "w", NOON, LEASE)
    assert claim is not None
    backend.submissions.finish(claim, replace(first, status=status), [])
    assert backend.submissions.claim(SELLER, first.submission_id, "w", NOON + 2 * LEASE, LEASE) is None
    assert backend.submissions.claim(SELLER, second.submission_id, "w", NOON, LEASE)
    with pytest.raises(ClaimLost):
        backend.submissions.renew(claim, NOON, LEASE)


def test_the_end_and_its_notice_are_kept_together(backend: Backend) -> None:
    submission = submitted(backend)
    claim = backend.submissions.claim(SELLER, submission.submission_id, "w", NOON, LEASE)
    assert claim is not None
    told = OutboxEntry("end", OutboxKind.FEED_FINISHED, SELLER, submission.submission_id)
    ended = replace(submission, status=ProcessingStatus.DONE, report="1" * 32, completed_at=LATER)
    backend.submissions.finish(claim, ended, [told])
    assert backend.submissions.get(SELLER, submission.submission_id) == ended
    assert backend.outbox.list_waiting(10) == [told]


def test_of_many_workers_that_reach_for_a_feed_one_gets_it(store: Store) -> None:
    names = [f"w{number}" for number in range(8)]
    for name in names:
        store.join(name)
    submission = submitted(store.backend)
    with ThreadPoolExecutor(8) as pool:
        claims = list(
            pool.map(
                lambda name: store.backend.submissions.claim(SELLER, submission.submission_id, name, NOON, LEASE), names
            )
        )
    assert sum(claim is not None for claim in claims) == 1


def test_a_feed_is_either_cancelled_or_claimed(store: Store) -> None:
    store.join("w")
    for _ in range(10):
        one = submitted(store.backend)
        with ThreadPoolExecutor(2) as pool:
            claim = pool.submit(store.backend.submissions.claim, SELLER, one.submission_id, "w", NOON, LEASE)
            cancelled = pool.submit(store.backend.submissions.cancel, SELLER, one.submission_id, NOON)
        held = claim.result()
        assert (held is None) == cancelled.result()
        if held is not None:
            store.backend.submissions.finish(held, replace(one, status=ProcessingStatus.DONE), [])


def handed_in(backend: Backend, key: str | None, at: datetime = NOON, document: str = "0" * 32) -> FeedSubmission:
    new = NewSubmission(seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document=document, size=7, submitted_at=at)
    return backend.submissions.add(new, key)


def test_a_repetition_is_the_submission_of_the_first_time_as_it_was_handed_in(store: Store) -> None:
    first = handed_in(store.backend, "once")
    done(store.backend, first)
    assert handed_in(store.reopened(), "once", NOON + timedelta(minutes=30), "1" * 32) == first
    assert found(store.backend) == [first.submission_id]


def test_other_keys_other_sellers_and_no_key_at_all_are_no_repetition(backend: Backend) -> None:
    first = handed_in(backend, "once")
    rival = NewSubmission(
        seller_id=OTHER_SELLER, feed_type=ACKNOWLEDGEMENT, document="0" * 32, size=7, submitted_at=NOON
    )
    others = [handed_in(backend, "twice"), handed_in(backend, None), handed_in(backend, None)]
    assert len({first.counter, *(one.counter for one in others)}) == 4
    assert backend.submissions.add(rival, "once").seller_id == OTHER_SELLER


def test_of_repetitions_at_the_same_time_one_is_kept(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        ids = {one.submission_id for one in pool.map(lambda _: handed_in(store.backend, "once"), range(8))}
    assert found(store.backend) == sorted(ids)
    assert len(ids) == 1


def test_what_stands_in_line_and_in_lists_is_the_same_with_keys(backend: Backend) -> None:
    kept = [handed_in(backend, f"key {number}").submission_id for number in range(3)]
    assert found(backend) == kept[::-1]
    assert found(backend, statuses=(ProcessingStatus.SUBMITTED,)) == kept[::-1]
    assert found(backend, before_counter=50_002) == kept[:1]


def test_what_waits_long_is_told_of_all_sellers_oldest_first(backend: Backend) -> None:
    second = submitted(backend, at=NOON + timedelta(minutes=2))
    first = submitted(backend, seller_id=OTHER_SELLER, at=NOON + timedelta(minutes=1))
    submitted(backend, at=LATER)
    assert backend.submissions.find_overdue(LATER, 9) == [first, second]
    assert backend.submissions.find_overdue(LATER, 1) == [first]


def test_what_ended_waits_no_longer(backend: Backend) -> None:
    done(backend, submitted(backend))
    backend.submissions.cancel(SELLER, submitted(backend).submission_id, NOON)
    assert not backend.submissions.find_overdue(LATER, 9)
