"""The port `Queue`: what is to be processed next."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from feedproc.feeds.submission import FeedSubmission, NewSubmission, ProcessingStatus
from feedproc.ports import Backend
from tests.builders import ACKNOWLEDGEMENT, ADJUSTMENT, LEASE, NOON, OTHER_SELLER, SELLER
from tests.ports.conftest import Store


def sent(
    backend: Backend, feed_type: str = ACKNOWLEDGEMENT, seller_id: str = SELLER, minute: int = 0
) -> FeedSubmission:
    submission = backend.submissions.add(
        NewSubmission(
            seller_id=seller_id,
            feed_type=feed_type,
            document="0" * 32,
            size=7,
            submitted_at=NOON + timedelta(minutes=minute),
        )
    )
    backend.queue.send(submission)
    return submission


def received(backend: Backend, minute: float = 0) -> tuple[str, str] | None:
    waiting = backend.queue.receive(NOON + timedelta(minutes=minute))
    return waiting and (waiting.seller_id, waiting.submission_id)


def test_an_empty_queue_gives_nothing(backend: Backend) -> None:
    assert received(backend) is None


def test_what_was_sent_is_received_until_someone_claims_it(store: Store) -> None:
    store.join("w")
    one = sent(store.backend)
    assert received(store.backend) == received(store.backend) == (SELLER, one.submission_id)
    assert store.backend.submissions.claim(SELLER, one.submission_id, "w", NOON, LEASE)
    assert received(store.backend) is None


def test_what_nobody_ends_comes_again(store: Store) -> None:
    store.join("w")
    one = sent(store.backend)
    store.backend.submissions.claim(SELLER, one.submission_id, "w", NOON, LEASE)
    assert received(store.backend, minute=1.1) == (SELLER, one.submission_id)


@pytest.mark.parametrize("announced", ["in their order", "the younger first"])
def test_the_longest_waiting_comes_first(store: Store, announced: str) -> None:
    store.join("w")
    if announced == "in their order":
        old = sent(store.backend, ADJUSTMENT, minute=1)
        young = sent(store.backend, seller_id=OTHER_SELLER, minute=2)
    elif store.as_announced:
        pytest.skip("feeds of different sellers come in the order in which they were announced")
    else:
        young = sent(store.backend, seller_id=OTHER_SELLER, minute=2)
        old = sent(store.backend, ADJUSTMENT, minute=1)
    assert received(store.backend) == (SELLER, old.submission_id)
    store.backend.submissions.claim(SELLER, old.submission_id, "w", NOON, LEASE)
    assert received(store.backend) == (OTHER_SELLER, young.submission_id)


def test_a_feed_waits_for_the_one_before_it_of_its_type_and_seller(store: Store) -> None:
    store.join("w")
    first, second = sent(store.backend), sent(store.backend)
    claim = store.backend.submissions.claim(SELLER, first.submission_id, "w", NOON, LEASE)
    assert claim is not None
    assert received(store.backend) is None
    store.backend.submissions.finish(claim, replace(first, status=ProcessingStatus.DONE), [])
    assert received(store.backend) == (SELLER, second.submission_id)


def test_a_cancelled_feed_makes_way(backend: Backend) -> None:
    first, second = sent(backend), sent(backend)
    backend.submissions.cancel(SELLER, first.submission_id, NOON)
    assert received(backend) == (SELLER, second.submission_id)


def test_a_worker_that_leaves_makes_way_at_once(store: Store) -> None:
    store.join("w")
    submission = sent(store.backend)
    waiting = store.backend.queue.receive(NOON)
    assert waiting is not None
    assert store.backend.submissions.claim(*waiting, "w", NOON, LEASE)
    store.backend.queue.leave("w", NOON)
    assert received(store.reopened()) == (SELLER, submission.submission_id)
    kept = store.backend.submissions.get(SELLER, submission.submission_id)
    assert kept is not None
    assert kept.reason == "the worker was stopped"


def test_leaving_takes_nothing_from_another_worker(store: Store) -> None:
    store.join("other")
    sent(store.backend)
    waiting = store.backend.queue.receive(NOON)
    assert waiting is not None
    claim = store.backend.submissions.claim(*waiting, "other", NOON, LEASE)
    assert claim is not None
    store.backend.queue.leave("w", NOON)
    store.backend.submissions.renew(claim, NOON, LEASE)
