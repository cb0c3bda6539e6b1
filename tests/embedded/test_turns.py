"""Whose turn it is when a feed could not be ended."""

from datetime import timedelta

from feedproc.feeds.submission import FeedSubmission
from tests.builders import ADJUSTMENT, LEASE, NOON, Shop, a_feed, cancels, refunds

MINUTE = timedelta(minutes=1)


def given_up(shop: Shop, faulty: FeedSubmission) -> None:
    """A worker takes it, fails and gives it back."""
    claim = shop.backend.submissions.claim(faulty.seller_id, faulty.submission_id, shop.worker, NOON, LEASE)
    assert claim is not None
    shop.backend.submissions.release(claim, "a fault")


def next_of(shop: Shop) -> str:
    waiting = shop.backend.queue.receive(NOON)
    assert waiting is not None
    return waiting.submission_id


def test_a_feed_that_was_given_up_waits_behind_those_of_other_lines(shop: Shop) -> None:
    faulty = shop.submit(a_feed(cancels(1)), at=NOON - MINUTE)
    other = shop.submit(a_feed(refunds(1)), ADJUSTMENT, at=NOON)
    assert next_of(shop) == faulty.submission_id
    given_up(shop, faulty)
    assert next_of(shop) == other.submission_id
    shop.backend.submissions.cancel(other.seller_id, other.submission_id, NOON)
    assert next_of(shop) == faulty.submission_id


def test_a_feed_that_was_given_up_has_its_turn_before_those_that_come_after_its_lease(shop: Shop) -> None:
    faulty = shop.submit(a_feed(cancels(1)), at=NOON - MINUTE)
    given_up(shop, faulty)
    shop.submit(a_feed(refunds(1)), ADJUSTMENT, at=NOON + LEASE + MINUTE)
    assert next_of(shop) == faulty.submission_id


def test_a_feed_whose_worker_was_killed_keeps_its_place(shop: Shop) -> None:
    halved = shop.submit(a_feed(cancels(1)), at=NOON - MINUTE)
    shop.submit(a_feed(refunds(1)), ADJUSTMENT, at=NOON)
    assert shop.backend.submissions.claim(halved.seller_id, halved.submission_id, "killed", NOON, LEASE)
    assert next_of(shop) == halved.submission_id
